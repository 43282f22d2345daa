"""The desk: each list of work has the right count, links to the rows that it counts, and to the next step of each."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from comparisons.admin.work.desk import DeskList
from comparisons.domain.strength import strength_of
from comparisons.domain.vocabulary import Strength
from comparisons.editing import worklists
from comparisons.models import Article, Cell, Claim, Framework
from tests import factories as make
from tests.admin.forms import list_url, opened
from tests.admin.users import log_in, make_user

ROLES = ["", "viewer", "editor", "reviewer"]
DESK = "/admin/"
#: Day by day older than a year and than three: fresh and old evidence whenever the tests run.
FRESH, OLD = dt.timedelta(300), dt.timedelta(1200)


def entries(client: Client) -> dict[str, DeskList]:
    return {entry.worklist.key: entry for entry in client.get(DESK).context["desk"]}


def rows_of(client: Client, entry: DeskList) -> int:
    """How many rows the list has that the desk links to, by its own count."""
    context = client.get(entry.url).context
    assert context is not None, f"{entry.url} did not open"
    return context["cl"].result_count if "cl" in context else context["page"].paginator.count


@make.unsettled()
def work(size: int, me: User) -> None:
    """Make this many rows for each list, and as many that belong to none."""
    other = User.objects.filter(username="other").first() or make_user("other", role="editor")
    today = timezone.localdate()
    for number in range(size):
        make.make_claim(status="draft", published_at=None, written_by=me, author=other)
        make.make_claim(status="draft", published_at=None, mark="unclear", mark_note="Which version?", author=me)
        make.make_claim(status="draft", published_at=None, written_by=other, author=other)
        make.make_claim(status="in-review", written_by=me, author=other)
        make.make_claim(status="in-review", author=other, written_by=other)
        make.make_claim(status="in-review", author=None)
        make.make_claim(status="draft", published_at=None, by=())
        make.make_claim(verdict="opinion", verdict_on=make.DAY)
        make.make_proposal(make.make_article(), other, title="By another")
        make.make_proposal(make.make_article(), me, title="By me")
        came_back = make.make_proposal(make.make_article(), me, title="By me")
        type(came_back).objects.filter(pk=came_back.pk).update(status="returned", note="No.", decided_at=make.NOON)
        make.make_article(link_health="dead")
        make.make_article(link_health="dead", archive_url="https://archive.example/copy")
        make.make_article(link_health="unknown")

        criterion = make.make_criterion(levels=("yes", "no"))
        disputed, ruled, thin, strong = (make.make_framework() for _ in range(4))
        for framework in (disputed, ruled):
            make.make_claim(framework, criterion, level="yes")
            make.make_claim(framework, criterion, level="no")
        withdrawn = {"status": "withdrawn", "withdrawn_at": make.NOON, "withdrawal_reason": "Mistaken."}
        make.make_ruling(ruled, criterion, is_open=True).accepted.add(make.make_claim(**withdrawn))
        old = make.make_claim(thin, criterion, level="yes", by=(make.make_article(published_on=today - OLD),))
        make.make_run(old, outcome="fails")
        make.make_challenge(old)
        make.make_claim(
            strong,
            criterion,
            level="yes",
            by=tuple(make.make_article(published_on=today - FRESH) for _ in range(4)),
        )
        make.make_release(thin, "2.0", today - FRESH)
        make.make_release(strong, "9.0", today + FRESH)
        uncovered = make.make_criterion()
        for _ in range(2):  # a gap that two comparisons share is one gap
            make.make_comparison(frameworks=(thin, strong), criteria=(criterion, uncovered))
        if not number:
            make.make_comparison()


KEPT = {
    "": {one.key for one in worklists.WORKLISTS},
    "reviewer": {one.key for one in worklists.WORKLISTS},
    "editor": {one.key for one in worklists.WORKLISTS} - {"review", "proposals", "one-sided"},
    "viewer": {one.key for one in worklists.WORKLISTS}
    - {"review", "drafts", "waiting", "proposals", "returned", "proposed", "one-sided"},
}


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_each_list_has_as_many_rows_as_the_desk_counts(role: str) -> None:
    me = make_user("me", role=role)
    client = log_in(me)
    seen = []
    for size in (1, 2):
        work(size, me)
        found = entries(client)
        assert found.keys() == KEPT[role]
        assert {key: rows_of(client, entry) for key, entry in found.items()} == {
            key: entry.count for key, entry in found.items()
        }
        seen.append({key: entry.count for key, entry in found.items()})
    assert all(few >= 1 and seen[1][key] == few * 3 for key, few in seen[0].items()), seen


@pytest.mark.django_db
def test_the_desk_counts_what_waits() -> None:
    me = make_user("me", role="reviewer")
    work(1, me)
    counts = {key: entry.count for key, entry in entries(log_in(me)).items()}
    assert counts == {
        "review": 2,  # another's, and one by nobody in particular
        "drafts": 2,
        "waiting": 1,
        "proposals": 1,
        "returned": 1,
        "proposed": 1,
        "challenges": 1,
        "disputed": 1,
        "one-sided": 1,
        "recheck": 1,
        "failing": 1,
        "uncited": 1,
        "unchecked": 6,
        "thin": 1,
        "dead": 1,
        "gaps": 2,
    }


@pytest.mark.django_db
def test_the_desk_takes_the_same_queries_at_any_size() -> None:
    me = make_user("me", role="reviewer")
    client = log_in(me)
    client.get(DESK)  # the first visit is stored
    numbers = []
    for size in (1, 7):
        work(size, me)
        with CaptureQueriesContext(connection) as queries:
            client.get(DESK)
        numbers.append(len(queries))
    assert numbers[0] == numbers[1] <= 36


@pytest.mark.django_db
def test_the_desk_shows_the_first_rows_only() -> None:
    me = make_user("me", role="editor")
    for _ in range(7):
        make.make_claim(status="draft", published_at=None, author=me)
    drafts = entries(log_in(me))["drafts"]
    assert (drafts.count, len(drafts.items)) == (7, 5)


@pytest.mark.django_db
def test_a_draft_that_came_back_shows_its_mark_and_note() -> None:
    me = make_user("me", role="editor")
    make.make_claim(status="draft", published_at=None, author=me, mark="unclear", mark_note="Which <version>?")
    text = log_in(me).get(DESK).content.decode()
    assert "<strong>Unclear</strong> Which &lt;version&gt;?" in text


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_every_row_of_the_desk_leads_to_a_page_that_opens(role: str) -> None:
    me = make_user("me", role=role)
    work(1, me)
    client = log_in(me)
    for entry in entries(client).values():
        for step in entry.items:
            for url in (step.url, *(link.url for link in step.more)):
                assert client.get(url).status_code == 200, url


@make.unsettled()
def a_dispute() -> tuple[Framework, Any]:
    criterion, framework = make.make_criterion(levels=("yes", "no")), make.make_framework()
    make.make_claim(framework, criterion, level="yes")
    make.make_claim(framework, criterion, level="no")
    return framework, criterion


def test_a_dispute_leads_a_judge_to_a_ruling_on_it(browser: Callable[..., Client]) -> None:
    framework, criterion = a_dispute()
    client = browser("rita", "reviewer")
    (step,) = entries(client)["disputed"].items
    assert step.url == reverse("admin:comparisons_ruling_rule", args=[framework.slug, criterion.slug])


def test_a_dispute_leads_an_editor_to_its_claims(browser: Callable[..., Client]) -> None:
    a_dispute()
    make.make_claim()
    client = browser("edgar")
    (step,) = entries(client)["disputed"].items
    assert client.get(step.url).context["cl"].result_count == 2


def test_a_gap_leads_to_a_claim_that_fills_it(browser: Callable[..., Client]) -> None:
    framework, criterion = make.make_framework(), make.make_criterion()
    make.make_comparison(frameworks=(framework,), criteria=(criterion,))
    client = browser("edgar")
    (step,) = entries(client)["gaps"].items
    form = client.get(step.url).context["adminform"].form
    assert (form["framework"].value(), form["criterion"].value()) == (framework.pk, criterion.pk)


def test_a_gap_leads_a_viewer_to_what_readers_see(browser: Callable[..., Client]) -> None:
    framework, criterion = make.make_framework(), make.make_criterion()
    make.make_comparison(frameworks=(framework,), criteria=(criterion,))
    (step,) = entries(browser("vera", "viewer"))["gaps"].items
    assert step.url == reverse("comparisons:cell", args=[framework.slug, criterion.slug])


@pytest.mark.parametrize("role", ["viewer", "editor"])
def test_a_list_of_work_that_is_not_kept_for_a_user_does_not_open(browser: Callable[..., Client], role: str) -> None:
    response = browser("someone", role).get(list_url(Claim), {"work": "review"})
    assert (response.status_code, response["Location"]) == (302, f"{list_url(Claim)}?e=1")


def test_staff_without_permissions_find_an_empty_desk(db: None) -> None:
    user = make_user("nobody", role="viewer")
    user.groups.clear()
    client = log_in(user)
    assert client.get(DESK).context["desk"] == []
    assert client.get(reverse("admin:comparisons_cell_gaps")).status_code == 403


@pytest.mark.parametrize(
    ("asked", "status"), [("?p=2", 200), ("?p=x", 200), ("?p=999999", 200), ("?comparison=none-such", 404)]
)
def test_the_list_of_gaps_takes_any_address(chief: Client, asked: str, status: int) -> None:
    assert chief.get(reverse("admin:comparisons_cell_gaps") + asked).status_code == status


def test_gaps_can_be_listed_for_one_comparison(chief: Client) -> None:
    for slug in ("one", "two"):
        make.make_comparison(slug, frameworks=(make.make_framework(),), criteria=(make.make_criterion(),))
    response = chief.get(reverse("admin:comparisons_cell_gaps"), {"comparison": "two"})
    assert response.context["page"].paginator.count == 1


@pytest.mark.parametrize("strength", Strength)
def test_cells_are_found_by_the_strength_that_readers_see(db: None, strength: Strength) -> None:
    today = timezone.localdate()
    criterion = make.make_criterion()
    for points, age in itertools.product((None, -1, 0, 1, 2, 3, 4, 5), (None, FRESH, OLD)):
        Cell.objects.create(
            framework=make.make_framework(),
            criterion=criterion,
            agreement="unanimous",
            points=points,
            supported_on=today - age if age else None,
        )
    expected = {
        cell.pk
        for cell in Cell.objects.all()
        if cell.points is not None and strength_of(cell.points, cell.supported_on, today) == strength
    }
    found = Cell.objects.filter(worklists.of_strength(strength, today))
    assert expected == set(found.values_list("pk", flat=True)) != set()


def test_models_stand_in_the_order_of_the_work(chief: Client) -> None:
    apps = chief.get(DESK).context["app_list"]
    assert [app["name"] for app in apps] == ["Crosscheck", "People"]
    assert [model["object_name"] for model in apps[0]["models"]][:6] == [
        "Claim", "Article", "Framework", "Criterion", "Comparison", "Ruling",
    ]  # fmt: skip


@pytest.mark.parametrize("role", ["viewer", "editor", "reviewer"])
def test_no_page_speaks_of_historical_records(browser: Callable[..., Client], role: str) -> None:
    client = browser("someone", role)
    claim = make.make_claim(status="draft", published_at=None)
    urls = [DESK, list_url(Claim), reverse("admin:comparisons_claim_change", args=[claim.pk])]
    assert all("historical" not in client.get(url).content.decode().lower() for url in urls)
    if role != "viewer":
        url = reverse("admin:comparisons_claim_delete", args=[claim.pk])
        assert "historical" not in client.get(url).content.decode().lower()


def test_a_claim_without_citation_leaves_the_desk_with_its_citation(chief: Client) -> None:
    claim = make.make_claim(status="draft", published_at=None, by=())
    assert entries(chief)["uncited"].count == 1
    make.make_citation(claim)
    assert entries(chief)["uncited"].count == 0
    assert opened(chief, claim) and Article.objects.count() == 1


@pytest.mark.django_db
def test_the_desk_begins_with_what_one_may_begin() -> None:
    add = [reverse(f"admin:comparisons_{kind}_add") for kind in ("article", "claim")]
    for role, may in (("editor", True), ("viewer", False)):
        response = log_in(make_user(role, role=role)).get(DESK)
        text = response.content.decode()
        assert [link.url for link in response.context["new"]] == (add if may else [])
        assert f'<form action="{list_url(Claim)}" role="search"' in text


@pytest.mark.django_db
def test_lists_without_rows_stand_together_below_the_others() -> None:
    make.make_claim(status="in-review", author=None)
    text = log_in(make_user("me", role="reviewer")).get(DESK).content.decode()
    work, _heading, idle = text.partition("Nothing waits here")
    assert "Waiting for my review" in work and "Waiting for my review" not in idle
    assert "Objections of readers" in idle and "Objections of readers" not in work


@pytest.mark.django_db
def test_an_account_without_rights_is_told_whom_to_ask() -> None:
    user = User.objects.create_user("nobody", is_staff=True)
    text = log_in(user).get(DESK).content.decode()
    assert "put it into a group: viewer, editor or reviewer" in text and reverse("admin:activity") not in text
