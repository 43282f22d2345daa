"""Claims from files of people: what is read, what is refused and how it is told, and that it is all or nothing."""

from __future__ import annotations

import csv
import io
import json
import re
import signal
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from comparisons.domain.vocabulary import ClaimKind, Status, Verdict
from comparisons.exchange import claims as importing
from comparisons.exchange.claims import columns, limits, writing
from comparisons.exchange.claims.messages import problem_lines
from comparisons.exchange.claims.rules import broken
from comparisons.exchange.formulas import escaped, is_formula, unescaped
from comparisons.maintenance import checks
from comparisons.models import Article, Citation, Claim, Criterion, Framework, SearchEntry
from comparisons.search import index as search_index
from tests.dumps import every_row
from tests.editing.test_concurrency import at_once
from tests.factories import NOON, make_article, make_citation, make_claim, make_criterion, make_framework
from tests.worlds import stale

Row = dict[str, Any]


@pytest.fixture
def base(db: None) -> None:
    """What files of these tests name."""
    make_framework("django")
    make_framework("flask")
    make_criterion("orm", levels=("built-in", "addon", "none"))
    make_criterion("pace", "number")
    make_criterion("aim")
    make_article("docs")
    make_article("blog")


CLAIM: Row = {
    "key": "django-orm", "framework": "django", "criterion": "orm", "kind": "capability", "polarity": "pro",
    "statement": "Django has an ORM.", "level": "built-in",
}  # fmt: skip
CITATION: Row = {"article": "docs", "stance": "supports", "says": "It has one.", "locator": "Models"}


def as_csv(*rows: Row, mark: str = ",") -> bytes:
    names = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, names, restval="", delimiter=mark)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def as_yaml(*claims: Row) -> bytes:
    return b"".join(yaml.safe_dump([claim], allow_unicode=True).encode() for claim in claims)


def as_json(*claims: Row) -> bytes:
    return json.dumps(list(claims)).encode()


def planned(content: bytes, format: str = "csv") -> importing.ImportPlan:
    return importing.plan(importing.read(content, format, "claims." + format))


def imported(content: bytes, format: str = "csv", by: Any = None) -> importing.ImportPlan:
    plan = planned(content, format)
    importing.apply(plan, by=by)
    return plan


def told(content: bytes, format: str = "csv") -> list[str]:
    """What the command would say of a file that is refused."""
    plan = planned(content, format)
    assert not plan.is_sound
    return list(problem_lines(plan, "f"))


def refusal(content: bytes, format: str = "csv") -> tuple[int, str]:
    with pytest.raises(importing.Unreadable) as error:
        importing.read(content, format)
    return error.value.problem.row, error.value.problem.message


# What is read


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_claim_with_citations_comes_from_csv(base, mark):
    imported(as_csv(CLAIM | CITATION, {"key": "django-orm", "article": "blog", "says": "So they say."}, mark=mark))
    claim = Claim.objects.get()
    assert (claim.key, claim.level.slug, claim.status) == ("django-orm", "built-in", Status.DRAFT)
    found = claim.citations.order_by("pk").values_list("article__slug", "stance", "says", "locator")
    assert list(found) == [("docs", "supports", "It has one.", "Models"), ("blog", "supports", "So they say.", "")]


@pytest.mark.parametrize(("format", "write"), [("yaml", as_yaml), ("json", as_json)])
def test_a_claim_with_citations_comes_from_yaml_and_json(base, format, write):
    figure = {"key": "fast", "framework": "flask", "criterion": "pace", "kind": "figure", "polarity": "con",
              "statement": "It takes some time.", "number": 12.5, "number_high": 20, "approximate": True,
              "hardware": "2 cores", "citations": []}  # fmt: skip
    imported(write(CLAIM | {"citations": [CITATION]}, figure), format)
    claim, figure_ = Claim.objects.get(key="django-orm"), Claim.objects.get(key="fast")
    assert (claim.statement, claim.citations.get().locator) == ("Django has an ORM.", "Models")
    assert (figure_.number, figure_.number_high, figure_.approximate) == (Decimal("12.5"), 20, True)


