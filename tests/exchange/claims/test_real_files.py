"""Files as real programs write them: what does no harm is read, and the rest is named all at once."""

from __future__ import annotations

import csv
import io
import json

import pytest

from comparisons.exchange import claims as importing
from comparisons.exchange.formulas import is_formula
from comparisons.models import Claim, FormerAddress
from tests.factories import make_claim

from .builders import CITATION, CLAIM, as_csv, as_yaml, imported, messages, planned

HEAD, ROW, CITED = as_csv(CLAIM | CITATION, {"key": "django-orm", "article": "blog", "says": "So they say."}).split(
    b"\r\n"
)[:3]
READ: dict[str, bytes] = {
    "a mark of the separator": b"sep=;\r\n" + (HEAD + b"\n" + ROW).replace(b",", b";"),
    "the mark, quoted, for tabs": b'"sep=\t"\n' + (HEAD + b"\n" + ROW).replace(b",", b"\t"),
    "a blank first line": b"\r\n" + HEAD + b"\r\n" + ROW,
    "lines of separators above the head": b",,,,\n;;\n \n" + HEAD + b"\n" + ROW,
    "a mark of bytes and Windows lines": b"\xef\xbb\xbf" + HEAD + b"\r\n" + ROW + b"\r\n",
    "lines of an old Macintosh": HEAD + b"\r" + ROW,
    "no line end at the end": HEAD + b"\n" + ROW,
    "empty columns at the end": HEAD + b"," * 300 + b"\n" + ROW + b"," * 300,
    "blank rows": HEAD + b"\n\n,,,\n" + ROW + b"\n,,,,,,,,,,,\n",
    "heads in quotation marks": b",".join(b'"' + name + b'"' for name in HEAD.split(b",")) + b"\n" + ROW,
    "heads with blanks and invisible characters": b",".join(
        b" " + name.title() + "\u200b\u00a0".encode() for name in HEAD.split(b",")
    )
    + b"\n"
    + ROW,
}


@pytest.mark.parametrize("content", READ.values(), ids=READ)
def test_what_does_no_harm_is_read(base, content):
    plan = imported(content)
    assert (plan.counts["created"], Claim.objects.get().citations.get().locator) == (1, "Models")


def test_a_row_may_end_before_its_head(base):
    imported(HEAD + b"\n" + ROW.rsplit(b",", 1)[0] + b"\n" + CITED.rstrip(b","))
    assert list(Claim.objects.get().citations.values_list("locator", flat=True)) == ["", ""]


TEXTS = {
    "@home": False, "- none": False, "+1 from us": False, "= so it is": False, "=> see there": False,
    "- a | b": False, "+49-30-1234": False, "-vs-": False, "@Override, as in foo(x)": False,
    "=1+1": True, "= A1 + B2": True, "=A1": True, "@SUM(A1)": True, "-1+SUM(A1)": True, "=cmd|' /C calc'!A0": True,
    "-2+3+cmd|' /C calc'!A0": True, "=HYPERLINK(\"https://example.org\")": True, "=Sheet2!A1": True, "＝1+1": True,
    "\t=1+1": True,
}  # fmt: skip


def test_only_what_a_spreadsheet_would_run_is_a_formula():
    assert {text: is_formula(text) for text in TEXTS} == TEXTS


def test_a_sign_at_the_start_of_a_text_is_text(base):
    imported(as_csv(CLAIM | {"statement": "@home means so.", "since_version": "- none"}))
    claim = Claim.objects.get()
    assert (claim.statement, claim.since_version) == ("@home means so.", "- none")


def test_escapes_of_json_are_read_in_yaml(base):
    text = json.dumps(CLAIM | {"statement": "It says: 😀 \\/ x."}).replace("django-orm", "django\\u002dorm")
    imported(f"- {text}\n- {{key: b, criterion: aim, kind: usage, polarity: pro, statement: 'a\\/b'}}".encode(), "yaml")
    assert Claim.objects.get(key="django-orm").statement == "It says: 😀 \\/ x."
    imported(rf'- {{key: c, criterion: aim, kind: usage, polarity: pro, statement: "a\/b \\/"}}'.encode(), "yaml")  # noqa: F541
    assert Claim.objects.get(key="c").statement == "a/b \\/"


