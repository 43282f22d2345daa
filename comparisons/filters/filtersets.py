"""The base of every FilterSet of this project: strict forms, counted facets, and a low cost.

For every request, a stock FilterSet makes deep copies of its filters and fields and a new form class, which costs ten
times as much as reading the parameters. Here a request gets shallow copies of the filters, and every FilterSet
has one form class (tests/bench/filters.py).
"""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple, Self

import django_filters
from django.db.models import Count, QuerySet
from django.utils.functional import cached_property

from comparisons.models import remembered

from .fields import MAX_VALUES, QueryField, RecordField, Text, WordField, Words
from .forms import PageForm, QueryForm

#: Values of the counted facets, and the number of rows that have them.
Group = tuple[tuple[str, ...], int]


class QueryFilter(django_filters.Filter):
    """A filter with a strict field. many: it takes several values, and rows with any of them remain."""

    def __init__(self, field_name: str | None = None, *, many: bool = False, **options: Any):
        options.setdefault("label", "")
        super().__init__(field_name, "in" if many else "exact", most=MAX_VALUES if many else 1, **options)


class WordFilter(QueryFilter):
    """Rows with one of some words, such as those of a closed list, in a column or annotation."""

    field_class = WordField

    def __init__(self, words: Words, field_name: str | None = None, **options: Any):
        super().__init__(field_name, words=words, **options)


class RecordFilter(QueryFilter):
    """Rows that belong to a record, which is named by its slug. field_name: leads to the slug."""

    field_class = RecordField


@dataclass(frozen=True)
class Option:
    """A value that a facet offers.

    count: how many rows there are with it, under all that is chosen in other facets. adds: whether choosing it adds
    these rows to those that are shown, because other values of the facet are chosen.
    """

    value: str
    name: Text
    count: int = 0
    is_chosen: bool = False
    adds: bool = False


class Facet(NamedTuple):
    """A filter as a page offers it."""

    name: str
    title: Text
    options: list[Option]

    @property
    def total(self) -> int:
        """The number of rows under all that is chosen in other facets."""
        return sum(option.count for option in self.options)


class _SharedFields(dict[str, Any]):
    """The fields of a form class by name. A stock form copies them in depth for each instance."""

    def __deepcopy__(self, memo: Any) -> dict[str, Any]:
        return dict(self)


class _SharedFilters(dict[str, Any]):
    """The filters of a class by name. A stock FilterSet copies them in depth for each instance.

    The filters themselves cannot be shared, since each knows the FilterSet that it belongs to. Setting `method` again
    makes a new FilterMethod, which knows its filter.
    """

    def __deepcopy__(self, memo: Any) -> dict[str, Any]:
        copies = {name: copy.copy(one) for name, one in self.items()}
        for one in copies.values():
            if one.method is not None:
                one.method = one.method
        return copies


@cache
def _form_class(filterset: Any) -> type[QueryForm]:
    """The form of a FilterSet: the fields of its filters, then those of `Meta.form`."""
    form: Any = filterset._meta.form
    made: Any = type(f"{filterset.__name__}Form", (form,), {})
    made.base_fields = _SharedFields(
        {name: one.field for name, one in filterset.base_filters.items()} | form.base_fields
    )
    return made


def fields_of(form: type[QueryForm] | type[FilterSet] | None) -> dict[str, QueryField]:
    """The parameters that a form or the form of a FilterSet takes, in its order; none without one."""
    if form is None:
        return {}
    declared: Any = form
    taken = _form_class(declared) if issubclass(form, FilterSet) else declared
    return dict(taken.base_fields)


def names_of(form: type[QueryForm] | type[FilterSet] | None) -> tuple[str, ...]:
    """The names of these parameters."""
    return tuple(fields_of(form))


@cache
def _all_rows(filterset: Any) -> QuerySet[Any]:
    """The query for all rows of a list, built once, since that costs as much as reading parameters. Never evaluated."""
    rows: QuerySet[Any] = filterset.all_rows()
    return rows


