"""The sides of a disputed cell, the citations behind them, and the claims that a ruling names."""

from __future__ import annotations

from typing import Any

import pytest

from comparisons.domain.matrix import CellView
from comparisons.evidence import disputes
from comparisons.evidence.assessing import Witnesses
from comparisons.evidence.cell_reads import PlacedCell, placed_cells
from comparisons.evidence.citations import cited_claims
from comparisons.models import Cell, Citation, Claim, Criterion, Framework, Ruling
from tests.factories import (
    make_article,
    make_citation,
    make_claim,
    make_criterion,
    make_framework,
    make_ruling,
    settle,
)

pytestmark = pytest.mark.django_db


def make_dispute(slug: str = "fw") -> tuple[Framework, Criterion]:
    """A framework on whose criterion two publishers say "full", and one says "none"."""
    framework, criterion = make_framework(slug), make_criterion(f"{slug}-criterion", levels=("full", "none"))
    make_claim(framework, criterion, level="full", key=f"{slug}-full", by=(make_article(), make_article()))
    make_claim(framework, criterion, level="none", key=f"{slug}-none")
    return framework, criterion


def found() -> list[disputes.Dispute]:
    settle()
    return disputes.disputes(placed_cells(Cell.objects.disputed().order_by("pk")))


def sides() -> list[tuple[str, bool, int]]:
    """The sides of the only dispute: value, whether they dispute it, number of witnesses."""
    (dispute,) = found()
    return [(side.value, side.against, len(side.witnesses)) for side in dispute.sides]


def test_the_side_of_the_strongest_reading_comes_first():
    make_dispute()
    assert sides() == [("Full", False, 2), ("None", False, 1)]


def test_whoever_disputes_a_reading_is_a_side_of_its_own():
    claim = make_claim(text="Fast")
    make_citation(claim, stance="disputes")
    assert sides() == [("Fast", False, 1), ("Fast", True, 1)]


def test_whoever_disputes_a_figure_is_no_side():
    framework, criterion = make_framework(), make_criterion()
    make_claim(framework, criterion, text="Fast")
    make_claim(framework, criterion, text="Slow")
    make_citation(make_claim(framework, criterion, number=5), stance="disputes")
    assert ("5", True, 1) not in sides()


def test_a_side_is_summed_up_by_its_statements_and_an_opposing_one_by_what_it_says():
    claim = make_claim(text="Fast", key="fast", statement="It is fast.")
    make_citation(claim, stance="disputes", says="It is not.")
    (dispute,) = found()
    assert [side.texts for side in dispute.sides] == [[("fast", "It is fast.")], [("fast", "It is not.")]]


def test_a_side_says_how_many_claims_its_summary_leaves_out():
    framework, criterion = make_dispute()
    for _ in range(disputes.MOST_TEXTS):
        make_claim(framework, criterion, level="full")
    side = found()[0].sides[0]
    assert (len(side.texts), side.claims_left_out) == (disputes.MOST_TEXTS, 1)


def test_qualifications_and_claims_that_give_no_value_are_kept_apart_from_the_sides():
    framework, criterion = make_dispute()
    make_citation(Claim.objects.get(key="fw-full"), stance="qualifies", says="At times.")
    make_claim(framework, criterion)
    make_claim(framework, criterion, level="none", verdict="wrong", verdict_note="No.", verdict_on="2026-11-20")
    (dispute,) = found()
    assert [citation.says for citation in dispute.qualifying] == ["At times."]
    assert (dispute.without_value, dispute.not_counted) == (1, 1)


def test_a_draft_is_on_no_side():
    framework, criterion = make_dispute()
    make_claim(framework, criterion, level="none", status="draft", published_at=None)
    assert sides() == [("Full", False, 2), ("None", False, 1)]


