"""Lists that stay quick: filters that suit many values, pages cut before they are joined, searches without joins.

The lists of work are declared in comparisons/editing/worklists.py; here they become filters.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import models
from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import capfirst, smart_split, unescape_string_literal
from django.utils.translation import gettext_lazy as _

from comparisons.domain.vocabulary import Strength
from comparisons.editing import worklists
from comparisons.filters import DayField, PrimaryKeyField, QueryField, of_strength
from comparisons.language.labels import label

#: Most words of a search, and most characters; the rest is ignored.
MOST_TERMS, LONGEST_SEARCH = 10, 200


class List(ChangeList):
    """A list with a plain title, and with one form for the filters that are fields."""

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        if not self.is_popup:
            self.title = str(capfirst(self.opts.verbose_name_plural))

    @property
    def fields(self) -> list[Any]:
        """Filters that are fields of the form."""
        return [spec for spec in self.filter_specs if isinstance(spec, FormFilter)]

    @property
    def links(self) -> list[Any]:
        """Filters that are lists of links."""
        return [spec for spec in self.filter_specs if not isinstance(spec, FormFilter)]

    @property
    def kept(self) -> list[tuple[str, str]]:
        """All other parameters, which the form has to send too."""
        own = {name for spec in self.fields for name in spec.names}
        return [(name, value) for name, values in self.filter_params.items() if name not in own for value in values]

    def get_filters(self, request: HttpRequest) -> Any:
        try:
            return super().get_filters(request)
        except (ValueError, OverflowError) as error:  # the last year there is has none after it
            raise IncorrectLookupParameters(error) from error


class PageOfKeys(Paginator):
    """Finds the keys of a page first, so that joins and counts are made only for the rows of the page."""

    def page(self, number: Any) -> Any:
        page = super().page(number)
        rows: Any = page.object_list
        if isinstance(rows, QuerySet):
            keys = list(rows.values_list("pk", flat=True))
            whole: Any = self.object_list
            page.object_list = whole.filter(pk__in=keys)
        return page


class Work(admin.SimpleListFilter):
    """The lists of work that this user has with this model."""

    title, parameter_name = _("work to do"), "work"

    def __init__(self, request: HttpRequest, params: Any, model: Any, model_admin: Any):
        self.lists = {
            one.key: one
            for one in worklists.WORKLISTS
            if one.model is model and not isinstance(one, worklists.Gaps) and one.is_for(request.user)
        }
        super().__init__(request, params, model, model_admin)

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [(key, one.label) for key, one in self.lists.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        key = self.value()
        if not key:
            return queryset
        if key not in self.lists:
            raise IncorrectLookupParameters
        return queryset.filter(self.lists[key].where(request.user, timezone.localdate()))


class Mine(admin.SimpleListFilter):
    """Claims that this user wrote first or changed last."""

    title, parameter_name = _("who wrote it"), "whose"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [("mine", _("Mine")), ("others", _("Of others"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        mine = worklists.own(request.user)
        if self.value() == "others":
            # Claims without an author are of others too; a plain negation would leave them out.
            own = queryset.model.objects.filter(mine, pk=OuterRef("pk")).order_by()
            return queryset.filter(~Exists(own))
        return queryset.filter(mine) if self.value() else queryset


class OfStrength(admin.SimpleListFilter):
    """The strength of a cell as of today."""

    title, parameter_name = _("strength today"), "strength"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [(strength.value, label(strength)) for strength in Strength]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.value():
            return queryset
        try:
            return queryset.filter(of_strength(Strength(self.value() or ""), timezone.localdate()))
        except ValueError as error:
            raise IncorrectLookupParameters(error) from error


class InComparison(admin.SimpleListFilter):
    """Whether a curated comparison shows the cell."""

    title, parameter_name = _("in a comparison"), "curated"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [("1", _("Yes")), ("0", _("No"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() not in ("0", "1"):
            return queryset
        shown = worklists.in_comparison()
        return queryset.filter(shown if self.value() == "1" else ~shown)


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
    """One of many records, in a select.

    The stock filter shows a link for each of them, and reads them even where no filter is shown, as for an export.
    """

    template = "admin/comparisons/_filter_choice.html"
    NONE = "none"

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

    def choices(self, changelist: Any) -> Iterator[Any]:
        value = self.last(self.name)
        yield {"value": "", "display": _("All"), "selected": not value}
        if self.field.null:
            yield {"value": self.NONE, "display": _("None"), "selected": value == self.NONE}
        for row in self.rows:
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


def how_many(model: Any, field: str, of: str = "pk", *, key: str = "pk") -> Coalesce:
    """The number of rows of a model that refer to a row by this field, counted only for the rows that are shown.

    of: what is counted once for all rows that have it in common. key: what they refer to.
    """
    rows = model._base_manager.filter(**{field: OuterRef(key)}).order_by().values(field)
    counted = rows.annotate(how_many=Count(of, distinct=of != "pk")).values("how_many")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


class QuickList(admin.ModelAdmin):
    """A list of any length that opens at once."""

    paginator = PageOfKeys
    list_per_page = 50
    show_full_result_count = False
    #: A count for each value of each filter costs a look at every row.
    show_facets = admin.ShowFacets.NEVER

    def get_changelist(self, request: HttpRequest, **options: Any) -> Any:
        return List

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Any], search_term: str) -> Any:
        """Rows in which some field holds each word. Fields of other tables are searched in subqueries, not in joins."""
        words = [
            unescape_string_literal(word) if word[0] in "\"'" and word[0] == word[-1] and len(word) > 1 else word
            for word in smart_split(search_term[:LONGEST_SEARCH])
        ]
        fields = self.get_search_fields(request)
        if fields:
            for word in words[:MOST_TERMS]:
                found = Q()
                for field in fields:
                    found |= holding(queryset.model, str(field), word)
                queryset = queryset.filter(found)
        return queryset, False


def holding(model: Any, path: str, word: str) -> Q:
    """Rows whose field at the end of this path holds the word."""
    name, _sep, rest = path.partition("__")
    if not rest:
        return Q(**{f"{name}__icontains": word})
    field = model._meta.get_field(name)
    rows = field.related_model._base_manager.filter(holding(field.related_model, rest, word)).order_by()
    if field.one_to_many:
        return Q(pk__in=rows.values(field.field.attname))
    return Q(**{f"{name}__in": rows.values(field.target_field.name if field.many_to_one else "pk")})
