"""Where the witnesses of a cell stand: each in one place, so that all that counts them adds up."""

from __future__ import annotations

import pytest

from comparisons.domain.statements import Decision
from comparisons.domain.vocabulary import Stance

from .builders import benchmark, figure, judged, says

WIDE = benchmark("wide", width=9)
CELLS = {
    # name: claims, ruling, witnesses of the headline, of the other readings, against, aside
    "none": ([], None, "", [], "", ""),
    "one of each": ([says("yes", "a", "-b", "~c")], None, "a", [], "b", "c"),
    "two readings": ([says("yes", "a", "b"), says("no", "c")], None, "ab", ["c"], "", ""),
    "who says both stands with the headline": ([says("yes", "a", "b"), says("no", "b")], None, "ab", [""], "", ""),
    "who says and disputes it stands with it": ([says("yes", "a", "-a")], None, "a", [], "", ""),
    "who disputes both": ([says("yes", "a", "b", "-d"), says("no", "c", "-d")], None, "ab", ["c"], "d", ""),
    "an argument": ([says("yes", "a"), says(None, "b", "-c")], None, "a", [], "", "bc"),
    "no value": ([says(None, "a", "-b")], None, "", [], "", "ab"),
    "a ruling for the smaller side": (
        [says("yes", "a", "b"), says("no", "c")], Decision("no"), "c", ["ab"], "", "",
    ),
    "a ruling in the editors' own words": (
        [says("yes", "a", "b"), says("no", "c")], Decision("partly"), "", ["ab", "c"], "", "",
    ),
    "a ruling that leaves it open": ([says("yes", "a", "b"), says("no", "c")], Decision(None), "ab", ["c"], "", ""),
    "figures of another benchmark": ([figure(5, "a", benchmark=WIDE), figure(9, "b", "-c")], None, "a", [], "", "bc"),
    "a source that disputes a figure": ([figure(5, "a", "-b", benchmark=WIDE)], None, "a", [], "b", ""),
}  # fmt: skip


@pytest.mark.parametrize(("claims", "ruling", "headline", "others", "against", "aside"), CELLS.values(), ids=CELLS)
def test_each_witness_stands_in_one_place(claims, ruling, headline, others, against, aside):
    found = judged(*claims, ruling=ruling)
    sides = found.sides
    assert ["".join(sides.headline), "".join(sides.against), "".join(sides.aside)] == [headline, against, aside]
    assert ["".join(names) for names in sides.others] == others
    assert sides.total == found.witnesses == len(found.tally)


@pytest.mark.parametrize(("claims", "ruling"), [cell[:2] for cell in CELLS.values()], ids=CELLS)
def test_tally_reason_and_sides_count_the_same_witnesses(claims, ruling):
    found = judged(*claims, ruling=ruling)
    ticks = [tick.stance for tick in found.tally]
    assert sum(found.counts) + found.against + len(found.sides.aside) - found.repeated == found.witnesses
    if found.headline:
        assert ticks.count(Stance.SUPPORTS) == found.headline.witnesses == len(found.sides.headline)
        assert ticks.count(Stance.QUALIFIES) == len(found.sides.aside)
