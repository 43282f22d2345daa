"""Which rows of a matrix a reader can ask for, and in what order columns stand."""

from types import SimpleNamespace

import pytest

from comparisons.domain.matrix_rows import ANSWERS, EVERY, RowStanding, RowWish, counted, ranked

TWO = {"columns": 2, "answers": 2, "differs": False, "is_disputed": False, "needs_recheck": False}


def standing(**fields):
    return RowStanding(**{**TWO, **fields})


WISHES = {
    # row, wish, whether it is shown
    "no wish": ({}, RowWish(), True),
    "alike, differences asked": ({}, RowWish(frozenset({"differences"})), False),
    "differs": ({"differs": True}, RowWish(frozenset({"differences"})), True),
    "differs, not disputed": ({"differs": True}, RowWish(frozenset({"differences", "disputed"})), False),
    "disputed": ({"is_disputed": True}, RowWish(frozenset({"disputed"})), True),
    "due": ({"needs_recheck": True}, RowWish(frozenset({"recheck"})), True),
    "one answer of two": ({"matches": 1}, RowWish(answer="yes"), True),
    "one of two, every asked": ({"matches": 1}, RowWish(answer="yes", of=EVERY), False),
    "both, every asked": ({"matches": 2}, RowWish(answer="yes", of=EVERY), True),
    "none": ({"matches": 0}, RowWish(answer="yes", of="flask"), False),
}


@pytest.mark.parametrize(("row", "wish", "shown"), WISHES.values(), ids=WISHES)
def test_a_row_is_shown_if_it_meets_every_wish(row, wish, shown):
    assert wish.is_met(standing(**row)) is shown
    assert bool(wish) is (wish != RowWish())


def cell(meaning=None, *, has_value=True, **fields):
    defaults = {"level_place": None, "number": None, "text": ""}
    return SimpleNamespace(meaning=meaning, has_value=has_value, **{**defaults, **fields})


@pytest.mark.parametrize(
    ("answer", "meanings"),
    [
        ("yes", {"yes"}),
        ("at-least-part", {"yes", "partial"}),
        ("at-most-part", {"partial", "no"}),
        ("no", {"no"}),
        ("unknown", {None}),
        ("", set()),
    ],
)
def test_a_cell_has_the_answer_of_its_meaning(answer, meanings):
    wish = RowWish(answer=answer)
    cells = {"yes": cell("yes"), "partial": cell("partial"), "no": cell("no"), "neutral": cell("neutral"), None: None}
    assert {meaning for meaning, found in cells.items() if wish.matches(found)} == meanings
    assert wish.matches(cell(has_value=False)) is (answer == "unknown")
    assert set(ANSWERS) == {"yes", "at-least-part", "at-most-part", "no", "unknown"}


def test_why_rows_are_hidden_adds_up():
    rows = [standing(differs=True), standing(), standing(answers=1), standing(answers=0)]
    counts = counted(rows, 1)
    assert (counts.total, counts.shown, counts.hidden) == (4, 1, 3)
    assert (counts.alike, counts.one_sided) == (1, 2)


ORDERS = {
    "levels": ([cell("no", level_place=3), cell("yes", level_place=1), None], "none", "bac"),
    "more is better": ([cell(number=1), cell(number=3), cell(number=2)], "higher-better", "bca"),
    "less is better": ([cell(number=3), None, cell(number=2)], "lower-better", "cab"),
    "texts": ([cell(text="b"), cell(text="A"), cell(has_value=False)], "none", "bac"),
    "equal ones keep their order": ([cell("yes", level_place=1), cell("yes", level_place=1), None], "none", "abc"),
}


@pytest.mark.parametrize(("cells", "direction", "order"), ORDERS.values(), ids=ORDERS)
def test_columns_stand_in_the_order_of_a_row(cells, direction, order):
    assert "".join(ranked("abc", cells, direction)) == order
