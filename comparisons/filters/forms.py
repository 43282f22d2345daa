"""Query forms: the parameters that a page takes, and the links that carry them.

A parameter that a page does not know is ignored and dropped from links. One that it knows with a value that it cannot
use raises BadQuery, which becomes a page that names the value and offers the page without it (views/errors.py).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from importlib.util import find_spec
from typing import Any, NamedTuple, Self
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from comparisons.language.values import unquoted

from .fields import MAX_LENGTH, DayField, PageField, RecordField, Text, WordField

#: Parameters that say which page of a list is shown. A change of any other parameter leads back to the first page.
PAGING = ("across", "page", "reasons_page", "after")


class BadValue(NamedTuple):
    """A value that a parameter does not take, and why. shown: both as they stand in the address."""

    name: str
    value: str
    message: Text
    shown: str


class BadQuery(Exception):
    """Some values of a query string cannot be used. without: the query string of all others."""

    def __init__(self, bad: list[BadValue], without: str):
        self.bad, self.without = bad, without
        super().__init__(", ".join(f"{one.name}={one.value}" for one in bad))


class QueryForm(forms.Form):
    """The parameters of a page in the order in which links carry them; a form of GET requests.

    Its fields are those of `fields.py`. Views make one with `read`, which leaves no invalid form to look at.
    untitled: parameters that change how a page looks and not what it is about, so that its title leaves them out.
    """

    untitled: tuple[str, ...] = ("sort", "view", "more", "density", "transpose")

    def __reduce__(self) -> tuple[Any, ...]:
        """All that tells it from another: to compare what pages were drawn of, not to be made again."""
        return tuple, ((type(self).__qualname__, self.texts, self.names),)

    @classmethod
    def read(cls, data: Any) -> Self:
        """The form of a request's QueryDict. Raises BadQuery, which names every bad value at once."""
        form = cls(data)
        form.check()
        return form

    def check(self) -> None:
        """Raise BadQuery unless every value can be used."""
        if self.is_valid():
            return
        errors = self.errors.as_data()
        bad = [
            self._bad(name, (error.params or {})["value"], error.messages[0])
            for name in self.fields
            for error in errors.get(name, ())
        ]
        names = {(one.name, one.value) for one in bad}
        kept = {
            name: [text for text in texts if (name, text[:MAX_LENGTH]) not in names]
            for name, texts in self.texts.items()
        }
        raise BadQuery(bad, self.string(**kept))

    @property
    def params(self) -> dict[str, Any]:
        """The value of each parameter: a tuple where several are allowed, else one value, or None if not given."""
        return self.cleaned_data

    @cached_property
    def texts(self) -> dict[str, list[str]]:
        """The values of each parameter as they were sent."""
        return {name: self[name].data for name in self.fields}

    def string(self, **changes: Any) -> str:
        """The canonical query string with changes: "?group=data", or "" without any parameter.

        A change is a value, a list of values, or None to leave the parameter out.
        """
        pairs = []
        for name, texts in {**self.texts, **changes}.items():
            if texts is not None and texts != []:
                pairs += self._pairs(name, map(str, texts if isinstance(texts, (list, tuple)) else [texts]))
        return f"?{urlencode(pairs)}" if pairs else ""

    @classmethod
    def address(cls, **values: Any) -> str:
        """The canonical query string with these values and no others; see `string`."""
        return cls(QueryDict()).string(**values)

    @property
    def canonical(self) -> str:
        """The query string of the page's one canonical address: which page of a list it is, and nothing else.

        A filtered list, and one in another order, is a view of the whole list, whose address it gives.
        """
        given = {name: texts for name, texts in self.texts.items() if texts}
        return self.string(**dict.fromkeys(set(self.fields) - set(PAGING))) if set(given) <= set(PAGING) else ""

    def setting(self, name: str, value: Any) -> str:
        """The query string with a parameter set to a value, a list of values, or None to leave it out."""
        # Where a page begins after a record, it is not the first.
        others = ("page",) if name == "after" else () if name in PAGING else PAGING
        first = {paging: None for paging in others if paging in self.fields}
        return self.string(**{**first, name: value})

    def having(self, name: str, value: str) -> str:
        """The query string with one value more of a parameter."""
        return self.setting(name, [*self.texts[name], value])

    def without(self, name: str, value: str | None = None) -> str:
        """The query string without a parameter, or without one value of it."""
        return self.setting(name, [] if value is None else [text for text in self.texts[name] if text != value])

    def hidden(self, *names: str) -> list[tuple[str, str]]:
        """Names and values of all parameters except these: the hidden fields of an HTML form that sets these."""
        return [pair for name, texts in self.texts.items() if name not in names for pair in self._pairs(name, texts)]

    def _pairs(self, name: str, texts: Iterable[str]) -> list[tuple[str, str]]:
        field: Any = self.fields[name]
        pairs: list[tuple[str, str]] = field.pairs(name, texts)
        return pairs

    def _bad(self, name: str, value: str, message: Text) -> BadValue:
        return BadValue(name, value, message, "=".join(self._pairs(name, [value])[0]))

    def refuse(self, name: str, values: Iterable[str], message: Text) -> None:
        """Raise BadQuery for these values of a parameter; do nothing if there are none."""
        bad = [self._bad(name, value, message) for value in values]
        if bad:
            refused = {one.value for one in bad}
            raise BadQuery(bad, self.string(**{name: [text for text in self.texts[name] if text not in refused]}))

    @cached_property
    def names(self) -> dict[tuple[str, str], str]:
        """What the records are called that parameters name, by parameter and slug, as far as `require` was told."""
        return {}

    @property
    def chosen_words(self) -> list[str]:
        """What is chosen, in words, such as ["Django", "Con"]: without orders, pages, and what `untitled` names."""
        return [
            str(self._word(name, text))
            for name, texts in self.texts.items()
            if name not in PAGING and name not in self.untitled
            for text in texts
        ]

    def _word(self, name: str, text: str) -> Text:
        field: Any = self.fields[name]
        if name == "q":
            return _("“%(words)s”") % {"words": unquoted(text)}
        if isinstance(field, WordField):
            return field.choices.get(text, text)
        if isinstance(field, RecordField):
            return self.names.get((name, text), text)
        if isinstance(field, DayField):
            text = date_format(date.fromisoformat(text))
        return f"{field.label} {text}" if field.label else text

    def require(self, name: str, known: Collection[str] | Mapping[str, Any]) -> None:
        """Raise BadQuery unless every value of a parameter is among the known ones. A mapping tells their names too."""
        if isinstance(known, Mapping):
            self.names.update({(name, text): str(known[text]) for text in self.texts[name] if text in known})
        self.refuse(name, [text for text in self.texts[name] if text not in known], _("There is none of that name."))

    def add_bad_value(self, name: str, message: Any) -> None:
        """Mark the value of a parameter as bad; for `clean`, where a form compares parameters."""
        self.add_error(name, ValidationError(message, params={"value": self.texts[name][0]}))


#: The files that a page can be taken away as, besides being read.
FORMATS: dict[str, Text] = {
    "csv": _("CSV, for any spreadsheet"),
    **({"xlsx": _("XLSX, with links and frozen heads")} if find_spec("xlsxwriter") else {}),
    "json": _("JSON, with sources and strength"),
    "md": _("Markdown, a table for a README"),
}


class TakenForm(QueryForm):
    """A page whose table can be taken away. format: as which file; without it the page is to be read."""

    untitled = (*QueryForm.untitled, "format")
    format = WordField(FORMATS)


class NumberForm(QueryForm):
    """A list that is only to be read, whose one parameter is the number of the page."""

    page = PageField()


class PageForm(TakenForm):
    """A list whose only parameter, besides its filters and the format, is the number of the page."""

    page = PageField()
