"""Where sources contradict one another: both sides, the tally, the ruling."""

import pytest
from django.test import Client

from comparisons.filters import DisagreementFilter
from comparisons.models import Level
from tests.factories import (
    make_article,
    make_citation,
    make_claim,
    make_criterion,
    make_framework,
    make_ruling,
    settle,
    unsettled,
)

from .reading import HOSTILE, hide_claims, make_world, text_of

pytestmark = pytest.mark.django_db


@unsettled()
def make_dispute(slug: str = "fw", criterion: str = "crit"):
    """A framework on whose criterion one article says "full" and another "none"."""
    framework, asked = make_framework(slug), make_criterion(criterion, levels=("full", "none"))
    for level in ("full", "none"):
        claim = make_claim(framework, asked, level=level, by=(), key=f"{slug}-{criterion}-{level}")
        make_citation(claim, make_article(f"{slug}-{level}"), says=f"It is *{level}*.")
    return framework, asked


def test_both_sides_say_their_piece_with_source_and_link(client: Client) -> None:
    make_dispute()
    page = text_of(client, "/disagreements/")
    assert "It is <em>full</em>." in page and "It is <em>none</em>." in page
    assert "“<bdi>Full</bdi>”: 1 source" in page and "“<bdi>None</bdi>”: 1 source" in page
    assert 'href="/articles/fw-none/"' in page and 'href="/frameworks/fw/crit/"' in page


def test_who_disputes_the_only_reading_is_the_other_side(client: Client) -> None:
    claim = make_claim(text="Fast")
    make_citation(claim, make_article(), "disputes", says="Not at all.")
    make_citation(claim, make_article(), "qualifies", says="At times.")
    settle()
    page = text_of(client, "/disagreements/")
    assert "Disputes “<bdi>Fast</bdi>”: 1 source" in page and "Not at all." in page
    assert "1 source text in between: it partly agrees" in page and "At times." in page


def test_a_ruling_says_what_stands_why_and_since_when(client: Client) -> None:
    framework, criterion = make_dispute()
    level = Level.objects.get(slug="none")
    make_ruling(framework, criterion, level=level, reason="misprint", why="A *slip* of the pen.")
    settle()
    page = text_of(client, "/disagreements/")
    assert "Misprint" in page and "One source has a typing error." in page
    assert "A <em>slip</em> of the pen." in page and "20 November 2026" in page


def test_what_was_left_open_and_what_nobody_looked_at_differ(client: Client) -> None:
    framework, criterion = make_dispute("one", "c1")
    make_dispute("two", "c2")
    make_ruling(framework, criterion, is_open=True, why="Nobody can tell.")
    settle()
    page = text_of(client, "/disagreements/")
    assert "Editors left it open" in page and "Nobody can tell." in page
    assert "No ruling yet" in page


def test_states_reasons_and_frameworks_narrow_and_count(client: Client) -> None:
    framework, criterion = make_dispute("one", "c1")
    make_dispute("two", "c2")
    make_ruling(framework, criterion, level=Level.objects.filter(slug="full").first(), reason="opinion")
    settle()
    context = client.get("/disagreements/").context
    assert {option.value: option.count for option in context["states"].options} == {"open": 1, "ruled": 1}
    assert {option.value: option.count for option in context["reasons"].options}["opinion"] == 1
    for query, shown, hidden in (
        ("state=open", "two-c2", "one-c1"),
        ("state=ruled", "one-c1", "two-c2"),
        ("reason=opinion", "one-c1", "two-c2"),
        ("framework=two", "two-c2", "one-c1"),
    ):
        page = text_of(client, f"/disagreements/?{query}")
        assert f'id="{shown}"' in page and f'id="{hidden}"' not in page


def test_a_filter_that_leaves_nothing_says_so(client: Client) -> None:
    make_dispute()
    page = text_of(client, "/disagreements/?reason=misprint")
    assert "Nothing meets what you asked for." in page


def test_an_empty_site_has_no_dispute(client: Client) -> None:
    assert "No two sources on record contradict one another." in text_of(client, "/disagreements/")


