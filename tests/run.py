"""`make test`: every test and check of the project, on both databases and both Djangos. Standard library only.

With the older Python and Django everything runs on SQLite; with the newer ones, on PostgreSQL, what touches no
database and what another database or Django could tell apart (marker `crossing`). FULL=1 runs everything on all four
pairs, which takes an hour on two cores. What this machine lacks (a database server, another Python, a browser, Java)
is skipped and named; with CI=true it is a failure. The browser runs in the background, and so does the other Python
where there are more than two processors: three runs on two take longer than one after another.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CI = os.environ.get("CI", "").lower() in ("1", "true", "yes")
FULL = os.environ.get("FULL", "").lower() in ("1", "true", "yes")
#: The Pythons that are supported and tested, each with the Django that pip resolves to with it; the newest last.
PYTHONS = ("3.11", "3.13")
POSTGRES = os.environ.get("TEST_POSTGRES_URL") or "postgres://postgres@127.0.0.1:5432/postgres"
NU_CHECKER = "vnu-jar@26"


@dataclass
class Lane:
    """Steps that run one after another; a failed one does not stop the others."""

    log: Path = Path(os.devnull)
    results: list[tuple[str, bool, float, str]] = field(default_factory=list)

    def say(self, text: str) -> None:
        if self.log == Path(os.devnull):
            print(text, flush=True)
        else:
            with self.log.open("a") as log:
                log.write(text + "\n")

    def run(self, name: str, command: list[str], **environment: str) -> bool:
        """Run a step and keep how it ended, with the last line it printed."""
        self.say(f"\n==== {name}\n")
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
            self.say(line.rstrip("\n"))
            last = line.strip() or last
        passed = process.wait() == 0
        self.results.append((name, passed, time.monotonic() - start, last))
        return passed

    def skip(self, name: str, why: str) -> None:
        """Name what is missing: a failure in CI, a skipped step elsewhere."""
        self.say(f"\n==== {name}: {'MISSING' if CI else 'skipped'}: {why}")
        self.results.append((name, not CI, 0.0, f"{'missing' if CI else 'skipped'}: {why}"))


def find_python(version: str) -> str | None:
    """An interpreter of that version: one on the path, or one of pyenv's."""
    name = f"python{version}"
    if not shutil.which(name):
        return None
    candidates: list[dict[str, str]] = [{}]
    if pyenv := shutil.which("pyenv"):
        listed = subprocess.run([pyenv, "versions", "--bare"], capture_output=True, text=True)
        found = [line.strip() for line in listed.stdout.splitlines() if line.strip().startswith(version + ".")]
        candidates += [{"PYENV_VERSION": each} for each in reversed(found)]
    probe = [name, "-c", "import sys, venv; print(sys.executable)"]
    for more in candidates:
        tried = subprocess.run(probe, env={**os.environ, **more}, capture_output=True, text=True)
        if tried.returncode == 0:
            return tried.stdout.strip()
    return None


def set_up(lane: Lane, venv: str, python: str, stamp: str) -> str | None:
    """Make a virtual environment, or take the one that is there; the path of its Python."""
    make = os.environ.get("MAKE", "make")
    command = [make, "--no-print-directory", f"VENV={venv}", f"PYTHON={python}", f"{venv}/{stamp}"]
    if not lane.run(f"set up {venv}", command, MAKEFLAGS="", MAKELEVEL=""):
        return None
    return str(ROOT / venv / "bin" / "python")


def has_postgres(python: str) -> bool:
    """Whether the server of the tests answers."""
    probe = "import psycopg, sys; psycopg.connect(sys.argv[1], connect_timeout=3).close()"
    return subprocess.run([python, "-c", probe, POSTGRES], capture_output=True, cwd=ROOT).returncode == 0


def pytest(python: str) -> tuple[str, list[str]]:
    """What to call a run of the suite with that Python, and how to start it."""
    told = subprocess.run(
        [python, "-c", "import sys, django; print('{}.{}'.format(*sys.version_info), django.__version__)"],
        capture_output=True,
        text=True,
        cwd=ROOT,
    ).stdout.split()
    return "Python {}, Django {}".format(*told), [python, "-m", "pytest", "-q", "-p", "no:cacheprovider"]


