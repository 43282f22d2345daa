"""FilterSets: which rows remain, how many each option would leave, and what one of them costs."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import QueryDict

from comparisons import filters
from comparisons.models import Claim, SearchEntry
from comparisons.search import index
from comparisons.search.entries import record_of
from tests.factories import make_article, make_claim, make_criterion, make_framework, make_group

FILTERSETS = [value for name, value in vars(filters).items() if name.endswith("Filter") and hasattr(value, "all_rows")]
LISTS = [one for one in FILTERSETS if one not in (filters.FilterSet, filters.ClaimFilter)]


def counts(facet: filters.Facet) -> dict[str, int]:
    return {option.value: option.count for option in facet.options if option.count}


@pytest.fixture
def articles(db: None) -> None:
    for slug, kind, interest in (
        ("one", "talk", "independent"),
        ("two", "talk", "commercial"),
        ("three", "article", "commercial"),
    ):
        make_article(slug, kind=kind, interest=interest)


@pytest.mark.parametrize(
    ("query", "total", "kinds", "interests"),
    [
        ("", 3, {"talk": 2, "article": 1}, {"independent": 1, "commercial": 2}),
        ("kind=talk", 2, {"talk": 2, "article": 1}, {"independent": 1, "commercial": 1}),
        ("interest=commercial", 2, {"talk": 1, "article": 1}, {"independent": 1, "commercial": 2}),
        ("kind=article&interest=independent", 0, {"talk": 1}, {"commercial": 1}),
    ],
)
def test_an_option_counts_the_rows_that_the_other_facets_leave(
    articles: None, django_assert_num_queries: Any, query: str, total: int, kinds: Any, interests: Any
) -> None:
    with django_assert_num_queries(1):
        found = filters.ArticleFilter.read(QueryDict(query))
        assert found.total == total
        assert (counts(found.facet("kind")), counts(found.facet("interest"))) == (kinds, interests)
    assert found.qs.count() == total


@pytest.mark.django_db
def test_pitfalls_of_some_frameworks_and_of_any_are_joined_by_or() -> None:
    one, two = make_framework("one"), make_framework("two")
    for framework in (one, one, two, two):
        claim = make_claim(framework, kind="pitfall", impact="Much.", remedy="Little.")
    Claim.objects.filter(pk=claim.pk).update(framework=None)
    for query, total in (("", 4), ("framework=one", 2), ("general=1", 1), ("framework=two&general=1", 2)):
        found = filters.PitfallFilter.read(QueryDict(query))
        assert found.total == found.qs.count() == total
        assert [option.count for option in [*found.frameworks.options, found.general_option]] == [2, 1, 1]


@pytest.mark.django_db
def test_the_choice_of_frameworks_leaves_every_scenario() -> None:
    make_framework("one")
    make_criterion("case", group=make_group("cases", holds_use_cases=True))
    found = filters.UseCaseFilter.read(QueryDict("framework=one"))
    assert [scenario.slug for scenario in found.qs] == ["case"]
    assert len(found.framework_ids or []) == 1


@pytest.mark.django_db
def test_entries_of_the_search_are_narrowed_to_a_kind() -> None:
    make_framework("one")
    index.rebuild()
    for kind in SearchEntry.KINDS:
        entries = filters.SearchFilter.read(QueryDict(f"kind={kind}")).qs
        assert all(record_of(entry.pk)[0] == kind for entry in entries)
    assert filters.SearchFilter.read(QueryDict("kind=frameworks")).qs.count() == 1


@pytest.mark.parametrize("filterset", LISTS)
def test_a_list_offers_its_rows_and_ignores_parameters_it_does_not_know(db: None, filterset: Any) -> None:
    assert list(filterset.read(QueryDict("unknown=1")).qs) == []


@pytest.mark.parametrize("filterset", [filters.DisagreementFilter, filters.PitfallFilter, filters.UseCaseFilter])
def test_a_framework_that_is_not_there_is_refused(db: None, filterset: Any) -> None:
    with pytest.raises(filters.BadQuery):
        filterset.read(QueryDict("framework=nope"))


def test_rows_are_never_chosen_by_a_value_that_cannot_be_used(db: None) -> None:
    with pytest.raises(filters.BadQuery):
        _ = filters.ArticleFilter(QueryDict("kind=nope")).qs


def test_requests_share_fields_and_form_class_but_no_filter() -> None:
    one, two = filters.ArticleFilter(QueryDict("kind=talk")), filters.ArticleFilter(QueryDict(""))
    assert type(one.form) is type(two.form)
    assert one.form.fields["kind"] is two.form.fields["kind"]
    assert one.filters["kind"] is not two.filters["kind"]
    assert (one.filters["kind"].parent, two.filters["kind"].parent) == (one, two)


def test_a_method_of_a_filter_belongs_to_its_own_request() -> None:
    one, two = filters.SearchFilter(QueryDict("")), filters.SearchFilter(QueryDict(""))
    assert one.filters["kind"].filter.f.parent is one
    assert two.filters["kind"].filter.f.parent is two
