"""Tables to take away: one table in each format, hostile texts included."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import zipfile
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comparisons.exchange import sheets, spreadsheets
from comparisons.exchange.claim_columns import COLUMNS
from comparisons.exchange.claims import reading
from comparisons.exchange.sheets import Entry, Sheet, SheetColumn

pytestmark = pytest.mark.any_database

DAY = dt.date(2026, 11, 29)
SHEET = Sheet(
    "All [things]",
    [SheetColumn("name", "Name"), SheetColumn("size", "Size"), SheetColumn("note", "Note", in_words=True)],
    [
        [Entry("One | two", "https://a.example/one", {"slug": "one"}), Decimal("1.500"), "in words"],
        [Entry("=1+1", "https://a.example/b"), None, "<b>"],
        ["Day", DAY, ""],
    ],
    {"address": "https://a.example/", "total": 3, "nothing": None},
)


def written(sheet: Sheet, format: str) -> bytes:
    """A sheet as a file."""
    out = io.BytesIO()
    sheets.write(out, sheet, format)
    return out.getvalue()


def spreadsheet(sheet: Sheet, day: dt.date) -> bytes:
    """A sheet as XLSX."""
    out = io.BytesIO()
    spreadsheets.write(out, sheet, day)
    return out.getvalue()


def cells(content: bytes, name: str = "sheet1") -> list[list[str]]:
    """The texts of a sheet of a spreadsheet, and the numbers as they are stored."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheet = ElementTree.fromstring(book.read(f"xl/worksheets/{name}.xml"))  # noqa: S314 (made here)
    space = {"x": sheet.tag[1:].partition("}")[0]}
    rows = sheet.findall(".//x:row", space)
    return [["".join(cell.itertext()) for cell in row.findall("x:c", space)] for row in rows]


def test_csv_begins_with_the_mark_of_utf8_and_holds_no_formula() -> None:
    content = written(SHEET, "csv")
    assert content.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))) == [
        ["name", "size", "note"],
        ["One | two", "1.5", "in words"],
        ["'=1+1", "", "<b>"],
        ["Day", "2026-11-29", ""],
    ]


def test_json_holds_data_and_leaves_out_what_only_repeats_it_in_words() -> None:
    assert json.loads(written(SHEET, "json")) == {
        "title": "All [things]",
        "address": "https://a.example/",
        "total": 3,
        "nothing": None,
        "columns": [{"name": "name", "title": "Name"}, {"name": "size", "title": "Size"}],
        "rows": [
            {"name": {"slug": "one"}, "size": "1.5"},
            {"name": "=1+1", "size": None},
            {"name": "Day", "size": "2026-11-29"},
        ],
    }


def test_markdown_is_a_table_that_no_text_breaks_out_of() -> None:
    assert written(SHEET, "md").decode() == (
        "# All \\[things\\]\n\n- address: https://a.example/\n- total: 3\n\n"
        "| Name | Size | Note |\n| --- | --- | --- |\n"
        "| [One \\| two](<https://a.example/one>) | 1.5 | in words |\n"
        "| [=1+1](<https://a.example/b>) |  | \\<b> |\n"
        "| Day | 2026-11-29 |  |\n"
    )


def test_a_spreadsheet_has_links_frozen_heads_and_no_formula() -> None:
    content = spreadsheet(SHEET, DAY)
    assert content == spreadsheet(SHEET, DAY), "the same content gives the same bytes"
    assert cells(content)[:3] == [["Name", "Size", "Note"], ["One | two", "1.5", "in words"], ["=1+1", "<b>"]]
    assert cells(content, "sheet2")[1] == ["Address", "https://a.example/"]
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet
        assert 'state="frozen"' in sheet
        assert "https://a.example/one" in book.read("xl/worksheets/_rels/sheet1.xml.rels").decode()


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).map(str.strip).filter(bool)


def test_a_spreadsheet_links_an_address_once_in_a_row() -> None:
    columns = [SheetColumn(name, name) for name in ("key", "criterion", "statement")]
    rows = [[Entry(text, f"https://kb.example/{page}/") for text, page in (("k", "k"), ("c", "c"), ("says so", "k"))]]
    content = spreadsheet(Sheet("Claims", columns, rows), dt.date(2026, 1, 2))
    assert cells(content) == [["key", "criterion", "statement"], ["k", "c", "says so"]]
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        links = parts.read("xl/worksheets/_rels/sheet1.xml.rels").decode()
    assert (links.count("https://kb.example/k/"), links.count("https://kb.example/c/")) == (1, 1)


@given(statement=TEXTS.filter(lambda text: text.isascii()), says=st.sampled_from(["=1+1", "'-x", "+44", "@a", "-3"]))
def test_an_import_reads_claims_back_as_they_were_written(statement: str, says: str) -> None:
    values = {"key": "one", "statement": statement, "article": "a", "says": says}
    sheet = Sheet("", [SheetColumn(name, name) for name in COLUMNS], [[values.get(name, "") for name in COLUMNS]])
    file = reading.read(written(sheet, "csv"), "csv")
    assert not file.problems
    [record] = file.records
    assert record.values["statement"] == statement
    assert record.citations[0].values["says"] == says


@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_a_markdown_row_has_as_many_cells_whatever_the_texts(texts: list[str]) -> None:
    row = written(Sheet("", [SheetColumn("a", "a")] * len(texts), [texts]), "md").decode().rstrip("\n").split("\n")[-1]
    bare = row.replace("\\\\", "").replace("\\|", "")
    assert bare.count("|") == len(texts) + 1
