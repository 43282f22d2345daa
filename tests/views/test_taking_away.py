"""Every table of the site as a file: what is on screen, for everybody, at the cost of the page."""

from __future__ import annotations

import csv
import html
import io
import json
import re
import zipfile
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from comparisons import urls
from comparisons.exchange import spreadsheets
from comparisons.filters import FORMATS
from comparisons.models import Claim
from comparisons.search import index
from comparisons.views import pitfalls, takeaway
from comparisons.views.sheets import matrix as matrix_sheets
from tests.factories import (
    make_article,
    make_benchmark,
    make_challenge,
    make_claim,
    make_criterion,
    make_framework,
    make_group,
    settle,
    unsettled,
)

from .reading import SECRETS, hide_claims, make_world

#: Addresses in the world of `make_world`, by the name of their pattern.
TABLES = {
    "comparison_list": "/comparisons/",
    "comparison": "/comparisons/featured/",
    "compare_frameworks": "/compare/fw0-vs-other/",
    "matrix": "/matrix/",
    "framework_list": "/frameworks/",
    "framework": "/frameworks/fw0/",
    "cell": "/frameworks/fw0/crit0/",
    "criterion_list": "/criteria/",
    "criterion": "/criteria/crit0/",
    "benchmark_list": "/benchmarks/",
    "benchmark": "/benchmarks/bench/",
    "claim_list": "/pros-cons/",
    "article_list": "/articles/",
    "article": "/articles/source/",
    "disagreement_list": "/disagreements/",
    "use_case_list": "/use-cases/",
    "use_case": "/use-cases/api/",
    "pitfall_list": "/pitfalls/",
    "practice_list": "/practices/",
    "search": "/search/?q=source",
    "challenge_list": "/challenges/",
    "choose": "/choose/?weigh.crit0=most",
    "comparison_edition": f"/comparisons/featured/@{timezone.localdate()}",
}


def taken(address: str, format: str = "csv") -> Any:
    """The answer to a request for a page as a file."""
    return Client().get(address + ("&" if "?" in address else "?") + f"format={format}")


def rows_of(address: str) -> list[dict[str, str]]:
    """The rows of a page as CSV has them."""
    response = taken(address)
    assert response.status_code == 200
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"), newline="")))


