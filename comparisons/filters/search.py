"""The search over everything, and its one facet: the kind of record."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from comparisons.models import SearchEntry

from .fields import QueryField, WordField
from .filtersets import FilterSet, WordFilter
from .forms import PageForm, QueryForm


class SearchForm(PageForm):
    """The text of a search is looked up by the full-text index, so it is no filter (search/find.py)."""

    q = QueryField(empty="")
    #: Whether words are searched for as they were typed, without correcting any.
    exact = WordField(("1",))
    field_order = ["q", "exact", "kind", "page"]


class SuggestForm(QueryForm):
    """What stands in a search field."""

    q = QueryField(empty="")


class SearchFilter(FilterSet):
    """What can be found, by kind."""

    kind = WordFilter(SearchEntry.KINDS, label=_("Kinds of result"), method="filter_kind")

    class Meta:
        form = SearchForm

    @classmethod
    def all_rows(cls) -> QuerySet[SearchEntry]:
        return SearchEntry.objects.order_by("id")

    @staticmethod
    def filter_kind(entries: QuerySet[SearchEntry], name: str, kind: str) -> QuerySet[Any]:
        in_sections = (Q(id__range=SearchEntry.keys_of(kind, is_low)) for is_low in SearchEntry.sections_of(kind))
        return entries.filter(reduce(or_, in_sections))
