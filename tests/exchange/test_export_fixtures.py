"""The knowledge base as fixtures: what is written, that it loads with nothing lost, and that no file is harmed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from comparisons.exchange.fixtures import layout, loading, parsing
from comparisons.exchange.fixtures import writing as exporting
from comparisons.models import Article, Claim, FormerAddress, Framework
from comparisons.models.base import tidy
from tests.dumps import content
from tests.factories import (
    NOON,
    make_article,
    make_citation,
    make_claim,
    make_comparison,
    make_criterion,
    make_framework,
    make_release,
    make_ruling,
)

SHIPPED = Path(settings.FIXTURE_DIRS[0])


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*.yaml"))}


def flush() -> None:
    call_command("flush", verbosity=0, interactive=False)


def rows() -> dict[str, Any]:
    """All content by natural key; authors by name, and without the counters of versions."""
    names = dict(User.objects.values_list("pk", "username"))
    found = content()
    for table in found.values():
        for row in table.values():
            row.pop("version", None)
            for field in ("author_id", "written_by_id"):
                if field in row:
                    row[field] = names.get(row[field])
    return found


@pytest.fixture
def everything(transactional_db: None) -> None:
    """A row of every kind in every state, with all that a form cannot set and all that YAML reads in another way."""
    writer, other = User.objects.create_user("writer"), User.objects.create_user("wanda@example.org")
    django = make_framework("django", order=3, summary="One line.\n\n- a list\n- of two  \n\n    code: \ttab\n")
    node = make_framework("node.js", name="no", tagline="2020-01-01", kind="1e3", first_release="3.10")
    general = make_framework("general", name="True", tagline="~", package_name="null", license="0x10")
    orm = make_criterion("orm", levels=("yes", "some", "no"), name="ORM: \"it's\" 'here' # there")
    pace = make_criterion("pace", "number", direction="higher-better")
    pattern = make_criterion("pattern", definition="Ünïcode – “quotes” 🚀 \u2028 \xa0 end")
    later = make_article("z-follower", title="@home", note="& *a !b %c")
    first = make_article("a-first", published_on=None, interest="commercial", link_health="dead", link_checked_at=NOON)
    Article.objects.filter(pk=later.pk).update(follows=first)
    make_release(django, "5.10", note="- no").articles.add(later, first)
    verdict = {"verdict": "holds", "verdict_on": "2026-01-02", "verdict_note": "It does."}
    long = "x " * 200 + "\n\nsecond paragraph"
    published = make_claim(django, orm, key="published", level="yes", by=(later,), statement=long, **verdict)
    published.verdict_articles.add(later)
    published.verdict_articles.add(first)
    make_citation(published, first, "disputes", locator="§ 3: a, b", quote="=1+1", reading=True)
    make_claim(node, pace, key="draft", number="1250.5000", number_high=2000, approximate=True, status="draft",
               published_at=None, author=writer, written_by=other, kind="figure", hardware="8 cores", date="2024",
               mark="unclear", mark_note="What is meant?", by=())  # fmt: skip
    make_claim(general, pattern, key="reviewed", text="no", status="in-review", published_at=None, author=other)
    withdrawn = make_claim(general, pattern, key="withdrawn", text="on", status="withdrawn", withdrawn_at=NOON,
                           withdrawal_reason="It was wrong.")  # fmt: skip
    Claim.objects.create(key="pitfall", criterion=pattern, kind="pitfall", polarity="con", statement="Beware.",
                         impact="Bad.", remedy="Good.", status="published", published_at=NOON)  # fmt: skip
    ruling = make_ruling(django, orm, level=orm.levels.get(slug="no"))
    ruling.side_a.add(published)
    ruling.side_b.add(withdrawn)
    make_ruling(node, pace, is_open=True)
    page = make_comparison("page", (django, node), (pace, orm), featured=True)
    page.verdict.create(order=1, text="Take **both**.").claims.add(published)
    FormerAddress.objects.create(kind="framework", key="node", now="node.js")


@pytest.mark.django_db(transaction=True)
def test_the_shipped_fixtures_are_written_byte_for_byte(tmp_path):
    loading.load(SHIPPED)
    exporting.export(tmp_path / "out")
    assert files(tmp_path / "out") == files(SHIPPED)


def test_an_export_loads_into_an_empty_database_with_nothing_lost(everything, tmp_path):
    before = rows()
    exporting.export(tmp_path / "first")
    flush()
    report = loading.load(tmp_path / "first", add_authors=True)
    assert rows() == before
    assert report.unknown_authors == {}


def test_an_export_of_what_was_loaded_is_the_same_byte_for_byte(everything, tmp_path):
    exporting.export(tmp_path / "first")
    flush()
    loading.load(tmp_path / "first", add_authors=True)
    exporting.export(tmp_path / "second")
    assert files(tmp_path / "second") == files(tmp_path / "first")


def test_without_their_accounts_only_the_authors_are_lost(everything, tmp_path):
    before = rows()
    exporting.export(tmp_path / "first")
    flush()
    report = loading.load(tmp_path / "first")
    assert report.unknown_authors == {"writer": 1, "wanda@example.org": 2}
    for row in before["comparisons.claim"].values():
        row["author_id"] = row["written_by_id"] = None
    assert rows() == before


def test_loading_an_export_where_it_came_from_changes_nothing(everything, tmp_path):
    exporting.export(tmp_path / "first")
    report = loading.load(tmp_path / "first")
    assert (report.created.total(), report.updated.total()) == (0, 0)


def test_stock_loaddata_reads_an_export_too(everything, tmp_path):
    before = rows()
    exporting.export(tmp_path / "first")
    flush()
    for name in ("writer", "wanda@example.org"):
        User.objects.create_user(name)
    call_command("loaddata", *map(str, layout.fixture_files(tmp_path / "first")), verbosity=0)
    assert rows() == before


@pytest.mark.django_db
def test_every_kind_of_record_has_a_file(everything, tmp_path):
    report = exporting.export(tmp_path / "out")
    kinds = {name for held in layout.layout().values() for kind, beneath in held.items() for name in (kind, *beneath)}
    assert kinds == {label.removeprefix("comparisons.") for label in content()}
    assert {kind for kind in report.records if report.records[kind]} == kinds


@pytest.mark.django_db
def test_an_article_stands_after_the_one_it_follows(tmp_path):
    first, second, third = (make_article(slug) for slug in ("a", "b", "c"))
    Article.objects.filter(pk=first.pk).update(follows=third)
    Article.objects.filter(pk=third.pk).update(follows=second)
    exporting.export(tmp_path / "out")
    records = yaml.safe_load((tmp_path / "out/articles.yaml").read_text("utf-8"))
    assert [record["fields"]["slug"] for record in records] == ["b", "c", "a"]


@pytest.mark.django_db
def test_articles_in_a_circle_are_written_all_the_same(tmp_path):
    first, second = make_article("a"), make_article("b")
    Article.objects.filter(pk=first.pk).update(follows=second)
    Article.objects.filter(pk=second.pk).update(follows=first)
    exporting.export(tmp_path / "out")
    assert len(yaml.safe_load((tmp_path / "out/articles.yaml").read_text("utf-8"))) == 2


@pytest.mark.django_db
def test_nothing_derived_or_of_this_database_alone_is_written(everything, tmp_path):
    exporting.export(tmp_path / "out")
    for path in (tmp_path / "out").rglob("*.yaml"):
        for record in yaml.safe_load(path.read_text("utf-8")):
            assert not {"id", "pk", "version"} & {*record, *record["fields"]}


@pytest.mark.django_db
@pytest.mark.parametrize("size", [3, 30])
def test_the_number_of_queries_does_not_depend_on_the_number_of_rows(tmp_path, django_assert_num_queries, size):
    framework, criterion, article = make_framework(), make_criterion(), make_article()
    for _ in range(size):
        make_claim(framework, criterion, by=(article,))
    with django_assert_num_queries(21):
        exporting.export(tmp_path / str(size))


@pytest.mark.django_db
@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(text="one\x85two\u2028three\u2029", name="n")
@given(
    text=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200).map(tidy).filter(bool),
    name=st.text("noyes0123456789.eE+-:~ '\"#&*!|>%@`[]{},=?\n\t", min_size=1, max_size=60).filter(bool),
)
def test_any_text_is_written_so_that_it_is_read_again(tmp_path, text, name):
    record = exporting.text_of("comparisons.framework", {"summary": text, "name": name})
    path = tmp_path / "frameworks.yaml"
    path.write_text(record, "utf-8", newline="\n")
    (found,) = parsing.records_of(path, "frameworks.yaml", [])
    assert found.values == {"summary": text, "name": name}


@pytest.fixture
def one(db: None) -> Framework:
    return make_framework("one")


def test_a_folder_with_something_in_it_is_left_alone(one, tmp_path):
    (tmp_path / "letter.txt").write_text("Dear")
    with pytest.raises(exporting.NotWritten, match="is not empty"):
        exporting.export(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_an_empty_folder_is_filled(one, tmp_path):
    exporting.export(tmp_path / "out")
    (tmp_path / "out/frameworks.yaml").unlink()
    exporting.export(tmp_path / "out")
    assert list(files(tmp_path / "out")) == ["frameworks.yaml"]


def test_force_replaces_fixtures_and_keeps_their_readme(one, tmp_path):
    out = tmp_path / "out"
    exporting.export(out)
    (out / "README.md").write_text("Read me.")
    (out / "claims").mkdir()
    (out / "claims/gone.yaml").write_text("[]")
    exporting.export(out, force=True)
    assert sorted(path.name for path in out.rglob("*")) == ["README.md", "frameworks.yaml"]
    assert (out / "README.md").read_text() == "Read me."


@pytest.mark.parametrize("name", ["letter.txt", "claims/notes.md", "frame.yaml", ".git/config"])
def test_force_replaces_nothing_but_fixtures(one, tmp_path, name):
    exporting.export(tmp_path / "out")
    (tmp_path / "out" / name).parent.mkdir(exist_ok=True)
    (tmp_path / "out" / name).write_text("mine")
    with pytest.raises(exporting.NotWritten, match="is no fixture"):
        exporting.export(tmp_path / "out", force=True)
    assert (tmp_path / "out" / name).read_text() == "mine"


def test_a_link_to_a_folder_is_not_followed(one, tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(exporting.NotWritten, match="is not a folder"):
        exporting.export(tmp_path / "link", force=True)


def test_a_full_disk_leaves_the_old_folder_whole(one, tmp_path, monkeypatch):
    exporting.export(tmp_path / "out")
    before = files(tmp_path / "out")
    make_article()

    def full(number: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CommandError, match=r"Nothing was written\. .*No space left"):
        call_command("export_kb", tmp_path / "out", force=True, verbosity=0)
    assert files(tmp_path / "out") == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_folder_that_cannot_take_its_place_leaves_the_old_one(one, tmp_path, monkeypatch):
    exporting.export(tmp_path / "out")
    before = files(tmp_path / "out")
    rename, calls = Path.rename, []

    def second_fails(self: Path, target: Path) -> Path:
        calls.append(self)
        if len(calls) == 2:
            raise OSError(13, "Permission denied")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", second_fails)
    with pytest.raises(OSError):
        exporting.export(tmp_path / "out", force=True)
    assert files(tmp_path / "out") == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_the_command_says_what_it_wrote(one, tmp_path, capsys):
    call_command("export_kb", tmp_path / "out")
    printed = capsys.readouterr().out
    assert "frameworks.yaml: 1" in printed and "1 records in 1 files" in printed


def test_check_writes_nothing_and_finds_what_differs(one, tmp_path, capsys):
    with pytest.raises(CommandError, match="1 files are not"):
        call_command("export_kb", tmp_path / "out", check=True)
    assert not (tmp_path / "out").exists()
    exporting.export(tmp_path / "out")
    call_command("export_kb", tmp_path / "out", check=True)
    (tmp_path / "out/articles.yaml").write_text("[]")
    Framework.objects.update(tagline="Other")
    capsys.readouterr()
    with pytest.raises(CommandError, match="2 files"):
        call_command("export_kb", tmp_path / "out", check=True)
    assert capsys.readouterr().err.split() == ["articles.yaml", "frameworks.yaml"]


@pytest.mark.django_db
def test_a_slug_that_is_no_name_of_a_file_stops_the_export(tmp_path):
    make_claim(make_framework("../../etc"))
    with pytest.raises(exporting.NotWritten, match="cannot name a file"):
        exporting.export(tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_a_kind_of_record_without_a_place_gets_a_file_of_its_own(everything, tmp_path, monkeypatch):
    monkeypatch.delitem(layout.FILES, "rulings")
    before = rows()
    exporting.export(tmp_path / "out")
    assert (tmp_path / "out/ruling.yaml").is_file()
    flush()
    loading.load(tmp_path / "out", add_authors=True)
    assert rows() == before


def test_seed_tells_which_authors_it_left_out(everything, tmp_path, capsys):
    exporting.export(tmp_path / "out")
    flush()
    with pytest.raises(CommandError):  # of this small world, checks find much to mend
        call_command("seed", folder=tmp_path / "out", verbosity=0)
    assert "Left out, since they have no account here: wanda@example.org, writer." in capsys.readouterr().err
    assert not User.objects.exists()
    with pytest.raises(CommandError):
        call_command("seed", folder=tmp_path / "out", add_authors=True, verbosity=0)
    assert Claim.objects.get(key="draft").author.username == "writer"
