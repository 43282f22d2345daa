"""How far needs are met, and how unsure that is: always in order, always within bounds, narrower with evidence."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comparisons.domain.assessment import assess
from comparisons.domain.matrix import CellView, Column, Line, build_matrix, cell_fields
from comparisons.domain.scoring import Need, need_of, profile, score

TODAY = dt.date(2026, 11, 20)
UNKNOWN = Need(None)
MARKS = st.sampled_from([0, 2, 4])
MOVES = st.sampled_from([0, 1, 2])
KNOWN = st.builds(lambda mark, moved: Need(mark, max(0, mark - moved), min(4, mark + moved)), MARKS, MOVES)
NEEDS = st.lists(st.one_of(KNOWN, st.just(UNKNOWN)), max_size=30)


def make_line(**fields):
    fields = {"value_type": "level", "unit": "", "direction": "none", "is_use_case": False, "is_need": True, **fields}
    return Line(1, "c", "C", "C?", "C.", group_slug="g", group_name="G", **fields)


def make_cell(meaning="yes", **fields):
    """A cell with strong, recent evidence unless the fields say otherwise."""
    fields = {
        "level_slug": "x",
        "level_label": "X",
        "meaning": meaning,
        "level_place": 1,
        "points": 3,
        "supported_on": TODAY,
        "claims": 1,
        "agreement": "unanimous",
        **fields,
    }
    return CellView(framework_id=1, criterion_id=1, **{**cell_fields(assess([]), {}), **fields})


@given(NEEDS)
def test_low_mark_and_high_are_in_order_between_nought_and_one(needs):
    found = score(needs)
    if found:
        assert 0 <= found.low <= found.mark <= found.high <= 1
        assert 0 <= found.unsure <= found.known <= found.needs == len(needs)


@given(NEEDS)
def test_no_answer_at_all_gives_no_score(needs):
    assert (score(needs) is None) == all(need.mark is None for need in needs)


@given(NEEDS, KNOWN)
def test_an_answer_in_place_of_an_unknown_never_widens_the_span(needs, known):
    before, after = score([*needs, UNKNOWN]), score([*needs, known])
    if before and after:
        assert after.high - after.low <= before.high - before.low + 1e-9


@given(NEEDS, MARKS, MOVES)
def test_settling_a_dispute_never_widens_the_span(needs, mark, moved):
    unsure = Need(mark, max(0, mark - moved), min(4, mark + moved))
    before, after = score([*needs, unsure]), score([*needs, Need(mark, mark, mark)])
    assert after.mark == before.mark
    assert before.low - 1e-9 <= after.low <= after.high <= before.high + 1e-9


@given(NEEDS)
def test_the_order_of_the_needs_does_not_matter(needs):
    assert score(needs) == score(needs[::-1])


@pytest.mark.parametrize(("meaning", "mark"), [("yes", 4), ("partial", 2), ("no", 0)])
def test_a_need_counts_by_the_meaning_of_its_level(meaning, mark):
    assert need_of(make_line(), make_cell(meaning), TODAY) == Need(mark, mark, mark)


@pytest.mark.parametrize(
    ("line", "cell"),
    [
        (make_line(is_use_case=True), make_cell()),
        (make_line(value_type="number"), make_cell()),
        (make_line(value_type="text"), make_cell()),
        (make_line(is_need=False), None),
        (make_line(), make_cell("not-applicable")),
        (make_line(), make_cell("neutral")),
    ],
)
def test_what_is_no_need_is_left_out(line, cell):
    assert need_of(line, cell, TODAY) is None


@pytest.mark.parametrize(
    "cell",
    [
        None,
        make_cell(points=None),
        make_cell(steps=[["witnesses", 3, 3], ["no-method", -1, None]]),
        make_cell(steps=[["witnesses", 3, 3], ["cannot-be-checked", -1, None]]),
    ],
)
def test_what_is_not_known_stated_without_method_or_not_to_be_checked_opens_the_span(cell):
    assert need_of(make_line(), cell, TODAY) == Need(None, 0, 4)


@pytest.mark.parametrize(
    ("fields", "low"),
    [
        ({}, 4),
        ({"points": 1}, 3),
        ({"agreement": "disputed"}, 2),
        ({"agreement": "disputed", "ruling": "open"}, 2),
        ({"agreement": "disputed", "ruling": "ruled"}, 4),
    ],
)
def test_thin_and_disputed_evidence_widens_the_span(fields, low):
    assert need_of(make_line(), make_cell(**fields), TODAY).low == low


def test_a_profile_leaves_out_groups_on_which_nothing_is_known():
    columns = [Column(1, "a", "A", "", 1), Column(2, "b", "B", "", 2)]
    lines = [make_line(), make_line()._replace(id=2, slug="d", group_slug="h", group_name="H")]
    found = profile(build_matrix(columns, lines, [make_cell()]), TODAY)
    assert [group.slug for group in found] == ["g"]
    assert [score and score.mark for _column, score in found[0].scores] == [1.0, None]