class FilterSet(django_filters.FilterSet):
    """The filters of a list. `qs` holds the rows that meet them, in the order of the list.

    counted: the names of the facets that show a number beside each option.
    """

    counted: tuple[str, ...] = ()

    class Meta:
        form = PageForm

    def __init__(self, data: Any, queryset: QuerySet[Any] | None = None, **options: Any):
        own: Any = type(self)
        super().__init__(data, _all_rows(own) if queryset is None else queryset, **options)

    @classmethod
    def read(cls, data: Any, queryset: QuerySet[Any] | None = None, **options: Any) -> Self:
        """The filters that a request's QueryDict sets. Raises BadQuery for values that cannot be used.

        queryset: the rows to choose from; by default all that the list can show.
        """
        filterset = cls(data, queryset, **options)
        filterset.form.check()
        filterset.check_records()
        return filterset

    @classmethod
    def form_of(cls, data: Any) -> QueryForm:
        """The parameters that a request's QueryDict sets, whose records nobody has looked up. Raises BadQuery."""
        form: QueryForm = cls(data).form
        form.check()
        return form

    @classmethod
    def all_rows(cls) -> QuerySet[Any]:
        """All rows that the list can show, in its order."""
        raise NotImplementedError

    def check_records(self) -> None:
        """Raise BadQuery for slugs that name no record."""

    @property
    def params(self) -> dict[str, Any]:
        """The values of all parameters, as `QueryForm.params`."""
        return self.form.params

    @classmethod
    def get_filters(cls) -> dict[str, Any]:
        return _SharedFilters(super().get_filters())

    def get_form_class(self) -> type[QueryForm]:
        own: Any = type(self)
        return _form_class(own)

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return self.filtered(queryset, *self.filters)

    def filtered(self, queryset: QuerySet[Any], *names: str) -> QuerySet[Any]:
        """The rows that meet these filters. Raises BadQuery for values that cannot be used."""
        self.form.check()
        for name in names:
            queryset = self.filters[name].filter(queryset, self.params[name])
        return queryset

    # Pages

    @cached_property
    def keys(self) -> Sequence[int]:
        """The primary keys of `qs` in order; one query, unless they are remembered."""
        return remembered.keys(self.qs)

    def at(self, first: int, last: int) -> QuerySet[Any]:
        """The rows of `qs` from one place to another, both counted from 1. Costs as much at any depth."""
        return self.qs.filter(pk__in=list(self.keys[max(0, first - 1) : last]))

    # Counts

    @cached_property
    def groups(self) -> list[Group]:
        """The values of the counted facets that occur together, each with the number of rows; one query."""
        return self.grouped(self.queryset)

    def grouped(self, queryset: QuerySet[Any]) -> list[Group]:
        """Rows that meet the filters that are not counted, by their values of the counted ones; one query."""
        others = (name for name in self.filters if name not in self.counted)
        columns = [self.filters[name].field_name for name in self.counted]
        rows = self.filtered(queryset, *others).order_by().values_list(*columns).annotate(rows=Count("pk"))
        return [(tuple(values), number) for *values, number in remembered.rows(rows)]

    @cached_property
    def counts(self) -> Mapping[str, Counter[str]]:
        """For each counted facet, how many rows have each of its values under what is chosen in the others."""
        counts: dict[str, Counter[str]] = {name: Counter() for name in self.counted}
        for values, number in self.groups:
            unmet = [name for name, value in zip(self.counted, values, strict=True) if not self.meets(name, value)]
            for name, value in zip(self.counted, values, strict=True):
                if not set(unmet) - {name}:
                    counts[name][value] += number
        return counts

    @property
    def total(self) -> int:
        """The number of rows in `qs`, from the groups."""
        return sum(
            number
            for values, number in self.groups
            if all(self.meets(name, value) for name, value in zip(self.counted, values, strict=True))
        )

    def meets(self, name: str, value: Any) -> bool:
        """Whether a value is among those that are chosen of a facet. All are if none is chosen."""
        chosen = self.params[name]
        return not chosen or (value in chosen if isinstance(chosen, tuple) else value == chosen)

    def facet(self, name: str, counts: Mapping[str, int] | None = None) -> Facet:
        """A facet whose values are words, with all its options. counts: by default those of `self.counts`."""
        counts = self.counts[name] if counts is None else counts
        return Facet(
            name,
            self.title(name),
            [
                Option(word, label, counts.get(word, 0), self.is_chosen(name, word))
                for word, label in self.form.fields[name].choices.items()
            ],
        )

    @classmethod
    def title(cls, name: str) -> Text:
        """What a facet is called."""
        title: Text = cls.base_filters[name].label
        return title

    def is_chosen(self, name: str, value: str) -> bool:
        """Whether a value of a parameter is chosen."""
        return value in self.form.texts[name]
