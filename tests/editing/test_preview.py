"""The cell that a claim would make, and the claims that it may repeat."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comparisons.editing import duplicates
from comparisons.editing.preview import cell_with
from comparisons.models import Cell, Citation, Claim, Criterion, Framework
from tests import factories as make

pytestmark = pytest.mark.django_db


def proposal(framework: Framework | None, criterion: Criterion, **fields: Any) -> Claim:
    """A claim that is stored nowhere."""
    fields = {"key": "", "kind": "capability", "statement": "It does.", "polarity": "neutral", **fields}
    return Claim(framework=framework, criterion=criterion, **fields)


def citing(claim: Claim, **fields: Any) -> list[Citation]:
    return [Citation(claim=claim, **{"article": make.make_article(), "stance": "supports", **fields})]


def test_the_first_claim_fills_an_empty_cell() -> None:
    framework, criterion = make.make_framework(), make.make_criterion(levels=("built-in", "none"))
    claim = proposal(framework, criterion, level=criterion.levels.get(slug="built-in"))
    change = cell_with(claim, citing(claim))
    assert change and change.before is None and change.after
    assert (change.after.level_label, change.after.agreement) == ("Built-In", "single-source")


def test_a_second_value_makes_a_dispute_and_writes_nothing() -> None:
    criterion = make.make_criterion(levels=("yes", "no"))
    stored = make.make_claim(criterion=criterion, level="yes")
    make.settle()
    claim = proposal(stored.framework, criterion, level=criterion.levels.get(slug="no"))
    change = cell_with(claim, citing(claim))
    assert change and change.before and change.after
    assert (change.before.agreement, change.after.agreement) == ("single-source", "disputed")
    assert (Claim.objects.count(), Cell.objects.get().agreement) == (1, "single-source")


def test_a_stored_claim_takes_the_place_of_what_it_said() -> None:
    criterion = make.make_criterion("speed", value_type="number")
    claim = make.make_figure(make.make_framework(), None, 5, criterion=criterion)
    claim.number = Decimal(7)
    change = cell_with(claim, list(claim.citations.select_related("article")))
    assert change and change.before and change.after
    assert (change.before.number, change.after.number, change.after.claims) == (5, 7, 1)


def test_the_cell_as_it_is_equals_the_stored_one() -> None:
    criterion = make.make_criterion(levels=("yes", "no"))
    claim = make.make_claim(criterion=criterion, level="yes")
    make.make_claim(claim.framework, criterion, level="no")
    make.make_ruling(claim.framework, criterion, level=criterion.levels.get(slug="no"))
    make.make_release(claim.framework, "2.0", make.DAY.replace(year=2027))
    make.settle()
    change = cell_with(claim, list(claim.citations.select_related("article")))
    assert change and change.before == change.after == Cell.objects.views()[0]


@pytest.mark.parametrize("status", ["draft", "in-review"])
def test_other_claims_that_are_not_published_do_not_count(status: str) -> None:
    hidden = make.make_claim(status=status, published_at=None, text="A")
    claim = proposal(hidden.framework, hidden.criterion, text="B")
    change = cell_with(claim, citing(claim))
    assert change and change.before is None and change.after and change.after.agreement == "single-source"


def test_without_a_citation_nothing_would_change() -> None:
    stored = make.make_claim(text="A")
    change = cell_with(proposal(stored.framework, stored.criterion, text="B"), [])
    assert change and change.before == change.after is not None


def test_a_level_of_another_criterion_answers_nothing() -> None:
    criterion, other = make.make_criterion(levels=("yes", "no")), make.make_criterion(levels=("high", "low"))
    claim = proposal(make.make_framework(), criterion, level=other.levels.get(slug="high"))
    change = cell_with(claim, citing(claim))
    assert change and change.after and change.after.agreement == "no-value"


def test_a_claim_about_no_framework_has_no_cell() -> None:
    claim = proposal(None, make.make_criterion())
    assert cell_with(claim, citing(claim)) is None


@pytest.mark.parametrize("size", [2, 12])
def test_a_preview_takes_the_same_queries_at_any_size(size: int) -> None:
    framework, criterion = make.make_framework(), make.make_criterion(levels=("yes", "no"))
    for number in range(size):
        make.make_claim(framework, criterion, level="yes", by=(make.make_article(), make.make_article()))
        make.make_release(framework, f"{number}.0")
    claim = proposal(framework, criterion, level=criterion.levels.get(slug="no"), statement="Statement of it.")
    cited = citing(claim)
    with CaptureQueriesContext(connection) as queries:
        cell_with(claim, cited)
        duplicates.likely(claim)
    assert len(queries) == 7


def test_similar_words_in_another_form_are_a_likely_duplicate() -> None:
    flask = make.make_framework("flask")
    stored = make.make_claim(flask, statement="Flask validates the bodies of requests by itself.", status="draft",
                             published_at=None)  # fmt: skip
    claim = proposal(flask, stored.criterion, statement="The body of a request is validated by Flask itself")
    assert [(one.pk, one.status, one.percent) for one in duplicates.likely(claim)] == [(stored.pk, "draft", 100)]


@pytest.mark.parametrize(
    "statement",
    ["Flask ships no session storage on the server.", "Flask.", "", "!!!"],
)
def test_other_words_are_no_duplicate(statement: str) -> None:
    flask = make.make_framework("flask")
    stored = make.make_claim(flask, statement="Flask validates the bodies of requests by itself.")
    assert duplicates.likely(proposal(flask, stored.criterion, statement=statement)) == []


def test_a_claim_is_no_duplicate_of_itself_nor_of_one_elsewhere() -> None:
    stored = make.make_claim(statement="Requests are validated.")
    make.make_claim(stored.framework, statement="Requests are validated.")
    make.make_claim(criterion=stored.criterion, statement="Requests are validated.")
    assert duplicates.likely(stored) == []


def test_claims_about_no_framework_are_compared_with_one_another() -> None:
    stored = make.make_claim(statement="Requests are validated.")
    Claim.objects.filter(pk=stored.pk).update(framework=None)
    assert [one.pk for one in duplicates.likely(proposal(None, stored.criterion, statement="Validate requests."))] == [
        stored.pk
    ]


def test_only_a_few_duplicates_are_named_the_likeliest_first() -> None:
    stored = make.make_claim(statement="Requests are validated early")
    for _ in range(9):
        make.make_claim(stored.framework, stored.criterion, statement="Requests are validated")
    found = duplicates.likely(proposal(stored.framework, stored.criterion, statement="Requests are validated early"))
    assert len(found) == duplicates.MOST_NAMED and found[0].pk == stored.pk
