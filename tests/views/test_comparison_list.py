"""The list of curated comparisons."""

import pytest

from tests.factories import make_comparison, make_framework, settle

pytestmark = [pytest.mark.django_db, pytest.mark.crossing]


def test_comparisons_stand_in_the_order_that_editors_gave_them(client):
    one = make_framework("alpha")
    for slug, order in (("a-last", 3), ("b-first", 1), ("c-second", 2)):
        make_comparison(slug, (one,), order=order)
    settle()
    rows = client.get("/comparisons/", {"format": "csv"}).content.decode("utf-8-sig").splitlines()
    assert [row.split(",")[0] for row in rows] == ["slug", "b-first", "c-second", "a-last"]