def test_a_disputed_argument_is_listed_apart(client: Client) -> None:
    claim = make_claim()
    make_citation(claim, make_article(), "disputes")
    settle()
    page = text_of(client, "/disagreements/")
    assert "Disputed in part" in page and "1 claim disputed" in page
    assert 'class="dispute cq"' not in page


def test_claims_that_no_longer_count_are_no_side_but_are_mentioned(client: Client) -> None:
    framework, criterion = make_dispute()
    make_claim(framework, criterion, level="full", verdict="wrong", verdict_note="See.", verdict_on="2026-01-01")
    settle()
    assert "1 more claim is outdated or wrong and does not count." in text_of(client, "/disagreements/")


@pytest.mark.parametrize("name", ["state", "framework", "reason", "page"])
@pytest.mark.parametrize("value", HOSTILE)
def test_what_cannot_be_used_is_refused_by_name(client: Client, name: str, value: str) -> None:
    response = client.get(f"/disagreements/?{name}={value}")
    assert response.status_code == 400
    assert f"<code>{name}=" in response.content.decode()


@pytest.mark.parametrize(
    ("query", "status"),
    [("page=2", 404), ("page=0", 400), ("page=99999999999", 400), ("framework=nobody", 400), ("nonsense=1", 200)],
)
def test_addresses_are_strict(client: Client, query: str, status: int) -> None:
    make_dispute()
    assert client.get(f"/disagreements/?{query}").status_code == status


def test_hidden_claims_change_nothing(client: Client) -> None:
    make_world(2)
    before = text_of(client, "/disagreements/")
    hide_claims()
    assert text_of(client, "/disagreements/") == before


def test_more_than_a_page_of_disputes_is_paged(client: Client) -> None:
    make_world(4)
    first, second = (client.get(f"/disagreements/?page={page}").context["disputes"] for page in (1, 2))
    assert (len(first), len(second)) == (10, 6)
    assert not {one.placed[1:3] for one in first} & {one.placed[1:3] for one in second}


@pytest.mark.parametrize("size", [1, 4])
def test_it_takes_seven_queries_at_any_size(client: Client, django_assert_num_queries, size: int) -> None:
    make_world(size)
    with django_assert_num_queries(7):
        response = client.get("/disagreements/")
    assert not response.cookies and "Cookie" not in response.get("Vary", "")


def test_the_tally_leads_with_the_reading_that_stands_on_the_left(client: Client) -> None:
    framework, criterion = make_dispute()
    make_claim(framework, criterion, level="none", key="second")
    settle()
    dispute = client.get("/disagreements/").context["disputes"][0]
    assert [(side.value, len(side.witnesses)) for side in dispute.sides] == [("None", 2), ("Full", 1)]
    assert dispute.placed.cell.counts == [2, 1]


def test_they_come_by_the_reason_of_their_ruling_which_is_looked_up_once() -> None:
    for slug, reason in (
        ("misread", "misprint"),
        ("undecided", ""),
        ("taste", "opinion"),
        ("other", "different-version"),
    ):
        framework, criterion = make_dispute(slug, f"on-{slug}")
        if reason:
            make_ruling(framework, criterion, level=criterion.levels.first(), reason=reason)
    settle()
    rows = DisagreementFilter.all_rows().values_list("framework__slug", flat=True)
    assert list(rows) == ["undecided", "other", "taste", "misread"]
    assert str(rows.query).count('FROM "comparisons_ruling"') == 1


def test_the_page_of_a_criterion_leads_to_its_own_disagreements_only(client: Client) -> None:
    _first, criterion = make_dispute("fw-0")
    for number in range(1, 9):
        other = make_framework(f"fw-{number}")
        for level in ("full", "none"):
            make_claim(other, criterion, level=level, by=(make_article(f"{level}-{number}"),), key=f"{level}-{number}")
    make_dispute("other", "other")
    settle()
    assert '<a href="/disagreements/?criterion=crit">All 9</a>' in text_of(client, "/criteria/crit/")
    page = text_of(client, "/disagreements/?criterion=crit")
    assert "All 9</a>" in page and 'href="/frameworks/other/other/"' not in page
    assert '<a class="chip" href="/disagreements/" dir="auto">' in page
    assert client.get("/disagreements/?criterion=nope").status_code == 400
