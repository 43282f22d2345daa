"""Days as precisely as they are known."""

from __future__ import annotations

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from comparisons.domain.vocabulary import Precision

#: How a day is written that is known to the year, to the month, to the day.
SHAPES = {Precision.YEAR: "Y", Precision.MONTH: "F Y", Precision.DAY: "j F Y"}


def period_text(day: date | None, precision: str = Precision.DAY) -> str:
    """A day, a month or a year, as precisely as it is known; "undated" for None."""
    return _("undated") if day is None else date_format(day, SHAPES[Precision(precision or Precision.DAY)])
