"""The reading desk: an article, the claims taken from it, and the next claim."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from comparisons.admin.work import reading
from comparisons.models import Article, Cell, Citation, Claim
from tests import factories as make
from tests.admin.forms import NO_SUCH_CHOICE, change_url, fields, list_url, messages_of
from tests.admin.users import log_in, make_user

Browser = Callable[..., Client]


def form_of(client: Client, article: Article, query: str = "") -> dict[str, Any]:
    return dict(fields(client.get(reading.desk_url(article.pk) + query), "desk_form"))


def add(client: Client, article: Article, **values: Any) -> Any:
    """Fill in the form of the desk and send it."""
    data = {
        "framework": make.make_framework().pk, "criterion": make.make_criterion().pk, "polarity": "pro",
        "statement": "It does.", "_add": "1", **values,
    }  # fmt: skip
    sent = {name: getattr(value, "pk", value) for name, value in data.items()}
    return client.post(reading.desk_url(article.pk), {**form_of(client, article), **sent}, follow=True)


def test_the_desk_shows_the_article_and_all_that_was_drawn_from_it(browser: Browser) -> None:
    article = make.make_article(title="On sessions", url="https://example.org/sessions", author="A. Writer")
    criterion = make.make_criterion(levels=("built-in", "none"))
    make.make_claim(criterion=criterion, level="built-in", by=(article,), statement="First of **two**.")
    draft = make.make_claim(by=(), status="draft", published_at=None, statement="Second.")
    make.make_citation(draft, article, "disputes", locator="section 3")
    make.make_claim(statement="Of another article.")
    text = browser("edgar").get(reading.desk_url(article.pk)).content.decode()
    for shown in (
        "On sessions",
        "A. Writer",
        "First of two.",
        "Built-In",
        "Published",
        "disputes",
        "section 3",
        "Draft",
    ):
        assert shown in text
    assert text.index("First of two.") < text.index("Second.")
    assert "Of another article." not in text
    link = re.search(r'<a href="https://example.org/sessions"[^>]*>', text)
    assert link and 'rel="noopener noreferrer nofollow"' in link[0]


def test_a_claim_is_added_with_its_citation_as_a_draft_of_its_author(browser: Browser) -> None:
    article = make.make_article()
    response = add(browser("edgar"), article, **{"citations-0-locator": "section 2"})
    claim, citation = Claim.objects.get(), Citation.objects.get()
    assert (claim.status, str(claim.author), str(claim.written_by)) == ("draft", "edgar", "edgar")
    assert (citation.claim, citation.article, citation.says) == (claim, article, "It does.")
    assert (citation.locator, citation.stance, citation.reading) == ("section 2", "supports", False)
    assert [str(row.history_user) for row in (claim.history.get(), citation.history.get())] == ["edgar", "edgar"]
    assert "Added as a draft" in messages_of(response) and change_url(claim) in messages_of(response)
    assert claim.key and "It does." in response.content.decode()


def test_what_the_source_says_is_kept_where_it_differs(browser: Browser) -> None:
    says = {"citations-0-says": "Only by a plug-in.", "citations-0-stance": "disputes", "citations-0-reading": "on"}
    add(browser("edgar"), make.make_article(), **says)
    citation = Citation.objects.get()
    assert (citation.says, citation.stance, citation.reading) == ("Only by a plug-in.", "disputes", True)


def test_a_claim_can_be_sent_to_review_at_once(browser: Browser) -> None:
    response = add(browser("edgar"), make.make_article(), _review="1")
    claim = Claim.objects.get()
    assert claim.status == "in-review"
    assert "Added and sent to review" in messages_of(response)
    assert str(claim.history.first().history_user) == "edgar"


def test_framework_criterion_kind_and_locator_are_remembered(browser: Browser) -> None:
    editor, article = browser("edgar"), make.make_article()
    criterion = make.make_criterion(levels=("yes", "no"))
    response = add(editor, article, criterion=criterion, level=criterion.levels.first(), kind="usage",
                   **{"citations-0-locator": "table 1"})  # fmt: skip
    form = fields(response, "desk_form")
    claim = Claim.objects.get()
    assert form["framework"] == [str(claim.framework_id)] and form["criterion"] == [str(criterion.pk)]
    assert (form["kind"], form["citations-0-locator"]) == (["usage"], ["table 1"])
    assert (form["statement"], form.get("polarity"), form["level"]) == ([""], None, [""])


def test_an_error_keeps_all_that_was_entered(browser: Browser) -> None:
    criterion = make.make_criterion(levels=("yes", "no"))
    level = criterion.levels.get(slug="no")
    response = add(browser("edgar"), make.make_article(), criterion=criterion, level=level, polarity="", number="12",
                   impact="Bad.", **{"citations-0-says": "Mine.", "citations-0-locator": "p. 4"})  # fmt: skip
    form = fields(response, "desk_form")
    assert "Nothing was added." in response.content.decode() and not Claim.objects.exists()
    assert (form["statement"], form["level"], form["number"]) == (["It does."], [str(level.pk)], ["12"])
    assert (form["impact"], form["citations-0-says"], form["citations-0-locator"]) == (["Bad."], ["Mine."], ["p. 4"])


def test_a_level_of_another_criterion_is_refused_and_stays_chosen(browser: Browser) -> None:
    other = make.make_criterion(levels=("high", "low")).levels.first()
    response = add(browser("edgar"), make.make_article(), criterion=make.make_criterion(levels=("yes", "no")),
                   level=other)  # fmt: skip
    assert "is a level of" in response.content.decode()
    assert fields(response, "desk_form")["level"] == [str(other.pk)]


def test_a_pitfall_needs_its_impact_and_a_figure_takes_conditions(browser: Browser) -> None:
    editor, article = browser("edgar"), make.make_article()
    assert "needs an impact and a remedy" in add(editor, article, kind="pitfall").content.decode()
    speed = make.make_criterion(value_type="number")
    add(editor, article, kind="figure", criterion=speed, number="5", approximate="on", hardware="A laptop")
    claim = Claim.objects.get()
    assert (claim.number, claim.approximate, claim.hardware) == (5, True, "A laptop")


def test_nothing_is_stored_if_the_citation_cannot_be(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any, **options: Any) -> None:
        raise IntegrityError

    monkeypatch.setattr(Citation, "save", fail)
    with pytest.raises(IntegrityError):
        add(browser("edgar"), make.make_article())
    assert not Claim.objects.exists() and not Claim.history.exists()


def test_a_likely_duplicate_is_named_after_it_was_added(browser: Browser) -> None:
    stored = make.make_claim(statement="Requests are validated.")
    response = add(browser("edgar"), make.make_article(), framework=stored.framework, criterion=stored.criterion,
                   statement="It validates each request that comes.")  # fmt: skip
    assert change_url(stored) in messages_of(response)


def test_the_preview_without_javascript_shows_the_levels_and_stores_nothing(browser: Browser) -> None:
    criterion = make.make_criterion("sessions", levels=("built-in", "none"), name="Sessions")
    framework = make.make_framework("flask", name="Flask")
    response = add(browser("edgar"), make.make_article(), framework="", criterion="", framework_name="flask",
                   criterion_name="SESSIONS", polarity="", statement="It *does*.", _preview="1")  # fmt: skip
    text = response.content.decode()
    assert "Built-In" in text and "<em>does</em>" in text and "Nothing is saved yet" in text
    form = fields(response, "desk_form")
    assert (form["framework"], form["criterion"]) == ([str(framework.pk)], [str(criterion.pk)])
    assert not Claim.objects.exists()


def test_a_name_takes_the_place_of_what_is_chosen(browser: Browser) -> None:
    other = make.make_framework("flask")
    add(browser("edgar"), make.make_article(), framework_name="flask")
    assert Claim.objects.get().framework == other


def test_a_name_that_nothing_has_is_refused(browser: Browser) -> None:
    response = add(browser("edgar"), make.make_article(), criterion="", criterion_name="nonsense\x00")
    assert NO_SUCH_CHOICE in response.content.decode() and not Claim.objects.exists()


def test_a_viewer_reads_the_desk_and_adds_nothing(browser: Browser) -> None:
    article, viewer = make.make_article(), browser("vic", role="viewer")
    make.make_claim(by=(article,), statement="To be read.")
    text = viewer.get(reading.desk_url(article.pk)).content.decode()
    assert "To be read." in text and "desk_form" not in text
    data = {"statement": "Mine.", "polarity": "pro", "kind": "usage", "criterion": make.make_criterion().pk}
    assert viewer.post(reading.desk_url(article.pk), data).status_code == 403
    assert viewer.get(reverse("admin:comparisons_article_cells"), {"term": "a"}).status_code == 403
    assert Claim.objects.count() == 1


def test_strangers_do_not_see_the_desk(client: Client, db: None) -> None:
    article = make.make_article()
    assert client.get(reading.desk_url(article.pk)).status_code == 302
    nobody = make_user("nobody", role="viewer")
    nobody.groups.clear()
    assert log_in(nobody).get(reading.desk_url(article.pk)).status_code == 403


def test_a_forged_form_sets_neither_status_nor_verdict_nor_author(browser: Browser) -> None:
    other = make_user("other")
    add(browser("edgar"), make.make_article(), status="published", verdict="holds", author=other.pk,
        published_at="2026-01-01", **{"citations-0-article": make.make_article().pk})  # fmt: skip
    claim = Claim.objects.get()
    assert (claim.status, claim.verdict, str(claim.author), claim.published_at) == ("draft", "unchecked", "edgar", None)


def test_a_forged_form_cites_the_article_on_the_desk(browser: Browser) -> None:
    article, other = make.make_article(), make.make_article()
    add(browser("edgar"), article, **{"citations-0-article": other.pk})
    assert Citation.objects.get().article == article


def test_hostile_text_is_escaped_at_the_desk(browser: Browser) -> None:
    evil = "<script>alert(1)</script>"
    article = make.make_article(title=evil, note=evil, author=evil, publisher=evil)
    criterion = make.make_criterion(name=evil, question=evil, levels=("yes", "no"))
    criterion.levels.filter(slug="yes").update(label=evil)
    response = add(browser("edgar"), article, criterion=criterion, statement=evil, **{"citations-0-locator": evil})
    text = response.content.decode()
    assert Claim.objects.exists() and evil not in text and "<script>alert" not in text


@pytest.mark.parametrize("query", ["page=x", "framework=1e9", "kind=nonsense", "added=-1", "locator=" + "x" * 201])
def test_parameters_are_read_strictly(browser: Browser, query: str) -> None:
    article = make.make_article()
    assert browser("edgar").get(f"{reading.desk_url(article.pk)}?{query}").status_code == 400


@pytest.mark.parametrize("pk", [0, 999_999, 2**63, 10**40])
def test_an_article_that_is_not_there_is_not_found(browser: Browser, pk: int) -> None:
    assert browser("edgar").get(reading.desk_url(pk)).status_code == 404


def test_the_desk_is_offered_with_each_article(browser: Browser) -> None:
    article, editor = make.make_article(), browser("edgar")
    for url in (change_url(article), list_url(Article)):
        assert f'href="{reading.desk_url(article.pk)}"' in editor.get(url).content.decode()


def test_the_desk_takes_the_same_queries_at_any_size(browser: Browser) -> None:
    editor, article = browser("edgar"), make.make_article()
    editor.get(reading.desk_url(article.pk))  # the article at hand is kept once
    counts = []
    for size in (2, 12):
        while article.citations.count() < size:
            make.make_claim(criterion=make.make_criterion(levels=("yes", "no")), level="yes", by=(article,))
        with CaptureQueriesContext(connection) as queries:
            editor.get(reading.desk_url(article.pk))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_many_claims_come_in_pages_the_last_first(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "ON_A_PAGE", 2)
    editor, article = browser("edgar"), make.make_article()
    for number in range(5):
        make.make_claim(by=(article,), statement=f"Number {number}.")
    last = editor.get(reading.desk_url(article.pk)).content.decode()
    assert "Number 4." in last and "Number 3." not in last and "Page 3 of 3" in last
    assert "Number 0." in editor.get(f"{reading.desk_url(article.pk)}?page=1").content.decode()


# ── Framework and criterion together ─────────────────────────────────


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("flask sess", ["Flask: Sessions"]),
        ("SESSIONS fla", ["Flask: Sessions"]),
        ("flask", ["Flask: Routing", "Flask: Sessions"]),
        ("routing", ["No framework in particular: Routing", "Django: Routing", "Flask: Routing"]),
        ("flask nonsense", []),
        ("", []),
        ("%", []),
        ("flask " + "x " * 200, []),
    ],
)
def test_a_cell_is_found_by_parts_of_both_names(browser: Browser, typed: str, found: list[str]) -> None:
    for name in ("Flask", "Django"):
        make.make_framework(name.lower(), name=name)
    for name in ("Routing", "Sessions"):
        make.make_criterion(name.lower(), name=name)
    answer = browser("edgar").get(reverse("admin:comparisons_article_cells"), {"term": typed}).json()
    assert [cell["text"] for cell in answer["results"]] == found


@pytest.mark.django_db(transaction=True)
def test_a_claim_of_the_desk_changes_no_cell_until_it_is_published() -> None:
    add(log_in(make_user("edgar", role="editor")), make.make_article(), text="Yes")
    assert not Cell.objects.exists()