def test_yaml_says_what_stands_there_and_not_what_yaml_makes_of_it(base):
    text = "- {key: on, framework: django, criterion: aim, kind: usage, polarity: neutral, statement: no,\n"
    imported((text + "   text: 3.10, since_version: 1_0, until_version: 0o7, remedy: ~}\n").encode(), "yaml")
    claim = Claim.objects.get()
    assert (claim.key, claim.statement, claim.text) == ("on", "no", "3.10")
    assert (claim.since_version, claim.until_version, claim.remedy) == ("1_0", "0o7", "")


def test_a_byte_order_mark_and_windows_lines_are_no_obstacle(base):
    imported(b"\xef\xbb\xbf" + as_csv(CLAIM | {"statement": "One.\r\n\r\nTwo."}))
    assert Claim.objects.get().statement == "One.\n\nTwo."


def test_names_of_columns_may_be_written_as_labels(base):
    content = as_csv({"Key": "a", "CRITERION": "aim", "Kind": "usage", "Polarity": "PRO", "statement": "S.",
                      "Since version": "2"})  # fmt: skip
    imported(content)
    assert Claim.objects.get().since_version == "2"


def test_a_new_claim_without_key_gets_one_from_what_it_says(base):
    row = {name: value for name, value in CLAIM.items() if name != "key"}
    imported(as_csv(row | CITATION, row | {"article": "blog", "says": "Too."}))
    claim = Claim.objects.get()
    assert claim.key.startswith("django-django-has-an-orm-") and claim.citations.count() == 2
    assert planned(as_csv(row | CITATION)).counts["unchanged"] == 1


def test_a_row_with_a_key_and_a_citation_adds_it_to_the_claim_as_it_stands(base):
    imported(as_csv(CLAIM | CITATION))
    plan = imported(as_csv({"key": "django-orm", "statement": "", "level": "", "article": "blog", "says": "Too."}))
    assert plan.counts["changed"] == 1
    assert (Claim.objects.get().statement, Citation.objects.count()) == ("Django has an ORM.", 2)


def test_a_column_that_the_file_has_not_leaves_the_field_alone(base):
    imported(as_csv(CLAIM | {"since_version": "1.0"}))
    imported(as_csv({"key": "django-orm", "statement": "Django has a good ORM."}))
    claim = Claim.objects.get()
    assert (claim.statement, claim.since_version, claim.level.slug) == ("Django has a good ORM.", "1.0", "built-in")


def test_an_empty_cell_empties_the_field(base):
    imported(as_csv(CLAIM | {"since_version": "1.0"}))
    imported(as_csv({"key": "django-orm", "statement": "Django has an ORM.", "since_version": ""}))
    assert Claim.objects.get().since_version == ""


# What is written


def state() -> dict[str, Any]:
    return every_row()


@pytest.mark.parametrize(("format", "write"), [("csv", as_csv), ("yaml", as_yaml), ("json", as_json)])
def test_the_same_file_twice_changes_nothing(base, format, write):
    content = write(CLAIM | CITATION) if format == "csv" else write(CLAIM | {"citations": [CITATION]})
    imported(content, format)
    before = state()
    assert imported(content, format).counts == {"created": 0, "changed": 0, "unchanged": 1, "refused": 0}
    assert state() == before


def test_what_is_imported_is_a_draft_by_the_importer(base):
    editor = User.objects.create_superuser("editor")
    imported(as_csv(CLAIM), by=editor)
    claim = Claim.objects.get()
    assert (claim.status, claim.author, claim.written_by, claim.published_at) == (Status.DRAFT, editor, editor, None)


def test_a_published_claim_that_changes_goes_to_review_even_for_a_superuser(base):
    editor, writer = User.objects.create_superuser("editor"), User.objects.create_user("writer")
    make_claim(key="old", statement="Old.", author=writer, written_by=writer)
    imported(as_csv({"key": "old", "statement": "New."}), by=editor)
    claim = Claim.objects.get()
    assert (claim.status, claim.statement, claim.version) == (Status.IN_REVIEW, "New.", 2)
    assert (claim.author, claim.written_by, claim.published_at) == (editor, writer, NOON)


def test_a_new_citation_of_a_published_claim_sends_it_to_review(base):
    make_claim(key="old")
    imported(as_csv({"key": "old", "article": "docs", "stance": "disputes", "says": "No."}))
    claim = Claim.objects.get()
    assert (claim.status, claim.version, claim.citations.count()) == (Status.IN_REVIEW, 2, 2)


