"""In which order the sources of a claim stand, on either database."""

from __future__ import annotations

import datetime as dt

import pytest

from comparisons.evidence.citations import cited_claims
from comparisons.evidence.witnesses import Witnesses
from comparisons.models import Citation
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.crossing]


def test_an_undated_source_stands_after_all_that_are_dated():
    claim = make.make_claim(by=())
    for publisher, day in (("Old", dt.date(2020, 1, 1)), ("Undated", None), ("New", dt.date(2026, 1, 1))):
        make.make_citation(claim, make.make_article(publisher=publisher, published_on=day))
    make.settle()
    [found] = cited_claims(Citation.objects.filter(claim=claim), Witnesses()).values()
    assert [one.source_name for one in found.citations] == ["New", "Old", "Undated"]
    assert [one.source_name for one in found.by_source] == ["New", "Old", "Undated"]