def data_of(address: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(taken(address, "json").content)
    return found


def fill(size: int) -> None:
    """A world with a row for every table."""
    make_world(size)
    source = make_article("source", title="Source", publisher="A press")
    first = make_framework("first", name="First", order=0)
    group = make_group("uses", name="Uses", holds_use_cases=True)
    use = make_criterion("api", levels=("yes", "maybe", "no"), group=group)
    make_claim(first, use, level="yes", key="first-api", kind="recommendation", by=(source,))
    speed = make_criterion("speed", value_type="number", unit="requests/s")
    bench = make_benchmark("bench", criterion=speed, title="Bench")
    beware = make_criterion("beware")  # one for all, so that the keys decide their order
    now = timezone.now()
    told = {"status": "kept", "answer": "It stays.", "answered_at": now, "is_quoted": False}
    make_challenge(Claim.objects.published().order_by("pk")[0], text=SECRETS[0], **told)
    for number in range(size):
        other = make_framework(f"more{number}", order=50 + number)
        make_claim(other, speed, key=f"figure{number}", kind="figure", number=100 + number, benchmark=bench)
        for kind in ("pitfall", "practice"):
            texts = {"impact": "It breaks.", "remedy": "Do not."} if kind == "pitfall" else {}
            make_claim(first, beware, key=f"{kind}{number}", kind=kind, polarity="con", by=(source,), **texts)
    settle()
    index.rebuild()


@pytest.mark.django_db
@pytest.mark.parametrize("format", FORMATS)
def test_every_table_can_be_taken_away_and_shows_nothing_unpublished(format: str) -> None:
    fill(1)
    hide_claims()
    for name, address in TABLES.items():
        response = taken(address, format)
        assert response.status_code == 200, address
        assert response["Content-Type"] == takeaway.CONTENT_TYPES[format][0]
        assert response["Access-Control-Allow-Origin"] == "*"
        assert f".{format}" in response["Content-Disposition"]
        text = response.content.decode(errors="replace")
        assert not [word for word in SECRETS if word in text], address
        assert format not in ("csv", "md") or len(text.splitlines()) > 1, name


@pytest.mark.django_db
def test_every_page_with_a_table_offers_it_and_names_its_formats() -> None:
    fill(1)
    for address in TABLES.values():
        page = Client().get(address).content.decode()
        assert all(f"format={format}" in page for format in FORMATS), address
        assert page.count('id="pop-take"') == 1, address


def test_every_page_that_takes_a_format_is_among_these() -> None:
    taking = {
        pattern.name
        for pattern in urls.urlpatterns
        if "format" in getattr(getattr(pattern.callback, "kept", None), "names", ())
    }
    assert taking - {"decision", "decision_draft", "choice_card"} == set(TABLES)  # these are no tables


@pytest.mark.django_db
def test_a_file_takes_no_more_queries_than_its_page_at_any_size() -> None:
    counts: list[dict[str, int]] = []
    for size in (1, 12):
        _grow(size)
        found = {}
        for name, address in TABLES.items():
            Client().get(address)  # what a process remembers is remembered
            with CaptureQueriesContext(connection) as page:
                Client().get(address)
            with CaptureQueriesContext(connection) as file:
                taken(address)
            assert len(file) <= len(page), address
            found[name] = len(file)
        counts.append(found)
    assert counts[0] == counts[1]


@unsettled()
def _grow(size: int) -> None:
    if size == 1:
        fill(1)
        return
    for number in range(size):
        framework = make_framework(f"new{number}", order=80 + number)
        make_claim(framework, make_criterion(f"new-crit{number}"), key=f"new{number}", polarity="pro")


@pytest.mark.django_db
def test_a_matrix_says_silence_in_words_and_puts_evidence_beside_each_answer() -> None:
    make_world(2)
    first = rows_of("/compare/fw0-vs-other/")[0]
    assert list(first) == ["group", "criterion", "fw0", "fw0 evidence", "other", "other evidence"]
    assert (first["fw0"], first["other"]) == ("Full", "No source found yet")
    assert "source" in first["fw0 evidence"]
    cell = data_of("/compare/fw0-vs-other/")["rows"][0]["fw0"]
    assert (cell["level"], cell["agreement"], cell["sources"] > 0) == ("full", "disputed", True)
    assert cell["address"].endswith("/frameworks/fw0/crit0/")


@pytest.mark.django_db
def test_a_matrix_is_taken_away_as_it_is_seen() -> None:
    make_world(2)
    turned = rows_of("/matrix/?transpose=1&criterion=crit1&framework=other&framework=fw1")
    assert [row["framework"] for row in turned] == ["Other", "Framework 1"]
    assert list(turned[0]) == ["framework", "crit1", "crit1 evidence"]


@pytest.mark.django_db
def test_a_list_is_taken_away_whole_with_its_filters_and_in_its_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pitfalls, "PITFALLS", 1)
    fill(3)
    assert [row["key"] for row in rows_of("/pitfalls/?framework=first")] == ["pitfall0", "pitfall1", "pitfall2"]
    assert rows_of("/pitfalls/?framework=fw0") == []
    monkeypatch.setattr(takeaway, "PART", 2)
    first = data_of("/pitfalls/?page=1")
    assert (first["total"], first["first"], first["last"], len(first["rows"])) == (3, 1, 2, 2)
    assert first["next"].endswith("/pitfalls/?format=json&page=2")
    response = taken("/pitfalls/?page=2", "json")
    assert [row["key"] for row in json.loads(response.content)["rows"]] == ["pitfall2"]
    assert 'rel="next"' not in response["Link"]