@pytest.mark.parametrize("status", [Status.DRAFT, Status.IN_REVIEW])
def test_a_claim_that_readers_do_not_see_keeps_its_status(base, status):
    make_claim(key="old", status=status, published_at=None)
    imported(as_csv({"key": "old", "statement": "New."}))
    assert Claim.objects.get().status == status


def test_a_published_claim_that_is_the_same_stays_published(base):
    make_claim(key="old", statement="Old.")
    assert imported(as_csv({"key": "old", "statement": "Old."})).counts["unchanged"] == 1
    assert Claim.objects.get().status == Status.PUBLISHED


def test_a_withdrawn_claim_is_refused(base):
    make_claim(key="old", status="withdrawn", withdrawn_at=NOON, withdrawal_reason="Wrong.")
    assert told(as_csv({"key": "old", "statement": "New."})) == [
        "f, row 2, column “key”: This claim is withdrawn; publish it again first, or leave it out."
    ]


def test_citations_that_the_file_does_not_name_stay_and_are_told(base):
    claim = make_claim(key="old", by=())
    make_citation(claim, Article.objects.get(slug="docs"))
    plan = imported(as_csv({"key": "old", "article": "blog", "says": "New."}))
    assert plan.items[0].kept == 1
    assert claim.citations.count() == 2


def test_claims_that_the_file_does_not_name_stay(base):
    make_claim(key="other")
    imported(as_csv(CLAIM))
    assert Claim.objects.filter(key="other").exists()


def test_a_citation_is_known_by_article_and_locator(base):
    imported(as_csv(CLAIM | CITATION))
    imported(as_csv({"key": "django-orm"} | CITATION | {"says": "It has a good one.", "reading": "yes"}))
    citation = Citation.objects.get()
    assert (citation.says, citation.reading) == ("It has a good one.", True)


def test_every_write_is_in_the_history_with_author_and_file(base):
    editor = User.objects.create_superuser("editor")
    imported(as_csv(CLAIM | CITATION), by=editor)
    imported(as_csv({"key": "django-orm", "statement": "New."} | CITATION | {"says": "New."}), by=editor)
    for row in (Claim.objects.get(), Citation.objects.get()):
        entries = row.history.order_by("history_id")
        assert [entry.history_type for entry in entries] == ["+", "~"]
        assert {(entry.history_user, entry.history_change_reason) for entry in entries} == {
            (editor, "Import of claims.csv")
        }
    assert Claim.objects.get().history.latest().statement == "New."


def test_a_change_by_import_keeps_the_articles_of_the_verdict_in_the_history(base):
    claim = make_claim(key="old")
    claim.verdict_articles.add(Article.objects.get(slug="docs"))
    imported(as_csv({"key": "old", "statement": "New."}))
    assert claim.history.latest().verdict_articles.count() == 1


@pytest.mark.django_db(transaction=True)
def test_cells_pros_and_cons_and_search_are_right_after_an_import(transactional_db):
    framework, criterion = make_framework("django"), make_criterion("aim")
    make_claim(framework, criterion, key="old", text="So", polarity="pro")
    make_article("docs")
    assert SearchEntry.objects.exists()
    imported(as_csv({"key": "old", "text": "Otherwise", "article": "docs", "says": "Yes."}))
    assert not stale()
    assert list(search_index.stale()) == []
    assert [problem for problem in checks.check_all() if problem.rule.startswith("stale")] == []


def test_somebody_without_permission_imports_nothing(base):
    with pytest.raises(PermissionDenied):
        imported(as_csv(CLAIM), by=User.objects.create_user("viewer"))
    assert not Claim.objects.exists()


# All or nothing


def test_a_failure_in_the_last_record_leaves_nothing(base, monkeypatch):
    make_claim(key="old", statement="Old.")
    before = state()
    calls = []

    def fails_last(self: Any, items: Any) -> None:
        calls.append(items)
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(writing._Writer, "change", fails_last)
    with pytest.raises(RuntimeError):
        imported(as_yaml(CLAIM | {"citations": [CITATION]}, {"key": "old", "statement": "New."}), "yaml")
    assert calls and state() == before


def test_an_error_in_the_last_record_leaves_nothing(base):
    plan = planned(as_csv(CLAIM | CITATION, {**CLAIM, "key": "last", "level": "no-such"}))
    before = state()
    with pytest.raises(importing.UnsoundPlan):
        importing.apply(plan)
    assert state() == before
    assert plan.counts == {"created": 1, "changed": 0, "unchanged": 0, "refused": 1}


