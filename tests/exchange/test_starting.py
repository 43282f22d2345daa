"""A knowledge base of another subject, from nothing to a published comparison."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from comparisons.exchange.fixtures import loading
from comparisons.models import Claim, Framework, Subject, subject
from tests.serving import ROOT, sqlite_with_tables

HOSTILE = 'A "quoted": {name} – #1, <b>*x*</b>\\'


def started(folder: Path, **options: Any) -> Path:
    call_command("start_kb", folder, **{"noun": "browser", "compare": "Firefox, Chromium", **options}, verbosity=0)
    return folder


@pytest.mark.django_db
@pytest.mark.parametrize("tables", [False, True])
def test_what_it_writes_loads_as_it_is_and_publishes_nothing(tmp_path: Path, tables: bool) -> None:
    call_command("seed", folder=started(tmp_path / "kb", tables=tables), verbosity=0)
    assert list(Framework.objects.values_list("slug", flat=True)) == ["firefox", "chromium"]
    assert (Subject.objects.get().noun_plural, Claim.objects.published().count()) == ("browsers", 0)


@pytest.mark.django_db
def test_tables_hold_the_same_as_files_of_yaml_and_may_be_imported(tmp_path: Path) -> None:
    folder = started(tmp_path / "tables", tables=True)
    assert (folder / "claims.csv").read_bytes().startswith(b"\xef\xbb\xbfkey,framework,criterion,kind,polarity,")
    call_command("seed", folder=folder, verbosity=0)
    first = {row["key"]: row["statement"] for row in Claim.objects.values()}
    report = loading.load(started(tmp_path / "yaml"))
    assert (report.created.total(), report.updated.total()) == (0, 0), report
    call_command("import_kb", folder, verbosity=0)
    assert first == {row["key"]: row["statement"] for row in Claim.objects.values()}


@pytest.mark.django_db
@pytest.mark.parametrize("tables", [False, True])
def test_every_text_is_data(tmp_path: Path, tables: bool) -> None:
    noun = re.sub("[{}%]", "", HOSTILE)[:30]  # a noun cannot hold these
    words = {"noun": noun, "noun_plural": noun, "name": HOSTILE[:30], "title": HOSTILE}
    folder = started(tmp_path / "kb", compare="C++, It’s: {x} [y] #1 %}, =1+1", tables=tables, **words)
    call_command("seed", folder=folder, verbosity=0)
    assert list(Framework.objects.values_list("name", flat=True)) == ["C++", "It’s: {x} [y] #1 %}", "=1+1"]
    assert Subject.objects.get().title == HOSTILE


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"compare": "Firefox"}, "at least two things"),
        ({"compare": "Firefox, firefox!"}, "same address"),
        ({"compare": "Firefox, 浏览器"}, "Latin letters"),
        ({"noun": " "}, "Give --noun"),
    ],
)
def test_what_cannot_be_begun_is_told_and_writes_nothing(tmp_path: Path, options: dict[str, str], message: str) -> None:
    with pytest.raises(CommandError, match=message):
        started(tmp_path / "kb", **options)
    assert not (tmp_path / "kb").exists()


def test_a_folder_that_holds_anything_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(CommandError, match="is there already"):
        started(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.django_db
def test_files_that_nobody_named_are_not_loaded_beside_another_subject(tmp_path: Path, settings) -> None:
    call_command("seed", folder=started(tmp_path / "kb"), verbosity=0)
    with pytest.raises(CommandError, match="compares Firefox, Chromium"):
        call_command("seed", verbosity=0)
    assert Framework.objects.count() == 2
    settings.FIXTURE_DIRS = [tmp_path / "kb"]
    call_command("seed", verbosity=0)


@pytest.mark.parametrize(("answer", "plural"), [("", "librarys"), ("libraries", "libraries")])
def test_the_plural_is_asked_for_with_the_noun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str, plural: str
) -> None:
    answers = iter(["library", answer, "One, Two"])
    asked: list[str] = []
    monkeypatch.setattr("builtins.input", lambda question: asked.append(question) or next(answers))
    started(tmp_path / "kb", noun=None, compare=None)
    assert f'noun_plural: "{plural}"' in (tmp_path / "kb/subject.yaml").read_text("utf-8")
    assert asked[2] == f"Which {plural}, with commas between them? "


@pytest.mark.django_db
def test_errors_of_the_first_load_are_in_the_words_of_its_files(tmp_path: Path) -> None:
    folder = started(tmp_path / "kb")
    claims = folder / "claims/firefox.yaml"
    claims.write_text(claims.read_text("utf-8").replace("framework: [firefox]", "framework: [firefx]"), "utf-8")
    with pytest.raises(CommandError, match="there is no browser “firefx”; did you mean “firefox”"):
        call_command("seed", folder=folder, verbosity=0)
    assert not Subject.objects.exists() and subject.current().noun != "browser"


def test_the_guide_leads_to_a_published_comparison(tmp_path: Path) -> None:
    """Its commands are run as they stand, apart from those that serve, and that ask for a password."""
    guide = (ROOT / "docs/own-subject.md").read_text("utf-8")
    commands = [line for block in re.findall(r"```sh\n(.*?)```", guide, re.DOTALL) for line in block.splitlines()]
    left_out = ["make run KB=browsers", "make editor KB=browsers"]
    assert [one for one in commands if one in left_out] == left_out
    venv, folder = Path(sys.prefix), tmp_path / "browsers"
    (tmp_path / "data").mkdir()
    sqlite_with_tables(tmp_path / "data/kb.sqlite3")  # which the first command would make, in a quarter of a minute
    environment = {
        **{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
        "DATA_DIR": str(tmp_path / "data"),
        "MAKEFLAGS": f"-o {venv}/.run VENV={venv}",
    }

    def run(command: str) -> str:
        for written, here in (("KB=browsers", f"KB={folder}"), ("export_kb browsers", f"export_kb {folder}")):
            command = command.replace(written, here)
        command = re.sub(r"DATA_DIR=\S+ ", "", re.sub(r"^(.* |)\.venv/bin/python", rf"\1{sys.executable}", command))
        answers = "browser\n\nFirefox, Chromium\n"
        done = subprocess.run(
            ["bash", "-c", command], cwd=ROOT, env=environment, input=answers, capture_output=True, text=True
        )
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
        return done.stdout

    first, *others = [one for one in commands if one not in left_out]
    run(first)
    claims = folder / "claims/firefox.yaml"
    (published,) = re.findall(r"```yaml\n(.*?)```", guide, re.DOTALL)
    claims.write_text(claims.read_text("utf-8").replace("    status: draft\n", published), "utf-8")
    for command in others:
        run(command)
    assert "statement: Firefox works without a connection." in claims.read_text("utf-8")
    page = (
        "import django; django.setup(); from django.test import Client; "
        "print(Client(headers={'host': 'localhost'}).get('/comparisons/firefox-vs-chromium/').content.decode())"
    )
    shown = run(f'DEBUG=1 DJANGO_SETTINGS_MODULE=kb.settings {sys.executable} -c "{page}"')
    assert "Fully" in shown and "Browsers" in shown