@pytest.mark.parametrize("format", ["csv", "yaml"])
def test_a_former_slug_is_followed_with_a_note(base, format):
    make_claim(key="new-key", statement="Old.", by=())
    pairs = [("framework", "django-old", "django"), ("criterion", "mapper", "orm"), ("article", "manual", "docs")]
    for kind, key, now in [*pairs, ("claim", "old-key", "new-key")]:
        FormerAddress.objects.create(kind=kind, key=key, now=now)
    row = {**CLAIM, "key": "old-key", "framework": "django-old", "criterion": "mapper"}
    cited = {**CITATION, "article": "manual"}
    plan = imported(as_csv(row | cited) if format == "csv" else as_yaml({**row, "citations": [cited]}), format)
    claim = Claim.objects.get()
    assert plan.counts["created"] == 0
    assert "The claim “old-key” is called “new-key” now; it was taken for that one." in plan.notes
    assert len(plan.notes) == 4
    assert (claim.key, plan.items[0].key) == ("new-key", "new-key")


def test_a_claim_under_both_its_slugs_is_refused(base):
    make_claim(key="new-key")
    FormerAddress.objects.create(kind="claim", key="old-key", now="new-key")
    lines = messages(as_csv({"key": "new-key", "statement": "A."}, {"key": "old-key", "statement": "B."}))
    assert "The claim “new-key” occurs twice" in lines[0]


def test_what_nobody_sees_is_told_by_its_code_point(base):
    told = "\n".join(
        messages(
            as_csv(
                CLAIM | {"framework": "dja\u202engo", "criterion": "pace", "level": "", "number": "1\u00a0500"},
                {**CLAIM, "key": "b", "kind": "cap\u200fability", "statement": "a\x07b"},
            )
        )
    )
    for part in ("“dja‹U+202E›ngo”", "“1‹U+00A0›500” is not", "“cap‹U+200F›ability” is not one of", "U+0007"):
        assert part in told


def test_windows_1252_is_named_and_all_else_is_checked(base):
    lines = messages(as_csv(CLAIM | {"statement": "Café", "kind": "x"}).decode().encode("cp1252"))
    assert len(lines) == 2
    assert "It looks like Windows-1252" in lines[0] and "column “kind”" in lines[1]


def test_a_column_that_is_missing_is_told_once(base):
    rows = [{"key": f"k{n}", "framework": "django", "criterion": "orm", "polarity": "pro"} for n in range(9)]
    assert messages(as_csv(*rows)) == [
        "f, row 1, column “kind”: This column is missing, and a new claim needs it.",
        "f, row 1, column “statement”: This column is missing, and a new claim needs it.",
    ]


def test_a_misspelt_column_is_not_missing_as_well(base):
    row = {name.replace("statement", "statment"): value for name, value in CLAIM.items()}
    (line,) = messages(as_csv(row, {**row, "key": "b"}))
    assert "column “statment”: There is no such column. Did you mean “statement”?" in line


def test_choices_are_listed_where_one_is_missing(base):
    (line,) = messages(as_csv(CLAIM | {"kind": ""}))
    assert "A new claim needs this. One of: capability, " in line


@pytest.mark.parametrize(("value", "count"), [("draft", 0), ("Draft", 0), ("", 0), ("published", 1)])
def test_a_column_of_drafts_decides_nothing(base, value, count):
    plan = planned(as_csv(CLAIM | {"status": value}, {**CLAIM, "key": "b", "status": value}))
    assert len(plan.problems) == count


def test_a_big_table_is_told_all_its_errors_at_once(base):
    """1,000 claims with two citations each, as a spreadsheet saves them, every 100th of them wrong in its own way."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, [*CLAIM, *CITATION, "text"], restval="", delimiter=";")
    writer.writeheader()
    wrong = [
        {"kind": "capabilty"}, {"framework": "djago"}, {"level": "builtin"}, {"polarity": ""}, {"text": "x" * 60},
        {"stance": "for"}, {"statement": "=1+1"}, {"key": "A b"}, {"article": "dosc"}, {"says": ""},
    ]  # fmt: skip
    for n in range(1_000):
        odd = wrong[n // 100] if n % 100 == 7 else {}
        writer.writerow({**CLAIM, **CITATION, "key": f"k{n}", "statement": f"Nr. {n}: “é”; so;", **odd})
        if n % 100 != 7:
            writer.writerow({"key": f"k{n}", "article": "blog", "says": f"So {n}."})
    plan = planned(b"\xef\xbb\xbfsep=;\r\n" + out.getvalue().encode())
    assert (len(plan.unknown), len(plan.problems)) == (3, 7)
    assert plan.counts == {"created": 990, "changed": 0, "unchanged": 0, "refused": 10}


def test_an_unreadable_cell_makes_no_second_problem_of_its_row(base):
    source = importing.read(as_csv({"key": "=1+1", "article": "docs", "says": "So."}), "csv")
    assert len(importing.plan(source).problems) == 1
