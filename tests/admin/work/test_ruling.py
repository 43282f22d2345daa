"""The short form of a ruling: a choice among the values of a cell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from comparisons.editing import steps
from comparisons.models import Cell, Claim, Criterion, Framework, Ruling
from tests import factories as make
from tests.admin.forms import change_url, opened, send
from tests.admin.users import make_user

Browser = Callable[..., Client]


@pytest.fixture
@make.unsettled()
def cell(db: None) -> tuple[Framework, Criterion]:
    """A cell whose sources say yes (two of them) and no."""
    framework, criterion = make.make_framework("flask"), make.make_criterion("orm", levels=("yes", "no"))
    make.make_claim(framework, criterion, key="yes", level="yes", by=(make.make_article(), make.make_article()))
    make.make_claim(framework, criterion, key="no", level="no")
    return framework, criterion


def url_of(framework: Any, criterion: Any) -> str:
    return reverse("admin:comparisons_ruling_rule", args=[framework.slug, criterion.slug])


def form_of(response: HttpResponse) -> dict[str, Any]:
    """What the form would send if nothing were changed."""
    form = response.context["form"]
    names = ("reason", "why", "ruled_on", "accepted", "rejected", "read_version", "seen", "stands")
    values = {name: form[name].value() for name in names}
    return {name: value for name, value in values.items() if value is not None}


def token(response: HttpResponse, level: str) -> str:
    (found,) = [one for one in response.context["readings"] if one.row.level and one.row.level.slug == level]
    return found.token


def rule(client: Client, cell: tuple[Any, Any], level: str = "no", **values: Any) -> HttpResponse:
    page = client.get(url_of(*cell))
    stands = level if level == "open" else token(page, level)
    answers = {"stands": stands, "reason": "different-version", "why": "Since 3.1."}
    return client.post(url_of(*cell), {**form_of(page), **answers, **values})


def test_one_choice_rules_on_a_cell_with_the_claims_on_either_side(browser: Browser, cell: Any) -> None:
    assert rule(browser("rita", role="reviewer"), cell).status_code == 302
    ruling = Ruling.objects.get()
    assert (ruling.level.slug, ruling.is_open, ruling.reason, ruling.why) == (
        "no",
        False,
        "different-version",
        "Since 3.1.",
    )
    assert [claim.key for claim in ruling.rejected.all()] == ["yes"]
    assert [claim.key for claim in ruling.accepted.all()] == ["no"]
    assert str(ruling.history.first().history_user) == "rita"


def test_the_page_shows_the_readings_with_their_claims_and_sources(chief: Client, cell: Any) -> None:
    response = chief.get(url_of(*cell))
    readings = response.context["readings"]
    assert [(one.row.level.slug, one.witnesses) for one in readings] == [("yes", 2), ("no", 1)]
    text = response.content.decode()
    for claim in Claim.objects.all():
        assert claim.statement in text and change_url(claim, "review") in text
        for citation in claim.citations.all():
            assert citation.says in text and citation.article.publisher_name in text


def test_a_cell_can_be_ruled_open(chief: Client, cell: Any) -> None:
    rule(chief, cell, "open")
    ruling = Ruling.objects.get()
    assert ruling.is_open and ruling.level is None


def test_a_ruling_is_changed_on_the_same_page(chief: Client, cell: Any) -> None:
    rule(chief, cell)
    page = chief.get(url_of(*cell))
    assert [one.row.level.slug for one in page.context["readings"] if one.is_chosen] == ["no"]
    assert rule(chief, cell, "yes", why="Read again.").status_code == 302
    ruling = Ruling.objects.get()
    assert (ruling.level.slug, ruling.why, ruling.version) == ("yes", "Read again.", 2)


@pytest.mark.parametrize(
    ("value_type", "values", "stored"),
    [
        ("number", [{"number": 3}, {"number": 5, "number_high": 8}], ("5", "8", "")),
        ("text", [{"text": "GPL: 2"}, {"text": "MIT"}], ("", "", "MIT")),
    ],
)
def test_numbers_and_texts_are_chosen_like_levels(
    chief: Client, value_type: str, values: list[dict[str, Any]], stored: tuple[str, str, str]
) -> None:
    framework, criterion = make.make_framework(), make.make_criterion(value_type=value_type)
    for value in values:
        make.make_claim(framework, criterion, **value)
    page = chief.get(url_of(framework, criterion))
    answers = {"stands": page.context["readings"][1].token, "reason": "opinion", "why": "So."}
    assert chief.post(url_of(framework, criterion), {**form_of(page), **answers}).status_code == 302
    ruling = Ruling.objects.get()
    numbers = ["" if number is None else f"{number.normalize():f}" for number in (ruling.number, ruling.number_high)]
    assert (*numbers, ruling.text) == stored


def test_a_value_that_only_the_ruling_gives_can_be_kept(chief: Client) -> None:
    framework, criterion = make.make_framework(), make.make_criterion()
    claim = make.make_claim(framework, criterion, text="MIT")
    make.make_ruling(framework, criterion, text="BSD").rejected.add(claim)
    page = chief.get(url_of(framework, criterion))
    assert chief.post(url_of(framework, criterion), {**form_of(page), "why": "New."}).status_code == 302
    assert Ruling.objects.get().text == "BSD" and Ruling.objects.get().why == "New."


def test_claims_that_do_not_count_are_no_reading_and_are_shown_apart(chief: Client, cell: Any) -> None:
    Claim.objects.filter(key="no").update(verdict="wrong", verdict_note="No.", verdict_on=make.DAY)
    context = chief.get(url_of(*cell)).context
    assert [one.row.key for one in context["readings"]] == ["yes"]
    assert [card.claim.key for card in context["apart"]] == ["no"]


@pytest.mark.parametrize("status", ["draft", "in-review"])
def test_what_readers_do_not_see_is_no_reading(chief: Client, cell: Any, status: str) -> None:
    Claim.objects.filter(key="no").update(status=status)
    context = chief.get(url_of(*cell)).context
    assert [one.row.key for one in context["readings"]] == ["yes"] and context["apart"] == []


@pytest.mark.parametrize("lacking", ["stands", "reason", "why", "ruled_on"])
def test_a_ruling_needs_value_reason_why_and_day(chief: Client, cell: Any, lacking: str) -> None:
    response = rule(chief, cell, **{lacking: ""})
    assert response.status_code == 200 and list(response.context["form"].errors) == [lacking]
    assert not Ruling.objects.exists()


@pytest.mark.parametrize("stands", ["1:::", "::::", "x", "level:yes", "99999:::", ":3::", "\0"])
def test_a_value_that_nobody_gives_cannot_be_chosen(chief: Client, cell: Any, stands: str) -> None:
    stands = stands if stands != "1:::" else f"{Claim.objects.get(key='no').level_id + 1000}:::"
    response = rule(chief, cell, stands=stands)
    assert response.status_code == 200 and list(response.context["form"].errors) == ["stands"]


def test_a_ruling_names_a_claim_of_its_cell_and_none_that_is_hidden(chief: Client, cell: Any) -> None:
    other = make.make_claim()
    response = rule(chief, cell, rejected=[other.pk], accepted=[])
    assert "Choose a claim about this framework" in response.content.decode()
    hidden = make.make_claim(*cell, status="draft", published_at=None)
    assert "Readers do not see this claim" in rule(chief, cell, rejected=[hidden.pk]).content.decode()
    assert not Ruling.objects.exists()


@pytest.mark.parametrize("sent", ["x", "9" * 40, "\0"])
def test_a_malformed_side_is_an_error_of_its_field(chief: Client, cell: Any, sent: str) -> None:
    response = rule(chief, cell, rejected=[sent])
    assert response.status_code == 200 and "rejected" in response.context["form"].errors


@pytest.mark.parametrize("role", ["viewer", "editor"])
def test_only_judges_rule_on_a_cell(browser: Browser, cell: Any, role: str) -> None:
    someone = browser("edgar", role=role)
    assert someone.get(url_of(*cell)).status_code == 403
    assert someone.post(url_of(*cell), {}).status_code == 403
    ruling = Ruling(framework=cell[0], criterion=cell[1], is_open=True, reason="opinion", why="x", ruled_on=make.DAY)
    with pytest.raises(PermissionDenied):
        steps.rule(ruling, by=make_user("x", role=role), seen="", rejected=(), accepted=())


@pytest.mark.parametrize("change", ["edit", "new", "withdrawn", "ruled", "changed ruling", "deleted ruling"])
def test_a_ruling_on_a_cell_that_changed_is_not_stored_and_not_lost(chief: Client, cell: Any, change: str) -> None:
    if "ruling" in change:
        rule(chief, cell, "open")
    page = chief.get(url_of(*cell))
    form = {**form_of(page), "stands": token(page, "no"), "reason": "opinion", "why": "My long reasons."}
    claim = Claim.objects.get(key="yes")
    if change == "edit":
        send(chief, claim, opened(chief, claim), statement="Changed.")
    elif change == "new":
        make.make_claim(*cell, level="yes")
    elif change == "withdrawn":
        steps.withdraw([claim], by=make_user("x"), reason="No.")
    elif change == "deleted ruling":
        Ruling.objects.get().delete()
    else:
        rule(chief, cell, "yes", why="Somebody else's.")
    response = chief.post(url_of(*cell), form)
    text = response.content.decode()
    assert response.status_code == 409 and "My long reasons." in text and "Nothing is stored yet" in text
    assert not Ruling.objects.filter(why="My long reasons.").exists()
    if change != "withdrawn":  # then the form names a claim that readers no longer see
        again = {**form, **form_of(response), "stands": form["stands"]}
        assert chief.post(url_of(*cell), again).status_code == 302
        assert Ruling.objects.get().why == "My long reasons."


def test_a_cell_without_values_says_so(chief: Client) -> None:
    framework, criterion = make.make_framework(), make.make_criterion()
    text = chief.get(url_of(framework, criterion)).content.decode()
    assert "nothing to rule on" in text and 'name="stands"' not in text


@pytest.mark.parametrize("path", ["x/orm", "flask/x", "flask/orm%00", "../orm"])
def test_a_cell_that_there_is_not_is_not_found(chief: Client, cell: Any, path: str) -> None:
    assert chief.get(f"/admin/comparisons/ruling/rule/{path}/").status_code in (400, 404, 302)


def test_claims_and_cells_that_conflict_lead_to_the_form(browser: Browser, cell: Any) -> None:
    reviewer, editor = browser("rita", role="reviewer"), browser("edgar")
    claim, link = Claim.objects.get(key="no"), f'href="{url_of(*cell)}"'
    ruling = make.make_ruling(*cell, is_open=True)
    pages = [change_url(claim), change_url(claim, "review"), change_url(Cell.objects.get()), change_url(ruling)]
    for url in pages:
        assert link in reviewer.get(url).content.decode(), url
    for url in pages[:3]:
        assert link not in editor.get(url).content.decode(), url


def test_claims_that_agree_do_not_lead_to_the_form(chief: Client) -> None:
    claim = make.make_claim(text="MIT")
    make.settle()
    assert url_of(claim.framework, claim.criterion) not in chief.get(change_url(claim, "review")).content.decode()


def test_the_form_takes_the_same_queries_however_many_claims_there_are(chief: Client, cell: Any) -> None:
    counts = []
    for size in (2, 10):
        while Claim.objects.count() < size:
            make.make_claim(*cell, level="no" if size % 2 else "yes")
        with CaptureQueriesContext(connection) as queries:
            assert chief.get(url_of(*cell)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 25, counts


def test_hostile_text_is_harmless_on_the_form(chief: Client) -> None:
    hostile = '"><script>alert(1)</script>'
    framework, criterion = make.make_framework(name=f"n{hostile}"), make.make_criterion(name=f"c{hostile}")
    make.make_claim(framework, criterion, statement=hostile, text=hostile, by=(make.make_article(publisher=hostile),))
    text = chief.get(url_of(framework, criterion)).content.decode()
    assert "<script>alert" not in text
    assert "<style" not in text and " style=" not in text
