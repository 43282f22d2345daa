"""Examples of figures and benchmarks that break a rule: what makes one, the code of the rule, the record."""

from __future__ import annotations

from typing import Any

from django.db import models

from tests.factories import make_article, make_benchmark, make_criterion, make_figure, make_framework


def _raw(row: models.Model, **fields: Any) -> None:
    models.QuerySet(type(row)).filter(pk=row.pk).update(**fields)


def of_another_criterion() -> None:
    figure = make_figure(make_framework(), make_benchmark("speed"), 5, key="c")
    _raw(figure, criterion=make_criterion(value_type="number"))


def twice() -> None:
    benchmark, framework = make_benchmark("speed"), make_framework("one")
    for number in (5, 6):
        make_figure(framework, benchmark, number)


def without_number() -> None:
    _raw(make_benchmark("speed"), criterion=make_criterion())


def outside_interval() -> None:
    make_figure(make_framework(), make_benchmark(), 9, key="c", interval_low=5, interval_high=6)


def undated_count() -> None:
    counted = make_criterion(value_type="number", is_count=True)
    make_benchmark("speed", criterion=counted, measured_on=None, article=make_article(published_on=None))


FIGURE_EXAMPLES = {
    "a figure of another quantity": (of_another_criterion, "figure-of-another-criterion", "claim c"),
    "two figures of one framework": (twice, "figure-twice-in-benchmark", "benchmark speed"),
    "a benchmark of what is no number": (without_number, "benchmark-without-number", "benchmark speed"),
    "a figure outside its interval": (outside_interval, "figure-outside-interval", "claim c"),
    "a count of no day": (undated_count, "count-without-date", "benchmark speed"),
}
