"""Benchmarks move with what they belong to when articles and criteria are merged and criteria split."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model

from comparisons.editing.merging.articles import merge_articles
from comparisons.editing.merging.criteria import merge_criteria
from comparisons.editing.merging.plan import Refused
from comparisons.editing.merging.splitting import Split, split_criterion
from comparisons.models import Benchmark, Claim, Criterion
from tests.factories import make_article, make_benchmark, make_criterion, make_figure, make_framework, make_group

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss() -> Any:
    return get_user_model().objects.create_superuser("boss")


def new_criterion() -> Criterion:
    return Criterion(group=make_group(), slug="new", name="New", question="New?", definition="What is new.")


def test_the_benchmarks_of_a_merged_article_become_those_of_the_one_that_stays(boss: Any) -> None:
    duplicate, kept = make_article(), make_article()
    benchmark = make_benchmark(article=duplicate)
    merge_articles(duplicate, kept, by=boss)
    assert Benchmark.objects.get().article == kept
    assert benchmark.history.count() == 2


def test_the_benchmarks_of_a_merged_criterion_move_with_their_figures(boss: Any) -> None:
    duplicate, kept = (make_criterion(value_type="number") for _ in range(2))
    make_figure(make_framework(), make_benchmark(criterion=duplicate), 5)
    merge_criteria(duplicate, kept, by=boss)
    assert (Benchmark.objects.get().criterion, Claim.objects.get().criterion) == (kept, kept)


def test_a_split_takes_a_benchmark_along_with_all_its_figures(boss: Any) -> None:
    old = make_criterion(value_type="number", is_count=True, changes_with_releases=False)
    going, staying = (make_figure(make_framework(), make_benchmark(criterion=old), 5) for _ in range(2))
    new = split_criterion(old, new_criterion(), Split(frozenset([going.pk])), by=boss)
    assert Benchmark.objects.get(figures=going).criterion == new
    assert Benchmark.objects.get(figures=staying).criterion == old
    assert (new.is_count, new.changes_with_releases) == (True, False)


def test_a_split_never_divides_a_benchmark(boss: Any) -> None:
    benchmark = make_benchmark()
    going = make_figure(make_framework(), benchmark, 5)
    make_figure(make_framework(), benchmark, 6)
    with pytest.raises(Refused, match="Choose all of them or none"):
        split_criterion(benchmark.criterion, new_criterion(), Split(frozenset([going.pk])), by=boss)
