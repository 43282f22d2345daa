"""The 304 of a page that is not kept has the headers of the page: a cache puts them in place of those it has."""

from __future__ import annotations

import pytest
from django.test import Client

from tests import factories as make

pytestmark = pytest.mark.django_db

#: Headers that decide who may use a page, and for what.
DECISIVE = (
    "Access-Control-Allow-Origin",
    "Access-Control-Expose-Headers",
    "Cache-Control",
    "Content-Security-Policy",
    "Cross-Origin-Resource-Policy",
    "Vary",
    "X-Frame-Options",
)
BROWSER = {"accept-encoding": "gzip, br"}


@pytest.mark.parametrize("path", ["/matrix/", "/search/?q=one", "/api/v1/frameworks", "/embed/row/one/", "/robots.txt"])
def test_a_page_that_is_not_kept_stays_as_open_as_it_was(path: str) -> None:
    make.make_claim(make.make_framework("one"), make.make_criterion("one"), by=(make.make_article(),))
    page = Client().get(path, headers=BROWSER)
    assert page.status_code == 200
    again = Client().get(path, headers={**BROWSER, "if-none-match": page["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert {name: again.get(name) for name in DECISIVE} == {name: page.get(name) for name in DECISIVE}
