"""Of several renames and merges at once, none undoes another."""

from __future__ import annotations

from typing import Any

import pytest

from comparisons.editing import merging as moving
from comparisons.models import (
    Article,
    Citation,
    Claim,
    FormerAddress,
    StaleVersion,
)
from tests.admin.conftest import make_user
from tests.editing.test_concurrency import at_once
from tests.factories import (
    make_article,
    make_citation,
    make_claim,
    make_criterion,
    make_framework,
)

from .builders import fresh, leads, pair, problems, twins

pytestmark = [pytest.mark.django_db, pytest.mark.crossing]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("crossed", [False, True])
@pytest.mark.parametrize("make", [make_article, make_claim, make_criterion], ids=lambda make: make.__name__)
def test_of_two_merges_of_one_pair_exactly_one_is_done(make: Any, crossed: bool) -> None:
    chief = make_user("chief")
    duplicate, kept, merge = pair(make)
    second = (kept, duplicate) if crossed else (duplicate, kept)
    ends = at_once(
        lambda: merge(fresh(duplicate), fresh(kept), by=chief),
        lambda: merge(*(fresh(row) for row in second), by=chief),
    )
    failed = [end for end in ends if isinstance(end, Exception)]
    assert len(failed) == 1 and isinstance(failed[0], (StaleVersion, type(duplicate).DoesNotExist)), ends
    assert type(duplicate).objects.count() == 1 and FormerAddress.objects.count() == 1
    assert not [problem for problem in problems() if "levels" not in problem]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(5))
def test_a_citation_that_meets_a_merge_of_its_article_is_moved_or_refused(turn: int) -> None:
    chief = make_user("chief")
    duplicate, kept, claims = make_article("duplicate"), make_article("kept"), [make_claim() for _ in range(4)]
    make_citation(claims[0], duplicate)

    def cite(claim: Claim) -> Any:
        claim.save()
        return make_citation(claim, duplicate)

    ends = at_once(
        lambda: moving.merge_articles(duplicate, kept, by=chief),
        *(lambda claim=claim: cite(claim) for claim in claims[1:]),  # type: ignore[misc]
    )
    stored = [end for end in ends[1:] if isinstance(end, Citation)]
    merged = not isinstance(ends[0], Exception)
    assert Citation.objects.filter(article=kept if merged else duplicate).count() == 1 + len(stored)
    assert Article.objects.filter(slug="duplicate").exists() is not merged
    assert not problems()


@pytest.mark.django_db(transaction=True)
def test_a_citation_that_meets_a_merge_of_its_claim_is_moved_or_refused() -> None:
    chief = make_user("chief")
    duplicate, kept = twins()
    read = fresh(duplicate)

    def cite() -> Any:
        read.save()
        return make_citation(read)

    merged, cited = at_once(lambda: moving.merge_claims(duplicate, kept, by=chief), cite)
    assert isinstance(merged, StaleVersion) is isinstance(cited, Citation)
    assert Citation.objects.count() == 2 + isinstance(cited, Citation)


@pytest.mark.django_db(transaction=True)
def test_of_two_records_renamed_alike_at_once_one_is_refused() -> None:
    chief, one, other = make_user("chief"), make_framework("one"), make_framework("other")
    ends = at_once(*(lambda row=row: moving.rename(row, "new", by=chief) for row in (one, other)))  # type: ignore[misc]
    assert sorted(type(end).__name__ for end in ends) == ["Framework", "Refused"]
    assert FormerAddress.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_renames_of_one_record_exactly_one_is_done() -> None:
    chief, row = make_user("chief"), make_framework("one")
    ends = at_once(
        lambda: moving.rename(row, "a", by=chief),
        lambda: moving.rename(row, "b", by=chief),
    )
    assert leads("framework") == {"one": fresh(row).slug}
    assert sorted(type(end).__name__ for end in ends) == ["Framework", "StaleVersion"]
