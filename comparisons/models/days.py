"""Days that people type: none before the first sources could be dated, none that has not come yet."""

from __future__ import annotations

import re
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

#: The first day that is taken; an earlier one is a slip of the hand.
FIRST_DAY = date(1900, 1, 1)
_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


def validate_day(day: date) -> None:
    """Raises ValidationError for a day before 1900 or after tomorrow, which is today somewhere on Earth."""
    if day < FIRST_DAY:
        raise ValidationError(_("%(day)s is before 1900. Look at the year again.") % {"day": day.isoformat()})
    if day > timezone.localdate() + timedelta(days=1):
        raise ValidationError(
            _("%(day)s has not come yet. Give a day up to tomorrow at the latest.") % {"day": day.isoformat()}
        )


def validate_stated_day(text: str) -> None:
    """The same for a text that may be a day, such as 2026-05-31. Other texts are taken as they are."""
    if not _DAY.fullmatch(text):
        return
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ValidationError(_("The calendar has no day %(day)s.") % {"day": text}) from None
    validate_day(day)