@pytest.mark.django_db
def test_a_large_file_is_streamed_part_by_part_in_every_format(monkeypatch: pytest.MonkeyPatch) -> None:
    fill(5)
    whole = {(name, format): _content(TABLES[name], format) for name in LARGE for format in FORMATS}
    monkeypatch.setattr(takeaway, "PART", 2)
    monkeypatch.setattr(matrix_sheets, "CELLS", 12)
    at_once: list[int] = []
    read = takeaway.SheetPart.__init__

    def count(part: Any, sheet: Any, after: str) -> None:
        at_once.append(len(sheet.rows))
        read(part, sheet, after)

    monkeypatch.setattr(takeaway.SheetPart, "__init__", count)
    for (name, format), content in whole.items():
        response = taken(TABLES[name], format)
        assert response.streaming, name
        assert 'rel="next"' not in response["Link"]
        assert _content(TABLES[name], format) == content, (name, format)
    assert len(at_once) > 50
    assert max(at_once) <= 4


#: Tables that have more rows than one part of a file, if that is small.
LARGE = ("pitfall_list", "claim_list", "matrix", "framework_list")


def _content(address: str, format: str) -> Any:
    """What a file holds, but for the bytes of a packed one; of a matrix without the names of its benchmarks."""
    body = taken(address, format).getvalue()
    if format == "xlsx":
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            return packed.read("xl/worksheets/sheet1.xml")
    text = re.sub(r', "benchmarks": "[^"]*"|- benchmarks: .*\n', "", body.decode())
    return text


@pytest.mark.django_db
def test_a_large_turned_matrix_keeps_its_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    fill(3)
    whole = rows_of("/matrix/?transpose=1")
    monkeypatch.setattr(matrix_sheets, "CELLS", 10)
    response = taken("/matrix/?transpose=1")
    assert response.streaming
    assert list(csv.DictReader(io.StringIO(response.getvalue().decode("utf-8-sig"), newline=""))) == whole


@pytest.mark.django_db
def test_a_table_that_no_spreadsheet_holds_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    fill(3)
    monkeypatch.setattr(spreadsheets, "MOST_ROWS", 3)
    response = taken("/pitfalls/", "xlsx")
    assert response.status_code == 400
    assert "take CSV" in response.content.decode()


@pytest.mark.django_db
def test_one_large_file_is_written_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each takes a thread for up to minutes; four at once would leave none to readers."""
    fill(3)
    monkeypatch.setattr(takeaway, "PART", 2)
    meanwhile: list[Any] = []
    write = takeaway._write

    def slowly(*given: Any) -> None:
        monkeypatch.setattr(takeaway, "_write", write)
        meanwhile.extend(Client().get(f"/pitfalls/?format=csv{more}") for more in ("", "&page=1"))
        write(*given)

    monkeypatch.setattr(takeaway, "_write", slowly)
    assert taken("/pitfalls/").status_code == 200
    large, small = meanwhile
    assert (large.status_code, large["Retry-After"], small.status_code) == (503, "60", 200)
    page = large.content.decode()
    assert "Another large file is being written" in page
    assert [html.unescape(one) for one in re.findall(r'class="btn[^"]*" href="([^"]+)"', page)] == [
        *("/pitfalls/?format=csv", "/pitfalls/?format=csv&page=1", "/pitfalls/")
    ]
    assert taken("/pitfalls/").status_code == 200


@pytest.mark.django_db
def test_a_file_says_what_it_is_of_when_and_under_which_licence() -> None:
    fill(1)
    found = data_of("/pros-cons/?polarity=con")
    assert found["title"] == "Pros and cons, Against"
    assert found["address"] == "https://crosscheck.example/pros-cons/?polarity=con"
    assert found["licence"] == "CC BY 4.0"
    assert found["day"]


@pytest.mark.django_db
def test_an_unknown_format_is_refused_and_named() -> None:
    response = taken("/articles/", "pdf")
    assert response.status_code == 400
    assert "pdf" in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["coverage", "suggest", "method"])
def test_pages_without_a_table_ignore_the_format(name: str) -> None:
    response = taken(reverse(f"comparisons:{name}"))
    assert response["Content-Type"].startswith("text/html")


@pytest.mark.django_db
def test_a_claim_and_its_sources_are_taken_away_in_the_words_of_an_import() -> None:
    fill(1)
    [row] = rows_of("/pitfalls/")
    assert (row["framework"], row["statement"]) == ("first", Claim.objects.get(key="pitfall0").statement)
    [source] = data_of("/pitfalls/")["rows"][0]["sources"]
    assert (source["article"], source["stance"], source["publisher"]) == ("source", "supports", "A press")
