"""The parameters of a page: one declared schema for each, strict, and the links that carry them.

An unknown name is ignored and dropped from links. A bad value is refused, and the reader gets a page that names
it and offers the page without it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: Longest value of any parameter, and most values of one, before anything is parsed.
MAX_LENGTH = 200
MAX_VALUES = 100

Message = str | Promise


@dataclass(frozen=True)
class BadValue:
    name: str
    value: str
    message: Message


class BadQuery(Exception):
    """Some parameters of a request cannot be used. `without` is the query string of all others."""

    def __init__(self, bad: list[BadValue], without: str):
        self.bad, self.without = bad, without
        super().__init__(", ".join(f"{b.name}={b.value}" for b in bad))


Parser = Callable[[str], Any]


@dataclass(frozen=True)
class Parameter:
    """A parameter of a page. parse: takes the text, returns the value or raises ValueError with a message."""

    name: str
    parse: Parser
    most: int = 1


def one_of(*words: str) -> Parser:
    """One word of a closed list."""

    def parse(text: str) -> str:
        if text not in words:
            raise ValueError(_("Use one of: %(words)s.") % {"words": ", ".join(words)})
        return text

    return parse


def key(text: str) -> str:
    """The slug of a record, by its form; whether there is such a record is for the view to say."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9.-]{0,119}", text):
        raise ValueError(_("A name is made of lower-case letters, digits, dots and hyphens."))
    return text


def day(text: str) -> date:
    """A day as YYYY-MM-DD."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ValueError(_("Write the day as YYYY-MM-DD."))
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(_("There is no such day.")) from None


def whole(low: int, high: int) -> Parser:
    """A whole number in ASCII digits within bounds."""

    def parse(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", text) or not low <= int(text) <= high:
            raise ValueError(_("Use a whole number from %(low)d to %(high)d.") % {"low": low, "high": high})
        return int(text)

    return parse


def words(text: str) -> str:
    """Free text that is only ever data."""
    if "\0" in text or any("\ud800" <= c <= "\udfff" for c in text):
        raise ValueError(_("It holds a character that cannot be stored."))
    return text.strip()


class Query:
    """The values of a request by name: a tuple where several are allowed, else one value or None."""

    def __init__(self, schema: Schema, values: Mapping[str, tuple[Any, ...]], texts: Mapping[str, tuple[str, ...]]):
        self.schema, self._values, self._texts = schema, values, texts

    def __getitem__(self, name: str) -> Any:
        values = self._values.get(name, ())
        return values if self.schema.by_name[name].most > 1 else (values[0] if values else None)

    def __bool__(self) -> bool:
        return any(self._texts.values())

    def string(self, **changes: Any) -> str:
        """The canonical query string with changes: "?group=data", or "" for no parameter.

        A change is a value, a list of values, or None to leave the parameter out.
        """
        pairs = []
        for name in self.schema.by_name:
            wanted = changes.get(name, self._texts.get(name, ()))
            for value in [] if wanted is None else wanted if isinstance(wanted, (list, tuple)) else [wanted]:
                pairs.append((name, str(value)))
        return f"?{urlencode(pairs)}" if pairs else ""

    def having(self, name: str, value: str) -> str:
        """The query string with one value more of a parameter."""
        return self.string(**{name: [*self._texts.get(name, ()), value], **self.schema.resets(name)})

    def without(self, name: str, value: str | None = None) -> str:
        """The query string without a parameter, or without one value of it."""
        kept = [] if value is None else [text for text in self._texts.get(name, ()) if text != value]
        return self.string(**{name: kept, **self.schema.resets(name)})

    def refuse(self, name: str, unknown: Iterable[str], message: Message) -> None:
        """Refuse values that name nothing; does nothing for no values."""
        bad = [BadValue(name, value, message) for value in unknown]
        if bad:
            kept = [text for text in self._texts.get(name, ()) if text not in {b.value for b in bad}]
            raise BadQuery(bad, self.string(**{name: kept}))

    def hidden(self, *names: str) -> list[tuple[str, str]]:
        """Names and values of all parameters but these: the hidden fields of a form that sets those."""
        return [(name, text) for name, texts in self._texts.items() if name not in names for text in texts]


class Schema:
    """The parameters that a page knows, in the order in which links carry them.

    paging: parameters that any other change takes back to the beginning.
    """

    def __init__(self, *parameters: Parameter, paging: tuple[str, ...] = ()):
        self.by_name = {parameter.name: parameter for parameter in parameters}
        self.paging = paging

    def resets(self, changed: str) -> dict[str, None]:
        return {} if changed in self.paging else dict.fromkeys(self.paging)

    def read(self, data: QueryDict) -> Query:
        """The parameters of a request. Empty values count as not given. Raises BadQuery."""
        values: dict[str, tuple[Any, ...]] = {}
        texts: dict[str, tuple[str, ...]] = {}
        bad: list[BadValue] = []
        for name, parameter in self.by_name.items():
            given = list(dict.fromkeys(text for text in data.getlist(name) if text.strip()))
            good: list[tuple[Any, str]] = []
            for text in given[: MAX_VALUES + 1]:
                try:
                    if len(text) > MAX_LENGTH:
                        raise ValueError(_("It is longer than %(length)d characters.") % {"length": MAX_LENGTH})
                    if len(good) == parameter.most:
                        raise ValueError(_("Give at most %(most)d of them.") % {"most": parameter.most})
                    good.append((parameter.parse(words(text)), text.strip()))
                except ValueError as error:
                    bad.append(BadValue(name, text[:MAX_LENGTH], error.args[0]))
            values[name] = tuple(value for value, _text in good)
            texts[name] = tuple(text for _value, text in good)
        query = Query(self, values, texts)
        if bad:
            raise BadQuery(bad, query.string())
        return query
