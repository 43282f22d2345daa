"""Seen as of a day, verdicts, rulings, checks and releases of later days do not exist."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from comparisons.domain.matrix import CellView
from comparisons.evidence import assessing
from comparisons.evidence.matrix import Perspective, matrix
from comparisons.models import Criterion, Framework, Level
from tests import factories as make

pytestmark = pytest.mark.django_db
DAY = dt.date(2025, 6, 15)
BEFORE, AFTER = DAY - dt.timedelta(1), DAY + dt.timedelta(1)
SPRING = dt.date(2025, 3, 1)


def seen(day: dt.date | None, articles: tuple[Any, ...] = ()) -> CellView | None:
    """The only cell of a matrix as of a day."""
    columns = assessing.columns(Framework.objects.all())
    lines = assessing.lines(Criterion.objects.all())
    return matrix(columns, lines, Perspective(articles, day), dt.date(2026, 1, 1)).rows[0].cells[0]


@pytest.fixture
def claim() -> Any:
    framework, criterion = make.make_framework(), make.make_criterion(levels=("yes", "no"))
    return make.make_claim(framework, criterion, level="yes", by=(make.make_article("seen", published_on=SPRING),))


@pytest.mark.parametrize("by_article", [False, True])
@pytest.mark.parametrize(("given", "claims"), [(BEFORE, 0), (DAY, 0), (AFTER, 1)])
def test_a_later_verdict_does_not_exist_yet(claim, given, claims, by_article):
    claim.verdict, claim.verdict_on, claim.verdict_note = "wrong", given, "Not so."
    claim.save()
    articles = (claim.citations.get().article,) if by_article else ()
    assert seen(DAY, articles).claims == claims


@pytest.mark.parametrize(("given", "level"), [(BEFORE, "no"), (DAY, "no"), (AFTER, "yes")])
def test_a_later_ruling_does_not_exist_yet(claim, given, level):
    no = Level.objects.get(criterion=claim.criterion, slug="no")
    make.make_ruling(claim.framework, claim.criterion, level=no, ruled_on=given)
    assert seen(DAY).level_slug == level


@pytest.mark.parametrize(("checked", "is_due"), [(BEFORE, False), (DAY, False), (AFTER, True)])
def test_a_later_check_does_not_exist_yet(claim, checked, is_due):
    make.make_release(claim.framework, "2.0", SPRING + dt.timedelta(9))
    make.make_check(claim, "2.0", checked)
    assert seen(DAY).needs_recheck(DAY) is is_due


@pytest.mark.parametrize(("released", "is_due"), [(DAY, True), (AFTER, False)])
def test_a_later_release_makes_nothing_due(claim, released, is_due):
    make.make_release(claim.framework, "2.0", released)
    assert seen(DAY).needs_recheck(dt.date(2026, 1, 1)) is is_due


def test_an_article_that_was_read_again_later_is_still_there(claim):
    article = claim.citations.get().article
    article.kind, article.published_on, article.precision, article.read_on = "policy", None, "", SPRING
    article.save()
    article.read_on = AFTER
    article.save()
    cell = seen(DAY)
    assert cell is not None and cell.newest_on == SPRING
