"""A file is taken away part by part where one asks for its first page."""

from __future__ import annotations

import csv
import io
import re

import pytest
from django.test import Client

from comparisons.views import pros_cons, takeaway
from comparisons.views.sheets import matrix as matrix_sheets

from .test_taking_away import TABLES, fill, rows_of, taken

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["pitfall_list", "claim_list", "matrix", "article_list"])
def test_with_page_1_each_part_leads_to_the_next_until_all_rows_were_had(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(5)
    whole = rows_of(TABLES[name])
    monkeypatch.setattr(takeaway, "PART", 2)
    monkeypatch.setattr(matrix_sheets, "CELLS", 12)
    rows, address = [], f"{TABLES[name]}?page=1&format=csv"
    while address:
        response = Client().get(address)
        assert response.status_code == 200 and not response.streaming
        rows += csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"), newline=""))
        found = re.search(r'<https?://[^/]+([^>]+)>; rel="next"', response["Link"])
        address = found[1] if found else ""
    assert rows == whole and len(rows) > 2


def test_pages_of_pros_and_cons_have_no_numbers_but_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    fill(3)
    monkeypatch.setattr(pros_cons, "SIZE", 2)
    refused = taken("/pros-cons/?page=2")
    assert refused.status_code == 400 and "Only the first page of this list has a number" in refused.content.decode()
    page = Client().get("/pros-cons/?page=1").content.decode()
    assert re.search(r'rel="next" href="/pros-cons/\?after=[^"&]+"', page)
