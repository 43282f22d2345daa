"""Filters of a list that are fields of one form beside it: they suit many values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from comparisons.filters import DayField, PrimaryKeyField, QueryField


class FormFilter(admin.FieldListFilter):
    """A filter that is a field of one form beside the list. names: its parameters; an empty one filters nothing."""

    names: list[str]

    def __init__(self, field: Any, request: HttpRequest, params: Any, model: Any, model_admin: Any, field_path: str):
        self.names = self.parameters(field, field_path)
        for name in self.names:
            if name in params and not any(params[name]):
                del params[name]
        super().__init__(field, request, params, model, model_admin, field_path)

    @staticmethod
    def parameters(field: Any, field_path: str) -> list[str]:
        """The parameters of the form that belong to this filter."""
        return [field_path]

    def expected_parameters(self) -> Any:
        return self.names

    def has_output(self) -> bool:
        return True

    def last(self, name: str) -> str:
        """The value of a parameter; of several the last."""
        given: Any = self.used_parameters.get(name)
        return (given or [""])[-1]


class Chosen(FormFilter):
    """One of many records, in a select; of more than MOST one is searched for, as in a form.

    The stock filter shows a link for each of them, and reads them even where no filter is shown, as for an export.
    """

    template = "admin/comparisons/_filter_choice.html"
    NONE, MOST = "none", 500

    def __init__(self, field: Any, request: HttpRequest, params: Any, model: Any, model_admin: Any, field_path: str):
        super().__init__(field, request, params, model, model_admin, field_path)
        self.site = model_admin.admin_site

    @staticmethod
    def parameters(field: Any, field_path: str) -> list[str]:
        return [f"{field_path}__{field.target_field.name}__exact"]

    @property
    def name(self) -> str:
        return self.names[0]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.last(self.name)
        if not value:
            return queryset
        if value == self.NONE:
            return queryset.filter(**{f"{self.field_path}__isnull": True})
        return queryset.filter(**{self.field_path: parsed(PrimaryKeyField(), value)})

    @property
    def rows(self) -> QuerySet[Any]:
        """The records in the order of their own list."""
        model: Any = self.field.related_model
        model_admin = self.site._registry.get(model)
        rows = model._default_manager.all()
        return rows.order_by(*model_admin.get_ordering(self.request)) if model_admin else rows

    @cached_property
    def listed(self) -> list[Any]:
        """The records that can be chosen, or one more than MOST. A search could not offer "None" beside them."""
        return list(self.rows if self.field.null else self.rows[: self.MOST + 1])

    @cached_property
    def search(self) -> AutocompleteSelect | None:
        """What looks for one of too many records."""
        if self.field.null or len(self.listed) <= self.MOST:
            return None
        search = AutocompleteSelect(self.field, self.site)
        search.attrs = {**search.build_attrs({}), "data-placeholder": str(_("All"))}
        return search

    def choices(self, changelist: Any) -> Iterator[Any]:
        value = self.last(self.name)
        yield {"value": "", "display": _("All"), "selected": not value}
        if self.field.null:
            yield {"value": self.NONE, "display": _("None"), "selected": value == self.NONE}
        for row in self.rows.filter(pk=value or None) if self.search else self.listed:
            yield {"value": row.pk, "display": str(row), "selected": str(row.pk) == value}


class ChosenText(FormFilter):
    """One of the texts or names that a column holds, in a select: the stock filter shows a link for each of them."""

    template = "admin/comparisons/_filter_choice.html"

    @property
    def name(self) -> str:
        return self.names[0]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.last(self.name)
        return queryset.filter(**{self.field_path: value}) if value else queryset

    def choices(self, changelist: Any) -> Iterator[Any]:
        value = self.last(self.name)
        column = self.field.attname
        texts = changelist.model._default_manager.exclude(**{column: ""}).exclude(**{column: None}).order_by(column)
        yield {"value": "", "display": _("All"), "selected": not value}
        for text in texts.values_list(column, flat=True).distinct():
            yield {"value": text, "display": text, "selected": text == value}


class Days(FormFilter):
    """From one day to another, both included. Unlike a date hierarchy it needs no query to be shown."""

    template = "admin/comparisons/_filter_days.html"

    @staticmethod
    def parameters(field: Any, field_path: str) -> list[str]:
        stem = field_path.removesuffix("_at").removesuffix("_on")
        return [f"{stem}_from", f"{stem}_to"]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        for name, lookup, days in zip(self.names, ("gte", "lt"), (0, 1), strict=True):
            if text := self.last(name):
                try:
                    at: Any = parsed(DayField(), text) + dt.timedelta(days)
                except OverflowError as error:  # the last day there is has none after it
                    raise IncorrectLookupParameters(error) from error
                if isinstance(self.field, models.DateTimeField):
                    at = timezone.make_aware(dt.datetime.combine(at, dt.time.min))
                queryset = queryset.filter(**{f"{self.field_path}__{lookup}": at})
        return queryset

    def choices(self, changelist: Any) -> Iterator[Any]:
        for name, title in zip(self.names, (_("From"), _("To")), strict=True):
            yield {"name": name, "label": title, "value": self.last(name)}


def parsed(field: QueryField, text: str) -> Any:
    """The value of a text, read as strictly as on public pages. Raises IncorrectLookupParameters."""
    try:
        return field.parse(text)
    except ValidationError as error:
        raise IncorrectLookupParameters(error) from error
