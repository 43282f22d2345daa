"""Everything that is wrong with a file of claims is told in one round, and what to do about it."""

from __future__ import annotations

import pytest

from comparisons.exchange import claims as importing
from comparisons.exchange.values import BadText, read_value
from comparisons.models import Article
from tests.factories import make_criterion

from .builders import CITATION, CLAIM, as_csv, as_yaml, messages

HEAD, ROW = as_csv(CLAIM | CITATION).split(b"\r\n")[:2]


def test_a_table_that_breaks_off_is_checked_up_to_there(base):
    rows = [ROW.replace(b"capability", b"ability"), ROW.replace(b"django-orm", b"other").replace(b"Models", b'"Models')]
    told = messages(b"\n".join([HEAD, *rows, ROW]))
    assert len(told) == 2
    assert "row 2, column “kind”: “ability” is not one of" in told[0]
    assert "row 3: From here on the file cannot be read" in told[1]


def test_a_table_that_breaks_off_at_its_first_row_is_refused_as_a_whole(base):
    with pytest.raises(importing.Unreadable, match="From here on the file cannot be read"):
        importing.read(HEAD + b"\n" + ROW.replace(b"Models", b'"Models'), "csv")


def test_the_levels_that_there_are_are_listed(base):
    (told,) = messages(as_csv({**CLAIM, "level": "mostly"}))
    assert "There is no level “mostly”" in told and "The levels of “orm” are: " in told and "built-in" in told


def test_a_level_of_a_criterion_without_any_leads_to_the_right_column(base):
    make_criterion("licence", "text")
    (told,) = messages(as_csv({**CLAIM, "criterion": "licence"}))
    assert told.endswith("“licence” has no levels; its answer stands in the column “text”.")


@pytest.mark.parametrize("value", ["[a, list]", "'" + "x" * 20_001 + "'"])
def test_a_text_that_cannot_be_read_is_not_missing_besides(base, value):
    content = as_yaml(CLAIM | {"citations": [CITATION]}).decode().replace("Django has an ORM.", value)
    (told,) = messages(content.encode(), "yaml")
    assert "column “statement”" in told and "needs this" not in told


@pytest.mark.parametrize(
    ("content", "form", "message"),
    [
        (b"<!DOCTYPE html>\n<html><table><tr><td>key", "csv", "a web page"),
        (b"\xef\xbb\xbf  <HTML xmlns='x'>", "csv", "a web page"),
        (b'<?xml version="1.0"?><rows/>', "csv", "XML"),
        (b"\x89PNG\r\n\x1a\n\0", "csv", "a picture"),
        (b"{\\rtf1\\ansi key,framework}", "csv", "a word processor"),
        (b"SQLite format 3\0", "csv", "a database"),
        (b"Rar!\x1a\x07", "csv", "a compressed archive"),
        ("key,framework".encode("utf-32"), "csv", "UTF-32"),
        (b'{"claims": [{"key": "a", "citations": [{"article": "b"}]}]}', "json", "Expected a list of claims"),
        (b"- key: a\n  statement: It is so: yes\n", "yaml", "Put a text that holds “: ” in quotes"),
        (b"- key: a\n\tframework: b\n", "yaml", "Indent with spaces"),
        (b"- key: 'a\n", "yaml", "opened and not closed"),
        (b"- key: @home\n", "yaml", "begins with “@”"),
        (b"- key: 'It's'\n", "yaml", "write a quotation mark twice"),
    ],
)
def test_another_kind_of_file_or_a_slip_is_called_by_its_name(content, form, message):
    with pytest.raises(importing.Unreadable, match=message):
        importing.read(content, form)


def test_a_day_as_spreadsheets_count_is_explained():
    with pytest.raises(BadText, match=r"“43586” is not a day.* format the cells as dates first"):
        read_value(Article(), "read_on", "43586")
    with pytest.raises(BadText, match=r"2026-11-29\.$"):
        read_value(Article(), "read_on", "123")
