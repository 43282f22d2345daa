"""The command that imports claims."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from comparisons.exchange import claims as importing
from comparisons.exchange.claims import writing
from comparisons.models import Claim
from tests.factories import make_claim, make_criterion, make_framework
from tests.worlds import stale

from .builders import CITATION, CLAIM, as_csv, state


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
    assert "Nothing was written; the import would give: 1 created, 0 changed, 0 unchanged, 0 refused" in printed
    assert state() == before


def test_a_dry_run_says_what_waits_for_review(base, tmp_path, capsys):
    make_claim(key="old", statement="Old.")
    (tmp_path / "c.csv").write_bytes(as_csv({"key": "old", "statement": "New."}))
    call_command("import_claims", tmp_path / "c.csv", dry_run=True)
    printed = capsys.readouterr().out
    assert "row 2: old: changed, waits for review\n    statement: Old. → New." in printed


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
        ("empty.csv", b"", r"empty\.csv: The file is empty"),
        ("wrong.csv", as_csv({**CLAIM, "kind": "x"}), "Nothing was imported: 1 refused."),
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
    make_claim(framework, criterion, key="old", text="So", polarity="pro", status="in-review")
    make_claim(framework, criterion, key="seen", text="So", polarity="pro")
    (tmp_path / "c.csv").write_bytes(as_csv({"key": "old", "text": "Otherwise"}))
    original, handler = writing._Writer.run, signal.getsignal(signal.SIGINT)

    def run(self: Any) -> None:
        original(self)
        # As the signal would do; the signal itself is lost where the parent of the tests ignores it.
        signal.getsignal(signal.SIGINT)(signal.SIGINT, None)

    monkeypatch.setattr(writing._Writer, "run", run)
    with pytest.raises(KeyboardInterrupt):
        call_command("import_claims", tmp_path / "c.csv", verbosity=0)
    assert Claim.objects.get(key="old").text == "Otherwise"
    assert not stale()
    assert signal.getsignal(signal.SIGINT) is handler


@pytest.mark.parametrize("size", [2, 40])
def test_a_plan_takes_as_many_queries_for_few_claims_as_for_many(base, django_assert_num_queries, size):
    for n in range(0, size, 2):
        make_claim(key=f"k{n}", by=())
    rows = [{**CLAIM, **CITATION, "key": f"k{n}"} for n in range(size)]
    source = importing.read(as_csv(*rows), "csv")
    with django_assert_num_queries(9):
        importing.plan(source)
