"""The words of values: figures, counts and tallies."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from comparisons.domain.strength import StrengthStep
from comparisons.domain.vocabulary import Strength
from comparisons.language import values
from comparisons.templatetags.evidence import dispute_badge


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


@pytest.mark.parametrize(
    ("unit", "one"),
    [
        ("releases", "release"),
        ("headers", "header"),
        ("days", "day"),
        ("queries", "query"),
        ("processes", "process"),
        *((unit, unit) for unit in ("", "ms", "mbps", "MiB", "requests/s", "radius", "axis", "bass", "Stunden", "%")),
    ],
)
def test_a_unit_is_in_the_singular_beside_a_one_alone(unit, one):
    assert values.figure(Decimal(1), None, False, unit) == f"1 {one}".strip()
    assert values.figure(Decimal("1.00"), None, True, unit) == f"about 1 {one}".strip()
    for low, high in ((1, 2), (2, None), (0, None), ("0.1", None)):
        assert values.figure(Decimal(low), Decimal(high) if high else None, False, unit).endswith(unit)


def cell(**values: Any) -> Any:
    """A cell that shows a figure of a benchmark."""
    given = {
        "level_label": None, "number": Decimal(2), "number_high": None, "text": "", "approximate": False,
        "benchmark_title": "Test of JSON", "variant": "", "figure_on": date(2026, 11, 20), "figure_version": "",
        "figure_precision": "day",
        "others": 0, "unchecked": 0, "claims": 1, "counts": (1,), "witnesses": 1, "supporting": 1, "aside": 0,
        "tally": [["supports", None]], "has_value": True, "strength": lambda today: Strength.THIN,
    }  # fmt: skip
    return SimpleNamespace(**{**given, **values})


LINE: Any = SimpleNamespace(unit="ms", is_count=False)
COUNT: Any = SimpleNamespace(unit="", is_count=True)
NO_FIGURE = {"number": None, "benchmark_title": None, "figure_on": None}


@pytest.mark.parametrize(
    ("given", "line", "headline", "note"),
    [
        ({}, LINE, "2 ms", "Test of JSON"),
        ({"number_high": Decimal(9)}, LINE, "2 to 9 ms", "Test of JSON"),
        ({"variant": "turbo"}, LINE, "2 ms", "Test of JSON, turbo"),
        ({"benchmark_title": None}, LINE, "2 ms", ""),
        ({}, COUNT, "2", "20 November 2026"),
        ({"figure_version": "6.1.3"}, COUNT, "2", "6.1.3"),
        ({"figure_precision": "year"}, COUNT, "2", "2026"),
        ({"figure_on": None}, COUNT, "2", ""),
        ({**NO_FIGURE, "text": "C"}, LINE, "C", ""),
        ({**NO_FIGURE, "level_label": "Yes"}, LINE, "Yes", ""),
    ],
)
def test_a_figure_names_its_benchmark_and_a_count_its_version_or_day(
    given: dict[str, Any], line: Any, headline: str, note: str
) -> None:
    assert (values.headline(cell(**given), line), values.headline_note(cell(**given), line)) == (headline, note)


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"claims": 0}, "Nothing that counts"),
        ({"claims": 1}, "1 claim, no answer"),
        ({"claims": 2, "others": 2, "unchecked": 2}, "2 figures that cannot be checked"),
        ({"claims": 2, "others": 2, "unchecked": 1}, "2 figures, not compared"),
        ({"claims": 3, "others": 2, "unchecked": 1}, "3 claims, no answer"),
    ],
)
def test_a_cell_without_a_value_says_why(given: dict[str, Any], text: str) -> None:
    assert values.no_value(cell(**given)) == text


@pytest.mark.parametrize(
    ("given", "short", "parts"),
    [
        ({}, "1 source, thin", "1"),
        (
            {"witnesses": 4, "supporting": 2, "aside": 1, "tally": [["disputes", None]]},
            "2 of 4 sources, thin",
            "4: 2 give this answer, 1 says otherwise, 1 takes no side",
        ),
        ({"witnesses": 3, "supporting": 0, "aside": 3, "has_value": False, "strength": lambda today: None},
         "3 sources", "3"),
    ],
)  # fmt: skip
def test_sources_are_those_of_the_value_shown_out_of_all(given: dict[str, Any], short: str, parts: str) -> None:
    assert values.sources_and_strength(cell(**given), date(2026, 11, 20)) == short
    assert values.witness_sides(cell(**given)) == parts


@pytest.mark.parametrize(("others", "text"), [(0, ""), (1, "1 other figure"), (15, "15 other figures")])
def test_other_figures_are_counted(others: int, text: str) -> None:
    assert values.other_figures(cell(others=others)) == text


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
        ({"number_high": Decimal(9)}, "2 – 9"),
        ({"number_high": Decimal(2)}, "2"),
        ({"number": None, "number_high": None, "text": "C"}, "C"),
        ({"number": None, "number_high": None, "level": "Yes"}, "Yes"),
        ({"number": None, "number_high": None, "level": None}, ""),
    ],
)
def test_a_bare_value_has_no_unit(given: dict[str, Any], text: str) -> None:
    assert values.bare_value(cell(**{"level": None, **given})) == text


@pytest.mark.parametrize(
    ("is_disputed", "ruling", "words"),
    [
        (False, "none", ""),
        (True, "none", "Disputed"),
        (True, "", "Disputed"),  # a frozen page says "" for no ruling
        (True, "open", "Disputed, left open"),
        (True, "ruled", "Disputed, ruled"),
        (False, "open", "Left open"),
        (False, "ruled", "Ruled"),
    ],
)
def test_a_dispute_and_its_ruling_are_one_state(is_disputed: bool, ruling: str, words: str) -> None:
    assert values.dispute(is_disputed, ruling) == words
    badge = dispute_badge(is_disputed, ruling)
    assert badge.count("badge") == bool(words) and words in badge


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ('"async views"', "async views"),
        ('fast "async views"', 'fast "async views"'),
        ('"a" "b"', '"a" "b"'),
        ('""', '""'),
    ],
)
def test_words_that_are_put_in_quotes_leave_out_their_own(typed: str, text: str) -> None:
    assert values.unquoted(typed) == text
