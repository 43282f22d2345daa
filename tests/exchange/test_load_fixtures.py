"""The loader of fixtures: all or nothing, idempotent, and every error with its file, line, record and field."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from django.contrib.auth.models import User

from comparisons.exchange.fixtures import loading, parsing, problems
from comparisons.models import Article, Claim, Criterion, Framework, Release
from tests.dumps import content, every_row
from tests.factories import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(second_domain: Path, tmp_path: Path) -> Path:
    """A copy of the second domain, which is in the database already, with one change that a failure has to undo."""
    copy = Path(shutil.copytree(second_domain, tmp_path / "fixtures"))
    replace(copy / "frameworks.yaml", "slug: celery", "tagline: Distributed", "tagline: Changed")
    return copy


def replace(path: Path, marker: str, old: str, new: str) -> int:
    """Replace some words of the record that holds the marker; the line of that record, counted from 1."""
    records = re.split(r"^(?=- model)", path.read_text("utf-8"), flags=re.MULTILINE)
    (place,) = [n for n, text in enumerate(records) if marker in text]
    assert records[place].count(old) == 1
    records[place] = records[place].replace(old, new)
    path.write_text("".join(records), "utf-8")
    return "".join(records[:place]).count("\n") + 1


def refusal(folder: Path) -> list[problems.FixtureProblem]:
    """What the loader says to a folder; it has to leave every row of every table as it was."""
    before = every_row()
    with pytest.raises(problems.InvalidFixtures) as error:
        loading.load(folder)
    assert every_row() == before
    assert str(error.value).splitlines()[0] == str(error.value.problems[0])
    return error.value.problems


RQ, AIM = "claims/rq.yaml", "key: rq-aim"
CITATION = "article: [rq-home]\n    stance: supports\n    says: A simple library"
BROKEN: dict[str, tuple[str, str, str, str, str, str, str]] = {
    # name: file, mark of the record, old words, new words; record, field and message of the error
    "a framework that is not there": (
        RQ, AIM, "framework: [rq]", "framework: [rqq]",
        "claim “rq-aim”", "framework", "there is no framework “rqq”; did you mean “rq”?",
    ),
    "an article that is not there": (
        RQ, CITATION, "[rq-home]", "[rq-homme]",
        "citation “rq-aim / rq-homme / Introduction”", "article", "did you mean “rq-home”?",
    ),
    "a level of another criterion": (
        RQ, "key: rq-fork", "[windows, 'no']", "[workflows, full]", "claim “rq-fork”", "level", "is a level of",
    ),
    "a level that is not there": (
        RQ, "key: rq-fork", "[windows, 'no']", "[windows, maybe]", "claim “rq-fork”", "level", "there is no level",
    ),
    "a field that is not there": (
        RQ, AIM, "polarity: neutral", "polarty: neutral", "claim “rq-aim”", "polarty", "did you mean “polarity”?",
    ),
    "a field of the other side": (
        RQ, AIM, "text: Simplicity", "citations: []", "claim “rq-aim”", "citations", "there is no such field",
    ),
    "a primary key": (RQ, AIM, "text: Simplicity", "id: 1", "claim “rq-aim”", "id", "there is no such field"),
    "a column": (RQ, AIM, "framework: [rq]", "framework_id: 1", "claim “rq-aim”", "framework_id", "“framework”?"),
    "a list that has a table of its own": (
        "comparisons.yaml", "title: Celery", "featured: true", "criteria: [[aim]]",
        "comparison “celery-vs-rq-vs-huey”", "criteria", "there is no such field",
    ),
    "a word out of vocabulary": (
        RQ, AIM, "polarity: neutral", "polarity: mixed", "claim “rq-aim”", "polarity", "not a valid choice",
    ),
    "a status out of vocabulary": (
        RQ, AIM, "status: published", "status: public", "claim “rq-aim”", "status", "the rule claim_status_known",
    ),
    "a verdict without a date": (
        RQ, AIM, "verdict_on: 2026-11-20", "verdict_on: null",
        "claim “rq-aim”", "verdict, verdict_on", "breaks the rule claim_verdict_has_date",
    ),
    "a name that another record has": (
        "frameworks.yaml", "slug: rq", "name: RQ", "name: Huey", "framework “rq”", "name", "unique",
    ),
    "a place that is taken": (
        "comparisons.yaml", "smaller; RQ lives", "order: 2", "order: 1",
        "paragraph “celery-vs-rq-vs-huey / 1”", "", "this record is there twice, see comparisons.yaml, line",
    ),
    "a value that does not fit": (
        RQ, AIM, "text: Simplicity", "number: '5'", "claim “rq-aim”", "number", "is answered by a text",
    ),
    "two kinds of value": (
        RQ, "key: rq-stores", "number: '2'", "number: '2'\n    text: Two",
        "claim “rq-stores”", "text", "is answered by a number",
    ),
    "a unit of a text criterion": (
        "criteria.yaml", "slug: aim", "direction: none", "direction: none\n    unit: ms",
        "criterion “aim”", "unit, value_type", "breaks the rule criterion_unit_goes_with_number",
    ),
    "too long a text": (RQ, AIM, "text: Simplicity", "text: " + "x" * 49, "claim “rq-aim”", "text", "at most 48"),
    "an address that is none": (
        "articles.yaml", "slug: rq-home", "url: https://python-rq.org/", "url: javascript:alert(1)",
        "article “rq-home”", "url", "valid URL",
    ),
    "a slug with spaces": (
        "articles.yaml", "slug: huey-guide", "slug: huey-guide", "slug: Huey guide",
        "article “Huey guide”", "slug", "lower-case letters",
    ),
    "an unquoted no": (RQ, AIM, "text: Simplicity", "text: no", "claim “rq-aim”", "text", "YAML read this as False"),
    "an unquoted yes in a list of words": (
        RQ, "key: rq-fork", "[windows, 'no']", "[windows, no]", "claim “rq-fork”", "level", "YAML read False here",
    ),
    "a number where text belongs": (
        "releases.yaml", "framework: [rq]", "version_number: '2.0'", "version_number: 2.0",
        "release “rq / 2.0”", "version_number", "YAML read this as 2.0, not as text; put it in quotes",
    ),
    "a number in a natural key": (RQ, AIM, "[aim]", "[3.10]", "claim “rq-aim”", "criterion", "YAML read 3.1 here"),
    "a time where text belongs": (RQ, AIM, "text: Simplicity", "text: 12:30", "claim “rq-aim”", "text", "not as text"),
    "nothing where text belongs": (
        "frameworks.yaml", "slug: rq", "name: RQ", "name:", "framework “rq”", "name", "YAML read this as None",
    ),
    "a natural key without brackets": (
        RQ, AIM, "criterion: [aim]", "criterion: aim", "claim “rq-aim”", "criterion", "write it in brackets, as [aim]",
    ),
    "a natural key that is too short": (
        RQ, "key: rq-fork", "[windows, 'no']", "['no']", "claim “rq-fork”", "level", "has 2 parts, not 1",
    ),
    "a natural key with a list in it": (
        RQ, AIM, "criterion: [aim]", "criterion: [[aim]]", "claim “rq-aim”", "criterion", "not text",
    ),
    "one article where several may stand": (
        "releases.yaml", "framework: [rq]", "articles:\n      - [rq-repo]", "articles: rq-repo",
        "release “rq / 2.0”", "articles", "expected a list of natural keys",
    ),
    "a user by a number": (RQ, AIM, "text: Simplicity", "author: 1", "claim “rq-aim”", "author", "1 is no author"),
    "no criterion": (RQ, AIM, "criterion: [aim]\n    ", "", "claim “rq-aim”", "criterion", "name one"),
    "no statement": (
        RQ, AIM, "statement: RQ aims at being simple, with little to learn.\n    ", "",
        "claim “rq-aim”", "statement", "cannot be blank",
    ),
    "a day that is none": (
        "releases.yaml", "framework: [rq]", "2024-10-28", "2024-13-45", "release “rq / 2.0”", "released_on", "invalid",
    ),
    "a year where a day belongs": (
        "releases.yaml", "framework: [rq]", "2024-10-28", "2024", "release “rq / 2.0”", "released_on", "does not fit",
    ),
    "a word where true or false belongs": (
        "comparisons.yaml", "title: Celery", "featured: true", "featured: 'yes'",
        "comparison “celery-vs-rq-vs-huey”", "featured", "write true or false",
    ),
    "half a place": (
        "frameworks.yaml", "slug: rq", "order: 20", "order: 1.5", "framework “rq”", "order", "not a whole number",
    ),
    "a place below nought": ("frameworks.yaml", "slug: rq", "order: 20", "order: -1", "framework “rq”", "order", "0"),
    "an endless place": (
        "frameworks.yaml", "slug: rq", "order: 20", "order: .inf", "framework “rq”", "order", "not a whole number",
    ),
    "a figure that is none": (
        RQ, "key: rq-stores", "number: '2'", "number: .nan", "claim “rq-stores”", "number", "number",
    ),
    "an endless figure": (RQ, "key: rq-stores", "number: '2'", "number: .inf", "claim “rq-stores”", "number", "number"),
    "true where a figure belongs": (
        RQ, "key: rq-stores", "number: '2'", "number: true", "claim “rq-stores”", "number", "not as a number",
    ),
    "too many decimals": (
        RQ, "key: rq-stores", "number: '2'", "number: '2.00001'", "claim “rq-stores”", "number", "decimal places",
    ),
    "a record that is there twice": (
        RQ, AIM, "key: rq-aim", "key: rq-low-barrier", "claim “rq-low-barrier”", "", "see claims/rq.yaml, line 2",
    ),
    "the last record of the last file": (
        "comparisons.yaml", "smaller; RQ lives", "[huey-stores]", "[huey-store]",
        "paragraph “celery-vs-rq-vs-huey / 2”", "claims", "there is no claim “huey-store”",
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("file", "marker", "old", "new", "record", "field", "message"), BROKEN.values(), ids=BROKEN
)  # fmt: skip
def test_a_broken_record_is_refused_with_file_line_record_and_field(
    folder, file, marker, old, new, record, field, message
):
    line = replace(folder / file, marker, old, new)
    problem = refusal(folder)[0]
    assert (problem.file, problem.line, problem.record, problem.field) == (file, line, record, field)
    assert message in problem.message


UNREADABLE: dict[str, tuple[bytes, int, str]] = {
    # name: what the file begins with, line and message of the error; "" for a message of the YAML library
    "bad YAML": (b"- model: comparisons.framework\n  fields: [\n", 3, ""),
    "a tab": (b"- model: comparisons.framework\n\tfields:\n", 2, ""),
    "a key that occurs twice": (b"- model: comparisons.framework\n  fields:\n    slug: a\n    slug: b\n", 4, "twice"),
    "a model that occurs twice": (b"- model: comparisons.framework\n  model: comparisons.level\n", 2, "twice"),
    "an alias": (b"- &a\n  model: comparisons.framework\n- *a\n", 3, "aliases are not allowed"),
    "a merged key": (b"- model: comparisons.framework\n  fields:\n    <<: {slug: a}\n", 3, "a key has to be text"),
    "a key that YAML misreads": (b"- model: comparisons.framework\n  fields:\n    no: a\n", 3, "a key has to be text"),
    "a list for a key": (b"- model: comparisons.framework\n  fields:\n    ? [a]\n    : b\n", 3, "a key has to be text"),
    "not UTF-8": ("# One.\n# Caf\xe9\n".encode("latin-1"), 2, "not UTF-8"),
    "a control character": (b"# One.\n# Two.\n- \x07\n", 3, "the character #x07 is not allowed"),
    "an object of Python": (b"# One.\n- !!python/object/apply:os.getcwd []\n", 2, ""),
    "deep nesting": (b"# One.\n- " + b"[" * 5000, 2, "nested more than 8 levels deep"),
    "nesting just too deep": (b"# One.\n- " + b"[" * 9, 2, "nested more than 8 levels deep"),
    "two documents": (b"- model: a\n---\n- model: b\n", 2, ""),
    "no list": (b"model: comparisons.framework\n", 1, "expected a list of records"),
    "a word for a record": (b"# One.\n- word\n", 2, "a record has a “model” and “fields”"),
    "a record without fields": (b"- model: comparisons.framework\n", 1, "a record has a “model” and “fields”"),
    "a record with a primary key": (
        b"- model: comparisons.framework\n  pk: 1\n  fields: {}\n", 1, "a record has a “model” and “fields”",
    ),
    "a model that is not there": (b"- model: comparisons.frame\n  fields: {}\n", 1, "there is no model"),
    "a model that is no name": (b"- model: 5\n  fields: {}\n", 1, "there is no model"),
    "a cell": (b"- model: comparisons.cell\n  fields: {}\n", 1, "is not part of the content"),
    "a user": (b"- model: auth.user\n  fields: {username: root}\n", 1, "is not part of the content"),
    "a history": (b"- model: comparisons.historicalclaim\n  fields: {}\n", 1, "is not part of the content"),
}  # fmt: skip


@pytest.mark.parametrize(("start", "line", "message"), UNREADABLE.values(), ids=UNREADABLE)
def test_a_file_that_cannot_be_read_is_refused_with_its_line(folder, start, line, message):
    path = folder / "rulings.yaml"
    path.write_bytes(start)
    problem = refusal(folder)[0]
    assert (problem.file, problem.line) == ("rulings.yaml", line)
    assert problem.message and message in problem.message


def test_a_file_that_is_too_large_is_refused(folder, monkeypatch):
    monkeypatch.setattr(parsing, "MAX_BYTES", 2000)
    assert "larger than 2000 bytes" in refusal(folder)[0].message


def test_all_errors_are_told_at_once(folder):
    for marker in (AIM, "key: rq-licence"):
        replace(folder / RQ, marker, "polarity: neutral", "polarity: mixed")
    replace(folder / "releases.yaml", "framework: [rq]", "precision: day", "precision: week")
    assert [problem.file for problem in refusal(folder)] == ["releases.yaml", RQ, RQ]


def test_no_more_errors_are_told_than_anybody_reads(folder, monkeypatch):
    monkeypatch.setattr(loading, "MAX_ERRORS", 3)
    path = folder / "articles.yaml"
    path.write_text(path.read_text("utf-8").replace("interest: own-project", "interest: none"), "utf-8")
    assert len(refusal(folder)) == 3


def test_an_error_reads_as_one_sentence():
    problem = problems.FixtureProblem("claims/rq.yaml", 7, "claim “rq-aim”", "text", "put it in quotes")
    assert str(problem) == "claims/rq.yaml, line 7: claim “rq-aim” field “text”: put it in quotes"


@pytest.mark.parametrize("name", ["claim.yaml", "claims/rq.yml", "more/frameworks.yaml", "claims/old/rq.yaml"])
def test_a_file_that_would_be_passed_over_is_refused(folder, name):
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text("[]", "utf-8")
    assert refusal(folder)[0].file == name


def test_a_folder_without_fixtures_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError, match="holds no fixtures"):
        loading.load(tmp_path)


def test_an_empty_file_is_no_error(second_domain, tmp_path):
    (tmp_path / "frameworks.yaml").write_text("# Nothing yet.\n", "utf-8")
    assert loading.load(tmp_path).unchanged.total() == 0


def test_loading_the_same_files_again_changes_no_row_of_any_table(second_domain):
    before = every_row()
    report = loading.load(second_domain)
    assert (report.created.total(), report.updated.total(), report.unchanged.total()) == (0, 0, 112)
    assert every_row() == before


def test_a_record_that_changed_is_the_only_one_that_is_written(folder):
    report = loading.load(folder)
    assert (dict(report.created), dict(report.updated)) == ({}, {"framework": 1})
    framework = Framework.objects.get(slug="celery")
    assert (framework.tagline, framework.version) == ("Changed task queue for many brokers", 2)


def test_a_record_that_changed_gets_one_entry_in_the_history(folder):
    loading.load(folder)
    loading.load(folder)
    entries = Framework.objects.get(slug="celery").history.order_by("history_id")
    assert [entry.history_type for entry in entries] == ["+", "~"]


def test_a_list_of_articles_that_changed_counts_as_a_change(folder):
    replace(folder / RQ, AIM, "- [rq-home]", "- [rq-home]\n      - [rq-repo]")
    assert loading.load(folder).updated == {"framework": 1, "claim": 1}
    claim = Claim.objects.get(key="rq-aim")
    assert (claim.verdict_articles.count(), claim.version) == (2, 2)
    assert [entry.verdict_articles.count() for entry in claim.history.order_by("history_id")] == [1, 2]


def test_a_field_that_is_left_out_goes_back_to_its_default(folder):
    replace(folder / "frameworks.yaml", "slug: rq", "    kind: Job queue\n", "")
    loading.load(folder)
    assert Framework.objects.get(slug="rq").kind == ""


def test_what_the_site_fills_in_by_itself_stays_when_a_fixture_does_not_say(folder):
    writer = User.objects.create_user("writer")
    Claim.objects.filter(key="rq-aim").update(author=writer, written_by=writer)
    Article.objects.filter(slug="rq-home").update(link_health="dead", link_checked_at=NOON)
    replace(folder / RQ, AIM, "text: Simplicity", "text: Simple")
    replace(folder / "articles.yaml", "slug: rq-home", "title: 'RQ:", "title: 'Home:")
    loading.load(folder)
    claim, article = Claim.objects.get(key="rq-aim"), Article.objects.get(slug="rq-home")
    assert (claim.text, claim.author, claim.written_by) == ("Simple", writer, writer)
    assert (article.title[:5], article.link_health, article.link_checked_at) == ("Home:", "dead", NOON)


def test_link_health_that_a_fixture_gives_counts_for_a_new_article_only(folder):
    replace(folder / "articles.yaml", "slug: rq-home", "slug: rq-home", "slug: rq-home\n    link_health: ok")
    loading.load(folder)
    assert Article.objects.get(slug="rq-home").link_health == "unchecked"
    replace(folder / "articles.yaml", "slug: rq-home", "slug: rq-home", "slug: rq-house")
    loading.load(folder)
    assert Article.objects.get(slug="rq-house").link_health == "ok"


def test_an_author_is_found_by_the_name_of_the_account(folder):
    writer = User.objects.create_user("writer")
    replace(folder / RQ, AIM, "text: Simplicity", "text: Simplicity\n    author: [writer]")
    assert loading.load(folder).unknown_authors == {}
    assert Claim.objects.get(key="rq-aim").author == writer


def test_an_author_without_account_is_left_out_and_told(folder):
    replace(folder / RQ, AIM, "text: Simplicity", "text: Simplicity\n    author: [nobody]")
    assert loading.load(folder).unknown_authors == {"nobody": 1}
    assert Claim.objects.get(key="rq-aim").author is None
    assert not User.objects.exists()


def test_an_author_can_be_given_an_account_that_nobody_can_log_in_to(folder):
    replace(folder / RQ, AIM, "text: Simplicity", "text: Simplicity\n    author: [writer]")
    loading.load(folder, add_authors=True)
    writer = Claim.objects.get(key="rq-aim").author
    assert (writer.username, writer.is_active, writer.is_staff, writer.is_superuser) == ("writer", False, False, False)
    assert not writer.has_usable_password()


def test_the_articles_of_a_verdict_are_linked_in_the_order_of_the_file(folder):
    replace(folder / RQ, AIM, "- [rq-home]", "- [rq-repo]\n      - [rq-home]")
    loading.load(folder)
    links = Claim.verdict_articles.through.objects.filter(claim__key="rq-aim").order_by("pk")
    assert list(links.values_list("article__slug", flat=True)) == ["rq-home", "rq-repo"]  # the first was there


def test_a_row_that_no_fixture_names_stays(folder):
    Article.objects.create(slug="mine", title="Mine", kind="article", interest="independent")
    loading.load(folder)
    assert Article.objects.filter(slug="mine").exists()


def test_a_plain_number_is_as_good_as_a_quoted_one(folder):
    replace(folder / RQ, "key: rq-stores", "number: '2'", "number: 2.7")
    loading.load(folder)
    assert str(Claim.objects.get(key="rq-stores").number) == "2.7000"


def test_rows_that_came_without_history_get_one(second_domain):
    Claim.history.all().delete()
    loading.load(second_domain)
    assert Claim.history.filter(history_type="+").count() == Claim.objects.count()
    assert Claim.history.count() == Claim.objects.count()


def test_progress_names_each_file_in_order(second_domain):
    calls: list[tuple[str, int, int]] = []
    loading.load(second_domain, progress=lambda *call: calls.append(call))
    names = [name for name, _done, _total in calls]
    assert names == ["frameworks.yaml", "criteria.yaml", "articles.yaml", "releases.yaml"] + [
        f"claims/{name}.yaml" for name in ("celery", "huey", "rq")
    ] + ["rulings.yaml", "comparisons.yaml"]  # fmt: skip
    assert [done for _name, done, _total in calls] == list(range(1, 10))


def test_text_is_stored_in_one_form(folder):
    replace(folder / RQ, AIM, "text: Simplicity", "text: Cafe\u0301")
    loading.load(folder)
    assert Claim.objects.get(key="rq-aim").text == "Café"


def test_a_row_that_an_editor_has_open_is_not_overwritten_by_the_editor_after_a_load(folder):
    mine = Framework.objects.get(slug="celery")
    loading.load(folder)
    with pytest.raises(Exception, match="saved by somebody else"):
        mine.save()


def test_the_content_is_that_of_the_files(second_domain):
    assert content()["comparisons.release"].keys() == {("celery", "5.4.0"), ("huey", "2.0.0"), ("rq", "2.0")}
    assert (Framework.objects.count(), Criterion.objects.count(), Release.objects.count()) == (3, 8, 3)
