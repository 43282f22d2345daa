"""The words that values are shown in: figures and ranges, counts of sources, stances, strengths and their reasons.

Cells, claims and rulings are passed with their levels loaded; nothing here needs a query then.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comparisons.domain.matrix import CellView, Line
from comparisons.domain.strength import StrengthStep
from comparisons.domain.vocabulary import Agreement, RulingState, Stance

from . import labels

#: Readings of a cell whose witnesses are counted out.
_MOST_COUNTS = 6


def number(value: Decimal | None) -> str:
    """A figure with at most two decimals and a thousands separator; None gives ""."""
    if value is None:
        return ""
    text = f"{value:,.2f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def figure(low: Decimal, high: Decimal | None, about: bool, unit: str) -> str:
    """A number or a range with its unit, such as "about 5,000 requests/s". high: None for a single number."""
    text = number(low) if high is None else _("%(low)s to %(high)s") % {"low": number(low), "high": number(high)}
    if about:
        text = _("about %(figure)s") % {"figure": text}
    return f"{text} {'%' if unit == 'percent' else unit}".strip()


# ── Cells ────────────────────────────────────────────────────────────


def headline(cell: CellView, line: Line) -> str:
    """The value that a cell shows: a level, a text, a figure, or the median of several figures."""
    if cell.level_label is not None:
        return cell.level_label
    if cell.number is None:
        return cell.text
    if _has_median(cell):
        return _("median %(median)s") % {
            "median": figure(cell.middle or cell.number, None, cell.approximate, line.unit)
        }
    return figure(cell.number, cell.number_high, cell.approximate, line.unit)


def headline_note(cell: CellView, line: Line) -> str:
    """What stands below the headline: the range of several figures, else ""."""
    return figure(cell.number or Decimal(0), cell.number_high, False, line.unit) if _has_median(cell) else ""


def _has_median(cell: CellView) -> bool:
    """Whether a cell shows the median of several figures, since no ruling chose among them."""
    return cell.number_high is not None and cell.agreement == Agreement.FIGURES and cell.ruling != RulingState.RULED


def figure_range(cell: CellView, unit: str) -> str:
    """The range of the figures of a cell; "" for a single figure or none."""
    return "" if cell.number is None or cell.number_high is None else figure(cell.number, cell.number_high, False, unit)


def no_value(cell: CellView) -> str:
    """What a cell without a value shows instead."""
    if cell.claims:
        return ngettext("%d claim, no value", "%d claims, no value", cell.claims) % cell.claims
    return _("Nothing that counts")


def reading_counts(cell: CellView) -> str:
    """The number of witnesses of each reading, the largest first: "3 : 1"; "" for fewer than two readings."""
    shown = [str(count) for count in cell.counts[:_MOST_COUNTS]] + ["…"] * (len(cell.counts) > _MOST_COUNTS)
    return " : ".join(shown) if len(cell.counts) > 1 else ""


def sources(count: int) -> str:
    """A number of independent sources: "3 sources"."""
    return ngettext("%d source", "%d sources", count) % count


def sources_and_strength(cell: CellView, today: date) -> str:
    """How many independent sources a cell has, and how strong they are: "3 sources, strong"."""
    strength = cell.strength(today)
    words = sources(cell.witnesses)
    if strength is None:
        return words
    return _("%(sources)s, %(strength)s") % {"sources": words, "strength": labels.label(strength)}


# ── Claims and rulings ───────────────────────────────────────────────


def own_value(row: Any, unit: str = "") -> str:
    """The value that a claim or a ruling gives; "" if it gives none."""
    if row.level_id is not None:
        return str(row.level.label)
    if row.number is None:
        return str(row.text)
    return figure(row.number, row.number_high, getattr(row, "approximate", False), unit)


def bare_value(row: Any) -> str:
    """The value of a stored cell or a ruling without its unit, for a narrow column; "" if it has none."""
    ends = [f"{end.normalize():f}" for end in (row.number, row.number_high) if end is not None]
    return " – ".join(dict.fromkeys(ends)) or row.text or str(row.level or "")


# ── Stances and strengths ────────────────────────────────────────────


def stances(ticks: Sequence[Sequence[str | None]]) -> str:
    """A tally in words: "3 support, 1 disputes". ticks: [stance, ISO date or None] each."""
    count = {stance: sum(tick[0] == stance for tick in ticks) for stance in Stance}
    parts = [
        ngettext("%d supports", "%d support", count[Stance.SUPPORTS]) % count[Stance.SUPPORTS],
        ngettext("%d qualifies", "%d qualify", count[Stance.QUALIFIES]) % count[Stance.QUALIFIES],
        ngettext("%d disputes", "%d dispute", count[Stance.DISPUTES]) % count[Stance.DISPUTES],
    ]
    return ", ".join(part for part, stance in zip(parts, Stance, strict=True) if count[stance])


def reason(step: StrengthStep) -> str:
    """A reason for the strength of evidence."""
    return str(labels.REASONS[step.code]).format(count=step.count)


def points(step: StrengthStep) -> str:
    """By how many points a reason raises or lowers the strength: "+1" or "−1"."""
    return f"+{step.by}" if step.by >= 0 else f"−{-step.by}"
