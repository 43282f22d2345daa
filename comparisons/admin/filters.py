"""Lists that stay quick: pages cut before they are joined, searches without joins, filters that are links.

The lists of work are declared in comparisons/editing/worklists.py; here they become filters.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.forms import Media
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.text import capfirst, smart_split, unescape_string_literal
from django.utils.translation import gettext_lazy as _

from comparisons.domain.vocabulary import Strength
from comparisons.editing import worklists
from comparisons.filters import of_strength
from comparisons.language.labels import label

from .form_filters import FormFilter

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

    @property
    def media(self) -> Media:
        """The scripts and styles of filters that search."""
        return sum((spec.search.media for spec in self.fields if getattr(spec, "search", None)), Media())

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

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        response: Any = super().changelist_view(request, extra_context)
        if isinstance(response, TemplateResponse) and response.context_data and "cl" in response.context_data:
            response.context_data["media"] += response.context_data["cl"].media
        return response

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