def test_a_claim_that_somebody_changed_meanwhile_stops_the_import(base):
    claim = make_claim(key="old", statement="Old.")
    plan = planned(as_yaml(CLAIM, {"key": "old", "statement": "New."}), "yaml")
    claim.statement = "Mine."
    claim.save()
    with pytest.raises(importing.Outdated):
        importing.apply(plan)
    assert list(Claim.objects.values_list("statement", flat=True)) == ["Mine."]


def test_a_citation_that_somebody_changed_meanwhile_stops_the_import(base):
    claim = make_claim(key="old", by=())
    make_citation(claim, Article.objects.get(slug="docs"))
    plan = planned(as_csv({"key": "old", "article": "docs", "says": "New."}))
    Citation.objects.update(says="Mine.")
    with pytest.raises(importing.Outdated):
        importing.apply(plan)
    assert (Citation.objects.get().says, Claim.objects.get().version) == ("Mine.", 1)


def test_a_key_that_somebody_took_meanwhile_stops_the_import(base):
    plan = planned(as_csv({**CLAIM, "key": "free"}, CLAIM))
    make_claim(key="django-orm")
    with pytest.raises(importing.Outdated):
        importing.apply(plan)
    assert Claim.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("key", ["new", "old"])
def test_of_several_imports_of_one_file_exactly_one_is_carried_out(transactional_db, key):
    make_criterion("aim")
    make_claim(key="old", statement="Old.")
    row = {"key": key, "criterion": "aim", "kind": "usage", "polarity": "pro", "statement": "New."}
    plans = [planned(as_csv(row)) for _ in range(4)]
    ends = at_once(*(lambda plan=plan: importing.apply(plan) for plan in plans))
    assert sorted(type(end).__name__ for end in ends) == ["NoneType"] + ["Outdated"] * 3
    claim = Claim.objects.get(key=key)
    assert (claim.version, claim.history.latest().statement) == (1 + (key == "old"), "New.")


# Errors name row and column, all at once

WRONG: dict[str, tuple[Row, str, str]] = {
    # name: what the row says, column and message of the error
    "a word out of vocabulary": ({"kind": "capabilty"}, "kind", "Did you mean “capability”?"),
    "no kind": ({"kind": ""}, "kind", "A new claim has to say this."),
    "no criterion of a claim that is there": (
        {"key": "old", "criterion": "", "kind": "usage"}, "criterion", "A claim has to have one.",
    ),
    "no polarity of a claim that is there": ({"key": "old", "polarity": ""}, "polarity", "A claim has to have one."),
    "no statement": ({"statement": ""}, "statement", "A new claim has to say this."),
    "a number with a comma": ({"criterion": "pace", "level": "", "number": "1,5"}, "number", "write it as 1234.5"),
    "no number at all": ({"criterion": "pace", "level": "", "number": "NaN"}, "number", "“NaN” is no number"),
    "an endless number": ({"criterion": "pace", "level": "", "number": "inf"}, "number", "is no number"),
    "other digits": ({"criterion": "pace", "level": "", "number": "١٢"}, "number", "is no number"),
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
    "too long a key": ({"key": "k" * 81}, "key", "At most 80"),
    "too long a text": ({"since_version": "1" * 41}, "since_version", "41 characters; at most 40"),
    "far too long a text": ({"statement": "x" * 20_001}, "statement", "no text may have more than 20000"),
    "a control character": ({"statement": "a\x07b"}, "statement", "U+0007"),
    "a formula": ({"statement": "=1+1"}, "statement", "takes for a formula"),
    "a formula with a sign": ({"statement": "@SUM(A1)"}, "statement", "put an apostrophe before it"),
    "no article": ({"article": "", "says": "So."}, "article", "has to name its article"),
    "a source that says nothing": ({"says": ""}, "says", "Say what the source says"),
    "a stance out of vocabulary": ({"stance": "for"}, "stance", "“for” is none of"),
}  # fmt: skip


@pytest.mark.parametrize(("row", "column", "message"), WRONG.values(), ids=WRONG)
def test_a_wrong_cell_is_told_with_row_and_column(base, row, column, message):
    good = {**CLAIM, "key": "good", **CITATION}
    make_claim(key="old")
    if message == "there is no level":
        message, column = "There is no level “built-in” (row 3)", ""
    lines = told(as_csv(good, {**CLAIM, **CITATION, **row}))
    place = f"row 3, column “{column}”: " if column else ""
    assert [line for line in lines if place in line and message in line], lines


