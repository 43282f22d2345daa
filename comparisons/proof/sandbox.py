"""Run a program in a process of its own, with limits, an empty folder, and as little of the machine as can be had.

With bubblewrap (`bwrap`) on Linux it sees the system's libraries, its environment and its own folder, which is in
memory; it reaches no network but its own loopback; and whatever it started ends with it. Without bubblewrap the limits
hold, and nothing more: `isolation` says which.
"""

from __future__ import annotations

import functools
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

LIMITS = str(Path(__file__).with_name("limits.py"))
#: Seconds a program may take, and seconds of a processor.
TIME, PROCESSOR = 60, 60
MEGABYTE = 1024 * 1024
#: Address space, the largest file, and the folder in memory, in bytes.
MEMORY, FILE, FOLDER = 2048 * MEGABYTE, 64 * MEGABYTE, 128 * MEGABYTE
OPEN_FILES, PROCESSES = 512, 256
#: Bytes of output that are kept: of the end, where errors stand.
OUTPUT = 4_000
#: What a program may read besides its environment; what is missing on this machine is left out.
SYSTEM = ("/usr", "/bin", "/lib", "/lib32", "/lib64", "/etc/ssl", "/etc/passwd", "/etc/hosts", "/etc/mime.types")
#: The folder of the program in its own view of the machine.
HOME = "/tmp/home"  # noqa: S108
#: The account that a program gets if the operator is root, who has no limit of processes.
NOBODY = 65534


@dataclass(frozen=True)
class Ended:
    """How a program ended. code: None if it was stopped because its time was over. seconds: what it took."""

    code: int | None
    output: str
    seconds: float


@functools.cache
def has_bubblewrap() -> bool:
    """Whether programs can be shut off from files and network: bubblewrap is there, and the kernel allows it."""
    if not shutil.which("bwrap"):
        return False
    tried = subprocess.run(  # noqa: S603
        [*_wrapped(SYSTEM), "true"],
        capture_output=True,
        check=False,
        timeout=20,
        stdin=subprocess.DEVNULL,
    )
    return tried.returncode == 0


def run(
    program: Path,
    interpreter: Path,
    readable: Sequence[Path] = (),
    seconds: float = TIME,
    arguments: Sequence[str] = (),
    kept: int = OUTPUT,
) -> Ended:
    """Run a Python program with an interpreter until it ends or its time is over.

    readable: folders that it may read besides the system's, such as its environment. kept: bytes of its output.
    """
    limits = {
        "RLIMIT_CPU": PROCESSOR,
        "RLIMIT_AS": MEMORY,
        "RLIMIT_FSIZE": FILE,
        "RLIMIT_NOFILE": OPEN_FILES,
        "RLIMIT_NPROC": PROCESSES,
        "RLIMIT_CORE": 0,
    }
    with _folder() as folder:
        inner = [str(interpreter), "-I", LIMITS, json.dumps(limits), str(interpreter), "-B", str(program), *arguments]
        if has_bubblewrap():
            seen = [*SYSTEM, *_base(interpreter), LIMITS, str(program), *map(str, readable)]
            if os.geteuid() == 0 and (setpriv := shutil.which("setpriv")):
                inner = [setpriv, f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", *inner]
            inner = [*_wrapped(seen), *inner]
        home = HOME if has_bubblewrap() else folder
        names = {"HOME": home, "TMPDIR": home, "LANG": "C.UTF-8", "PATH": f"{interpreter.parent}:/usr/bin:/bin"}
        names |= {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0"}
        begun = time.monotonic()
        with tempfile.TemporaryFile() as output:
            code = _until_end(inner, folder, names, output, seconds)
            named = (program.parent, *readable, *map(Path, _base(interpreter)), Path(home))
            text = _without_folders(_end_of(output, kept), named)
            return Ended(code, text, time.monotonic() - begun)


def _until_end(command: list[str], folder: str, names: dict[str, str], output: IO[bytes], seconds: float) -> int | None:
    """The exit code of a command; None if it was stopped. What it started in its session is stopped with it."""
    process = subprocess.Popen(  # noqa: S603
        command,
        cwd=folder,
        env=names,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        return None
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _wrapped(readable: Iterable[str]) -> list[str]:
    """The command of bubblewrap up to the program: nothing to write but a folder in memory, no network but loopback."""
    command = ["bwrap", "--die-with-parent", "--new-session"]
    if os.geteuid() == 0:
        # Without a namespace of users, in which every account would still be root to the kernel and have no limit of
        # processes. `setpriv` changes the account, for which these two capabilities are needed.
        command += ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts"]
        command += ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    else:
        command += ["--unshare-all"]
    command += ["--proc", "/proc", "--dev", "/dev"]
    for folder in ("/tmp", "/dev/shm"):  # noqa: S108
        command += ["--perms", "1777", "--size", str(FOLDER), "--tmpfs", folder]
    for path in dict.fromkeys(readable):
        for parent in reversed(Path(path).parents[:-1]):
            command += ["--perms", "0755", "--dir", str(parent)]
        command += ["--ro-bind-try", path, path]
    return [*command, "--perms", "0777", "--dir", HOME, "--chdir", HOME]


def _base(interpreter: Path) -> Iterator[str]:
    """The folders of the installation that an interpreter belongs to, and of each link on the way to it."""
    step: Any = interpreter
    while step.is_symlink():
        yield str(step.parent.parent)
        step = step.parent / step.readlink()
    yield str(step.parent.parent)


def _end_of(output: IO[bytes], kept: int) -> str:
    """The last bytes of an output as text, from the beginning of a line on if something was left out."""
    size = output.seek(0, os.SEEK_END)
    output.seek(max(0, size - kept))
    text = output.read().decode("utf-8", "replace").replace("\x00", "�")
    return text if size <= kept else "…\n" + text.partition("\n")[2]


def _without_folders(text: str, folders: Iterable[Path]) -> str:
    """A text in which files are named as they are in these folders, wherever those are on this machine."""
    for folder in sorted(map(str, folders), key=len, reverse=True):
        text = text.replace(f"{folder}/", "")
    return text


@contextmanager
def _folder() -> Iterator[str]:
    """An empty folder, removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="probe-", ignore_cleanup_errors=True) as name:
        yield name
