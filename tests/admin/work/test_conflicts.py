"""Two editors on one record: no save and no text is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import IntegrityError
from django.test import Client

from comparisons.models import Claim, Criterion, Framework
from tests import factories as make
from tests.admin.forms import (
    NO_SUCH_CHOICE,
    REQUIRED,
    act,
    change_url,
    fields,
    list_url,
    messages_of,
    opened,
    send,
    with_citation,
)
from tests.admin.users import log_in, make_user

Browser = Callable[..., Client]


@pytest.fixture
def editors(db: None) -> tuple[Client, Client]:
    """Two superusers, ada and ben."""
    return log_in(make_user("ada")), log_in(make_user("ben"))


def again(response: Any, row: Any) -> dict[str, Any]:
    """The form of a conflict page, as it would be sent."""
    return dict(fields(response, f"{row._meta.model_name}_form"))


def test_a_stale_save_is_refused_with_all_three_texts(editors: tuple[Client, Client]) -> None:
    ada, ben = editors
    claim = make.make_claim(statement="As it was.")
    form = opened(ben, claim)
    send(ada, claim, opened(ada, claim), statement="As Ada put it.")
    response = send(ben, claim, form, statement="As Ben put it.")
    page = response.content.decode()
    claim.refresh_from_db()
    assert response.status_code == 409 and claim.statement == "As Ada put it."
    assert all(text in page for text in ("As it was.", "As Ada put it.", "As Ben put it.", "The last save was by ada"))


def test_a_refused_form_asks_for_no_corrections_unless_something_is_wrong(editors: tuple[Client, Client]) -> None:
    ada, ben = editors
    claim = make.make_claim()
    form = opened(ben, claim)
    send(ada, claim, opened(ada, claim), statement="As Ada put it.")
    right = send(ben, claim, form, statement="As Ben put it.").content.decode()
    assert "Your changes are not saved yet" in right and "correct the error" not in right
    wrong = send(ben, claim, form, statement="").content.decode()
    assert REQUIRED in wrong and "correct the errors" in wrong


def test_the_refused_form_can_be_saved_at_once_with_the_changes_of_both(editors: tuple[Client, Client]) -> None:
    ada, ben = editors
    claim = make.make_claim(statement="As it was.", polarity="neutral")
    form = opened(ben, claim)
    send(ada, claim, opened(ada, claim), polarity="pro", since_version="2.0")
    refused = send(ben, claim, form, statement="As Ben put it.")
    assert send(ben, claim, again(refused, claim)).status_code == 302
    claim.refresh_from_db()
    assert (claim.statement, claim.polarity, claim.since_version) == ("As Ben put it.", "pro", "2.0")


def test_a_third_save_in_between_is_refused_too(editors: tuple[Client, Client]) -> None:
    ada, ben = editors
    claim = make.make_claim()
    form = opened(ben, claim)
    send(ada, claim, opened(ada, claim), statement="First.")
    refused = send(ben, claim, form, statement="Ben's.")
    send(ada, claim, opened(ada, claim), statement="Second.")
    response = send(ben, claim, again(refused, claim))
    assert response.status_code == 409
    assert all(text in response.content.decode() for text in ("First.", "Second.", "Ben&#x27;s."))


def test_a_save_is_stale_when_only_citations_changed(editors: tuple[Client, Client]) -> None:
    ada, ben = editors
    claim = make.make_claim()
    form = opened(ben, claim)
    send(ada, claim, with_citation(opened(ada, claim), make.make_article(title="Ada's source")))
    response = send(ben, claim, form, statement="Ben's text.")
    assert response.status_code == 409
    assert "Ada&#x27;s source" in response.content.decode()


def test_a_stale_save_of_citations_is_refused(editors: tuple[Client, Client]) -> None:
    ada, ben = editors
    claim = make.make_claim()
    form = opened(ben, claim)
    send(ada, claim, opened(ada, claim), statement="Ada's text.")
    response = send(ben, claim, form, **{"citations-0-says": "Ben read it otherwise."})
    assert response.status_code == 409
    assert claim.citations.get().says != "Ben read it otherwise."
    assert "Ben read it otherwise." in response.content.decode()


def test_citations_added_by_either_survive(editors: tuple[Client, Client]) -> None:
    ada, ben = editors
    claim = make.make_claim()
    form = opened(ben, claim)
    send(ada, claim, with_citation(opened(ada, claim), make.make_article("of-ada")))
    refused = send(ben, claim, with_citation(form, make.make_article("of-ben"), says="Ben's words."))
    assert send(ben, claim, again(refused, claim)).status_code == 302
    found = set(claim.citations.values_list("article__slug", flat=True))
    assert {"of-ada", "of-ben"} < found and len(found) == 3


def test_a_citation_removed_by_one_and_changed_by_the_other_is_offered_anew(editors: tuple[Client, Client]) -> None:
    ada, ben = editors
    claim = make.make_claim()
    form = opened(ben, claim)
    send(ada, claim, opened(ada, claim), **{"citations-0-DELETE": "on"})
    refused = send(ben, claim, form, **{"citations-0-says": "Ben needs it."})
    assert refused.status_code == 409 and claim.citations.count() == 0
    assert send(ben, claim, again(refused, claim)).status_code == 302
    assert claim.citations.get().says == "Ben needs it."


def test_a_citation_that_one_removed_and_the_other_left_alone_stays_removed(editors: tuple[Client, Client]) -> None:
    ada, ben = editors
    claim = make.make_claim(by=(make.make_article(), make.make_article()))
    form = opened(ben, claim)
    send(ada, claim, opened(ada, claim), **{"citations-0-DELETE": "on"})
    refused = send(ben, claim, form, statement="Ben's.")
    send(ben, claim, again(refused, claim))
    assert claim.citations.count() == 1


def test_a_changed_status_is_shown(editors: tuple[Client, Client]) -> None:
    ada, ben = editors
    claim = make.make_claim()
    form = opened(ben, claim)
    act(ada, Claim, "withdraw", claim, confirmed="1", reason="Wrong.")
    response = send(ben, claim, form, statement="Ben's.")
    statuses = [d for d in response.context["conflict"].differences if d.label == "Status"]
    assert [(d.read, d.saved, d.entered) for d in statuses] == [("Published", "Withdrawn", None)]
    assert "As you entered it" not in response.content.decode().partition("<h3>Status</h3>")[2].partition("</dl>")[0]


@pytest.mark.parametrize("version", ["", "0", "-1", "abc", "١", "9" * 40])
def test_a_form_without_a_proper_version_is_refused(editors: tuple[Client, Client], version: str) -> None:
    claim = make.make_claim(statement="Kept.")
    response = send(editors[0], claim, opened(editors[0], claim), read_version=version, statement="Forced.")
    claim.refresh_from_db()
    assert (response.status_code, claim.statement) == (409, "Kept.")


def test_hostile_text_is_escaped_on_the_conflict_page(editors: tuple[Client, Client]) -> None:
    ada, ben = editors
    hostile = "</textarea><script>alert(1)</script>"
    claim = make.make_claim(by=(make.make_article(title=f"title {hostile}"),))
    form = opened(ben, claim)
    send(ada, claim, opened(ada, claim), statement=f"ada {hostile}", **{"citations-0-says": f"ada {hostile}"})
    response = send(ben, claim, form, statement=f"ben {hostile}", **{"citations-0-says": f"ben {hostile}"})
    page = response.content.decode()
    assert response.status_code == 409
    assert "<script>alert" not in page and "ben &lt;/textarea&gt;&lt;script&gt;" in page


def test_the_conflict_page_names_values_as_editors_know_them(editors: tuple[Client, Client]) -> None:
    ada, ben = editors
    criterion = make.make_criterion(levels=("yes", "partial", "no"))
    claim = make.make_claim(criterion=criterion, level="yes")
    levels = {level.slug: level.pk for level in criterion.levels.all()}
    form = opened(ben, claim)
    send(ada, claim, opened(ada, claim), level=levels["partial"], polarity="pro")
    response = send(ben, claim, form, level=levels["no"])
    shown = {d.label: (d.read, d.saved, d.entered) for d in response.context["conflict"].differences}
    assert shown == {"Level": ("Yes", "Partial", "No"), "Polarity": ("Neutral", "For", "Neutral")}


def test_articles_chosen_by_one_survive_the_merge(editors: tuple[Client, Client]) -> None:
    ada, ben = editors
    release, article = make.make_release(make.make_framework(), "1.0"), make.make_article("notes")
    form = opened(ben, release)
    send(ada, release, opened(ada, release), note="Ada's.")
    refused = send(ben, release, form, articles=[article.pk])
    assert send(ben, release, again(refused, release)).status_code == 302
    release.refresh_from_db()
    assert (list(release.articles.all()), release.note) == ([article], "Ada's.")


def test_an_article_that_goes_while_a_claim_is_saved_is_an_error_of_its_field(
    chief: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database refuses the citation, since the article was deleted after the form was checked."""
    claim, article = make.make_claim(statement="Kept."), make.make_article("merged")
    form = with_citation(opened(chief, claim), article)
    model_admin: Any = admin.site._registry[Claim]
    store, look = model_admin.save_formset, model_admin.save_view

    def refused(*args: Any, **options: Any) -> None:
        monkeypatch.setattr(model_admin, "save_formset", store)
        monkeypatch.setattr(model_admin, "save_view", look_again)
        raise IntegrityError

    def look_again(*args: Any) -> Any:
        article.delete()
        return look(*args)

    monkeypatch.setattr(model_admin, "save_formset", refused)
    response = send(chief, claim, form, statement="Typed.")
    page = response.content.decode()
    assert (response.status_code, "Typed." in page, NO_SUCH_CHOICE in page) == (200, True, True)
    claim.refresh_from_db()
    assert claim.statement == "Kept."


