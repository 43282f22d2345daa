"""Workbooks as people and machines send them: what is read, and what is refused in words."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from decimal import Decimal

import pytest

from comparisons.exchange import workbooks
from comparisons.exchange.claims import Unreadable, limits
from comparisons.exchange.workbooks import sources
from comparisons.exchange.workbooks.examples import example
from comparisons.exchange.workbooks.messages import problem_lines
from comparisons.models import Article, Claim, Subject, subject
from tests.factories import make_criterion, make_framework

from .builders import as_xlsx, grid, imported, messages, tables

pytestmark = pytest.mark.django_db


def changed(content: bytes, named: dict[str, bytes]) -> bytes:
    """An archive with parts added or replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            if entry.filename not in named:
                new.writestr(entry.filename, old.read(entry))
        for name, text in named.items():
            new.writestr(name, text)
    return out.getvalue()


def test_dates_numbers_and_booleans_are_read_as_a_table_has_them():
    make_framework("example")
    make_criterion("pace", "number")
    head = ["slug", "title", "kind", "interest", "published_on", "url_opened"]
    article = ["a", "A", "article", "independent", dt.datetime(2026, 5, 1), False]
    claim = ["k", "example", "pace", "figure", "pro", "So.", 12.5, 1e6, True]
    names = ["Key", "Framework", "criterion", "kind", "polarity", "statement", "number", "number high", "approximate"]
    imported(as_xlsx({"Articles": [[], [], head, article], "claim": [names, claim]}))
    assert Article.objects.values_list("published_on", "precision", "url_opened").get() == (
        dt.date(2026, 5, 1),
        "day",
        False,
    )
    assert Claim.objects.values_list("number", "number_high", "approximate").get() == (Decimal("12.5"), 1_000_000, True)


def test_a_formula_and_an_error_are_told_by_their_cells():
    given = {name: grid(rows) for name, rows in tables().items()}
    given["groups"][1][1] = "=A1"
    given["frameworks"][1][1] = "=1/0"
    content = as_xlsx(given)
    lines = messages(content)
    assert [line.split(":")[0] for line in lines] == [
        "sheet “frameworks”, row 2, column “name”",
        "sheet “groups”, row 2, column “name”",
    ]
    assert "holds a formula" in lines[0]


def test_text_that_begins_like_a_formula_is_text():
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        page = book.add_worksheet("groups")
        page.write_row(0, 0, ["slug", "name"])
        page.write_row(1, 0, ["a", "=A and B"])
    imported(out.getvalue())


def test_a_version_that_is_a_number_is_refused():
    rows = [["slug", "title", "kind", "interest", "edition"], ["a", "A", "article", "independent", 3.1]]
    (line,) = messages(as_xlsx({"articles": rows}))
    assert "3.1 and 3.10 are the same" in line


def test_sheets_of_no_kind_are_noted_and_misnamed_ones_refused():
    given = {"groups": [["slug", "name"], ["a", "A"]], "Notes": [["Remember this"]]}
    plan = imported(as_xlsx(given))
    assert "“Notes” was not read" in plan.notes[0]
    (line,) = messages(as_xlsx({**given, "Sheet1": [["slug", "name", "description"], ["b", "B", "So."]]}))
    assert line.startswith("sheet “Sheet1”: No kind of record has this name")


def test_a_sheet_may_be_named_by_the_noun_of_the_subject(monkeypatch):
    monkeypatch.setattr(subject, "_kept", (float("inf"), Subject(noun="browser", noun_plural="browsers")))
    plan = imported(as_xlsx({"Browsers": [["slug", "name", "tagline", "summary"], ["a", "A", "So.", "So."]]}))
    assert plan.counts["created"] == 1


BOMB = b"<worksheet><sheetData>" + b"<row><c><v>1</v></c></row>" * 10
GOOD = "xl/worksheets/sheet2.xml"
HOSTILE: dict[str, tuple[dict[str, bytes], str]] = {
    "links to other workbooks": ({"xl/externalLinks/externalLink1.xml": b"<a/>"}, "links to other workbooks"),
    "macros": ({"xl/vbaProject.bin": b"x"}, "has macros"),
    "connections": ({"xl/connections.xml": b"<a/>"}, "connections to data outside"),
    "embedded objects": ({"xl/embeddings/o.bin": b"x"}, "embedded objects"),
    "entities": ({GOOD: b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet>&b;</worksheet>'}, "declares entities"),
    "entities in UTF-16": ({GOOD: '<!DOCTYPE a [<!ENTITY b "c">]><worksheet/>'.encode("utf-16")}, "declares entities"),
    "no workbook inside": ({"xl/workbook.xml": b"<a/>"}, ""),
    "broken XML": ({GOOD: BOMB}, "cannot be read. Save it again"),
    "a bomb": ({GOOD: b" " * 70_000_000}, "Unpacked, it has more than 60 MB"),
}


@pytest.mark.parametrize(("parts", "message"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_workbook_is_refused_in_words(parts, message):
    content = changed(example("xlsx"), parts)
    try:
        told = list(problem_lines(workbooks.plan(workbooks.read_archive(content, "kb.xlsx"))))
    except Unreadable as error:
        told = [error.problem.message]
    assert told and message in told[0]


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04", b"PK\x05\x06" + b"\0" * 18, b"\xd0\xcf\x11\xe0" * 9, example("xlsx")[:-40]]
)
def test_what_is_no_archive_is_refused(content):
    with pytest.raises(Unreadable):
        workbooks.read_archive(content)


def test_an_archive_that_lies_about_its_parts_is_refused():
    content = bytearray(example("zip"))
    at = content.index(b"slug,name") if b"slug,name" in content else len(content) // 3
    content[at] ^= 0xFF
    with pytest.raises(Unreadable):
        workbooks.read_archive(bytes(content))


@pytest.mark.parametrize("cell", ["A60001", "XFD2"])
def test_a_cell_far_out_is_refused_before_it_fills_the_memory(monkeypatch, cell):
    monkeypatch.setattr(limits, "MAX_ROWS", 100)
    row = cell.lstrip("AXFD")
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        '<row r="1"><c r="A1" t="inlineStr"><is><t>slug</t></is></c></row>'
        f'<row r="{row}"><c r="{cell}" t="inlineStr"><is><t>x</t></is></c></row></sheetData></worksheet>'
    )
    (line,) = messages(changed(example("xlsx"), {GOOD: sheet.encode()}))
    assert "cells far out" in line


def test_too_many_rows_are_refused(monkeypatch):
    monkeypatch.setattr(limits, "MAX_ROWS", 5)
    (line,) = messages(as_xlsx({"groups": [["slug", "name"], *([f"g{n}", f"G{n}"] for n in range(9))]}))
    assert "more than 5 rows" in line


def test_an_archive_of_files_is_read_without_what_systems_add(monkeypatch):
    content = changed(example("zip"), {"kb/README.md": b"Read me.", "__MACOSX/groups.csv": b"x"})
    plan = imported(content)
    assert (plan.counts["created"], len(plan.notes)) == (12, 2)
    monkeypatch.setattr(sources, "MAX_TOTAL", 100)
    with pytest.raises(Unreadable, match="Unpacked"):
        workbooks.read_archive(content)
