"""Files that mean harm, or are no files of claims."""

from __future__ import annotations

import pytest

from comparisons.exchange.claims import limits

from .builders import CITATION, CLAIM, as_csv, as_json, as_yaml, messages, refusal

GOOD = as_csv(CLAIM)


HOSTILE: dict[str, tuple[str, bytes, int, str]] = {
    # name: format, content, row or line and message of the refusal
    "nothing": ("csv", b"", 0, "The file is empty"),
    "only a head": ("csv", b"key,criterion\n", 0, "holds no claim"),
    "neither UTF-8 nor Windows-1252": ("csv", b"key,statement\na,Caf\x81\n", 2, "Byte 20 in line 2 (hexadecimal 81)"),
    "an old workbook": ("csv", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0, "of the old form (.xls)"),
    "a PDF": ("csv", b"%PDF-1.7\n", 0, "a PDF"),
    "YAML as a table": ("csv", b"# Claims.\n- key: a\n  kind: usage\n", 1, "This is YAML, not a table"),
    "JSON as a table": ("csv", b'[{"key": "a"}]', 1, "This is JSON, not a table"),
    "a fixture as a table": ("csv", b"- model: comparisons.claim\n  fields:\n", 1, "“manage.py seed” does"),
    "a fixture as claims": ("yaml", b"- model: comparisons.claim\n  fields: {key: a}\n", 1, "“manage.py seed” does"),
    "a fixture of JSON": ("json", b'[{"model": "comparisons.claim", "pk": 1, "fields": {}}]', 1, "This is a fixture"),
    "a table as YAML": ("yaml", b"key,framework,criterion,kind\n", 1, "looks like a table"),
    "an export of all fields": ("csv", b"key,status,author,written_by,verdict\na,,,,\n", 1, "“for an import”"),
    "pros and cons of a page": ("csv", b"key,framework,statement,verdict,strength\na,,,,\n", 1, "“for an import”"),
    "a matrix": ("csv", b"\xef\xbb\xbfgroup,criterion,django,django evidence\nCore,orm,yes,3\n", 1, "“for an import”"),
    "the same as JSON": (
        "json", b'[{"key": "a", "status": "", "author": "", "written_by": "", "verdict": ""}]', 1, "“for an import”",
    ),
    "UTF-16": ("csv", "key\na\n".encode("utf-16"), 1, "UTF-16"),
    "UTF-16 without a mark": ("csv", "key\na\n".encode("utf-16-le"), 1, "NUL"),
    "a NUL": ("csv", b"key,statement\na,\0\n", 2, "Byte 17 is a NUL"),
    "an open quotation mark": ("csv", b'key,statement\na,"So\nb,S\n', 2, "quotation mark"),
    "a quotation mark in a text": ("csv", b'key,statement\na,"S"o"\n', 2, "quotation mark"),
    "an endless cell": ("csv", b"key,statement\na," + b"x" * 200_000 + b"\n", 2, "cannot be read"),
    "an endless quotation": ("csv", b'key,statement\na,"' + b"x\n" * 200_000, 2, "cannot be read"),
    "other columns": ("csv", b"name,price\na,1\n", 1, "has to name the columns"),
    "another separator": ("csv", b"key|statement\na|S\n", 1, "a comma, semicolon or tab"),
    "a column twice": ("csv", b"key,statement,key\na,S,b\n", 1, "This column occurs twice"),
    "a thousand columns": ("csv", b"key" + b",a" * 1000 + b"\na\n", 1, "more than 60 columns"),
    "a picture": ("csv", b"\x89PNG\r\n\x1a\n\0\0", 0, "a picture"),
    "an archive": ("csv", b"PK\x03\x04\x14\0\x08\0", 0, "an Excel workbook (.xlsx)"),
    "bad YAML": ("yaml", b"- key: [\n", 2, "not YAML"),
    "deep YAML": ("yaml", b"- " * 5000 + b"a", 1, "nested more than 4 levels"),
    "deep YAML in brackets": ("yaml", b"[" * 100_000, 1, "nested more than 4 levels"),
    "an alias": ("yaml", b"- &a {key: a}\n- *a\n", 1, "Aliases and anchors"),
    "a bomb of aliases": ("yaml", b"a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n", 1, "Aliases and anchors"),
    "an object of Python": ("yaml", b"- !!python/object/apply:os.system [ls]\n", 1, "Tags such as"),
    "a merged key": ("yaml", b"- <<: {key: a}\n  <<: {key: b}\n", 2, "occurs twice"),
    "a key twice in YAML": ("yaml", b"- key: a\n  key: b\n", 2, "occurs twice"),
    "a list for a key": ("yaml", b"- ? [a]\n  : b\n", 1, "has to be text"),
    "two documents": ("yaml", b"- key: a\n---\n- key: b\n", 2, "second document"),
    "a mapping": ("yaml", b"key: a\n", 1, "Expected a list of claims"),
    "a word": ("yaml", b"claims\n", 1, "Expected a list of claims"),
    "only remarks": ("yaml", b"# Nothing.\n", 0, "holds no claim"),
    "a bell in YAML": ("yaml", b"- key: a\n  statement: \x07\n", 2, "U+0007"),
    "bad JSON": ("json", b'[{"key": "a",\n"b" 1}]', 2, "not JSON"),
    "JSON that ends too early": ("json", b'[{"key": "a"}', 1, "not JSON"),
    "JSON and more": ("json", b"[] []", 1, "there is more after the list"),
    "deep JSON": ("json", b"[" * 100_000, 1, "nested more than 4 levels"),
    "deep JSON in objects": ("json", b'[{"a":' * 50_000, 1, "nested more than 4 levels"),
    "NaN": ("json", b'[{"number": NaN}]', 1, "NaN is not a number"),
    "infinity": ("json", b'[{"number": -Infinity}]', 1, "is not a number"),
    "a key twice in JSON": ("json", b'[{"key": "a", "key": "b"}]', 1, "occurs twice"),
    "an object": ("json", b'{"key": "a"}', 1, "Expected a list of claims"),
    "an open string of backslashes": ("json", b'["' + b"\\" * 100_001, 1, "not JSON"),
}  # fmt: skip


