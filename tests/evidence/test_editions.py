"""Documentation of a stated edition is as old as that edition, and not as the day on which it was read."""

from __future__ import annotations

import datetime as dt

import pytest

from comparisons.domain.freshness import evidence_date
from comparisons.evidence.assessing import Witnesses
from comparisons.evidence.claims import with_evidence
from comparisons.models import Cell
from tests.factories import make_article, make_claim, make_criterion, make_framework, make_release, settle

PUBLISHED, READ, RELEASED = dt.date(2026, 3, 1), dt.date(2026, 11, 20), dt.date(2024, 4, 1)


@pytest.mark.parametrize(
    ("kind", "published", "read", "released", "dated"),
    [
        ("official-documentation", None, READ, RELEASED, RELEASED),
        ("official-documentation", None, READ, None, READ),
        ("official-documentation", PUBLISHED, READ, RELEASED, PUBLISHED),
        ("repository", None, READ, RELEASED, RELEASED),
        ("article", None, READ, RELEASED, None),
        ("release-notes", None, None, RELEASED, None),
    ],
)
def test_an_undated_living_page_speaks_for_the_day_of_its_edition(kind, published, read, released, dated):
    assert evidence_date(kind, published, read, released) == dated


def documented(edition: str, version: str):
    framework = make_framework()
    make_release(framework, version, RELEASED)
    article = make_article(kind="official-documentation", published_on=None, read_on=READ, edition=edition)
    return make_claim(framework, make_criterion(), text="So", by=(article,))


@pytest.mark.django_db
@pytest.mark.parametrize(("edition", "dated"), [("5.2", RELEASED), ("5.1", READ), ("", READ)])
def test_the_edition_is_looked_for_among_the_releases_of_the_framework(edition, dated):
    claim = documented(edition, "5.2")
    make_release(make_framework(), "5.1", RELEASED)
    settle()
    assert Cell.objects.get().newest_on == dated
    assert with_evidence(claim, Witnesses()).standing.newest == dated


@pytest.mark.django_db(transaction=True)
def test_cells_follow_when_the_release_of_an_edition_is_recorded():
    claim = documented("5.1", "5.2")
    assert Cell.objects.get().newest_on == READ
    make_release(claim.framework, "5.1", RELEASED)
    assert Cell.objects.get().newest_on == RELEASED