def test_all_errors_are_told_at_once(base):
    lines = told(
        as_csv({**CLAIM, "kind": "x", "polarity": "y"}, {**CLAIM, "key": "b", "level": "z", "approximate": "?"})
    )
    assert len(lines) == 4


def test_an_unknown_name_is_told_once_with_its_rows_and_what_is_like_it(base):
    rows = [{**CLAIM, "key": f"k{n}", "framework": "djago", "article": "dosc", "says": "So."} for n in range(20)]
    lines = told(as_csv(*rows))
    assert lines == [
        "f: There is no article “dosc” (row 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 10 more); did you mean “docs”?",
        "f: There is no framework “djago” (row 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 10 more); did you mean “django”?",
    ]


def test_a_cell_that_cannot_be_read_is_one_problem_and_not_two(base):
    (line,) = told(as_csv(CLAIM | {"statement": "=1+1"}))
    assert "takes for a formula" in line


def test_no_more_problems_are_told_than_anybody_reads(base):
    rows = [{**CLAIM, "key": f"k{n}", "kind": "x"} for n in range(250)]
    lines = told(as_csv(*rows))
    assert (len(lines), lines[-1]) == (201, "50 more problems.")


def test_rows_of_one_claim_may_not_contradict_one_another(base):
    lines = told(as_csv(CLAIM | CITATION, {**CLAIM, "statement": "Other.", "article": "blog", "says": "So."}))
    assert lines == [
        "f, row 3, column “statement”: Row 2 says something else of the claim “django-orm”; "
        "leave it empty or say the same."
    ]


def test_the_same_citation_twice_is_refused(base):
    (line,) = told(as_csv(CLAIM | CITATION, {**CLAIM, **CITATION, "says": "Other."}))
    assert line.startswith("f, row 3, column “article”: The claim cites this article with this locator in row 2")


def test_the_same_claim_twice_in_yaml_is_refused(base):
    (line,) = told(as_yaml(CLAIM, {**CLAIM}), "yaml")
    assert "column “key”: The claim “django-orm” is there twice, see line 1." in line


@pytest.mark.parametrize(
    "name", ["status", "verdict", "verdict_note", "mark", "published_at", "author", "version", "id", "pk"]
)
@pytest.mark.parametrize("format", ["csv", "yaml", "json"])
def test_what_only_people_decide_is_no_column(base, name, format):
    write = {"csv": as_csv, "yaml": as_yaml, "json": as_json}[format]
    (line,) = told(write(CLAIM | {name: "published"}), format)
    assert f"column “{name}”: An import cannot set this" in line


def test_an_unknown_column_is_told_with_the_one_like_it(base):
    (line,) = told(as_csv(CLAIM | {"statment": "So."}))
    assert line == "f, row 1, column “statment”: There is no such column. Did you mean “statement”?"


def test_a_citation_of_yaml_is_told_with_its_line(base):
    content = (
        b"- key: a\n  criterion: aim\n  kind: usage\n  polarity: pro\n  statement: S.\n  citations:\n"
        b"    - article: docs\n      says: So.\n      stance: against\n"
    )
    (line,) = told(content, "yaml")
    assert line.startswith("f, line 7, column “citation 1, stance”: “against” is none of")


# Hostile files