def test_whoever_may_not_change_a_claim_sees_no_conflict(browser: Browser) -> None:
    claim = make.make_claim(statement="Hidden draft.", status="draft", published_at=None)
    stranger = User.objects.create_user("stranger", is_staff=True)
    response = log_in(stranger).post(change_url(claim), {"read_version": "0"})
    assert response.status_code == 403 and "Hidden draft." not in response.content.decode()


@pytest.mark.parametrize("name", ["framework", "criterion", "group", "article", "release", "comparison", "ruling"])
def test_every_kind_of_record_refuses_a_stale_save(editors: tuple[Client, Client], name: str) -> None:
    ada, ben = editors
    framework, criterion = make.make_framework(), make.make_criterion()
    claim = make.make_claim(framework, criterion)
    row, field = {
        "framework": lambda: (framework, "tagline"),
        "criterion": lambda: (criterion, "definition"),
        "group": lambda: (criterion.group, "description"),
        "article": lambda: (make.make_article(), "title"),
        "release": lambda: (make.make_release(framework, "1.0"), "note"),
        "comparison": lambda: (make.make_comparison("c", (framework, make.make_framework()), (criterion,)), "title"),
        "ruling": lambda: (make.make_ruling(framework, criterion, is_open=True), "why"),
    }[name]()
    if name == "ruling":
        row.rejected.add(claim)
    form = opened(ben, row)
    assert send(ada, row, opened(ada, row), **{field: "By Ada"}).status_code == 302
    response = send(ben, row, form, **{field: "By Ben"})
    row.refresh_from_db()
    assert (response.status_code, getattr(row, field)) == (409, "By Ada")
    assert "By Ada" in response.content.decode() and "The last save was by ada" in response.content.decode()
    assert send(ben, row, again(response, row)).status_code == 302


