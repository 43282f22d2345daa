"""A comparison of a day: it shows for ever what readers saw, and says what is newer."""

from __future__ import annotations

import copy
import datetime as dt
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client, TestCase
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from comparisons.history import editions
from comparisons.models import Comparison, ComparisonEdition, CriterionGroup, EditionRow, Paragraph, VerdictLine
from comparisons.views import frozen as frozen_views
from tests import factories as make
from tests.conftest import rows_of_module
from tests.evidence.writes import ALL, changed
from tests.worlds import World, make_page, make_world

THEN = dt.date(2026, 11, 1)
AT = f"/comparisons/it/@{THEN}"


@pytest.fixture
def commits(django_capture_on_commit_callbacks: Any) -> Callable[[], Any]:
    """Run the callbacks of a commit at the end of a block, inside the transaction of a test."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture(scope="module")
def made_once(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """A comparison of two frameworks by three criteria, with a ruled dispute, as it was recorded on a day."""
    with rows_of_module(django_db_blocker):
        with TestCase.captureOnCommitCallbacks(execute=True):
            made = make_world()
            make_page(made).columns.filter(framework=made.one).update(headline="All in one")
        recorded(THEN)
        yield made


@pytest.fixture
def world(made_once: World, db: None) -> World:
    """Rows of its own for each test, which may change them."""
    return copy.deepcopy(made_once)


def recorded(day: dt.date) -> None:
    """Let what is recorded be of another day."""
    ComparisonEdition.objects.update(day=day)
    EditionRow.objects.update(day=day)


def page() -> Comparison:
    return Comparison.objects.get(slug="it")


def text(client: Client, address: str = AT, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return response.content.decode()


def frozen(client: Client, address: str = AT) -> str:
    """The part of the page that must never change."""
    html = text(client, address)
    start = html.index('<div id="as-it-was">')
    end = html.index('id="changes"') if 'id="changes"' in html else html.index("</main>")
    return html[start : html.rindex("</div>", start, end)]


def changes(client: Client) -> str:
    html = text(client)
    return re.sub(r"\s+", " ", re.sub("<[^>]*>", " ", html[html.index('id="changes"') :]))


#: Writes of what only comparisons show, beside those that change cells.
WRITES: dict[str, Callable[[World], Any]] = {
    "a framework is renamed": lambda w: changed(w.one, name="Renamed", slug="renamed", tagline="Other"),
    "a framework becomes a draft": lambda w: changed(w.other, is_draft=True),
    "a criterion is renamed": lambda w: changed(w.level, name="Renamed", slug="renamed", question="Other?"),
    "a criterion becomes a draft": lambda w: changed(w.level, is_draft=True),
    "a criterion gets another unit": lambda w: changed(w.number, unit="s"),
    "a group is renamed": lambda w: changed(CriterionGroup.objects.get(), name="Renamed"),
    "an article is renamed": lambda w: changed(
        w.free, title="Renamed", slug="renamed", publisher=make.make_publisher("Renamed")
    ),
    "the title is changed": lambda w: changed(page(), title="Renamed", introduction="Other."),
    "the address is changed": lambda w: changed(page(), slug="other"),
    "a paragraph is changed": lambda w: changed(Paragraph.objects.get(), text="Take the second."),
    "a paragraph is deleted": lambda w: Paragraph.objects.all().delete(),
    "a paragraph rests on another claim": lambda w: Paragraph.objects.get().claims.set([w.rival]),
    "a paragraph rests on no claim": lambda w: Paragraph.objects.get().claims.clear(),
    "a claim of a paragraph is rewritten": lambda w: changed(w.claim, statement="Other."),
    "a claim joins a paragraph": lambda w: w.rival.paragraphs.add(Paragraph.objects.get()),
    "a line is changed": lambda w: changed(VerdictLine.objects.get(), text="A blog"),
    "a line rests on no claim": lambda w: VerdictLine.objects.get().claims.clear(),
    "a line rests on another claim": lambda w: VerdictLine.objects.get().claims.set([w.rival]),
    "a headline is changed": lambda w: page().columns.filter(framework=w.one).update(headline="One box"),
    "a column is taken out": lambda w: page().columns.order_by("order").last().delete(),
    "columns are exchanged": lambda w: page().columns.filter(framework=w.one).update(order=9),
    "a row is taken out": lambda w: page().rows.order_by("order").last().delete(),
    "a ruling is explained otherwise": lambda w: changed(w.ruling, why="Other.", reason="misprint"),
    "a level gets another label": lambda w: changed(w.ruling.level, label="Renamed"),
    "the comparison is deleted": lambda w: page().delete(),
}


#: Every write, but for what a comparison protects.
EVERY = {name: write for name, write in (WRITES | ALL).items() if name != "a framework without claims is deleted"}


@pytest.mark.parametrize("name", EVERY)
def test_an_earlier_day_stays_as_it_was_and_today_is_what_readers_see_when(
    client: Client, world: World, commits: Any, name: str
) -> None:
    """Not a byte of the earlier page changes; a write of what comparisons show begins an edition of today."""
    before = frozen(client)
    with commits():
        EVERY[name](world)
    slug = Comparison.objects.values_list("slug", flat=True).first() or "it"
    now = frozen(client, f"/comparisons/{slug}/@{THEN}")
    # Its links to itself, such as those to files, have the address of today.
    assert now.replace(f"/comparisons/{slug}/@", "/comparisons/it/@") == before
    assert editions.outdated() == []
    if name in WRITES and name != "an article is renamed":
        assert ComparisonEdition.objects.filter(day=timezone.localdate()).count() == 1


def test_writes_of_one_day_make_one_edition_and_undone_ones_none(world: World, commits: Any) -> None:
    for title in ("One", "Two"):
        with commits():
            changed(page(), title=title)
        assert ComparisonEdition.objects.count() == 2
    with commits():
        changed(page(), title="It")
    assert ComparisonEdition.objects.count() == 1


def test_what_readers_do_not_see_makes_no_edition(world: World, commits: Any) -> None:
    with commits():
        make.make_claim(world.one, world.text, text="Secret", status="draft", published_at=None)
        changed(world.draft, statement="Still a draft.")
        changed(page(), featured=True, order=7)
        make.make_claim(world.one, make.make_criterion(), text="Elsewhere")
    assert ComparisonEdition.objects.count() == 1


def test_a_proposal_makes_no_edition(world: World, commits: Any) -> None:
    with commits():
        make.make_proposal(page(), None, title="Secret title")
        make.make_proposal(world.claim, None, statement="Secret statement")
    assert ComparisonEdition.objects.count() == 1


def test_only_comparisons_that_hold_a_touched_cell_are_looked_at(
    world: World, commits: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with commits():
        make.make_comparison("there", (world.other, make.make_framework()), (world.text,))
    looked_at: list[int] = []
    monkeypatch.setattr(editions, "record", lambda found, *_: looked_at.extend(found))
    with commits():
        changed(world.claim, statement="Other.")
    assert looked_at == [page().pk]


def test_the_page_shows_what_was(client: Client, world: World, commits: Any) -> None:
    with commits():
        changed(world.one, name="New name")
        changed(world.claim, statement="New statement.")
    html = frozen(client)
    for shown in (">One</a>", "What one is", "Statement of claim.", "Take the first.", ">None</span>", "Because."):
        assert shown in html
    assert "New" not in html and "Disputed, ruled" in html


def test_the_page_shows_headlines_and_lines_as_they_were(client: Client, world: World, commits: Any) -> None:
    with commits():
        VerdictLine.objects.all().delete()
        page().columns.update(headline="")
    shown = re.sub(r"\s+", " ", re.sub("<[^>]*>", " ", frozen(client)))
    assert "All in one" in shown and "Pick it for" in shown and "A shop" in shown
    assert "A shop" in changes(client)


def test_a_day_between_editions_shows_the_one_before(client: Client, world: World, commits: Any) -> None:
    with commits():
        changed(page(), title="Today's title")
    assert ">It</h1>" in frozen(client, f"/comparisons/it/@{THEN + dt.timedelta(days=3)}")
    assert ">Today&#x27;s title</h1>" in frozen(client, f"/comparisons/it/@{timezone.localdate()}")


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (THEN - dt.timedelta(days=1), "The first day on record is 1 November 2026."),
        (timezone.localdate() + dt.timedelta(days=400), "is still to come."),
    ],
)
def test_other_days_are_not_found_and_say_why(client: Client, world: World, day: dt.date, words: str) -> None:
    html = text(client, f"/comparisons/it/@{day}", 404)
    assert words in html and '<meta name="robots" content="noindex">' in html


@pytest.mark.parametrize("day", ["2026-13-40", "2026-02-30", "2026-1-1", "20261101", "x", "0000-01-01", "١٢٣٤-01-01"])
def test_what_is_no_day_is_not_found(client: Client, world: World, day: str) -> None:
    text(client, f"/comparisons/it/@{day}", 404)


def test_no_such_comparison_is_not_found(client: Client, world: World) -> None:
    text(client, f"/comparisons/no/@{THEN}", 404)


def test_a_comparison_that_was_deleted_keeps_its_days(client: Client, world: World, commits: Any) -> None:
    with commits():
        page().delete()
    assert "The comparison is no longer on this site." in text(client)
    assert "was not on this site any more" in text(client, f"/comparisons/it/@{timezone.localdate()}", 404)


def test_the_former_address_leads_to_the_same_day(client: Client, world: World) -> None:
    changed(page(), slug="other")
    make.make_former(Comparison.objects.get(), "it")
    response = client.get(AT)
    assert (response.status_code, response["Location"]) == (301, AT.replace("/it/", "/other/"))
    assert client.get(response["Location"]).status_code == 200


def test_the_page_says_that_nothing_is_newer(client: Client, world: World) -> None:
    html = text(client)
    assert "This page never changes." in html and "Nothing has changed since." in html and 'id="changes"' not in html


def test_today_may_still_change(client: Client, world: World) -> None:
    html = text(client, f"/comparisons/it/@{timezone.localdate()}")
    assert "Until midnight UTC this page may still change" in html and "never changes." not in html


def test_the_page_says_what_changed_since(client: Client, world: World, commits: Any) -> None:
    with commits():
        changed(world.one, name="New name")
        changed(world.ruling, level=world.claim.level)
        Paragraph.objects.update(text="Take the second.")
        changed(Paragraph.objects.get(), text="Take the second.")
        page().rows.get(criterion=world.number).delete()
    html = changes(client)
    assert "One New name" in html and "Number not there" in html and "New name: Level None; " in html
    assert "Built-In; " in html and "second" in html


def test_search_engines_are_sent_to_the_comparison(client: Client, world: World) -> None:
    html = text(client)
    assert '<meta name="robots" content="noindex">' in html
    assert '<link rel="canonical" href="https://crosscheck.example/comparisons/it/">' in html


def test_a_comparison_is_cited_by_the_day_on_which_it_last_changed(client: Client, world: World) -> None:
    html = text(client, "/comparisons/it/")
    area = html[html.index("<textarea") : html.index("</textarea>")]
    assert f"https://crosscheck.example{AT}" in area and "as of 1 November 2026." in area
    assert "This address never changes." in html


def test_the_address_of_today_is_cited_with_a_warning(client: Client, world: World, commits: Any) -> None:
    with commits():
        changed(page(), title="Other")
    html = text(client, "/comparisons/it/")
    assert f"/comparisons/it/@{timezone.localdate()}" in html and "Until midnight UTC it may still change" in html


def test_a_comparison_that_was_never_recorded_cannot_be_cited(client: Client, world: World) -> None:
    ComparisonEdition.objects.all().delete()
    assert "Cite this comparison" not in text(client, "/comparisons/it/")
    assert "No day of this comparison is on record yet." in text(client, AT, 404)


def test_evidence_grows_old_between_two_editions(client: Client, world: World) -> None:
    recorded(dt.date(2020, 1, 1))
    for row in EditionRow.objects.all():
        for cell in filter(None, row.state["cells"]):
            cell |= {"strength": "strong", "weaker": ["2024-01-01", "fair"], "releases": [["2024-01-01", "9.0"]]}
        row.save()
    pages = (frozen(client, f"/comparisons/it/@{day}") for day in ("2023-12-31", "2024-01-01"))
    early, late = (re.sub("<[^>]*>", " ", page) for page in pages)
    assert "strong" in early and "fair" not in early and "May be outdated" not in early
    assert "fair" in late and "strong" not in late and "May be outdated" in late


def test_a_large_comparison_comes_in_pages_and_its_file_has_all(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    frameworks = [make.make_framework(f"fw-{number}") for number in range(3)]
    criteria = [make.make_criterion(slug=f"row-{number}") for number in range(5)]
    make.make_claim(frameworks[2], criteria[4], text="The last")
    make.make_comparison("wide", frameworks, criteria)
    make.settle()
    monkeypatch.setattr(frozen_views, "ACROSS", 2)
    monkeypatch.setattr(frozen_views, "DOWN", 3)
    address = f"/comparisons/wide/@{timezone.localdate()}"
    seen = {
        query: {
            (int(fw), int(row)) for fw, row in re.findall(r'href="/frameworks/fw-(\d)/row-(\d)/"', text(client, query))
        }
        for query in (address, f"{address}?page=2", f"{address}?across=2", f"{address}?across=2&page=2")
    }
    assert list(map(len, seen.values())) == [6, 4, 3, 2]
    assert set().union(*seen.values()) == {(fw, row) for fw in range(3) for row in range(5)}
    assert "5 criteria, 3 frameworks" in text(client, address) and 'rel="next"' in text(client, address)
    assert "The last" in text(client, f"{address}?across=2&page=2") and "The last" not in text(client, address)
    table = client.get(f"{address}?format=csv").content.decode()
    assert "The last" in table and table.count("Row-") == 5
    text(client, f"{address}?page=3", 404)


@pytest.mark.parametrize("size", [1, 12])
def test_a_page_of_a_day_takes_seven_queries_at_any_size(
    client: Client, db: None, django_assert_num_queries: Any, size: int
) -> None:
    frameworks = tuple(make.make_framework() for _ in range(min(size, 8)))
    criteria = tuple(make.make_criterion() for _ in range(size))
    for framework in frameworks:
        for criterion in criteria:
            make.make_claim(framework, criterion, text="So")
    make.make_comparison("sized", frameworks, criteria)
    make.settle()
    recorded(THEN)
    Comparison.objects.update(title="Other")
    editions.catch_up()
    with django_assert_num_queries(7):
        assert 'id="changes"' in text(client, f"/comparisons/sized/@{THEN}")


@pytest.mark.parametrize("size", [1, 12])
def test_recording_takes_the_same_queries_at_any_size(db: None, django_assert_num_queries: Any, size: int) -> None:
    frameworks = tuple(make.make_framework() for _ in range(min(size, 8)))
    criteria = tuple(make.make_criterion(value_type="number") for _ in range(size))
    for framework in frameworks:
        for criterion in criteria:
            make.make_claim(framework, criterion, number=4)
    found = make.make_comparison("sized", frameworks, criteria)
    make.settle()
    recorded(THEN)
    found.title = "Other"
    found.save()
    with django_assert_num_queries(17):
        assert editions.record([found.pk]) == 1