def suite(lane: Lane, python: str) -> None:
    """Everything but the browser's tests, on the databases that this Python is tested with."""
    label, command = pytest(python)
    command += ["--ignore", "tests/browser", "--durations=8"]
    newest = f"Python {PYTHONS[-1]}," in label
    if not has_postgres(python):
        lane.skip(f"{label}, PostgreSQL", "no server answers; name one in TEST_POSTGRES_URL")
    elif FULL or newest:
        url = POSTGRES.rsplit("/", 1)[0] + "/crosscheck"
        chosen = [] if FULL else ["-m", "crossing or any_database"]
        lane.run(f"{label}, PostgreSQL", [*command, *chosen], DATABASE_URL=url, TEST_POSTGRES_URL=POSTGRES)
    if FULL or not newest:
        lane.run(f"{label}, SQLite", command, DATABASE_URL="", TEST_POSTGRES_URL=POSTGRES)


def browser(lane: Lane, python: str) -> None:
    """The pages in a real browser, once their HTML can be checked too."""
    nu_checker(lane)
    label, command = pytest(python)
    lane.run(f"{label}, browser", [*command, "tests/browser", "--durations=8"], DATABASE_URL="")


def nu_checker(lane: Lane) -> None:
    """Fetch the HTML checker, once."""
    if (ROOT / "var/tools/node_modules/vnu-jar").is_dir():
        return
    npm = shutil.which("npm")
    if not npm or not shutil.which("java"):
        lane.skip("HTML checker", "it takes npm and Java")
        return
    quiet = ["--no-audit", "--no-fund", "--no-progress", "--loglevel=error"]
    (ROOT / "var/tools").mkdir(parents=True, exist_ok=True)
    lane.run("HTML checker", [npm, "install", "--prefix", "var/tools", *quiet, NU_CHECKER])


def other_python(lane: Lane, version: str) -> None:
    found = find_python(version)
    if not found:
        lane.skip(f"Python {version}", f"there is no python{version}")
    elif python := set_up(lane, f".venv-{version}", found, ".test"):
        suite(lane, python)


def main() -> int:
    here = "{}.{}".format(*sys.version_info)
    (ROOT / "var").mkdir(exist_ok=True)
    front, lanes, threads = Lane(), [], []

    def beside(name: str, work: Callable[[Lane, str], None], argument: str) -> None:
        lane = Lane(log=ROOT / f"var/test-{name}.log")
        lane.log.write_text("")
        thread = threading.Thread(target=work, args=(lane, argument))
        thread.start()
        lanes.append(lane)
        threads.append(thread)

    others = [version for version in PYTHONS if version != here]
    room = (os.cpu_count() or 1) > 2
    for version in others if room else ():
        beside(version, other_python, version)
    if python := set_up(front, ".venv", sys.executable, ".dev"):
        beside("browser", browser, python)
        templates = sorted(str(p.relative_to(ROOT)) for p in (ROOT / "templates").rglob("*.html"))
        front.run("ruff check", [python, "-m", "ruff", "check", "."])
        front.run("ruff format", [python, "-m", "ruff", "format", "--check", "."])
        front.run("djade", [str(Path(python).with_name("djade")), "--check", "--target-version", "5.2", *templates])
        front.run("mypy", [python, "-m", "mypy"])
        suite(front, python)
    for version in () if room else others:
        other_python(front, version)
    for thread, lane in zip(threads, lanes, strict=True):
        thread.join()
        print(lane.log.read_text(), flush=True)

    results = [result for lane in (*lanes, front) for result in lane.results]
    print("\n==== Summary\n")
    for name, passed, seconds, last in results:
        print(f"{'ok    ' if passed else 'FAILED'} {seconds:6.1f} s  {name}: {last}")
    print("\n" + front.results[-1][3], flush=True)
    return 0 if all(passed for _, passed, _, _ in results) else 1


if __name__ == "__main__":
    sys.exit(main())
