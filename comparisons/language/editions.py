"""The words for a comparison as it was, and for what has changed in it since."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from comparisons.domain.editions import PastCell, PastRow
from comparisons.domain.vocabulary import Reason, RulingState, Silence, Strength

from . import figures, labels, values
from .dates import as_words


def value(cell: PastCell | None, row: PastRow) -> str:
    """What a cell answered, or why it gave no answer."""
    if cell is None:
        return str(labels.label(Silence.NOBODY))
    if cell.is_absent:
        return _("Not in this test")
    number = cell.number
    if number is None:
        return cell.value or values.no_value(cell)
    high = None if number.low == number.high else number.high
    return values.figure(number.low, high, number.approximate, row.unit)


def note(cell: PastCell, row: PastRow) -> str:
    """What stands below a value: the ratio to the best of its test, or the benchmark, version or day of a figure."""
    parts = []
    if cell.of_best:
        parts.append(figures.of_best(cell.ratio))
    elif row.test and cell.has_value:
        parts.append(_("not compared"))
    parts.append(cell.left_out)
    parts.append(as_words(cell.note))
    return ", ".join(filter(None, parts))


def evidence(cell: PastCell | None, day: date) -> str:
    """How many independent sources bore out an answer, and how strong they were: "2 of 4 sources, fair"."""
    if cell is None:
        return ""
    words = values.sources(cell.witnesses)
    strength = cell.strength_on(day)
    if not strength:
        return words
    if cell.supporting != cell.witnesses:
        words = _("%(supporting)d of %(sources)s") % {"supporting": cell.supporting, "sources": words}
    return _("%(sources)s, %(strength)s") % {"sources": words, "strength": labels.label(Strength(strength))}


def standing(cell: PastCell | None) -> str:
    """Whether the sources disagreed, and what the editors decided: "disputed 3 : 1, ruled: Opinion"; "" for neither."""
    if cell is None:
        return ""
    parts = []
    if cell.is_disputed:
        counts = " : ".join(map(str, cell.counts)) if len(cell.counts) > 1 else ""
        parts.append(f"{_('disputed')} {counts}".strip())
    if cell.ruling:
        ruled = _("ruled") if cell.ruling == RulingState.RULED else _("left open")
        parts.append(f"{ruled}: {labels.label(Reason(cell.reason))}" if cell.reason else ruled)
    return ", ".join(parts)


def summary(cell: PastCell | None, row: PastRow, day: date) -> str:
    """A cell in one line."""
    below = note(cell, row) if cell is not None else ""
    parts = [value(cell, row) + (f" ({below})" if below else ""), evidence(cell, day), standing(cell)]
    return "; ".join(filter(None, parts))
