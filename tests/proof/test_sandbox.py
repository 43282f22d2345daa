"""Programs that misbehave: each is stopped, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

from comparisons.proof import sandbox

pytestmark = pytest.mark.any_database

HANGS = "import time\nprint('begun', flush=True)\ntime.sleep(600)\n"


def run(folder: Path, code: str, seconds: float = 20) -> sandbox.Ended:
    program = folder / "program.py"
    program.write_text(code)
    return sandbox.run(program, Path(sys.executable), [Path(sys.prefix)], seconds)


@pytest.fixture(autouse=True, scope="module")
def needs_isolation() -> None:
    """Without bubblewrap there is nothing to test on a developer's machine; where it is promised, that is a failure."""
    if not sandbox.has_bubblewrap() and os.environ.get("CI") != "true":
        pytest.skip("bubblewrap is not installed, or the kernel does not allow it")
    assert sandbox.has_bubblewrap()


@pytest.mark.parametrize(
    ("code", "ends", "says"),
    [
        ("", 0, ""),
        ("print('fine')", 0, "fine"),
        ("assert 1 == 2, 'not equal'", 1, "not equal"),
        ("raise SystemExit(3)", 3, ""),
        ("import no_such_package", 1, "No module named"),
        (
            "import os\nwhile True:\n    if not os.fork():\n        import time\n        time.sleep(600)",
            1,
            "unavailable",
        ),
        ("x = 'a' * 10**10", 1, "MemoryError"),
        ("open('big', 'wb').write(b'x' * 10**8)", 1, "File too large"),
        ("for n in range(9):\n    open(f'{n}', 'wb').write(b'x' * 4 * 10**7)", 1, "No space left"),
        ("import os, signal\nos.kill(os.getppid(), signal.SIGKILL)", 1, "not permitted"),
        ("import socket\nsocket.create_connection(('192.0.2.1', 80), 5)", 1, "unreachable"),
        ("import socket\ns = socket.create_server(('127.0.0.1', 0))\nsocket.create_connection(s.getsockname())", 0, ""),
        ("open('/etc/new', 'w')", 1, "Error"),
        ("import os\nassert not os.path.exists('/var/log') and not os.path.exists('/home')", 0, ""),
        ("import os\nassert not {'SECRET_KEY', 'DATABASE_URL', 'CI'} & set(os.environ), os.environ", 0, ""),
        ("import os\nopen('note', 'w').close()\nassert os.listdir('.') == ['note'], os.listdir('.')", 0, ""),
    ],
)
def test_a_program_ends_as_it_should(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, code: str, ends: int, says: str
) -> None:
    monkeypatch.setenv("SECRET_KEY", "secret")
    found = run(tmp_path, code)
    assert found.code == ends, found
    assert says in found.output


def test_a_program_that_hangs_is_stopped_and_keeps_what_it_printed(tmp_path: Path) -> None:
    found = run(tmp_path, HANGS, seconds=2)
    assert (found.code, found.output) == (None, "begun\n")


def test_output_names_no_folder_of_the_machine(tmp_path: Path) -> None:
    found = run(tmp_path, "import json, os\nprint(os.path.abspath('note'))\njson.loads('no JSON')\n")
    assert found.output.startswith("note\n") and "json/decoder.py" in found.output
    assert not [one for one in (sys.prefix, sys.base_prefix, str(tmp_path), sandbox.HOME) if f"{one}/" in found.output]


def test_a_program_can_be_interrupted_even_if_it_was_started_in_the_background(tmp_path: Path) -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # as shells have it in the background
    try:
        found = run(tmp_path, "import signal\nassert signal.getsignal(signal.SIGINT) is signal.default_int_handler\n")
    finally:
        signal.signal(signal.SIGINT, before)
    assert found.code == 0, found


def test_what_a_program_started_ends_with_it(tmp_path: Path) -> None:
    run(tmp_path, "import os\nif not os.fork():\n    os.setsid()\n    import time\n    time.sleep(611)\n")
    running = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if path.exists()]
    assert not [one for one in running if str(tmp_path).encode() in one]


def test_of_a_flood_of_output_the_end_is_kept(tmp_path: Path) -> None:
    found = run(tmp_path, "for n in range(10**6):\n    print('line', n)\n")
    assert found.code == 0
    assert found.output.startswith("…\nline")
    assert found.output.endswith("line 999999\n")
    assert len(found.output) <= sandbox.OUTPUT + 2
