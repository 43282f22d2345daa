"""Samples are read, started and asked; whatever they do, it ends, and what came is told."""

from __future__ import annotations

import datetime as dt
import os
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from comparisons.proof import environments, sampling, sandbox
from comparisons.proof.results import results_of
from comparisons.proof.samples import InvalidSample, read_task
from tests.proof.programs import this_environment
from tests.proof.sample_files import CONTRACT, FAILS, HANGS, SERVER, write_sample, write_task

pytestmark = pytest.mark.any_database


@pytest.fixture
def isolated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Samples run in the environment of the tests, and where isolation is promised, its absence is a failure."""
    if not sandbox.has_bubblewrap() and os.environ.get("CI") != "true":
        pytest.skip("bubblewrap is not installed, or the kernel does not allow it")
    monkeypatch.setattr(sampling, "make", this_environment)


def test_what_a_sample_does_is_told_whatever_it_is(tmp_path: Path, isolated: None) -> None:
    """Each case: the sample, its contract, its time; steps passed and failed, and what is said."""
    waits = "import time\nprint('waiting', flush=True)\ntime.sleep(600)\n"
    cases = [
        ("passes", SERVER, CONTRACT, 30.0, (2, 0), ""),
        ("fails", SERVER, CONTRACT + FAILS, 30.0, (2, 1), "GET /list"),
        ("ends", "raise SystemExit('no such setting')", CONTRACT, 30.0, (0, 0), "ended with 1 before it answered"),
        ("waits", waits, CONTRACT, 30.0, (0, 0), "Nothing answered at its port within 1 s: waiting"),
        ("hangs", SERVER, CONTRACT + HANGS, 3.0, (0, 0), "Stopped after 3 s."),
        ("breaks", SERVER, CONTRACT.replace("import json", "import no_such_module"), 30.0, (0, 0), "no_such_module"),
    ]
    for name, program, contract, seconds, (passed, failed), says in cases:
        task = read_task(write_task(tmp_path, name, contract, {"one": program}))
        result = sampling.run_sample(task, task.samples["one"], tmp_path, sys.executable, seconds, wait=1 + 9 * passed)
        assert (result.passed, len(result.steps) - result.passed) == (passed, failed), (name, result)
        assert says in result.error, name
        assert result.is_passing == (name == "passes")
    failing = read_task(tmp_path / "samples" / "fails")
    result = sampling.run_sample(failing, failing.samples["one"], tmp_path, sys.executable, 30)
    assert result.steps[-1].came.startswith("assert answer.status_code == 404")
    assert "It answered 200" in result.steps[-1].came


def test_the_command_keeps_results_beside_the_samples_and_leaves_out_what_passed(
    tmp_path: Path, isolated: None, settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.DEBUG = True  # samples are read anew
    folder = write_task(tmp_path, "task", CONTRACT, {"one": SERVER, "two": "raise SystemExit(2)"})
    with pytest.raises(CommandError, match="1 of 2 samples fail"):
        call_command("samples", folder=tmp_path, jobs=2)
    task = read_task(folder)
    stored = results_of(task)
    assert stored["one"].is_passing and stored["one"].is_of(task.samples["one"])
    assert stored["one"].ran_on == dt.date.today()
    assert not stored["two"].is_passing
    capsys.readouterr()
    write_sample(folder, "two", SERVER)
    call_command("samples", "task", folder=tmp_path, changed=True, check=True)
    assert capsys.readouterr().out == "task/two: 2 of 2\n1 samples were run; all pass.\n"
    assert not results_of(task)["two"].is_passing, "--check writes nothing"
    write_sample(folder, "one", SERVER + "# changed\n")
    assert not stored["one"].is_of(read_task(folder).samples["one"])
    for names, options in (((), {"framework": ["three"]}), (("nothing",), {}), ((), {"jobs": 0})):
        with pytest.raises(CommandError):
            call_command("samples", *names, folder=tmp_path, **options)


def test_what_is_no_sample_is_named_with_the_reason(tmp_path: Path) -> None:
    def spoil(name: str, text: str, place: str) -> str:
        folder = write_task(tmp_path, "task", CONTRACT, {"one": SERVER})
        (folder / place).write_text(text) if name != "link" else (folder / place).symlink_to("/etc/passwd")
        with pytest.raises(InvalidSample) as error:
            read_task(folder)
        (folder / place).unlink()
        return str(error.value)

    assert "one==version" in spoil("loose", "one>=2\n", "one/requirements.txt").replace("name", "one")
    assert "is not TOML" in spoil("toml", "title = ", "task.toml")
    assert "“criteria” is missing" in spoil("list", 'title = "t"\nlead = "l"\n', "task.toml")
    assert "“start” is missing" in spoil("start", 'summary = "s"\n', "one/sample.toml")
    assert "does not say what it asks" in spoil("silent", "def step(site):\n    pass\n", "contract.py")
    assert "is no Python" in spoil("syntax", "def step(", "contract.py")
    assert "is a link" in spoil("link", "", "one/link.py")


def test_a_damaged_file_of_results_is_none(tmp_path: Path) -> None:
    task = read_task(write_task(tmp_path, "task", CONTRACT, {"one": SERVER}))
    for text in ("", "{", "{}", "[1]", '[{"framework": "one"}]'):
        (task.folder / "results.json").write_text(text)
        assert results_of(task) == {}, text


def test_what_cannot_be_installed_is_the_result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object) -> None:
        raise environments.NotInstalled("no such package")

    monkeypatch.setattr(sampling, "make", missing)
    task = read_task(write_task(tmp_path, "task", CONTRACT, {"one": SERVER}))
    result = sampling.run_sample(task, task.samples["one"], tmp_path)
    assert (result.is_passing, result.error, result.packages) == (False, "no such package", ())
