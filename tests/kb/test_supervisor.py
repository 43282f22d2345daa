"""The main process of the server: what it does when workers end, are to be replaced, or it ends itself."""

from __future__ import annotations

import http.client
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from kb import supervisor
from tests.conftest import SECOND_DOMAIN
from tests.serving import PATIENCE, Site, served

pytestmark = pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="only on Linux are workers forked")


@pytest.fixture(scope="module")
def own() -> Iterator[Site]:
    """A site that nobody else uses."""
    with served(content=SECOND_DOMAIN, WEB_WORKERS="2") as site:
        yield site


def workers(site: Site) -> set[int]:
    """The workers of a site: not what its main process starts to try whether there could be new ones."""
    children = Path(f"/proc/{site.pid}/task/{site.pid}/children").read_text().split()
    return {int(child) for child in children if "-m\0kb.serve" in _command(child)}


def _command(pid: int | str) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def program(site: Site) -> str:
    return _command(site.pid)


def log(site: Site) -> str:
    return (Path(site.environment["DATA_DIR"]) / "server.log").read_text()


def read(site: Site) -> int:
    """The status of a page, asked for on a connection of its own."""
    reader = http.client.HTTPConnection("127.0.0.1", site.port, timeout=PATIENCE)
    try:
        reader.request("GET", "/comparisons/")
        return reader.getresponse().status
    finally:
        reader.close()


def until(is_so: Callable[[], bool], site: Site, *but: type[Exception]) -> None:
    """Read pages until something is so; each must be answered, but for these errors.

    With a moment between two of them: a worker takes seconds of CPU to start, which its readers would take from it.
    """
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        with suppress(*but):
            assert read(site) == 200
        time.sleep(0.02)
        assert time.monotonic() < deadline, log(site)


def goes_on(pid: int) -> bool:
    """Whether a process runs; one that ended is there until somebody asks how."""
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def settled(site: Site) -> bool:
    return "supervisor" in program(site) and len(workers(site)) == 2


def test_the_main_process_does_not_keep_the_memory_of_the_site(own: Site) -> None:
    until(lambda: settled(own), own)
    lines = Path(f"/proc/{own.pid}/status").read_text().splitlines()
    anonymous = next(int(line.split()[1]) for line in lines if line.startswith("RssAnon:"))
    assert anonymous < 8_000  # kB; the site takes 60,000


def test_workers_are_replaced_at_sighup_while_readers_are_answered(own: Site) -> None:
    until(lambda: settled(own), own)
    before = workers(own)
    os.kill(own.pid, signal.SIGHUP)
    # A connection that waits for a worker when this closes its socket is reset; browsers then ask again.
    until(lambda: settled(own) and not workers(own) & before, own, ConnectionError)


def test_a_worker_that_runs_goes_on_when_another_is_replaced(own: Site) -> None:
    until(lambda: settled(own), own)
    killed, other = workers(own)
    os.kill(killed, signal.SIGKILL)
    # The killed worker had taken some connections.
    until(lambda: settled(own) and killed not in workers(own), own, ConnectionError)
    assert other in workers(own)


def test_workers_go_on_if_new_ones_cannot_be_started(own: Site) -> None:
    until(lambda: settled(own), own)
    before = workers(own)
    manifest = Path(own.environment["DATA_DIR"]) / "static/staticfiles.json"
    aside = manifest.rename(manifest.with_suffix(".aside"))
    try:
        os.kill(own.pid, signal.SIGHUP)
        until(lambda: "Not started: The static files are not collected" in log(own) and settled(own), own)
    finally:
        aside.rename(manifest)
    assert workers(own) == before


def test_workers_go_on_if_not_even_the_new_code_can_be_loaded(tmp_path: Path) -> None:
    """Such as one that was installed half: the main process must not become what ends at once."""
    broken = tmp_path / "broken"
    (tmp_path / "sitecustomize.py").write_text(
        f"import os, sys\nif os.path.exists({str(broken)!r}): sys.exit('half of it is missing')\n"
    )
    with served(content=SECOND_DOMAIN, WEB_WORKERS="2", PYTHONPATH=str(tmp_path)) as site:
        until(lambda: settled(site), site)
        before = workers(site)
        broken.touch()
        os.kill(site.pid, signal.SIGHUP)
        until(lambda: "half of it is missing" in log(site) and settled(site), site)
        assert workers(site) == before
        broken.unlink()
        os.kill(site.pid, signal.SIGHUP)
        until(lambda: settled(site) and not workers(site) & before, site, ConnectionError)


def test_workers_end_when_the_main_process_is_killed(own: Site) -> None:
    with served(beside=own) as site:
        until(lambda: settled(site), site)
        left = workers(site)
        os.kill(site.pid, signal.SIGKILL)
        # Readers of what a worker ends with are reset; a connection is refused when both have ended.
        until(lambda: not any(map(goes_on, left)), site, ConnectionError)
        with pytest.raises(ConnectionRefusedError):
            read(site)


def test_a_process_that_has_ended_is_not_running() -> None:
    child = os.posix_spawn("/bin/true", ["true"], {})
    os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
    assert supervisor.running([child]) == []
    assert supervisor.running([child]) == [], "its end was noted before"


@pytest.mark.parametrize(("code", "is_sound"), [("import os", True), ("import kb.no_such_thing", False), ("(", False)])
def test_code_that_cannot_be_loaded_is_found_out(code: str, is_sound: bool) -> None:
    assert supervisor.loads(code) is is_sound


def test_what_one_program_tells_the_other_arrives() -> None:
    assert supervisor.told(["wanted=2", "workers=3,4", "old="]) == {"wanted": [2], "workers": [3, 4], "old": []}
