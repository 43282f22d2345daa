"""Lists that stay quick: filters that suit many values, pages cut before they are joined, searches without joins.

What is on a list of work is said in comparisons/editing/worklists.py; here it becomes a filter of the list.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
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
from comparisons.filters import of_strength
from comparisons.language.labels import label

#: A search takes this many words; the others are not asked for.
MOST_TERMS, LONGEST_SEARCH = 10, 200
_KEY = re.compile("[0-9]{1,9}")


class List(ChangeList):
    """A list that bears the name of what it lists, and whose filters of many values share one form."""

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        if not self.is_popup:
            self.title = str(capfirst(self.opts.verbose_name_plural))

    @property
    def fields(self) -> list[Any]:
        """Filters that are fields of the form."""
        return [spec for spec in self.filter_specs if hasattr(spec, "names")]

    @property
    def links(self) -> list[Any]:
        """Filters that are lists of links."""
        return [spec for spec in self.filter_specs if not hasattr(spec, "names")]

    @property
    def kept(self) -> list[tuple[str, str]]:
        """All other parameters: the form sends them too."""
        own = {name for spec in self.fields for name in spec.names}
        return [(name, value) for name, values in self.filter_params.items() if name not in own for value in values]

    def get_filters(self, request: HttpRequest) -> Any:
        try:
            return super().get_filters(request)
        except (ValueError, OverflowError) as error:  # the last year there is has none after it
            raise IncorrectLookupParameters(error) from error


class PageOfKeys(Paginator):
    """Finds the keys of a page first, so that what is joined and counted is joined and counted for its rows alone."""

    def page(self, number: Any) -> Any:
        page = super().page(number)
        rows: Any = page.object_list
        if isinstance(rows, QuerySet):
            keys = list(rows.values_list("pk", flat=True))
            whole: Any = self.object_list
            page.object_list = whole.filter(pk__in=keys)
        return page


class Work(admin.SimpleListFilter):
    """The lists of work of this model that are kept for this user."""

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
            # Nobody's are of others too, which a plain negation would leave out.
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


class _Field:
    """A filter that is a field of the form of the list. names: its parameters; an empty one filters nothing."""

    names: list[str]
    used_parameters: Any

    def last(self, name: str) -> str:
        """The value of a parameter; of several the last."""
        return (self.used_parameters.get(name) or [""])[-1]

    @classmethod
    def without_empty(cls, names: list[str], params: Any) -> None:
        for name in names:
            if name in params and not any(params[name]):
                del params[name]


class Chosen(_Field, admin.FieldListFilter):
    """One of many records, in a select."""

    template = "admin/comparisons/_filter_choice.html"
    NONE = "none"

    def __init__(self, field: Any, request: HttpRequest, params: Any, model: Any, model_admin: Any, field_path: str):
        self.name = f"{field_path}__{field.target_field.name}__exact"
        self.names = [self.name]
        self.without_empty(self.names, params)
        super().__init__(field, request, params, model, model_admin, field_path)
        self.site = model_admin.admin_site
        self.value = self.last(self.name)

    def expected_parameters(self) -> Any:
        return [self.name]

    def has_output(self) -> bool:
        return True

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.value:
            return queryset
        if self.value == self.NONE:
            return queryset.filter(**{f"{self.field_path}__isnull": True})
        if not _KEY.fullmatch(self.value):
            raise IncorrectLookupParameters
        return queryset.filter(**{self.field_path: int(self.value)})

    @property
    def rows(self) -> QuerySet[Any]:
        model: Any = self.field.related_model
        model_admin = self.site._registry.get(model)
        rows = model._default_manager.all()
        return rows.order_by(*model_admin.get_ordering(self.request)) if model_admin else rows

    def choices(self, changelist: Any) -> Iterator[Any]:
        yield {"value": "", "display": _("All"), "selected": not self.value}
        if self.field.null:
            yield {"value": self.NONE, "display": _("None"), "selected": self.value == self.NONE}
        for row in self.rows:
            yield {"value": row.pk, "display": str(row), "selected": str(row.pk) == self.value}


class ChosenText(_Field, admin.FieldListFilter):
    """One of the texts that a column holds, in a select."""

    template = "admin/comparisons/_filter_choice.html"

    def __init__(self, field: Any, request: HttpRequest, params: Any, model: Any, model_admin: Any, field_path: str):
        self.name = field_path
        self.names = [self.name]
        self.without_empty(self.names, params)
        super().__init__(field, request, params, model, model_admin, field_path)
        self.value = self.last(self.name)

    def expected_parameters(self) -> Any:
        return [self.name]

    def has_output(self) -> bool:
        return True

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(**{self.field_path: self.value}) if self.value else queryset

    def choices(self, changelist: Any) -> Iterator[Any]:
        texts = changelist.model._default_manager.exclude(**{self.field_path: ""}).order_by(self.field_path)
        yield {"value": "", "display": _("All"), "selected": not self.value}
        for text in texts.values_list(self.field_path, flat=True).distinct():
            yield {"value": text, "display": text, "selected": text == self.value}


class Days(_Field, admin.FieldListFilter):
    """From one day to another, both included. Unlike a hierarchy of dates it reads no row to offer itself."""

    template = "admin/comparisons/_filter_days.html"

    def __init__(self, field: Any, request: HttpRequest, params: Any, model: Any, model_admin: Any, field_path: str):
        stem = field_path.removesuffix("_at").removesuffix("_on")
        self.names = [f"{stem}_from", f"{stem}_to"]
        self.without_empty(self.names, params)
        super().__init__(field, request, params, model, model_admin, field_path)
        self.begin, self.end = (self.last(name) for name in self.names)

    def expected_parameters(self) -> Any:
        return self.names

    def has_output(self) -> bool:
        return True

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        for text, lookup, days in ((self.begin, "gte", 0), (self.end, "lt", 1)):
            if text:
                try:
                    day = forms.DateField(input_formats=["%Y-%m-%d"]).clean(text) + dt.timedelta(days)
                except (forms.ValidationError, OverflowError) as error:
                    raise IncorrectLookupParameters(error) from error
                at: Any = day
                if isinstance(self.field, models.DateTimeField):
                    at = timezone.make_aware(dt.datetime.combine(day, dt.time.min))
                queryset = queryset.filter(**{f"{self.field_path}__{lookup}": at})
        return queryset

    def choices(self, changelist: Any) -> Iterator[Any]:
        yield {"name": self.names[0], "label": _("From"), "value": self.begin}
        yield {"name": self.names[1], "label": _("To"), "value": self.end}


def how_many(model: Any, field: str) -> Coalesce:
    """The number of rows of a model whose field names the row: counted for the rows that are shown alone."""
    rows = model._base_manager.filter(**{field: OuterRef("pk")}).order_by().values(field)
    counted = rows.annotate(how_many=Count("pk")).values("how_many")
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
        """Rows in which every word is found in some field; other tables are searched by themselves, not joined."""
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
    return Q(**{f"{name}__in": rows.values("pk")})