def test_rows_of_a_comparison_added_by_either_survive(editors: tuple[Client, Client]) -> None:
    ada, ben = editors
    comparison = make.make_comparison(
        "c", (make.make_framework(), make.make_framework()), (make.make_criterion(), make.make_criterion())
    )
    forms = []
    for client in editors:
        form = opened(client, comparison)
        added = {"columns-2-framework": make.make_framework().pk, "columns-2-order": "3", "columns-TOTAL_FORMS": "3"}
        forms.append({**form, **added})
    send(ada, comparison, forms[0])
    refused = send(ben, comparison, forms[1])
    assert refused.status_code == 409
    assert send(ben, comparison, again(refused, comparison)).status_code == 302
    assert comparison.columns.count() == 4


def test_a_row_beneath_that_was_saved_on_its_own_page_is_not_overwritten(editors: tuple[Client, Client]) -> None:
    ada, ben = editors
    release = make.make_release(make.make_framework(), "1.0")
    form = opened(ben, release.framework)
    send(ada, release, opened(ada, release), note="Ada's note")
    response = send(ben, release.framework, form, **{"releases-0-note": "Ben's note"})
    release.refresh_from_db()
    assert (response.status_code, release.note) == (409, "Ada's note")
    assert "Ada&#x27;s note" in response.content.decode() and "Ben&#x27;s note" in response.content.decode()


