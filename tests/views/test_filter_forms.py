"""Filters say what the page shows: a browser that goes back does not fill in what was ticked later."""

from __future__ import annotations

import pytest
from django.test import Client

from tests import factories as make

from .reading import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.crossing]
PAGES = ("/pros-cons/", "/matrix/", "/articles/", "/benchmarks/", "/criteria/", "/frameworks/", "/disagreements/")


@pytest.mark.parametrize("address", PAGES)
def test_the_browser_does_not_fill_in_a_filter_by_itself(client: Client, address: str) -> None:
    framework, criterion = make.make_framework("one"), make.make_criterion("size")
    make.make_claim(framework, criterion, key="small")
    make.settle()
    html = text_of(client, address)
    assert '<form autocomplete="off" ' in html