GOOD = as_csv(CLAIM)
HOSTILE: dict[str, tuple[str, bytes, int, str]] = {
    # name: format, content, row or line and message of the refusal
    "nothing": ("csv", b"", 0, "The file is empty"),
    "only a head": ("csv", b"key,criterion\n", 0, "holds no claim"),
    "Latin-1": ("csv", "key,statement\na,Café\n".encode("latin-1"), 2, "Byte 20 in line 2 (hexadecimal e9) is not"),
    "UTF-16": ("csv", "key\na\n".encode("utf-16"), 1, "UTF-16"),
    "UTF-16 without a mark": ("csv", "key\na\n".encode("utf-16-le"), 1, "NUL"),
    "a NUL": ("csv", b"key,statement\na,\0\n", 2, "Byte 17 is a NUL"),
    "an open quotation mark": ("csv", b'key,statement\na,"So\nb,S\n', 2, "quotation mark"),
    "a quotation mark in a text": ("csv", b'key,statement\na,"S"o"\n', 2, "quotation mark"),
    "an endless cell": ("csv", b"key,statement\na," + b"x" * 200_000 + b"\n", 2, "cannot be read"),
    "an endless quotation": ("csv", b'key,statement\na,"' + b"x\n" * 200_000, 2, "cannot be read"),
    "other columns": ("csv", b"name,price\na,1\n", 1, "has to name the columns"),
    "another separator": ("csv", b"key|statement\na|S\n", 1, "a comma, semicolon or tab"),
    "a column twice": ("csv", b"key,statement,key\na,S,b\n", 1, "This column is there twice"),
    "a thousand columns": ("csv", b"key," + b"," * 1000 + b"\na\n", 1, "more than 60 columns"),
    "a picture": ("csv", b"\x89PNG\r\n\x1a\n\0\0", 3, "NUL"),
    "an archive": ("csv", b"PK\x03\x04\x14\0\x08\0", 1, "NUL"),
    "bad YAML": ("yaml", b"- key: [\n", 2, "not YAML"),
    "deep YAML": ("yaml", b"- " * 5000 + b"a", 1, "nested more than 4 levels"),
    "deep YAML in brackets": ("yaml", b"[" * 100_000, 1, "nested more than 4 levels"),
    "an alias": ("yaml", b"- &a {key: a}\n- *a\n", 1, "Aliases and anchors"),
    "a bomb of aliases": ("yaml", b"a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n", 1, "Aliases and anchors"),
    "an object of Python": ("yaml", b"- !!python/object/apply:os.system [ls]\n", 1, "Tags such as"),
    "a merged key": ("yaml", b"- <<: {key: a}\n  <<: {key: b}\n", 2, "there twice"),
    "a key twice in YAML": ("yaml", b"- key: a\n  key: b\n", 2, "there twice"),
    "a list for a key": ("yaml", b"- ? [a]\n  : b\n", 1, "has to be text"),
    "two documents": ("yaml", b"- key: a\n---\n- key: b\n", 2, "second document"),
    "a mapping": ("yaml", b"key: a\n", 1, "Expected a list of claims"),
    "a word": ("yaml", b"claims\n", 1, "Expected a list of claims"),
    "only remarks": ("yaml", b"# Nothing.\n", 0, "holds no claim"),
    "a bell in YAML": ("yaml", b"- key: a\n  statement: \x07\n", 2, "U+0007"),
    "bad JSON": ("json", b'[{"key": "a",\n"b" 1}]', 2, "not JSON"),
    "JSON that ends too early": ("json", b'[{"key": "a"}', 1, "not JSON"),
    "JSON and more": ("json", b"[] []", 1, "something stands after the list"),
    "deep JSON": ("json", b"[" * 100_000, 1, "nested more than 4 levels"),
    "deep JSON in objects": ("json", b'[{"a":' * 50_000, 1, "nested more than 4 levels"),
    "NaN": ("json", b'[{"number": NaN}]', 1, "NaN is no number"),
    "infinity": ("json", b'[{"number": -Infinity}]', 1, "is no number"),
    "a key twice in JSON": ("json", b'[{"key": "a", "key": "b"}]', 1, "there twice"),
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
    (line,) = told(GOOD + b"a,b,c,d,e,f,g,h\n")
    assert line == "f, row 3: This row has 8 cells, and the first row 7. Check commas and quotation marks."


def test_a_row_that_names_no_claim_is_told(base):
    (line,) = told(as_csv(CLAIM | CITATION, {"article": "blog", "says": "So."}))
    assert line.startswith("f, row 3, column “key”: This row names no claim")


def test_half_a_pair_of_surrogates_is_told(base):
    (line,) = told(b'[{"key": "a", "statement": "\\ud800"}]'.replace(b'"a"', b'"a", "criterion": "aim"'), "json")[-1:]
    assert "U+D800" in " ".join(told(b'[{"key": "a", "statement": "\\ud800"}]', "json")), line


def test_a_list_where_text_belongs_is_told(base):
    assert "column “level”: Expected text here, not a list." in " ".join(
        told(as_json({**CLAIM, "level": ["a"]}), "json")
    )


ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@given(ANY_TEXT | st.from_regex("'*[=+@-].*", fullmatch=True))
def test_what_is_escaped_is_unescaped_to_the_same(text):
    assert unescaped(escaped(text)) == text
    assert not is_formula(escaped(text))


@given(st.sampled_from(importing.FORMATS), st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(format, content):
    try:
        importing.read(content, format)
    except importing.Unreadable as error:
        assert error.problem.message


@given(st.sampled_from(importing.FORMATS), st.text("keystamn,;:-[]{}\"'\\\n\t &*!|>#?", max_size=200))
def test_any_text_is_read_or_refused(format, text):
    try:
        importing.read(text.encode(), format)
    except importing.Unreadable as error:
        assert error.problem.message


CELLS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40)


@given(st.lists(st.fixed_dictionaries({"statement": CELLS, "text": CELLS}), min_size=1, max_size=5))
def test_every_format_reads_the_same(rows):
    rows = [{"key": f"k{n}", "criterion": "aim", **row} for n, row in enumerate(rows)]
    written = [{name: escaped(value) for name, value in row.items()} for row in rows]
    sources = (
        importing.read(as_csv(*written), "csv"), importing.read(as_json(*rows), "json"),
        importing.read(as_yaml(*rows), "yaml"),
    )  # fmt: skip
    first, *others = ([record.values for record in source.records] for source in sources)
    assert [first, first] == others


FIELDS = st.fixed_dictionaries(
    {
        "kind": st.sampled_from([*ClaimKind, "", "other"]),
        "polarity": st.sampled_from(["pro", "", "x"]),
        "statement": st.sampled_from(["S.", ""]),
        "number": st.none() | st.integers(-2, 2),
        "number_high": st.none() | st.integers(-2, 2),
        "approximate": st.booleans(),
        "text": st.sampled_from(["", "So"]),
        "hardware": st.sampled_from(["", "8"]),
        "impact": st.sampled_from(["", "Bad"]),
        "remedy": st.sampled_from(["", "Good"]),
        "verdict": st.sampled_from([*Verdict, "?"]),
        "verdict_note": st.sampled_from(["", "Note"]),
        "verdict_on": st.sampled_from([None, "2026-01-01"]),
        "status": st.sampled_from([*Status, "?"]),
        "withdrawal_reason": st.sampled_from(["", "R"]),
        "mark": st.sampled_from(["", "unclear", "?"]),
        "mark_note": st.sampled_from(["", "N"]),
        "framework_id": st.booleans(),
    }
)


@pytest.mark.django_db
@hypothesis_settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(FIELDS)
def test_a_rule_is_broken_in_memory_if_the_database_says_so(base, fields):
    framework = Framework.objects.get(slug="django") if fields.pop("framework_id") else None
    claim = Claim(key="k", framework=framework, criterion=Criterion.objects.get(slug="aim"), **fields)
    found = list(broken(claim))
    try:
        with transaction.atomic():
            super(Claim, claim).save_base(raw=True)
            claim.delete()
    except IntegrityError as error:
        assert found, error
    else:
        assert not found


# The command


@pytest.fixture
def file(base: None, tmp_path: Path) -> Path:
    path = tmp_path / "claims.csv"
    path.write_bytes(as_csv(CLAIM | CITATION))
    return path


def test_a_dry_run_tells_every_change_and_writes_nothing(file, capsys):
    before = state()
    call_command("import_claims", file, dry_run=True)
    printed = capsys.readouterr().out
    assert "row 2: django-orm: created" in printed
    assert "statement: – → Django has an ORM." in printed
    assert "docs Models, says: – → It has one." in printed
    assert "Nothing was written; this would be: 1 created, 0 changed, 0 unchanged, 0 refused" in printed
    assert state() == before


def test_a_dry_run_says_what_leaves_the_site(base, tmp_path, capsys):
    make_claim(key="old", statement="Old.")
    (tmp_path / "c.csv").write_bytes(as_csv({"key": "old", "statement": "New."}))
    call_command("import_claims", tmp_path / "c.csv", dry_run=True)
    printed = capsys.readouterr().out
    assert "row 2: old: changed, goes back to review\n    statement: Old. → New." in printed


def test_the_command_shows_progress_and_counts(file, capsys):
    call_command("import_claims", file)
    printed = capsys.readouterr().out
    assert "1 of 1 claims checked" in printed and "1 of 1 claims written" in printed
    assert "Imported: 1 created, 0 changed, 0 unchanged, 0 refused" in printed


def test_the_command_names_the_author(file):
    User.objects.create_superuser("editor")
    call_command("import_claims", file, by="editor", verbosity=0)
    assert Claim.objects.get().author.username == "editor"


@pytest.mark.parametrize(
    ("options", "message"),
    [({"by": "nobody"}, "There is no account “nobody”"), ({"by": "viewer"}, "may not add and change claims")],
)
def test_an_author_who_may_not_import_is_refused(file, options, message):
    User.objects.create_user("viewer")
    with pytest.raises(CommandError, match=message):
        call_command("import_claims", file, **options, verbosity=0)
    assert not Claim.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("gone.csv", None, "There is no file"),
        ("claims.xlsx", b"PK", "give --format"),
        ("bad.csv", b"\xff\xfe", r"bad\.csv, row 1: The file is UTF-16"),
        ("bad.yaml", b"- [[[[[", r"bad\.yaml, line 1: It is nested"),
        ("empty.csv", b"", r"empty\.csv, The file is empty"),
        ("wrong.csv", as_csv({**CLAIM, "kind": "x"}), "0 created, 0 changed, 0 unchanged, 1 refused"),
    ],
)
def test_a_refusal_is_an_error_and_no_traceback(base, tmp_path, capsys, name, content, message):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(CommandError, match=message):
        call_command("import_claims", tmp_path / name)
    assert not Claim.objects.exists()


