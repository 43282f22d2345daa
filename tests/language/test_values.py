"""The words of values: figures, medians, counts and tallies."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from comparisons.domain.strength import StrengthStep
from comparisons.language import values


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, ""), ("0", "0"), ("5000", "5,000"), ("1.50", "1.5"), ("0.125", "0.12"), ("100.00", "100")],
)
def test_a_number_has_separators_and_at_most_two_decimals(value: str | None, text: str) -> None:
    assert values.number(None if value is None else Decimal(value)) == text


@pytest.mark.parametrize(
    ("high", "about", "unit", "text"),
    [
        (None, False, "requests/s", "3 requests/s"),
        (None, True, "", "about 3"),
        ("5", False, "percent", "3 to 5 %"),
        ("5", True, "ms", "about 3 to 5 ms"),
    ],
)
def test_a_figure_says_range_unit_and_whether_it_is_approximate(
    high: str | None, about: bool, unit: str, text: str
) -> None:
    assert values.figure(Decimal(3), Decimal(high) if high else None, about, unit) == text


def cell(**values: Any) -> Any:
    """A cell of three figures from 2 to 9, whose median is 5."""
    given = {
        "level_label": None, "number": Decimal(2), "number_high": Decimal(9), "middle": Decimal(5), "text": "",
        "approximate": False, "agreement": "figures", "ruling": "none", "claims": 3, "counts": (1, 1, 1),
    }  # fmt: skip
    return SimpleNamespace(**{**given, **values})


LINE: Any = SimpleNamespace(unit="ms")


@pytest.mark.parametrize(
    ("given", "headline", "note"),
    [
        ({}, "median 5 ms", "2 to 9 ms"),
        ({"ruling": "ruled"}, "2 to 9 ms", ""),
        ({"number_high": None}, "2 ms", ""),
        ({"number": None, "number_high": None, "text": "C"}, "C", ""),
        ({"level_label": "Yes"}, "Yes", ""),
    ],
)
def test_several_figures_are_shown_as_median_and_range(given: dict[str, Any], headline: str, note: str) -> None:
    row = cell(**given, **({"agreement": "unanimous"} if "number_high" in given or "level_label" in given else {}))
    assert (values.headline(row, LINE), values.headline_note(row, LINE)) == (headline, note)


@pytest.mark.parametrize(("claims", "text"), [(0, "Nothing that counts"), (1, "1 claim, no value")])
def test_a_cell_without_a_value_says_whether_claims_argue_there(claims: int, text: str) -> None:
    assert values.no_value(cell(claims=claims)) == text


@pytest.mark.parametrize(
    ("counts", "text"), [((), ""), ((3,), ""), ((3, 1), "3 : 1"), ((2,) + (1,) * 6, "2 : 1 : 1 : 1 : 1 : 1 : …")]
)
def test_witnesses_are_counted_by_reading(counts: tuple[int, ...], text: str) -> None:
    assert values.reading_counts(cell(counts=counts)) == text


def test_a_tally_names_only_the_stances_that_occur() -> None:
    ticks = [["supports", "2026-01-01"], ["supports", None], ["disputes", None]]
    assert values.stances(ticks) == "2 support, 1 disputes"


@pytest.mark.parametrize(("by", "text"), [(1, "+1"), (0, "+0"), (-2, "−2")])
def test_points_carry_their_sign(by: int, text: str) -> None:
    assert values.points(StrengthStep("old", by)) == text


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({}, "2 – 9"),
        ({"number_high": Decimal(2)}, "2"),
        ({"number": None, "number_high": None, "text": "C"}, "C"),
        ({"number": None, "number_high": None, "level": "Yes"}, "Yes"),
        ({"number": None, "number_high": None, "level": None}, ""),
    ],
)
def test_a_bare_value_has_no_unit(given: dict[str, Any], text: str) -> None:
    assert values.bare_value(cell(**{"level": None, **given})) == text
