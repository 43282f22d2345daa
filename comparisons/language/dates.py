"""Days as precisely as they are known."""

from __future__ import annotations

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from comparisons.domain.vocabulary import Precision

#: How a day is written that is known to the year, to the month, to the day.
SHAPES = {Precision.YEAR: "Y", Precision.MONTH: "F Y", Precision.DAY: "j F Y"}


def as_known(day: date, precision: str) -> date | str:
    """A day for a table: itself, or “2026-03” or “2026” if no more of it is known."""
    length = {Precision.YEAR: 4, Precision.MONTH: 7}.get(Precision(precision or Precision.DAY))
    return day.isoformat()[:length] if length else day


def period_text(day: date | None, precision: str = Precision.DAY) -> str:
    """A day, a month or a year, as precisely as it is known; "undated" for None."""
    return _("undated") if day is None else date_format(day, SHAPES[Precision(precision or Precision.DAY)])


def to_the_month(precision: str) -> Precision:
    """How exactly evidence is dated: to the month at best, to the year if no more is known."""
    return Precision.YEAR if precision == Precision.YEAR else Precision.MONTH


def as_words(text: str) -> str:
    """What `as_known` made of a day, in words; another text as it is."""
    known = {4: ("-01-01", Precision.YEAR), 7: ("-01", Precision.MONTH), 10: ("", Precision.DAY)}.get(len(text))
    try:
        return period_text(date.fromisoformat(text + known[0]), known[1]) if known else text
    except ValueError:
        return text
