"""Citing an article on a claim that exists, beside the form of the reading desk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from comparisons.admin.work import reading
from comparisons.models import Article, Citation, Claim, Proposal
from comparisons.search import index
from tests import factories as make
from tests import threads
from tests.admin.forms import change_url, fields, list_url, messages_of, text_of, with_citation
from tests.admin.users import log_in, make_user

Browser = Callable[..., Client]


def press(client: Client, article: Article, claim: Claim, stance: str = "supports", **typed: Any) -> Any:
    """Press a button of the panel with these fields filled in."""
    url = reading.desk_url(article.pk)
    form = {**fields(client.get(url), "desk_form"), **typed}
    return client.post(url, {**form, "_cite": f"{claim.pk}-{claim.version}-{stance}"}, follow=True)


def listed(client: Client, article: Article, **typed: Any) -> str:
    url = reverse("admin:comparisons_article_known", args=[article.pk])
    return client.post(url, {name: getattr(value, "pk", value) for name, value in typed.items()}).content.decode()


def test_one_press_stores_a_citation_on_a_draft(browser: Browser) -> None:
    claim, article = make.make_claim(status="draft", published_at=None, statement="It does."), make.make_article()
    response = press(browser("edgar"), article, claim, **{"citations-0-locator": "section 2"})
    citation = Citation.objects.get(article=article)
    assert (citation.claim, citation.stance, citation.locator) == (claim, "supports", "section 2")
    assert (citation.says, str(citation.history.get().history_user)) == ("It does.", "edgar")
    assert "Cited: " in messages_of(response) and change_url(claim) in messages_of(response)
    form = fields(response, "desk_form")
    assert (form["citations-0-locator"], form["statement"]) == (["section 2"], [""])
    changed = Claim.objects.get()
    assert (changed.version, str(changed.author)) == (claim.version + 1, "edgar")
    assert [str(one) for one in changed.contributors.all()] == ["edgar"]


def test_a_citation_on_a_published_claim_waits_for_review(browser: Browser) -> None:
    claim, article = make.make_claim(), make.make_article()
    for role in ("editor", "reviewer"):
        other = make.make_article()
        response = press(browser(f"a {role}", role=role), other, claim)
        assert "it waits for review" in messages_of(response)
    press(browser("edgar"), article, claim, "disputes", **{"citations-0-says": "It does not."})
    proposal = Proposal.objects.get()
    assert Citation.objects.count() == 1 and len(proposal.state["parts"]) == 4
    assert sorted(map(str, proposal.authors.all())) == ["a editor", "a reviewer", "edgar"]


def test_a_superuser_cites_at_once(chief: Client) -> None:
    claim, article = make.make_claim(), make.make_article()
    press(chief, article, claim)
    assert Citation.objects.filter(claim=claim, article=article).exists() and not Proposal.objects.exists()


def test_what_a_source_says_against_a_claim_has_to_be_said(browser: Browser) -> None:
    claim, article, editor = make.make_claim(), make.make_article(), browser("edgar")
    response = press(editor, article, claim, "disputes", statement="Of something else.")
    assert "Say what the source says" in text_of(response) and not Proposal.objects.exists()
    form = fields(response, "desk_form")
    assert (form["statement"], form["citations-0-stance"]) == (["Of something else."], ["disputes"])


def test_a_typed_statement_that_is_like_the_claim_is_what_the_source_says(browser: Browser) -> None:
    claim = make.make_claim(status="draft", published_at=None, statement="Requests are validated by default.")
    article = make.make_article()
    typed = {"statement": "Requests are validated on demand.", "criterion": claim.criterion_id}
    typed["framework"] = claim.framework_id
    press(browser("edgar"), article, claim, "qualifies", **typed)
    assert Citation.objects.get(article=article).says == "Requests are validated on demand."


def test_a_claim_that_is_typed_meanwhile_stays(browser: Browser) -> None:
    claim, article = make.make_claim(status="draft", published_at=None), make.make_article()
    typed = {"statement": "Half a sen", "impact": "Bad.", "find": claim.statement, "number": "12", "criterion": "x"}
    response = press(browser("edgar"), article, claim, **typed)
    form = fields(response, "desk_form")
    assert Citation.objects.filter(article=article).exists()
    assert (form["statement"], form["impact"], form["number"], form["find"]) == (["Half a sen"], ["Bad."], ["12"], [""])


@pytest.mark.parametrize(
    ("what", "said"),
    [("stale", "somebody has saved this claim"), ("twice", "cited on this claim already"), ("gone", "does not exist"),
     ("withdrawn", "was withdrawn"), ("returned", "came back with a note"), ("nonsense", "does not exist")],
)  # fmt: skip
def test_a_citation_that_cannot_be_stored_is_refused_and_said_why(browser: Browser, what: str, said: str) -> None:
    claim, article = make.make_claim(), make.make_article()
    stance = "supports"
    if what == "stale":
        claim.version -= 1
    elif what == "twice":
        make.make_citation(claim, article)
    elif what == "gone":
        claim.pk = 2**60
    elif what == "withdrawn":
        Claim.objects.update(status="withdrawn", withdrawn_at=make.NOON, withdrawal_reason="A mistake.")
    elif what == "returned":
        make.make_proposal(claim, None, statement="Otherwise.")
        Proposal.objects.update(status="returned", note="Why?", decided_at=make.NOON)
    else:
        stance = "supports; DROP TABLE"
    before = Citation.objects.count(), list(Proposal.objects.values_list("version", "status"))
    response = press(browser("edgar"), article, claim, stance, statement="Kept.")
    assert said in text_of(response) and fields(response, "desk_form")["statement"] == ["Kept."]
    assert (Citation.objects.count(), list(Proposal.objects.values_list("version", "status"))) == before


def test_a_claim_is_found_by_words_and_shows_where_the_article_is_cited(browser: Browser) -> None:
    flask = make.make_framework("flask", name="Flask")
    criterion = make.make_criterion("sessions", name="Sessions")
    article = make.make_article()
    seen = make.make_claim(flask, criterion, statement="Cookies hold **all** of them.", by=(article,))
    hidden = make.make_claim(flask, criterion, statement="Cookies are signed.", status="draft", published_at=None)
    make.make_claim(statement="Nothing of the kind.")
    index.rebuild()
    for words in ("cookies flask", "cookie sessions", "COOKEIS", '"cookies"'):
        text = listed(browser(f"edgar {words}"), article, find=words, **{"citations-0-locator": ""})
        assert change_url(seen) in text and change_url(hidden) in text, words
        assert "Nothing of the kind" not in text
    assert "This article is cited on it: supports" in text and "Cookies hold all of them." in text
    assert f"{hidden.pk}-{hidden.version}-qualifies" in text


def test_what_is_typed_lists_what_it_may_repeat_before_a_criterion_is_chosen(browser: Browser) -> None:
    seen = make.make_claim(statement="Quart serves WebSocket connections.")
    draft = make.make_claim(statement="WebSocket connections are served.", status="draft", published_at=None)
    make.make_claim(statement="Quart has a command line.")
    index.rebuild()
    text = listed(browser("edgar"), make.make_article(), statement="It serves WebSocket connections")
    assert change_url(seen) in text and change_url(draft) in text and "command line" not in text


def test_a_chosen_cell_lists_its_claims(browser: Browser) -> None:
    claim = make.make_claim(statement="Of this cell.")
    make.make_claim(statement="Of another.")
    text = listed(browser("edgar"), make.make_article(), framework=claim.framework, criterion=claim.criterion)
    assert "Of this cell." in text and "Of another." not in text


def test_the_search_works_without_javascript_and_keeps_all_that_is_typed(browser: Browser) -> None:
    claim, article, editor = make.make_claim(statement="Cookies are signed."), make.make_article(), browser("edgar")
    index.rebuild()
    form = fields(editor.get(reading.desk_url(article.pk)), "desk_form")
    typed = {"statement": "Half a", "citations-0-quote": "A word", "approximate": "on", "find": "signed", "_find": "1"}
    response = editor.post(reading.desk_url(article.pk), {**form, **typed, "framework_name": "No such"})
    assert change_url(claim) in text_of(response) and "errornote" not in text_of(response)
    sent = fields(response, "desk_form")
    kept = [sent[name] for name in ("statement", "citations-0-quote", "approximate", "find", "framework_name")]
    assert kept == [["Half a"], ["A word"], ["on"], ["signed"], ["No such"]]


def test_a_claim_that_repeats_another_is_asked_about_before_it_is_stored(browser: Browser) -> None:
    stored, article, editor = make.make_claim(statement="Requests are validated."), make.make_article(), browser("ed")
    typed = {"framework": stored.framework_id, "criterion": stored.criterion_id, "polarity": "pro", "_add": "1"}
    typed["statement"] = "It validates a request."
    form = {**fields(editor.get(reading.desk_url(article.pk)), "desk_form"), **typed}
    response = editor.post(reading.desk_url(article.pk), form)
    assert "Does it say something else?" in text_of(response) and "correct what" not in text_of(response)
    assert Claim.objects.count() == 1
    assert f"{stored.pk}-{stored.version}-supports" in text_of(response)
    again = {**fields(response, "desk_form"), "_add": "1", "another": "on"}
    assert again["statement"] == ["It validates a request."]
    editor.post(reading.desk_url(article.pk), again)
    assert Claim.objects.count() == 2


@pytest.mark.parametrize("statement", ["Requests are not validated.", "Requests are validated in 5 ms."])
def test_a_claim_that_says_otherwise_is_stored_at_once(browser: Browser, statement: str) -> None:
    stored, article, editor = make.make_claim(statement="Requests are validated."), make.make_article(), browser("ed")
    typed = {"framework": stored.framework_id, "criterion": stored.criterion_id, "polarity": "con", "_add": "1"}
    form = {**fields(editor.get(reading.desk_url(article.pk)), "desk_form"), **typed, "statement": statement}
    editor.post(reading.desk_url(article.pk), form)
    assert Claim.objects.count() == 2


def test_the_form_of_a_claim_asks_about_repetition_too(chief: Client) -> None:
    stored = make.make_claim(statement="Requests are validated.")
    typed = {"framework": stored.framework_id, "criterion": stored.criterion_id, "polarity": "pro", "kind": "usage"}
    form = {**fields(chief.get(list_url(Claim, "add")), "claim_form"), **typed, "statement": "It validates requests."}
    form = with_citation({**form, "citations-TOTAL_FORMS": ["0"]}, make.make_article())
    response = chief.post(list_url(Claim, "add"), form)
    assert f"{change_url(stored)}#citations-group" in text_of(response) and Claim.objects.count() == 1
    chief.post(list_url(Claim, "add"), {**form, "another": "on"})
    assert Claim.objects.count() == 2


def test_a_viewer_cites_nothing(browser: Browser) -> None:
    claim, article, viewer = make.make_claim(), make.make_article(), browser("vic", role="viewer")
    button = {"_cite": f"{claim.pk}-{claim.version}-supports"}
    assert viewer.post(reading.desk_url(article.pk), button).status_code == 403
    known = reverse("admin:comparisons_article_known", args=[article.pk])
    assert viewer.post(known).status_code == 403
    editor = browser("edgar")
    assert editor.get(known).status_code == 405
    assert editor.post(reverse("admin:comparisons_article_known", args=[2**62])).status_code == 404


def test_hostile_text_is_escaped_in_the_panel(browser: Browser) -> None:
    evil = "<script>alert(1)</script>"
    make.make_claim(make.make_framework(name=evil), make.make_criterion(name=evil), statement=f"{evil} evil")
    index.rebuild()
    editor, article = browser("edgar"), make.make_article()
    for words in (f"{evil} evil", f"{evil} nothing", "\x00%_'\"", "a" * 5000, "NEAR( * ^ :"):
        assert "<script>alert" not in listed(editor, article, find=words, statement=words)


def test_the_panel_takes_the_same_queries_at_any_size(browser: Browser) -> None:
    editor, article = browser("edgar"), make.make_article()
    counts = []
    for size in (2, 6):
        while Claim.objects.count() < size:
            make.make_claim(statement="Cookies are signed.", by=(article,))
        index.rebuild()
        with CaptureQueriesContext(connection) as queries:
            assert listed(editor, article, find="cookies").count("<li>") == size
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.crossing
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("status", ["published", "draft"])
def test_two_editors_who_cite_at_once_lose_no_citation_unsaid(status: str) -> None:
    claim = make.make_claim(status=status, published_at=make.NOON if status == "published" else None)
    clients = [log_in(make_user(name, role="editor")) for name in ("edgar", "edith")]
    sent = []
    for client in clients:
        article = make.make_article()
        url = reading.desk_url(article.pk)
        sent.append(
            (client, url, {**fields(client.get(url), "desk_form"), "_cite": f"{claim.pk}-{claim.version}-supports"})
        )
    codes = threads.at_once(*(lambda one=one: one[0].post(one[1], one[2]).status_code for one in sent))
    assert 302 in codes and set(codes) <= {302, 200}, "a refusal is a page that says why"
    stored = Citation.objects.filter(claim=claim).count()
    proposal = Proposal.objects.first()
    kept = len(proposal.state["parts"]) if proposal else stored
    assert kept == 1 + codes.count(302)


def test_the_desk_lists_the_citations_that_wait_for_review(browser: Browser) -> None:
    """Whoever cited an article on published claims does not find “nothing” there."""
    edgar, article = browser("edgar"), make.make_article()
    other = make.make_claim(statement="Another **thing**.")
    make.make_citation(make.make_claim(statement="Cited, and changed otherwise."), article)
    make.make_proposal(Claim.objects.get(statement__startswith="Cited"), make_user("ada", role="editor"), remedy="So.")
    text = text_of(press(edgar, article, other))
    assert "1 claim taken from it" in text and "1 more waits for review" in text
    assert f'<a href="{Proposal.objects.get(record=other.pk).get_absolute_url()}">Another thing.</a>' in text


def test_a_new_article_with_a_citation_in_review_is_not_empty(browser: Browser) -> None:
    text = text_of(press(browser("edgar"), make.make_article(), make.make_claim()))
    assert "0 claims taken from it" in text and "1 more waits for review" in text and "Nothing yet." not in text
