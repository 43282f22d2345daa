"""Everything that is wrong is told at once, where it is, and nothing that only follows from it."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db import models

from comparisons.exchange import workbooks
from comparisons.exchange.rules import sentence
from comparisons.exchange.workbooks.kinds import KINDS
from comparisons.exchange.workbooks.messages import problem_lines
from comparisons.models import Framework
from tests.factories import make_article, make_former, make_framework

from .builders import as_files, messages, planned, tables

pytestmark = pytest.mark.django_db

WRONG: dict[str, tuple[str, int, dict[str, str], str, str]] = {
    # name: table, row, what it says, column and message of the error
    "no slug": ("frameworks", 0, {"slug": ""}, "slug", "A record needs a slug"),
    "a slug with blanks": ("groups", 0, {"slug": "The Basics"}, "slug", "Use lower-case letters, digits"),
    "a slug of a comparison": ("frameworks", 0, {"slug": "a-vs-b"}, "slug", "cannot hold “-vs-”"),
    "no name": ("frameworks", 0, {"name": ""}, "name", "Fill this in."),
    "too long a name": ("frameworks", 0, {"name": "x" * 81}, "name", "81 characters; at most 80 fit"),
    "no address": ("articles", 0, {"url": "example"}, "url", "Enter a valid URL"),
    "an address of a file": ("articles", 0, {"url": "ftp://example.org/a"}, "url", "http or https"),
    "no such day": ("articles", 0, {"read_on": "31.12.2026"}, "read_on", "“31.12.2026” is not a day; write it as"),
    "a word out of vocabulary": ("articles", 0, {"kind": "blog"}, "kind", "“blog” is not one of: official"),
    "no kind": ("articles", 0, {"kind": ""}, "kind", "Fill this in. One of: official-documentation, "),
    "a figure without a unit": ("criteria", 1, {"unit": ""}, "value_type", "Give a unit if the value type is “number”"),
    "no whole number": ("criteria", 0, {"order": "first"}, "order", "“first” is not a whole number"),
    "neither true nor false": ("criteria", 0, {"is_count": "maybe"}, "is_count", "neither true nor false"),
    "a formula": ("criteria", 0, {"question": "=1+1"}, "question", "takes for a formula"),
    "too long aliases": ("levels", 0, {"aliases": "x" * 61}, "aliases", "is longer than 60 characters"),
    "no meaning": ("levels", 0, {"meaning": ""}, "meaning", "Fill this in. One of: yes, partial, "),
    "a level of a number": ("levels", 2, {"criterion": "start-time"}, "", "Only a criterion whose value type"),
    "an answer of another criterion": ("claims", 2, {"level": "fully"}, "level", "There is no level “fully”"),
}  # fmt: skip


@pytest.mark.parametrize(("table", "row", "change", "column", "message"), WRONG.values(), ids=WRONG)
def test_one_fault_is_one_error_with_its_place(table, row, change, column, message):
    """Other rows name the records that are faulty here, and nothing is said of those."""
    given = tables()
    given[table][row].update(change)
    (line,) = messages(given)
    place = f"{table}.csv, row {row + 2}" + (f", column “{column}”" if column else "")
    assert (line.startswith(place) or line.startswith(f"{table}.csv: There is no")) and message in line


def test_the_errors_of_all_tables_are_told_at_once():
    given = tables()
    for name, (table, row, change, _column, _message) in WRONG.items():
        if name in ("no slug", "no such day", "a figure without a unit", "no meaning"):
            given[table][row].update(change)
    given["claims"][0]["kind"] = "x"
    given["claims"][3]["criterion"] = "work-offline"
    lines = messages(given)
    assert len(lines) == 6
    assert "claims.csv: There is no criterion “work-offline” (row 5); did you mean “works-offline”?" in lines


def test_an_unknown_name_is_told_once_with_its_rows():
    given = tables()
    given["criteria"][0]["group"] = given["criteria"][1]["group"] = "basic"
    assert messages(given) == ["criteria.csv: There is no group “basic” (row 2, 3); did you mean “basics”?"]


def test_a_table_that_is_cut_or_misnamed_makes_no_errors_in_others():
    files = [(name.replace("criteria", "citeria"), content) for name, content in as_files(tables())]
    (line,) = problem_lines(workbooks.plan(workbooks.read_files(files)))
    assert "citeria.csv: No kind of record has this name" in line and "Did you mean “criteria”?" in line
    files = [(name, content + b'"' * (name == "groups.csv")) for name, content in as_files(tables())]
    (line,) = problem_lines(workbooks.plan(workbooks.read_files(files)))
    assert line.startswith("groups.csv, row 3: From here on the file cannot be read")


def test_a_row_with_too_many_cells_is_one_error():
    files = dict(as_files(tables()))
    files["groups.csv"] = files["groups.csv"][:-2] + b"," * 30 + b"x\r\n"
    (line,) = problem_lines(workbooks.plan(workbooks.read_files(files.items())))
    assert "Check commas and quotation marks" in line


def test_windows_1252_is_named_and_all_else_is_checked():
    given = tables()
    given["groups"][0]["name"], given["groups"][0]["order"] = "Café", "x"
    files = [(name, content.decode().encode("cp1252")) for name, content in as_files(given)]
    lines = list(problem_lines(workbooks.plan(workbooks.read_files(files))))
    assert len(lines) == 2 and "Windows-1252" in lines[0] and "not a whole number" in lines[1]


KINDS_OF_FILE: dict[str, tuple[str, bytes, str]] = {
    "an Excel workbook": ("groups.csv", b"PK\x03\x04\x14\0", "an Excel workbook (.xlsx)"),
    "YAML": ("groups.csv", b"- slug: basics\n  name: Basics\n", "This is YAML"),
    "a fixture": ("groups.csv", b"# All.\n- model: comparisons.criteriongroup\n  fields:\n", "This is a fixture"),
    "an export of claims": ("claims.csv", b"key,status,author,written_by,verdict\na,,,,\n", "“for an import”"),
    "another table": ("groups.csv", b"price;weight\n1;2\n", "has to name the columns, such as slug, name"),
    "a workbook among the files": ("kb.xlsx", b"PK", "an .xlsx is imported by itself"),
    "nothing": ("groups.csv", b"", "The file is empty"),
    "UTF-16": ("groups.csv", "slug\n".encode("utf-16"), "The file is UTF-16"),
}


@pytest.mark.parametrize(("name", "content", "message"), KINDS_OF_FILE.values(), ids=KINDS_OF_FILE)
def test_the_wrong_kind_of_file_is_named(name, content, message):
    (line,) = problem_lines(workbooks.plan(workbooks.read_files([(name, content)])))
    assert message in line


def test_an_export_of_a_list_may_be_sent_back():
    """Fields that an import leaves alone are noted, not refused."""
    make_framework("example", name="Example")
    plan = planned({"frameworks": [{"slug": "example", "name": "Example", "is_draft": "False", "id": "1"}]})
    assert (plan.is_sound, plan.size, len(plan.notes)) == (True, 0, 2)


def test_columns_that_are_missing_are_told_once():
    given = tables()
    for row in given["articles"]:
        del row["kind"]
        row["titel"] = row.pop("title")
    lines = messages(given)
    assert lines == [
        "articles.csv, row 1, column “kind”: This column is missing, and a new record needs it.",
        "articles.csv, row 1, column “titel”: There is no such column. Did you mean “title”?",
    ]


def test_what_only_one_may_have_is_told():
    make_framework("other", name="Example")
    given = tables()
    given["levels"][1]["label"] = "Fully"
    given["groups"].append({**given["groups"][0], "slug": "more"})
    given["articles"].append(dict(given["articles"][0]))
    assert sorted(messages(given)) == [
        "articles.csv, row 4, column “slug”: “example-docs” occurs twice, see row 2.",
        "frameworks.csv, row 2, column “name”: “Example” is taken by “other”; no two may have the same.",
        "groups.csv, row 3, column “name”: “Basics” is taken by row 2; no two may have the same.",
        "levels.csv, row 3, column “label”: “Fully” is taken by row 2; no two may have the same.",
    ]


def test_a_criterion_that_is_answered_by_a_level_needs_two():
    given = tables()
    given["levels"] = []
    given["claims"] = []
    (line,) = messages({name: rows for name, rows in given.items() if rows})
    assert "column “value_type”: It is answered by a level, and needs at least two" in line


def test_articles_may_not_follow_one_another_in_a_circle():
    given = tables()
    given["articles"][0]["follows"] = "example-sequel"
    assert any("would follow one another in a circle" in line for line in messages(given))


def test_two_rows_of_one_renamed_record_are_refused():
    make_former(make_article("now"), "then")
    rows = [{"slug": slug, "note": slug} for slug in ("now", "then")]
    (line,) = messages({"articles": rows})
    assert "“now” occurs twice, see row 2." in line


def test_no_rule_is_said_by_its_name():
    """Each constraint of what is imported has a sentence."""
    rules = [(kind.model, rule) for kind in KINDS for rule in kind.model._meta.constraints]
    rules += [(model, rule) for model in apps.get_models() for rule in model._meta.constraints if _is_ours(model)]
    for model, rule in rules:
        text = sentence(rule, model)
        assert rule.name not in text and text.endswith(".") and text.lstrip("“")[0].isupper(), (rule.name, text)


def _is_ours(model: type[models.Model]) -> Any:
    return model._meta.app_label == "comparisons" and hasattr(model, "natural_key_fields")


def test_nothing_is_written_of_a_file_with_errors():
    plan = planned(tables(groups=[{"slug": "basics", "name": ""}]))
    assert not plan.is_sound
    assert plan.counts["refused"] == 9  # with what is beneath the group
    assert not Framework.objects.exists()