@pytest.mark.parametrize("size", [1, 4])
def test_disputes_take_two_queries_for_any_number_of_cells(django_assert_num_queries, size):
    for place in range(size):
        make_dispute(f"fw{place}")
    settle()
    cells = placed_cells(Cell.objects.disputed())
    with django_assert_num_queries(2):
        assert len(disputes.disputes(cells)) == size


def test_no_cells_take_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert disputes.disputes([]) == [] and disputes.ruling_views([]) == []


@pytest.mark.parametrize("size", [1, 4])
def test_rulings_name_their_published_claims_in_one_query(django_assert_num_queries, size):
    for place in range(size):
        ruling = make_ruling(*make_dispute(f"fw{place}"), is_open=True)
        ruling.rejected.add(Claim.objects.get(key=f"fw{place}-full"))
        ruling.accepted.add(make_claim(status="draft", published_at=None))
    rulings = list(Ruling.objects.order_by("pk"))
    with django_assert_num_queries(1):
        views = disputes.ruling_views(rulings)
    named: list[Any] = [[(side.outcome, side.values, side.claims) for side in view.sides] for view in views]
    assert named == [
        [("", ("Full",), ((f"fw{place}-full", f"Statement of fw{place}-full."),))] for place in range(size)
    ]


def test_a_placed_cell_tells_why_it_was_ruled_on():
    framework, criterion = make_dispute()
    make_ruling(framework, criterion, is_open=True, reason="misprint", why="A slip.")
    (dispute,) = found()
    assert (dispute.placed.reason, dispute.placed.why) == ("misprint", "A slip.")
    assert isinstance(dispute.placed.cell, CellView) and isinstance(dispute.placed, PlacedCell)


def test_the_citations_of_a_claim_are_the_newest_first():
    claim = make_claim(by=(), key="claim")
    for slug, year in (("old", 2020), ("new", 2026), ("middle", 2023)):
        make_citation(claim, make_article(slug, published_on=f"{year}-01-01"))
    cited = cited_claims(Citation.objects.all(), Witnesses())["claim"]
    assert [citation.article for citation in cited.citations] == ["new", "middle", "old"]


def test_of_each_publisher_the_newest_citation_is_shown():
    claim = make_claim(by=(), key="claim")
    for slug, year, publisher in (("old", 2020, "One"), ("other", 2022, ""), ("new", 2026, "One")):
        make_citation(claim, make_article(slug, publisher=publisher, published_on=f"{year}-01-01"))
    cited = cited_claims(Citation.objects.all(), Witnesses())["claim"]
    assert [citation.article for citation in cited.by_source] == ["other", "new"]
    assert [citation.source_name for citation in cited.by_source] == ["Title of other", "One"]


def test_an_undated_living_page_is_dated_by_the_day_it_was_read():
    article = {"kind": "official-documentation", "published_on": None, "read_on": "2026-11-20"}
    make_claim(by=(make_article(**article),), key="claim")
    (citation,) = cited_claims(Citation.objects.all(), Witnesses())["claim"].citations
    assert str(citation.dated_as_read) == "2026-11-20"


def test_the_sides_of_an_open_ruling_name_figures_as_pages_write_them():
    criterion = make_criterion("speed", "number")
    claim = make_claim(make_framework("one"), criterion, kind="figure", number="3117.5")
    ruling = make_ruling(claim.framework, criterion, is_open=True)
    ruling.accepted.add(claim)
    (view,) = disputes.ruling_views([ruling])
    assert [side.values for side in view.sides if side.values] == [("3,117.5",)]


def test_who_disputes_a_claim_is_counted_as_in_its_tally():
    claim = make_claim(key="claim", by=(make_article(publisher="Both"),))
    for publisher, stance in (("Here", "disputes"), ("There", "qualifies"), ("Both", "disputes")):
        make_citation(claim, make_article(publisher=publisher), stance)
    cited = cited_claims(Citation.objects.all(), Witnesses())["claim"]
    assert cited.against == 1 == sum(stance == "disputes" for stance, _day in cited.tally)
