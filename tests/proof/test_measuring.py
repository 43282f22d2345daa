"""Samples under load: whatever a server does, its round ends and says what came; what cannot be measured is named."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from comparisons.proof import generator, load, measuring, sandbox
from comparisons.proof.environments import Environment, NotInstalled
from comparisons.proof.generator import answer_of, percentile
from comparisons.proof.load_plan import load_of, servers_of
from comparisons.proof.measurement import InvalidMeasurement, MeasuringOptions
from comparisons.proof.samples import InvalidSample, read_task
from tests.proof.measured import SERVER, write_measurable
from tests.proof.programs import this_environment
from tests.proof.sample_files import CONTRACT, FAILS

pytestmark = pytest.mark.any_database

OPTIONS = MeasuringOptions("task", 1, 1, 1, (1, 2), "python")


@pytest.fixture
def isolated() -> None:
    """Where isolation is promised, its absence is a failure."""
    if not sandbox.has_bubblewrap() and os.environ.get("CI") != "true":
        pytest.skip("bubblewrap is not installed, or the kernel does not allow it")


def measured(folder: Path, program: str, **plan: Any) -> dict[str, Any]:
    """A short round of a sample that is this program."""
    task = read_task(write_measurable(folder, ("one",), program))
    sample, made = task.samples["one"], this_environment()
    setup = measuring.SetUp("one", "Own server", ("recommended",), "1 process", "", "2.0", sample.digest)
    one = measuring.Measurable(setup, sample, servers_of(sample)[0], made, made)
    short = {"seconds": 0.3, "warm_up": 0.1, "wait": 20}
    return measuring.measure_round(one, measuring.plan_of(one, load_of(task), OPTIONS) | short | plan, 7)


def test_a_round_holds_all_that_was_measured(tmp_path: Path, isolated: None) -> None:
    found = measured(tmp_path, SERVER.format(after=10**9, then="pass"))
    assert (found["error"], found["round"], found["framework"]) == ("", 7, "one")
    assert [level["connections"] for level in found["levels"]] == [1, 2]
    for level in found["levels"]:
        assert level["requests"] > 0 and 0 < level["p50"] <= level["p99"]
        assert level["errors"] == dict.fromkeys(generator.ERRORS, 0)
    assert sum(level["processor"] for level in found["levels"]) > 0
    assert found["memory"] > 1
    assert all(found[start]["processor"] > 0 and 0 < found[start]["seconds"] < 20 for start in ("compiled", "plain"))


def test_what_goes_wrong_in_a_round_is_said(tmp_path: Path, isolated: None) -> None:
    """Each case: the program, what else the plan says, and what the round says. Four requests come before the load."""
    cases = [
        (
            "raise SystemExit('Address already in use')",
            {},
            "It ended with 1 before it answered: Address already in use",
        ),
        ("import time\ntime.sleep(600)\n", {"wait": 0.4}, "It did not answer within 0.4 s: it printed nothing."),
        (SERVER.format(after=0, then="status = 503"), {}, "Its first answer was 503, not 200"),
        (SERVER.format(after=1, then="status = 400"), {}, "What was posted before the load was answered with 400."),
        (SERVER.format(after=3, then="status = 404"), {}, "/list was answered with 404, not 200."),
        (SERVER.format(after=4, then="time.sleep(600)"), {}, "Nothing was answered over 1 connections (connect 0"),
        (SERVER.format(after=40, then="os._exit(3)"), {}, "It ended with 3 under load"),
        (SERVER.format(after=10**9, then="pass"), {"generator": "/nowhere.py"}, "The generator of load failed: "),
    ]
    for place, (program, plan, says) in enumerate(cases):
        found = measured(tmp_path / str(place), program, **plan)
        assert says in found["error"], (place, found)
        assert "levels" not in found


def test_errors_under_load_are_counted(tmp_path: Path, isolated: None) -> None:
    found = measured(tmp_path, SERVER.format(after=4, then="status = 500"), connections=[1])
    [level] = found["levels"]
    assert found["error"] == "" and level["errors"]["status"] == level["requests"] > 0


def test_a_round_that_does_not_end_is_stopped(tmp_path: Path, isolated: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring, "BESIDES", 0)
    found = measured(tmp_path, "import time\ntime.sleep(600)\n", wait=0.5, prepare=["sleep 60"], seconds=0.1)
    assert found["error"] == "Stopped after 1.3 s."


def test_processes_are_counted_with_those_they_started() -> None:
    assert os.getpid() in load.family(os.getppid())
    assert load.processor_time(os.getpid()) > 0
    assert load.memory(os.getpid()) > 1


def test_an_answer_is_whole_once_all_of_it_is_there() -> None:
    cases: list[tuple[bytes, bool, Any]] = [
        (b"HTTP/1.1 200 OK\r\nContent-Le", False, None),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[", False, None),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]", False, (200, False)),
        (b"HTTP/1.1 500 No\r\ncontent-length: 0\r\nConnection: close\r\n\r\n", False, (500, True)),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n[]\r\n", False, None),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n[]\r\n0\r\n\r\n", False, (200, False)),
        (b"HTTP/1.0 200 OK\r\n\r\n[]", False, None),
        (b"HTTP/1.0 200 OK\r\n\r\n[]", True, (200, True)),
        (b"nonsense\r\n\r\n", True, (0, True)),
    ]
    for data, has_ended, expected in cases:
        assert answer_of(data, has_ended) == expected, data


def test_a_percentile_is_the_nearest_rank() -> None:
    values = [float(value) for value in range(1, 201)]
    assert [percentile(values, one) for one in (50, 99, 100)] == [100.0, 198.0, 200.0]
    assert (percentile([7.0], 99), percentile([], 50)) == (7.0, 0.0)


def test_options_out_of_bounds_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring.shutil, "which", lambda _name: None)
    for options, says in (
        ({"rounds": 0}, "--rounds is 0; it has to be from 1 to 200."),
        ({"seconds": 11}, "--seconds is 11; it has to be from 1 to 10."),
        ({"warm_up": 0}, "--warm-up is 0"),
        ({"connections": ()}, "The number of --connections is 0"),
        ({"connections": (1, 300)}, "--connections 300 is 300"),
        ({"connections": (8, 1)}, "in rising order"),
        ({"generator": "wrk"}, "wrk is not installed"),
    ):
        with pytest.raises(InvalidMeasurement) as error:
            measuring.check_options(OPTIONS._replace(**options))
        assert says in str(error.value)
    measuring.check_options(OPTIONS)


def test_what_says_nothing_about_load_or_servers_is_named(tmp_path: Path) -> None:
    def spoil(file: str, old: str, new: str) -> str:
        folder = write_measurable(tmp_path / "spoiled", ("one",))
        text = (folder / file).read_text()
        assert old in text
        (folder / file).write_text(text.replace(old, new))
        task = read_task(folder)
        with pytest.raises(InvalidSample) as error:
            load_of(task)
            servers_of(task.samples["one"])
        return str(error.value)

    assert "says nothing about load" in spoil("task.toml", "[load", "[other")
    assert "“first” of [load] is a path" in spoil("task.toml", 'first = "/list"', 'first = "list"')
    assert "“fill” of [load] is not JSON" in spoil("task.toml", '{"title": "One"}', "{title}")
    assert "“fill_times” of [load]" in spoil("task.toml", "fill_times = 2", "fill_times = -1")
    assert "“work” of [load]" in spoil("task.toml", "nothing is read and an empty list answered", "")
    assert "[load.criteria] names the criteria" in spoil("task.toml", "throughput =", "speed =")
    assert "names no server" in spoil("one/sample.toml", "[[servers]]", "[[others]]")
    assert "names a server twice" in spoil("one/sample.toml", '"Other"', '"Own server"')
    assert "no server has the role “recommended”" in spoil("one/sample.toml", "recommended", "common")
    assert "“roles” of Other" in spoil("one/sample.toml", '["common"]', '["fast"]')
    assert "“workers” of [[servers]]" in spoil("one/sample.toml", "workers", "threads")
    assert "“gunicorn” is not pinned" in spoil("one/sample.toml", "workers =", 'requires = ["gunicorn"]\nworkers =')


def test_a_sample_that_cannot_be_measured_is_given_with_the_reason(
    tmp_path: Path, isolated: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_measurable(tmp_path)
    (folder / "contract.py").write_text(CONTRACT + FAILS)
    monkeypatch.setattr(measuring, "make", this_environment)
    monkeypatch.setattr("comparisons.proof.sampling.make", this_environment)
    monkeypatch.setattr(measuring, "size", lambda *_, **__: 1)
    [failing] = measuring.setups_of(read_task(folder), ["two"], {"two": "one"}, tmp_path, "python")
    assert failing.setup.refused.startswith("is_missing: assert answer.status_code == 404")
    assert failing.setup.version == "2.0"

    def missing(*_: object, **__: object) -> Environment:
        raise NotInstalled("no such\n   package")

    monkeypatch.setattr(measuring, "make", missing)
    found = list(measuring.setups_of(read_task(folder), ["one"], {}, tmp_path, "python"))
    assert [one.setup.refused for one in found] == ["no such package"] * 2
