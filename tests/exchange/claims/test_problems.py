"""Errors are named with row and column, all at once."""

from __future__ import annotations

import pytest

from tests.factories import make_claim

from .builders import CITATION, CLAIM, Row, as_csv, as_json, as_yaml, messages, planned

WRONG: dict[str, tuple[Row, str, str]] = {
    # name: what the row says, column and message of the error
    "a word out of vocabulary": ({"kind": "capabilty"}, "kind", "Did you mean “capability”?"),
    "no kind": ({"kind": ""}, "kind", "A new claim needs this."),
    "no criterion of a claim that is there": (
        {"key": "old", "criterion": "", "kind": "usage"}, "criterion", "A claim has to have one.",
    ),
    "no polarity of a claim that is there": (
        {"key": "old", "polarity": ""}, "polarity", "Choose one of: pro, con, neutral.",
    ),
    "no statement": ({"statement": ""}, "statement", "A new claim needs this."),
    "a number with a comma": ({"criterion": "pace", "level": "", "number": "1,5"}, "number", "write it as 1234.5"),
    "no number at all": ({"criterion": "pace", "level": "", "number": "NaN"}, "number", "“NaN” is not a number"),
    "an endless number": ({"criterion": "pace", "level": "", "number": "inf"}, "number", "is not a number"),
    "other digits": ({"criterion": "pace", "level": "", "number": "١٢"}, "number", "is not a number"),
    "too many decimals": ({"criterion": "pace", "level": "", "number": "0.00001"}, "number", "four decimals"),
    "a range that falls": (
        {"criterion": "pace", "level": "", "number": "5", "number_high": "4"}, "number", "“Up to” has to be greater",
    ),
    "a value that does not fit": ({"criterion": "aim"}, "level", "there is no level"),
    "two values": ({"text": "So"}, "text", "is answered by a level"),
    "a word for true or false": ({"approximate": "maybe"}, "approximate", "neither true nor false"),
    "conditions of no figure": ({"hardware": "2 cores"}, "kind", "Only a claim of the kind “figure”"),
    "a pitfall without remedy": ({"kind": "pitfall", "impact": "Bad."}, "kind", "A pitfall needs"),
    "a key with spaces": ({"key": "Django ORM"}, "key", "lower-case letters"),
    "too long a key": ({"key": "k" * 201}, "key", "At most 200"),
    "too long a text": ({"since_version": "1" * 41}, "since_version", "41 characters; at most 40"),
    "far too long a text": ({"statement": "x" * 20_001}, "statement", "no text may have more than 20000"),
    "a control character": ({"statement": "a\x07b"}, "statement", "U+0007"),
    "a formula": ({"statement": "=1+1"}, "statement", "takes for a formula"),
    "a formula with a sign": ({"statement": "@SUM(A1)"}, "statement", "put an apostrophe before it"),
    "a benchmark that is not there": ({"benchmark": "fast"}, "", "There is no benchmark “fast” (row 3)"),
    "no article": ({"article": "", "says": "So."}, "article", "has to name its article"),
    "a source that says nothing": ({"says": ""}, "says", "Say what the source says"),
    "a stance out of vocabulary": ({"stance": "for"}, "stance", "“for” is not one of"),
}  # fmt: skip


@pytest.mark.parametrize(("row", "column", "message"), WRONG.values(), ids=WRONG)
def test_a_wrong_cell_is_told_with_row_and_column(base, row, column, message):
    good = {**CLAIM, "key": "good", **CITATION}
    make_claim(key="old")
    if message == "there is no level":
        message, column = "There is no level “built-in” (row 3)", ""
    lines = messages(as_csv(good, {**CLAIM, **CITATION, **row}))
    place = f"row 3, column “{column}”: " if column else ""
    assert [line for line in lines if place in line and message in line], lines


def test_all_errors_are_told_at_once(base):
    lines = messages(
        as_csv({**CLAIM, "kind": "x", "polarity": "y"}, {**CLAIM, "key": "b", "level": "z", "approximate": "?"})
    )
    assert len(lines) == 4


def test_an_unknown_name_is_told_once_with_its_rows_and_what_is_like_it(base):
    rows = [{**CLAIM, "key": f"k{n}", "framework": "djago", "article": "dosc", "says": "So."} for n in range(20)]
    lines = messages(as_csv(*rows))
    assert lines == [
        "f: There is no article “dosc” (row 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 10 more); did you mean “docs”?",
        "f: There is no framework “djago” (row 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 10 more); did you mean “django”?",
    ]


def test_a_cell_that_cannot_be_read_is_one_problem_and_not_two(base):
    (line,) = messages(as_csv(CLAIM | {"statement": "=1+1"}))
    assert "takes for a formula" in line


def test_no_more_problems_are_told_than_anybody_reads(base):
    rows = [{**CLAIM, "key": f"k{n}", "kind": "x"} for n in range(250)]
    lines = messages(as_csv(*rows))
    assert (len(lines), lines[-1]) == (201, "50 more problems.")


def test_rows_of_one_claim_may_not_contradict_one_another(base):
    lines = messages(as_csv(CLAIM | CITATION, {**CLAIM, "statement": "Other.", "article": "blog", "says": "So."}))
    assert lines == [
        "f, row 3, column “statement”: Row 2 says something else about the claim “django-orm”; "
        "leave it empty or say the same."
    ]


def test_the_same_citation_twice_is_refused(base):
    (line,) = messages(as_csv(CLAIM | CITATION, {**CLAIM, **CITATION, "says": "Other."}))
    assert line.startswith("f, row 3, column “article”: The claim cites this article with this locator in row 2")


def test_the_same_claim_twice_in_yaml_is_refused(base):
    (line,) = messages(as_yaml(CLAIM, {**CLAIM}), "yaml")
    assert "column “key”: The claim “django-orm” occurs twice, see line 1." in line


@pytest.mark.parametrize(
    "name", ["status", "verdict", "verdict_note", "mark", "published_at", "author", "version", "id", "pk"]
)
@pytest.mark.parametrize("format", ["csv", "yaml", "json"])
def test_what_only_people_decide_is_no_column(base, name, format):
    write = {"csv": as_csv, "yaml": as_yaml, "json": as_json}[format]
    (line,) = messages(write(CLAIM | {name: "published"}), format)
    assert f"column “{name}”: An import cannot set this" in line


def test_an_unknown_column_is_told_with_the_one_like_it(base):
    (line,) = messages(as_csv(CLAIM | {"statment": "So."}))
    assert line == "f, row 1, column “statment”: There is no such column. Did you mean “statement”?"


def test_what_is_wrong_in_yaml_is_told_with_its_own_line(base):
    content = (
        b"- key: a\n  criterion: aim\n  kind: usage\n  polarity: pro\n  statement: S.\n  citations:\n"
        b"    - article: docs\n      says: So.\n      stance: against\n"
    )
    (line,) = messages(content, "yaml")
    assert line.startswith("f, line 9, column “citation 1, stance”: “against” is not one of")


def test_an_unknown_name_in_yaml_is_told_with_its_own_line_and_only_its_claim_is_refused(base):
    content = (
        b"- key: a\n  criterion: orm\n  kind: usage\n  polarity: pro\n  statement: S.\n  level: mostly\n  citations:\n"
        b"    - says: So.\n      article: dcos\n"
        b"- key: b\n  criterion: aim\n  kind: usage\n  polarity: pro\n  statement: T.\n"
    )
    article, level = messages(content, "yaml")
    assert "There is no article “dcos” (line 9)" in article and "There is no level “mostly” (line 6)" in level
    assert [item.kind for item in planned(content, "yaml").items] == ["refused", "created"]
