"""Queries of records by their keys are built once, and find what the query would find."""

from typing import Any

import pytest
from django.db.models import F, QuerySet

from comparisons.models import Claim, Framework
from comparisons.models.prepared import ByKeys
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def claims() -> list[Claim]:
    frameworks = [make.make_framework(name) for name in ("one", "other", "third")]
    return [make.make_claim(framework) for framework in frameworks]


def named(keys: list[int]) -> QuerySet[Any]:
    rows = Claim.objects.filter(pk__in=keys, status="published").select_related("framework")
    return rows.annotate(of=F("framework__slug")).order_by("-pk")


def test_records_are_those_of_the_query_with_all_that_it_reads(
    claims: list[Claim], django_assert_num_queries: Any
) -> None:
    find = ByKeys(named)
    for some in (claims[:1], claims, claims[1:]):
        with django_assert_num_queries(1):
            found = [(one.pk, one.of, one.framework.name) for one in find([claim.pk for claim in some])]
        assert found == [(one.pk, one.of, one.framework.name) for one in named([claim.pk for claim in some])]


def test_values_are_those_of_the_query(claims: list[Claim]) -> None:
    find = ByKeys(lambda keys: named(keys).values_list("framework__name", "of", "published_at")[:2])
    keys = [claim.pk for claim in claims]
    assert find(keys) == list(named(keys).values_list("framework__name", "of", "published_at")[:2])


def test_a_query_may_have_two_lists_of_keys_in_any_order(claims: list[Claim]) -> None:
    def of(criteria: list[int], frameworks: list[int]) -> QuerySet[Any]:
        rows = Claim.objects.filter(framework__in=frameworks, status="published", criterion__in=criteria)
        return rows.order_by("pk").values_list("pk", flat=True)

    find, one, other = ByKeys(of), claims[0], claims[2]
    criteria = [claim.criterion_id for claim in claims]
    assert find(criteria, [one.framework_id, other.framework_id]) == [one.pk, other.pk]
    assert find(criteria, [other.framework_id]) == [other.pk]
    assert find(criteria, []) == []


def test_no_keys_take_no_query(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert ByKeys(named)([]) == []


def test_it_is_built_once(claims: list[Claim]) -> None:
    built: list[int] = []

    def build(keys: list[int]) -> QuerySet[Any]:
        built.extend(keys)
        return named(keys)

    find = ByKeys(build)
    assert [len(find([claim.pk for claim in some])) for some in (claims, claims[:2])] == [3, 2]
    assert len(built) == 1


def test_a_query_whose_keys_do_not_stand_in_one_place_is_refused() -> None:
    with pytest.raises(ValueError, match="keys"):
        ByKeys(lambda keys: Framework.objects.filter(pk=keys[0]))([1])
