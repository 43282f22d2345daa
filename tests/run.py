"""`make test`: every test and check of the project, on both databases and both Djangos. Standard library only.

With the older Python and Django everything runs on SQLite. With the newer ones, what touches no database and what
another database or another Django could change (marker `crossing`) runs on PostgreSQL. FULL=1 runs everything on all
four pairs, which takes an hour on two cores. NEWEST=1 tests with the newest release of every dependency instead of the
locked ones. What this machine lacks (a database server, another Python, a browser, Java) is skipped and named; with
CI=true it is a failure. There are two lanes: the browser's tests and then the other Python in the background, all else
beside them. With more than two processors the other Python gets a lane of its own; on two, three lanes take longer.
A lane that is done takes over PARTS of the run on SQLite, so that all end at about the same time.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

ROOT = Path(__file__).resolve().parent.parent


def is_set(name: str) -> bool:
    return os.environ.get(name, "").lower() in ("1", "true", "yes")


CI, FULL, NEWEST = is_set("CI"), is_set("FULL"), is_set("NEWEST")
#: The Pythons that are supported and tested, the newest last; each gets the newest Django that supports it.
PYTHONS = ("3.11", "3.13")
#: Where the virtual environments stand, and the target of the Makefile that fills one.
VENV, TARGET = (".venv-newest", ".newest") if NEWEST else (".venv", ".dev")
POSTGRES = os.environ.get("TEST_POSTGRES_URL") or "postgres://postgres@127.0.0.1:5432/postgres"
NU_CHECKER = "vnu-jar@26"
#: Folders of tests that are run on SQLite by whichever lane is done first; a few minutes each, the longest first.
PARTS = (("tests/kb", "tests/search"), ("tests/content", "tests/editing"), ("tests/exchange", "tests/maintenance"))


#: What a lane is started with: a version, or the path of a Python.
Argument = TypeVar("Argument")


@dataclass
class Lane:
    """Steps that run one after another; a failed one does not stop the others."""

    log: Path | None = None
    results: list[tuple[str, bool, float, str]] = field(default_factory=list)

    def print(self, text: str) -> None:
        if self.log is None:
            print(text, flush=True)
        else:
            with self.log.open("a") as log:
                log.write(text + "\n")

    def run(self, name: str, command: list[str], **environment: str) -> bool:
        """Run a step and keep its result, with the last line it printed."""
        self.print(f"\n==== {name}\n")
        start, last = time.monotonic(), ""
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        assert process.stdout
        for line in process.stdout:
            self.print(line.rstrip("\n"))
            last = line.strip() or last
        passed = process.wait() == 0
        self.results.append((name, passed, time.monotonic() - start, last))
        return passed

    def skip(self, name: str, reason: str) -> None:
        """Record a step that cannot run here: a failure in CI, a skipped step elsewhere."""
        self.print(f"\n==== {name}: {'MISSING' if CI else 'skipped'}: {reason}")
        self.results.append((name, not CI, 0.0, f"{'missing' if CI else 'skipped'}: {reason}"))


def find_python(version: str) -> str | None:
    """The path of an interpreter of that version: one on the path, or one of pyenv's."""
    name = f"python{version}"
    if not shutil.which(name):
        return None
    candidates: list[dict[str, str]] = [{}]
    if pyenv := shutil.which("pyenv"):
        listed = subprocess.run([pyenv, "versions", "--bare"], capture_output=True, text=True)
        found = [line.strip() for line in listed.stdout.splitlines() if line.strip().startswith(version + ".")]
        candidates += [{"PYENV_VERSION": each} for each in reversed(found)]
    probe = [name, "-c", "import sys, venv; print(sys.executable)"]
    for variables in candidates:
        tried = subprocess.run(probe, env={**os.environ, **variables}, capture_output=True, text=True)
        if tried.returncode == 0:
            return tried.stdout.strip()
    return None


def set_up(lane: Lane, venv: str, python: str) -> str | None:
    """Make or update a virtual environment. Returns the path of its Python, None if that failed."""
    make = os.environ.get("MAKE", "make")
    command = [make, "--no-print-directory", f"VENV={venv}", f"PYTHON={python}", f"{venv}/{TARGET}"]
    if not lane.run(f"set up {venv}", command, MAKEFLAGS="", MAKELEVEL=""):
        return None
    return str(ROOT / venv / "bin" / "python")


def has_postgres(python: str) -> bool:
    """Whether the database server of the tests answers."""
    probe = "import psycopg, sys; psycopg.connect(sys.argv[1], connect_timeout=3).close()"
    return subprocess.run([python, "-c", probe, POSTGRES], capture_output=True, cwd=ROOT).returncode == 0


def pytest_command(python: str) -> tuple[str, list[str]]:
    """The label of a run of the tests with that Python, and its command."""
    versions = subprocess.run(
        [python, "-c", "import sys, django; print('{}.{}'.format(*sys.version_info), django.__version__)"],
        capture_output=True,
        text=True,
        cwd=ROOT,
    ).stdout.split()
    return "Python {}, Django {}".format(*versions), [python, "-m", "pytest", "-q", "-p", "no:cacheprovider"]