def test_a_folder_and_a_pipe_are_no_files(base, tmp_path):
    import os

    os.mkfifo(tmp_path / "pipe.csv")
    for name in ("pipe.csv", "."):
        with pytest.raises(CommandError, match="There is no file"):
            call_command("import_claims", tmp_path / name)


def test_stopped_while_it_writes_it_leaves_nothing(file, monkeypatch):
    before = state()

    def stop(*args: Any, **options: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(writing._Writer, "cite", stop)
    with pytest.raises(KeyboardInterrupt):
        call_command("import_claims", file, verbosity=0)
    assert state() == before


@pytest.mark.django_db(transaction=True)
def test_stopped_once_it_has_written_it_completes_what_follows(transactional_db, tmp_path, monkeypatch):
    framework, criterion = make_framework("django"), make_criterion("aim")
    make_claim(framework, criterion, key="old", text="So", polarity="pro")
    (tmp_path / "c.csv").write_bytes(as_csv({"key": "old", "text": "Otherwise"}))
    original, handler = writing._Writer.run, signal.getsignal(signal.SIGINT)

    def run(self: Any) -> None:
        original(self)
        # As the signal would do; the signal itself is lost where the parent of the tests ignores it.
        signal.getsignal(signal.SIGINT)(signal.SIGINT, None)

    monkeypatch.setattr(writing._Writer, "run", run)
    with pytest.raises(KeyboardInterrupt):
        call_command("import_claims", tmp_path / "c.csv", verbosity=0)
    assert Claim.objects.get().text == "Otherwise"
    assert not stale()
    assert signal.getsignal(signal.SIGINT) is handler


@pytest.mark.parametrize("size", [2, 40])
def test_a_plan_takes_as_many_queries_for_few_claims_as_for_many(base, django_assert_num_queries, size):
    for n in range(0, size, 2):
        make_claim(key=f"k{n}", by=())
    rows = [{**CLAIM, **CITATION, "key": f"k{n}"} for n in range(size)]
    source = importing.read(as_csv(*rows), "csv")
    with django_assert_num_queries(7):
        importing.plan(source)


# The documents

GUIDE = Path(__file__).parents[3] / "docs/import.md"


def test_the_examples_of_the_guide_are_read():
    text = GUIDE.read_text("utf-8")
    for format in ("csv", "yaml"):
        (example,) = re.findall(rf"```{format}\n(.*?)```", text, re.DOTALL)
        source = importing.read(example.encode(), format)
        assert (source.problems, [record.key for record in source.records]) == ([], ["example-orm"])


def test_the_guide_names_every_column_and_the_limits():
    text = GUIDE.read_text("utf-8")
    first = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    named = set(re.findall(r"`(\w+)`", " ".join(first)))
    assert named == set(columns.COLUMNS)
    for limit in (limits.MAX_ROWS, limits.MAX_CELL):
        assert f"{limit:,}" in text
    assert f"{limits.MAX_BYTES // 1_000_000} MB, " in text and f"{limits.MAX_COLUMNS} columns" in text
