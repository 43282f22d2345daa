"""The search over everything, and its facets: the kind of record, and what is told of it."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from comparisons.domain.vocabulary import Strength, Verdict
from comparisons.models import Framework, SearchEntry

from .fields import QueryField, WordField
from .filtersets import FilterSet, RecordFilter, WordFilter
from .forms import PageForm, QueryForm


class SearchForm(PageForm):
    """The text of a search is looked up by the full-text index, so it is no filter (search/find.py)."""

    untitled = (*PageForm.untitled, "q", "exact")
    q = QueryField(empty="")
    #: Whether words are searched for as they were typed, without correcting any.
    exact = WordField(("1",))
    field_order = ["q", "exact", "kind", "framework", "verdict", "strength", "page"]


class SuggestForm(QueryForm):
    """What stands in a search field."""

    q = QueryField(empty="")


def _left_to_the_page(entries: QuerySet[Any], name: str, values: Any) -> QuerySet[Any]:
    """All entries, which hold words only; the page narrows the best hits down (views/search_facets.py)."""
    return entries


class SearchFilter(FilterSet):
    """What can be found, by kind. The counted facets narrow down what was found: claims, answers and frameworks."""

    kind = WordFilter(SearchEntry.KINDS, label=_("Kinds of result"), method="filter_kind")
    framework = RecordFilter(many=True, label=_("Framework"), method=_left_to_the_page)
    verdict = WordFilter(Verdict, many=True, label=_("Fact check"), method=_left_to_the_page)
    strength = WordFilter(Strength, many=True, label=_("Evidence"), method=_left_to_the_page)
    counted = ("framework", "verdict", "strength")

    class Meta:
        form = SearchForm

    @classmethod
    def all_rows(cls) -> QuerySet[SearchEntry]:
        return SearchEntry.objects.order_by("id")

    def check_records(self) -> None:
        """One query if a framework is chosen."""
        if chosen := self.params["framework"]:
            found = Framework.objects.published().filter(slug__in=chosen)
            self.form.require("framework", dict(found.values_list("slug", "name")))

    @staticmethod
    def filter_kind(entries: QuerySet[SearchEntry], name: str, kind: str) -> QuerySet[Any]:
        in_sections = (Q(id__range=SearchEntry.keys_of(kind, is_low)) for is_low in SearchEntry.sections_of(kind))
        return entries.filter(reduce(or_, in_sections))
