"""Days that are known to the month or the year are typed as they are known."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from comparisons.models import Article, Framework
from tests import factories as make

from .forms import opened, send, text_of


@pytest.mark.parametrize(
    ("typed", "day", "precision"),
    [
        ("2026-03", dt.date(2026, 3, 1), "month"),
        (" 2026 ", dt.date(2026, 1, 1), "year"),
        ("2026-03-14", dt.date(2026, 3, 14), "day"),
    ],
)
def test_a_month_or_a_year_is_typed_as_such(chief: Client, typed: str, day: dt.date, precision: str) -> None:
    article = make.make_article(published_on=None, precision="")
    send(chief, article, opened(chief, article), published_on=typed, precision="")
    article.refresh_from_db()
    assert (article.published_on, article.precision) == (day, precision)


def test_a_day_becomes_the_month_that_is_typed_for_it(chief: Client) -> None:
    article = make.make_article(published_on=dt.date(2026, 3, 1), precision="day")
    send(chief, article, opened(chief, article), published_on="2026-03")
    assert Article.objects.get(pk=article.pk).precision == "month"


def test_a_release_beneath_its_framework_is_typed_so_too(chief: Client) -> None:
    release = make.make_release(make.make_framework("one"), "1.0")
    framework = Framework.objects.get()
    send(chief, framework, opened(chief, framework), **{"releases-0-released_on": "2025-11"})
    release.refresh_from_db()
    assert (release.released_on, release.precision) == (dt.date(2025, 11, 1), "month")


@pytest.mark.parametrize("typed", ["2026-13", "March 2026", "2026-3-", "٢٠٢٦"])
def test_what_is_no_day_is_told_how_to_write_one(chief: Client, typed: str) -> None:
    article = make.make_article()
    text = text_of(send(chief, article, opened(chief, article), published_on=typed))
    assert "Write a day as 2026-03-14, and as 2026-03 or 2026" in text