def test_a_stale_list_is_refused_as_a_whole_with_a_message(editors: tuple[Client, Client]) -> None:
    ada, ben = editors
    first, second = make.make_framework("a"), make.make_framework("b")
    form = fields(ben.get(list_url(Framework)), "changelist-form")
    send(ada, second, opened(ada, second), tagline="Changed")
    data = {**form, "form-0-order": "7", "form-1-order": "8", "_save": "Save"}
    response = ben.post(list_url(Framework), data, follow=True)
    assert response.status_code == 200 and "Nothing was saved" in messages_of(response)
    first.refresh_from_db()
    assert first.order == 0


def test_an_order_edited_in_the_list_is_saved(editors: tuple[Client, Client]) -> None:
    criterion = make.make_criterion()
    form = fields(editors[0].get(list_url(Criterion)), "changelist-form")
    editors[0].post(list_url(Criterion), {**form, "form-0-order": "7", "_save": "Save"})
    criterion.refresh_from_db()
    assert (criterion.order, criterion.version) == (7, 2)


def test_a_row_beneath_that_was_deleted_on_its_own_page_is_offered_anew(editors: tuple[Client, Client]) -> None:
    ada, ben = editors
    release = make.make_release(make.make_framework(), "1.0")
    framework = release.framework
    form = opened(ben, framework)
    ada.post(change_url(release, "delete"), {"post": "yes"})
    refused = send(ben, framework, form, **{"releases-0-note": "Ben's note"})
    assert refused.status_code == 409
    assert send(ben, framework, again(refused, framework)).status_code == 302
    assert framework.releases.get().note == "Ben's note"


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"citations-TOTAL_FORMS": "x", "citations-INITIAL_FORMS": "y"},
        {"citations-0-id": "abc"},
        {"citations-0-id": "9" * 40},
        {"citations-0-id": "9" * 40, "citations-INITIAL_FORMS": "1", "citations-TOTAL_FORMS": "1"},
        {"framework": "\0", "level": "-1", "statement": "\0", "number": "NaN"},
        {"initial-framework": "x", "initial-number": "x", "initial-since_version": "x"},
    ],
)
def test_a_malformed_form_is_refused_and_never_fails(editors: tuple[Client, Client], sent: dict[str, Any]) -> None:
    claim = make.make_claim(statement="Kept.")
    for version in ("0", "1"):
        response = editors[0].post(change_url(claim), {"read_version": version, **sent})
        assert response.status_code in (200, 409), response.status_code
    claim.refresh_from_db()
    assert (claim.statement, claim.citations.count()) == ("Kept.", 1)


def test_a_claim_published_while_it_is_edited_is_not_changed_unseen(editors: tuple[Client, Client]) -> None:
    ada, ben = editors
    claim = make.make_claim(status="in-review", published_at=None, statement="Reviewed.")
    form = opened(ben, claim)
    act(ada, Claim, "publish", claim, confirmed="yes")
    assert send(ben, claim, form, statement="Not reviewed.").status_code == 409
    claim.refresh_from_db()
    assert (claim.status, claim.statement) == ("published", "Reviewed.")


def test_a_conflict_says_what_each_editor_left_alone(editors: tuple[Client, Client]) -> None:
    (ada, ben), claim = editors, make.make_claim(statement="As it was.", polarity="neutral")
    form, _saved = opened(ben, claim), send(ada, claim, opened(ada, claim), statement="As Ada put it.")
    text = send(ben, claim, form, polarity="pro").content.decode()
    assert text.count("you left it as you read it") == 1 and text.count(">as you read it<") == 1
