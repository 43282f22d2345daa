"""The fields of query forms, strict where stock ones are lax, and shared by all requests.

Django's own fields accept "1_000", digits of any script, and whatever day `strptime` can read; these do not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any, Self

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.functional import Promise, lazy
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from comparisons.language import labels

#: Longest value of any parameter, and most values of one.
MAX_LENGTH = 200
MAX_VALUES = 100
#: Most records that one parameter is given for.
MAX_KEYS = 1000

Text = str | Promise
#: The words that a parameter takes: a closed list, words with their labels, or bare words.
Words = type[StrEnum] | Iterable[str] | Mapping[str, Text]


class QueryWidget(forms.Widget):
    """Reads the values of a parameter from a query string."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        """The different values in the order given, stripped; blank ones count as not given."""
        texts: QueryDict = data
        return [text for text in dict.fromkeys(map(str.strip, texts.getlist(name))) if text][: MAX_VALUES + 1]


class QueryField(forms.Field):
    """A parameter that takes any text. Subclasses override `parse`.

    most: how many values it takes. With more than one the cleaned value is a tuple, else the value itself.
    empty: what stands for no value where only one is taken.
    """

    widget = QueryWidget

    def __init__(self, *, most: int = 1, empty: Any = None, label: Any = "", required: bool = False):
        super().__init__(required=required, label=label)
        self.most, self.empty = most, empty

    def __deepcopy__(self, memo: Any) -> Self:
        """Share the field, since it never changes. Copying its fields is most of what a stock form costs."""
        return self

    def parse(self, text: str) -> Any:
        """Turn one text into a value. Raises ValidationError."""
        return text

    def clean(self, texts: list[str]) -> Any:
        """Parse all values. Raises ValidationError with an error for each bad one, which its params hold as `value`."""
        values: list[Any] = []
        errors = []
        for text in texts:
            try:
                self._check(text, len(values))
                values.append(self.parse(text))
            except ValidationError as error:
                params = {**(error.params or {}), "value": text[:MAX_LENGTH]}
                errors.append(ValidationError(error.message, params=params))
        if errors:
            raise ValidationError(errors)
        if self.most > 1:
            return tuple(values)
        return values[0] if values else self.empty

    def pairs(self, name: str, texts: Iterable[str]) -> list[tuple[str, str]]:
        """Values as a query string gives them, each with the name of its parameter."""
        return [(name, text) for text in texts]

    def _check(self, text: str, taken: int) -> None:
        """Raise ValidationError for a text that no parameter accepts. taken: how many values were accepted before."""
        if len(text) > MAX_LENGTH:
            raise ValidationError(_("It is longer than %(length)d characters."), params={"length": MAX_LENGTH})
        if taken == self.most:
            raise ValidationError(_("Give at most %(most)d of them."), params={"most": self.most})
        if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
            raise ValidationError(_("It holds a character that cannot be stored."))


class WordField(QueryField):
    """One of some words. choices: their labels, in the order in which they are offered."""

    def __init__(self, words: Words, **options: Any):
        super().__init__(**options)
        self.choices: dict[str, Text] = labelled(words)

    def parse(self, text: str) -> str:
        if text not in self.choices:
            words = ", ".join(self.choices)
            raise ValidationError(_("Use one of: %(words)s."), params={"words": words})
        return text


def labelled(words: Words) -> dict[str, Text]:
    """Words with their labels. A word of a closed list has the label of `language.labels`, a bare word has itself."""
    if isinstance(words, Mapping):
        return dict(words)
    return {str(word): _label(word) if isinstance(word, StrEnum) else word for word in words}


def _capital(label: Text) -> str:
    return str(capfirst(str(label)))


#: As `capfirst`, which makes of a text that is looked up later something that cannot be written down.
_with_capital = lazy(_capital, str)


def _label(word: StrEnum) -> Text:
    label: Any = labels.label(word)
    return _with_capital(label)


class RecordField(QueryField):
    """The slug of a record, checked for its form. Whether there is such a record is for `QueryForm.require`."""

    PATTERN = r"[a-z0-9][a-z0-9.-]{0,119}"

    def parse(self, text: str) -> str:
        if not re.fullmatch(self.PATTERN, text):
            raise ValidationError(_("A name is made of lower-case letters, digits, dots and hyphens."))
        return text


class WholeField(QueryField):
    """A whole number in ASCII digits from `low` to `high`."""

    def __init__(self, low: int, high: int, **options: Any):
        super().__init__(**options)
        self.low, self.high = low, high

    def parse(self, text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", text) or not self.low <= int(text) <= self.high:
            bounds = {"low": self.low, "high": self.high}
            raise ValidationError(_("Use a whole number from %(low)d to %(high)d."), params=bounds)
        return int(text)


class DayField(QueryField):
    """A day as YYYY-MM-DD in ASCII digits."""

    def parse(self, text: str) -> date:
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            raise ValidationError(_("Write the day as YYYY-MM-DD."))
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise ValidationError(_("There is no such day.")) from None


class PastDayField(DayField):
    """A day that has begun somewhere: where clocks are ahead of those of the site, today may be its tomorrow."""

    #: How far clocks are ahead of UTC where a day begins first.
    AHEAD = timedelta(hours=14)

    def parse(self, text: str) -> date:
        day = super().parse(text)
        if day > (datetime.now(UTC) + self.AHEAD).date():
            raise ValidationError(_("This day is still to come: nobody knows what will be known then."))
        return day


class PageField(WholeField):
    """The number of a page; the first if none is given."""

    def __init__(self) -> None:
        super().__init__(1, 10_000, empty=1)


class FirstPageField(QueryField):
    """The first page of a list whose other pages begin after a record, so that they have no number."""

    def parse(self, text: str) -> int:
        if text != "1":
            raise ValidationError(_("Only the first page of this list has a number; each leads to the next one."))
        return 1


class PrimaryKeyField(WholeField):
    """The primary key of a row. Whether there is such a row is for the view to say."""

    def __init__(self) -> None:
        super().__init__(1, 999_999_999)


class KeyedWidget(QueryWidget):
    """Reads the parameters "place.x=2" as texts "x:2", in the order given."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        start = f"{name}."
        keys = [key for key in data if key.startswith(start)][: MAX_KEYS + 1]
        values = super().value_from_datadict
        found = [(key, text) for key in keys for text in values(data, files, key)]
        return [f"{key.removeprefix(start)}:{text}" for key, text in found]


class KeyedField(QueryField):
    """One parameter for each of some records: "place.x=2". Cleaned to pairs (slug, value). each: the field of a value.

    Radio buttons need it: those of one record have a name of their own.
    """

    widget = KeyedWidget
    key = RecordField()

    def __init__(self, each: QueryField, *, most: int, label: Any = ""):
        super().__init__(most=most, label=label)
        self.each = each

    def parse(self, text: str) -> tuple[str, Any]:
        slug, _colon, value = text.partition(":")
        return self.key.parse(slug), self.each.parse(value)

    def clean(self, texts: list[str]) -> Any:
        found = super().clean(texts)
        slugs = [slug for slug, _value in found]
        if len(slugs) > len(set(slugs)):
            twice = next(text for slug, text in zip(slugs, texts, strict=True) if slugs.count(slug) > 1)
            raise ValidationError(_("Give one value for each."), params={"value": twice})
        return found

    def pairs(self, name: str, texts: Iterable[str]) -> list[tuple[str, str]]:
        parts = [text.partition(":") for text in texts]
        return [(f"{name}.{slug}", value) for slug, _colon, value in parts]
