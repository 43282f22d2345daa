"""Whatever counts the witnesses of a cell counts the same ones, in every cell of the content."""

from __future__ import annotations

import pytest

from comparisons.domain.assessment import Assessment, assess
from comparisons.domain.vocabulary import Stance
from comparisons.evidence import assessing
from comparisons.evidence.cell_reads import placed_cells
from comparisons.evidence.disputes import disputes
from comparisons.models import Cell, Citation, Ruling

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]
Pair = tuple[int, int]


@pytest.fixture
def assessed() -> dict[Pair, Assessment]:
    levels: assessing.Levels = {}
    found = assessing.statements(Citation.objects.all(), assessing.Witnesses(), levels)
    ruled = assessing.rulings_by_cell(Ruling.objects.all(), levels)
    return {pair: assess(claims, ruled.get(pair)) for pair, claims in found.items()}


def test_every_cell_counts_each_of_its_witnesses_once(assessed: dict[Pair, Assessment]) -> None:
    wrong = []
    for cell in Cell.objects.views():
        result = assessed[cell.framework_id, cell.criterion_id]
        ticks = [stance for stance, _day in cell.tally]
        sides = result.sides
        if not (
            len(ticks) == cell.witnesses == sides.total
            and cell.supporting == len(sides.headline)
            and (not cell.has_value or ticks.count(Stance.SUPPORTS) == cell.supporting)
            and (not cell.has_value or ticks.count(Stance.QUALIFIES) == cell.aside == len(sides.aside))
        ):
            wrong.append(cell)
    assert wrong == []


def test_the_readings_of_every_cell_add_up_to_its_witnesses() -> None:
    wrong = [
        cell
        for cell in Cell.objects.views()
        if sum(cell.counts) + cell.against + cell.aside - cell.repeated != cell.witnesses
    ]
    assert wrong == []


def test_the_sides_of_every_dispute_name_the_witnesses_that_its_cell_counts() -> None:
    for dispute in disputes(placed_cells(Cell.objects.disputed())):
        cell = dispute.placed.cell
        giving = [side.witnesses for side in dispute.sides if not side.against]
        against = {name for side in dispute.sides if side.against for name in side.witnesses}
        assert sorted(map(len, giving), reverse=True) == list(cell.counts)
        everybody = {name for names in giving for name in names} | against
        assert len(everybody) + cell.aside == cell.witnesses


def test_no_source_that_disputes_a_figure_is_counted_for_it(assessed: dict[Pair, Assessment]) -> None:
    disputes_ = Citation.objects.filter(stance=Stance.DISPUTES, claim__number__isnull=False)
    disputing = set(disputes_.values_list("claim__key", "article__publisher"))
    for result in assessed.values():
        for claim, publisher in disputing:
            if result.headline and claim in result.headline.claims:
                assert publisher not in result.sides.headline
