"""Archives and folders that hold no tables, or the same one twice, are called by their names."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from comparisons.exchange.claims import Unreadable
from comparisons.exchange.workbooks.sources import read_archive, read_folder

from .builders import messages

GROUPS = b"slug,name\nbasics,Basics\n"


def packed(**files: bytes) -> bytes:
    """An archive of files; “__” in a name stands for a slash, and “_” for a dot."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            packed(mimetype=b"application/vnd.oasis.opendocument.spreadsheet", content_xml=b"<x/>"),
            r"LibreOffice .*\.ods",
        ),
        (packed(Index__Document_iwa=b"x", preview_jpg=b"x"), "Numbers"),
        (packed(inner_zip=packed(groups_csv=GROUPS)), "What is here is no CSV: inner.zip"),
        (packed(claims_yaml=b"- model: comparisons.claim"), "“manage.py seed” loads a folder of these"),
    ],
)
def test_what_another_program_has_packed_is_called_by_its_name(content: bytes, message: str) -> None:
    with pytest.raises(Unreadable, match=message):
        read_archive(content)


def test_a_document_of_a_word_processor_is_no_broken_workbook() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<x/>")
    with pytest.raises(Unreadable, match="a document or a presentation"):
        read_archive(out.getvalue())


def test_a_folder_of_fixtures_leads_to_the_command_that_loads_it(tmp_path: Path) -> None:
    (tmp_path / "criteria.yaml").write_text("- model: comparisons.criterion")
    with pytest.raises(Unreadable, match=r"“manage\.py seed” loads a folder of these"):
        read_folder(tmp_path)


def test_slashes_of_windows_are_slashes() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        entry = zipfile.ZipInfo("x")
        entry.filename = "kb\\groups.csv"
        archive.writestr(entry, GROUPS)
    (sheet,) = read_archive(out.getvalue()).sheets
    assert sheet.label == "groups.csv"


def test_of_two_tables_of_one_name_each_is_told_by_its_path_and_once() -> None:
    book = read_archive(packed(a__groups_csv=GROUPS, b__groups_csv=GROUPS, b__levels_csv=b"x"))
    assert {sheet.label for sheet in book.sheets} == {"a/groups.csv", "levels.csv"}
    assert [label for label, _message in book.strays] == ["b/groups.csv"]


@pytest.mark.django_db
def test_an_article_that_follows_itself_is_one_error() -> None:
    article = {"slug": "a", "title": "A", "kind": "article", "interest": "independent", "follows": "a"}
    (line,) = messages({"articles": [article]})
    assert "follow one another in a circle" in line
