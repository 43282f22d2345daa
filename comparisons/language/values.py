"""The words that values are shown in: figures and ranges, counts of sources, stances, strengths and their reasons.

Cells, claims and rulings are passed with their levels loaded; nothing here needs a query then.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comparisons.domain.editions import PastCell
from comparisons.domain.matrix import CellView, Line
from comparisons.domain.strength import StrengthStep
from comparisons.domain.vocabulary import RulingState, Stance

from . import labels
from .dates import period_text

#: A word in the plural, such as "headers", and neither "ms" nor "mbps", "radius" nor "requests/s".
_PLURAL = re.compile(r"(?=.*[aeiouy])[a-z]{2,}[^aisu\W\d_]s")
#: Ends of words in the plural that lose more than an s, and what stands there instead.
_ENDINGS = {"sses": "ss", "xes": "x", "shes": "sh", "ies": "y"}
#: Readings of a cell whose witnesses are counted out.
_MOST_COUNTS = 6


def number(value: Decimal | int | None) -> str:
    """A figure with at most two decimals and a thousands separator; None gives ""."""
    if value is None:
        return ""
    text = f"{value:,.2f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def unquoted(text: str) -> str:
    """What somebody looked for, to be put in quotes: without its own, if they are around all of it."""
    return text[1:-1] if text.count('"') == 2 and text[0] == text[-1] == '"' and len(text) > 2 else text


def figure(low: Decimal, high: Decimal | None, about: bool, unit: str) -> str:
    """A number or a range with its unit, such as "about 5,000 requests/s". high: None for a single number."""
    text = number(low) if high is None else _("%(low)s to %(high)s") % {"low": number(low), "high": number(high)}
    if about:
        text = _("about %(figure)s") % {"figure": text}
    return f"{text} {'%' if unit == 'percent' else of_one(unit) if (low, high) == (1, None) else unit}".strip()


def of_one(unit: str) -> str:
    """A unit as it is called beside a one: "release" for "releases".

    Units are content and written for several. Only an English word of small letters is put into the singular; what may
    be an abbreviation, or ends as no plural does, stays as it is.
    """
    if not _PLURAL.fullmatch(unit):
        return unit
    return next((unit.removesuffix(end) + one for end, one in _ENDINGS.items() if unit.endswith(end)), unit[:-1])


# ── Cells ────────────────────────────────────────────────────────────


def headline(cell: CellView, line: Line) -> str:
    """The value that a cell shows: a level, a text, or the figure of one benchmark."""
    if cell.level_label is not None:
        return cell.level_label
    if cell.number is None:
        return cell.text
    return figure(cell.number, cell.number_high, cell.approximate, line.unit)


def dispute(is_disputed: bool, ruling: str) -> str:
    """Whether sources disagree on a cell and what the editors decided, such as "Disputed, ruled"; "" for neither."""
    return {
        (True, RulingState.NONE.value): _("Disputed"),
        (True, RulingState.OPEN.value): _("Disputed, left open"),
        (True, RulingState.RULED.value): _("Disputed, ruled"),
        (False, RulingState.OPEN.value): _("Left open"),
        (False, RulingState.RULED.value): _("Ruled"),
    }.get((is_disputed, ruling or RulingState.NONE.value), "")


def headline_note(cell: CellView, line: Line) -> str:
    """What stands below a figure: the version or the day of a count, else the benchmark that gave it; else ""."""
    if cell.number is None:
        return ""
    if line.is_count:
        return cell.figure_version or (period_text(cell.figure_on, cell.figure_precision) if cell.figure_on else "")
    return ", ".join(filter(None, (cell.benchmark_title, cell.variant)))


def other_figures(cell: CellView) -> str:
    """How many figures a cell has beside its headline: "15 other figures"; "" for none."""
    return ngettext("%d other figure", "%d other figures", cell.others) % cell.others if cell.others else ""


def no_value(cell: CellView | PastCell) -> str:
    """What a cell without a value shows instead."""
    if cell.unchecked and cell.unchecked == cell.others:
        return (
            ngettext("%d figure that cannot be checked", "%d figures that cannot be checked", cell.unchecked)
            % cell.unchecked
        )
    if cell.others and cell.others == cell.claims:
        return ngettext("%d figure, not compared", "%d figures, not compared", cell.others) % cell.others
    if cell.claims:
        return ngettext("%d claim, no answer", "%d claims, no answer", cell.claims) % cell.claims
    return _("Nothing that counts")


def reading_counts(cell: CellView) -> str:
    """The number of witnesses of each reading, the largest first: "3 : 1"; "" for fewer than two readings."""
    shown = [str(count) for count in cell.counts[:_MOST_COUNTS]] + ["…"] * (len(cell.counts) > _MOST_COUNTS)
    return " : ".join(shown) if len(cell.counts) > 1 else ""


def sources(count: int) -> str:
    """A number of independent sources: "3 sources"."""
    return ngettext("%d source", "%d sources", count) % count


def witness_sides(cell: CellView) -> str:
    """Where the independent sources of a cell stand; the parts add up to the whole: "4: 2 bear out the value, …"."""
    disputing = sum(tick[0] == Stance.DISPUTES for tick in cell.tally)
    parts = [
        ngettext("%d gives this answer", "%d give this answer", cell.supporting) % cell.supporting,
        ngettext("%d says otherwise", "%d say otherwise", disputing) % disputing,
        ngettext("%d takes no side", "%d take no side", cell.aside) % cell.aside,
    ]
    named = [part for part, count in zip(parts, (cell.supporting, disputing, cell.aside), strict=True) if count]
    if not cell.has_value or len(named) < 2:
        return str(cell.witnesses)
    return _("%(all)d: %(parts)s") % {"all": cell.witnesses, "parts": ", ".join(named)}


def sources_and_strength(cell: CellView, today: date) -> str:
    """How many independent sources bear out the headline of a cell, and how strong they are: "3 sources, strong".

    If the cell has more sources, it says of how many: "2 of 4 sources, fair". Without any: "no source that counts".
    """
    strength = cell.strength(today)
    if not cell.witnesses:
        return _("no source that counts")
    if strength is None:
        return sources(cell.witnesses)
    words = sources(cell.witnesses)
    if cell.supporting != cell.witnesses:
        words = _("%(supporting)d of %(sources)s") % {"supporting": cell.supporting, "sources": words}
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
    """A tally in words: "3 support, 1 partly agrees". ticks: [stance, ISO date or None] each."""
    supports, qualifies, disputes = map([tick[0] for tick in ticks].count, Stance)
    parts = [
        supports and ngettext("%d supports", "%d support", supports) % supports,
        qualifies and ngettext("%d partly agrees", "%d partly agree", qualifies) % qualifies,
        disputes and ngettext("%d disputes", "%d dispute", disputes) % disputes,
    ]
    return ", ".join(part for part in parts if part)


def reason(step: StrengthStep) -> str:
    """A reason for the strength of evidence."""
    return str(labels.REASONS[step.code]).format(count=step.count)


def points(step: StrengthStep) -> str:
    """By how many points a reason raises or lowers the strength: "+1" or "−1"."""
    return f"+{step.by}" if step.by >= 0 else f"−{-step.by}"
