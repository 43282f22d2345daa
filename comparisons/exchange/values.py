"""How the values of fields are written in a file, and read from it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from difflib import get_close_matches
from functools import cache, partial
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from comparisons.domain.vocabulary import Precision
from comparisons.exchange.invisible import shown
from comparisons.language.cleaning import tidy

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
#: A year or a month, where no more of a day is known.
_PERIOD = re.compile(r"[0-9]{4}(?P<month>-[0-9]{2})?")
#: The number of a day from 1954 on, as spreadsheets store it, perhaps with a time.
_SERIAL = re.compile(r"[2-6][0-9]{4}(\.[0-9]+)?")
_COUNT = re.compile("[0-9]{1,9}")
_NUMBER = re.compile(r"[+-]?[0-9]{1,12}(\.[0-9]{1,4})?")
_TRUE, _FALSE = {"true", "yes", "1"}, {"false", "no", "0"}


class BadText(Exception):
    """A text that is not a value of its field; the message says why."""


def written(value: Any) -> str:
    """A stored value as it is written in a file; "" for None."""
    if type(value) is str:
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return str(value)


def read_value(row: Any, name: str, text: str) -> Any:
    """A text as the value of a field that is no reference. Raises BadText."""
    model: type[models.Model] = type(row)
    return _reader(model, name)(row, text)


def first_day(text: str) -> tuple[str, Precision] | None:
    """The first day of a year or a month, given as 2026 or 2026-05, and which of them it is; None for other texts."""
    period = _PERIOD.fullmatch(text)
    if period is None:
        return None
    return (f"{text}-01", Precision.MONTH) if period["month"] else (f"{text}-01-01", Precision.YEAR)


#: Reads a text as the value of one field of a row.
Reader = Callable[[Any, str], Any]


@cache
def _reader(model: type[models.Model], name: str) -> Reader:
    """What reads the texts of a field; it is chosen once, and not for each row."""
    field: Any = model._meta.get_field(name)
    if isinstance(field, models.BooleanField):
        return partial(_truth, field)
    if isinstance(field, models.DecimalField):
        return _number
    if isinstance(field, models.DateField):
        return _day
    if isinstance(field, models.IntegerField):
        return partial(_count, field)
    if field.choices:
        return partial(_word, field, tuple(word for word, _label in field.choices))
    return partial(_text, field.attname, field.max_length)


def _truth(field: Any, _row: Any, text: str) -> bool:
    if not text:
        return bool(field.get_default())
    if text.lower() not in _TRUE | _FALSE:
        raise BadText(_("“%(text)s” is neither true nor false.") % {"text": shown(text[:40])})
    return text.lower() in _TRUE


def _number(_row: Any, text: str) -> Decimal | None:
    if text and not _NUMBER.fullmatch(text):
        message = _("“%(text)s” is not a number; write it as 1234.5, with at most four decimals.")
        raise BadText(message % {"text": shown(text[:40])})
    return Decimal(text) if text else None


def _count(field: Any, _row: Any, text: str) -> Any:
    if text and not _COUNT.fullmatch(text):
        raise BadText(_("“%(text)s” is not a whole number, such as 10.") % {"text": shown(text[:40])})
    return int(text) if text else field.get_default()


def _text(name: str, most: int | None, row: Any, text: str) -> str:
    """A text; what is stored already if it differs only in what nobody sees."""
    if most and len(text) > most:
        message = _("This has %(length)d characters; at most %(most)d fit.")
        raise BadText(message % {"length": len(text), "most": most})
    stored: str = getattr(row, name)
    return stored if stored and tidy(stored).strip() == text else text


def _day(_row: Any, text: str) -> Any:
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text if _DAY.fullmatch(text) else "")
    except ValueError:
        message = _("“%(text)s” is not a day; write it as 2026-11-29.") % {"text": shown(text[:40])}
        if _SERIAL.fullmatch(text):
            message += " " + _("A spreadsheet counts days by such numbers: format the cells as dates first.")
        raise BadText(message) from None


def _word(field: Any, words: tuple[str, ...], row: Any, text: str) -> str:
    """A word of a closed list. An empty text means the default; a new row may leave it empty."""
    text = text.lower() or (field.get_default() if field.has_default() else "")
    if text in words or (not text and (field.blank or row.pk is None)):
        return text
    if not text:
        raise BadText(_("Choose one of: %(words)s.") % {"words": ", ".join(words)})
    near = get_close_matches(text[:80], words, 1)
    hint = " " + _("Did you mean “%(name)s”?") % {"name": near[0]} if near else ""
    message = _("“%(text)s” is not one of: %(words)s.") % {"text": shown(text[:40]), "words": ", ".join(words)}
    raise BadText(message + hint)