def run_tests(lane: Lane, python: str) -> None:
    """Run all tests but the browser's, on the databases that this Python is tested with."""
    label, command = pytest_command(python)
    command += ["--ignore", "tests/browser", "--durations=8"]
    is_newer = f"Python {PYTHONS[-1]}," in label
    if not has_postgres(python):
        lane.skip(f"{label}, PostgreSQL", "no server answers; name one in TEST_POSTGRES_URL")
    elif FULL or is_newer:
        url = POSTGRES.rsplit("/", 1)[0] + "/crosscheck"
        chosen = [] if FULL else ["-m", "crossing or any_database"]
        lane.run(f"{label}, PostgreSQL", [*command, *chosen], DATABASE_URL=url, TEST_POSTGRES_URL=POSTGRES)
    if FULL or not is_newer:
        left_out = [] if FULL else [word for part in PARTS for folder in part for word in ("--ignore", folder)]
        lane.run(f"{label}, SQLite", [*command, *left_out], DATABASE_URL="", TEST_POSTGRES_URL=POSTGRES)


def take_parts(lane: Lane, python: str, parts: deque[tuple[str, ...]]) -> None:
    """Run parts that no lane has begun yet, until there are none."""
    label, command = pytest_command(python)
    while True:
        try:
            part = parts.popleft()
        except IndexError:
            return
        names = ", ".join(folder.removeprefix("tests/") for folder in part)
        step = [*command, "--durations=4", *part]
        lane.run(f"{label}, SQLite, {names}", step, DATABASE_URL="", TEST_POSTGRES_URL=POSTGRES)


def run_browser_tests(lane: Lane, python: str) -> None:
    """Fetch the HTML checker if it is missing, then run the browser's tests."""
    fetch_nu_checker(lane)
    label, command = pytest_command(python)
    lane.run(f"{label}, browser", [*command, "tests/browser", "--durations=8"], DATABASE_URL="")


def fetch_nu_checker(lane: Lane) -> None:
    if (ROOT / "var/tools/node_modules/vnu-jar").is_dir():
        return
    npm = shutil.which("npm")
    if not npm or not shutil.which("java"):
        lane.skip("HTML checker", "it needs npm and Java")
        return
    quiet = ["--no-audit", "--no-fund", "--no-progress", "--loglevel=error"]
    (ROOT / "var/tools").mkdir(parents=True, exist_ok=True)
    lane.run("HTML checker", [npm, "install", "--prefix", "var/tools", *quiet, NU_CHECKER])


def run_with_other_python(lane: Lane, version: str) -> None:
    found = find_python(version)
    if not found:
        lane.skip(f"Python {version}", f"there is no python{version}")
    elif python := set_up(lane, f"{VENV}-{version}", found):
        run_tests(lane, python)


def check_code(lane: Lane, python: str) -> None:
    """The steps of `make lint`, each with its own result."""
    templates = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "templates").rglob("*.html"))
    lane.run("ruff check", [python, "-m", "ruff", "check", "."])
    lane.run("ruff format", [python, "-m", "ruff", "format", "--check", "."])
    lane.run("djade", [str(Path(python).with_name("djade")), "--check", "--target-version", "5.2", *templates])
    lane.run("mypy", [python, "-m", "mypy"])


def main() -> int:
    (ROOT / "var").mkdir(exist_ok=True)
    foreground = Lane()
    background: list[tuple[Lane, threading.Thread]] = []

    def start(name: str, work: Callable[[Lane, Argument], None], argument: Argument) -> None:
        """Run a lane in the background; its log is printed at the end."""
        lane = Lane(log=ROOT / f"var/test-{name}.log")
        (ROOT / f"var/test-{name}.log").write_text("")
        thread = threading.Thread(target=work, args=(lane, argument))
        thread.start()
        background.append((lane, thread))

    others = [version for version in PYTHONS if version != "{}.{}".format(*sys.version_info)]
    side_by_side = (os.cpu_count() or 1) > 2
    parts: deque[tuple[str, ...]] = deque(() if FULL else PARTS)

    def run_background(lane: Lane, python: str | None) -> None:
        """Run the browser's tests, where their environment could be made, then what has no lane of its own."""
        if python:
            run_browser_tests(lane, python)
        for version in () if side_by_side else others:
            run_with_other_python(lane, version)
        if python:
            take_parts(lane, python, parts)

    for version in others if side_by_side else ():
        start(version, run_with_other_python, version)
    python = set_up(foreground, VENV, sys.executable)
    start("browser", run_background, python)
    if python:
        check_code(foreground, python)
        run_tests(foreground, python)
        take_parts(foreground, python, parts)
    for lane, thread in background:
        thread.join()
        print(lane.log.read_text() if lane.log else "", flush=True)

    results = [result for lane in (*(lane for lane, _ in background), foreground) for result in lane.results]
    print("\n==== Summary\n")
    for name, passed, seconds, last in results:
        print(f"{'ok    ' if passed else 'FAILED'} {seconds:6.1f} s  {name}: {last}")
    print("\n" + foreground.results[-1][3], flush=True)
    return 0 if all(passed for _, passed, _, _ in results) else 1


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="crosscheck-kept-") as folder:
        # What one run of pytest has made, the others copy; what one process has compiled, the others load.
        os.environ["TESTS_KEPT"] = folder
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        sys.exit(main())