@pytest.mark.parametrize(("format", "content", "row", "message"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_refused_with_its_place(format, content, row, message):
    found = refusal(content, format)
    assert found[0] == row
    assert message in found[1]


def test_a_file_that_is_too_large_is_refused():
    assert "more than 10 MB" in refusal(b"a" * 10_000_001)[1]


@pytest.mark.parametrize("format", ["csv", "yaml", "json"])
def test_a_file_with_too_many_rows_is_refused(monkeypatch, format):
    monkeypatch.setattr(limits, "MAX_ROWS", 3)
    rows = [{"key": f"k{n}", "criterion": "aim"} for n in range(5)]
    write = {"csv": as_csv, "yaml": as_yaml, "json": as_json}[format]
    assert "more than 3" in refusal(write(*rows), format)[1]


def test_a_row_with_too_many_cells_is_told(base):
    (line,) = messages(GOOD + b"a,b,c,d,e,f,g,h\n")
    assert line == "f, row 3: This row has 8 cells, and the first row 7. Check commas and quotation marks."


def test_a_row_that_names_no_claim_is_told(base):
    (line,) = messages(as_csv(CLAIM | CITATION, {"article": "blog", "says": "So."}))
    assert line.startswith("f, row 3, column “key”: This row names no claim")


def test_half_a_pair_of_surrogates_is_told(base):
    lines = messages(b'[{"key": "a", "criterion": "aim", "statement": "\\ud800"}]', "json")
    assert any("U+D800" in line for line in lines), lines


def test_a_list_where_text_belongs_is_told(base):
    assert "column “level”: Expected text here, not a list." in " ".join(
        messages(as_json({**CLAIM, "level": ["a"]}), "json")
    )
