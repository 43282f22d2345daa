"""Days that are known to the year or the month are shown as that wherever evidence is dated."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client

from comparisons.models import Cell
from tests import factories as make
from tests.admin.forms import change_url
from tests.admin.users import log_in, make_user

pytestmark = pytest.mark.django_db
YEAR, MONTH = (
    {"published_on": dt.date(2025, 1, 1), "precision": "year"},
    {
        "published_on": dt.date(2025, 1, 1),
        "precision": "month",
    },
)


def text(client: Client, path: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", client.get(path).content.decode()))


@pytest.mark.parametrize(("known", "words", "iso"), [(YEAR, "2025", "2025"), (MONTH, "January 2025", "2025-01")])
def test_the_newest_evidence_is_dated_as_exactly_as_it_is_known(
    client: Client, known: dict[str, object], words: str, iso: str
) -> None:
    criterion = make.make_criterion("works", levels=("yes", "no"))
    claim = make.make_claim(make.make_framework("one"), criterion, level="yes", by=(make.make_article(**known),))
    make.settle()
    assert f" Newest evidence {words} " in text(client, "/frameworks/one/works/")
    assert f" {words} " in text(client, "/criteria/works/") and "1 January" not in text(client, "/criteria/works/")
    assert f" Newest source {words} " in text(client, claim.get_absolute_url())
    assert f'"newest_evidence": "{iso}"' in client.get("/frameworks/one/works/?format=json").content.decode()
    assert f'"newest": "{iso}"' in client.get("/matrix/?format=json").content.decode()
    page = text(log_in(make_user("root")), change_url(Cell.objects.get()))
    assert re.search(rf"(?i)newest evidence:? {words} ", page), page
    if known is YEAR:
        assert "January 2025" not in text(client, "/frameworks/one/works/")


@pytest.mark.parametrize(("known", "words"), [(YEAR, "2025"), (MONTH, "January 2025")])
@pytest.mark.parametrize("in_a_test", [False, True])
def test_a_count_is_dated_as_exactly_as_it_is_known(
    client: Client, known: dict[str, object], words: str, in_a_test: bool
) -> None:
    article = make.make_article(**known)
    criterion = make.make_criterion("stars", "number", unit="stars", is_count=True)
    benchmark = make.make_benchmark(criterion=criterion, article=article, measured_on=None) if in_a_test else None
    make.make_figure(make.make_framework("one"), benchmark, 5, criterion=criterion, by=(article,))
    make.settle()
    page = text(client, "/frameworks/one/stars/")
    assert words in page and "1 January" not in page
    assert Cell.objects.get().figure_precision == known["precision"]


def test_of_two_sources_of_a_day_the_one_that_knows_it_best_counts() -> None:
    exact = {"published_on": dt.date(2025, 1, 1), "precision": "day"}
    make.make_claim(by=(make.make_article(**YEAR), make.make_article(**exact)))
    make.settle()
    assert Cell.objects.get().newest_precision == ""
