"""The rulings of the content: those on cells whose sources do not contradict one another say why there is a ruling."""

from __future__ import annotations

import pytest

from comparisons.domain.statements import RANKED_LAST
from comparisons.domain.vocabulary import Agreement
from comparisons.models import Cell, Claim, Ruling

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]

#: Cells in which the editors overrule the only answer that a source gives.
OVERRULED = {("django", "ecosystem"), ("flask", "use-internal-tools")}
#: Cells in which one article names two frameworks for one purpose: the ruling says how far each recommendation goes.
BOTH_HOLD = {("django", "use-internal-tools")}


def pair_of(row: Ruling | Claim | Cell) -> tuple[str, str]:
    return (row.framework.slug if row.framework else "", row.criterion.slug)


def counts_here(claim: Claim, ruling: Ruling) -> bool:
    """Whether a claim gives an answer that counts in the cell of a ruling."""
    is_here = (claim.framework_id, claim.criterion_id) == (ruling.framework_id, ruling.criterion_id)
    return is_here and claim.has_value and claim.verdict not in RANKED_LAST


def test_a_ruling_without_a_dispute_rejects_what_does_not_count_in_its_cell() -> None:
    disputed = {pair_of(cell) for cell in Cell.objects.filter(agreement=Agreement.DISPUTED)}
    rulings = Ruling.objects.select_related("framework", "criterion").prefetch_related("rejected")
    alone = [ruling for ruling in rulings if pair_of(ruling) not in disputed]
    overruling = {pair_of(one) for one in alone if any(counts_here(claim, one) for claim in one.rejected.all())}
    silent = {pair_of(one) for one in alone if not one.rejected.all()}
    assert (overruling, silent) == (OVERRULED, BOTH_HOLD)


def test_no_claim_that_gives_the_value_that_stands_in_its_own_cell_is_rejected() -> None:
    wrong = [
        claim.key
        for ruling in Ruling.objects.prefetch_related("rejected")
        for claim in ruling.rejected.all()
        if counts_here(claim, ruling) and ruling.is_given_by(claim)
    ]
    assert wrong == []
