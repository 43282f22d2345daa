"""How the values of fields are written in a file, and read from it."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from comparisons.exchange.invisible import shown
from comparisons.language.cleaning import tidy

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_COUNT = re.compile("[0-9]{1,9}")
_NUMBER = re.compile(r"[+-]?[0-9]{1,12}(\.[0-9]{1,4})?")
_TRUE, _FALSE = {"true", "yes", "1"}, {"false", "no", "0"}


class BadText(Exception):
    """A text that is not a value of its field; the message says why."""


def written(value: Any) -> str:
    """A stored value as it is written in a file; "" for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return str(value)


def read_value(row: Any, name: str, text: str) -> Any:
    """A text as the value of a field that is no reference. Raises BadText."""
    field: Any = type(row)._meta.get_field(name)
    if isinstance(field, models.BooleanField):
        if not text:
            return field.get_default()
        if text.lower() not in _TRUE | _FALSE:
            raise BadText(_("“%(text)s” is neither true nor false.") % {"text": shown(text[:40])})
        return text.lower() in _TRUE
    if isinstance(field, models.DecimalField):
        if text and not _NUMBER.fullmatch(text):
            message = _("“%(text)s” is not a number; write it as 1234.5, with at most four decimals.")
            raise BadText(message % {"text": shown(text[:40])})
        return Decimal(text) if text else None
    if isinstance(field, models.DateField):
        return _day(text)
    if isinstance(field, models.IntegerField):
        if text and not _COUNT.fullmatch(text):
            raise BadText(_("“%(text)s” is not a whole number, such as 10.") % {"text": shown(text[:40])})
        return int(text) if text else field.get_default()
    if field.choices:
        return _word(row, field, text.lower())
    if field.max_length and len(text) > field.max_length:
        message = _("This has %(length)d characters; at most %(most)d fit.")
        raise BadText(message % {"length": len(text), "most": field.max_length})
    stored = getattr(row, name) or ""
    return stored if tidy(stored).strip() == text else text


def _day(text: str) -> Any:
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text if _DAY.fullmatch(text) else "")
    except ValueError:
        message = _("“%(text)s” is not a day; write it as 2026-11-29.")
        raise BadText(message % {"text": shown(text[:40])}) from None


def _word(row: Any, field: Any, text: str) -> str:
    """A word of a closed list. An empty text means the default; a new row may leave it empty."""
    words = [word for word, _label in field.choices]
    text = text or (field.get_default() if field.has_default() else "")
    if text in words or (not text and (field.blank or row.pk is None)):
        return text
    if not text:
        raise BadText(_("Choose one of: %(words)s.") % {"words": ", ".join(words)})
    near = get_close_matches(text[:80], words, 1)
    hint = " " + _("Did you mean “%(name)s”?") % {"name": near[0]} if near else ""
    message = _("“%(text)s” is not one of: %(words)s.") % {"text": shown(text[:40]), "words": ", ".join(words)}
    raise BadText(message + hint)
