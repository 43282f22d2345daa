"""One environment for each set of packages that probes need, made by uv and kept for the next run.

uv takes packages from the index that the operator configured for it. Packages are installed from wheels alone, so that
nothing of theirs runs before the probe does.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from threading import Lock

#: Seconds that making one environment may take.
TIME = 300
#: One lock for each environment, so that two threads do not make the same one.
_making: defaultdict[str, Lock] = defaultdict(Lock)


class NotInstalled(Exception):
    """An environment cannot be made; the message is the end of what uv said."""


class NoUv(Exception):
    """uv is not there."""


@dataclass(frozen=True)
class Environment:
    """A folder with an interpreter and packages. python: its version. versions: of the packages, by name."""

    path: Path
    python: str
    versions: dict[str, str]

    @property
    def interpreter(self) -> Path:
        return self.path / "bin" / "python"


def size(made: Environment, *, compiled: bool = False) -> int:
    """Bytes of the packages in an environment, as `du --apparent-size` counts: of their files and their folders.

    compiled: their byte code counts too.
    """
    bytecode = set() if compiled else {"__pycache__"}
    return sum(
        path.lstat().st_size
        for folder in made.path.glob("lib/python*/site-packages")
        for path in (folder, *folder.rglob("*"))
        if not bytecode & set(path.parts) and not path.name.startswith("_virtualenv.")
    )


def uv() -> list[str]:
    """The command of uv. Raises NoUv."""
    if find_spec("uv") is not None:
        return [sys.executable, "-m", "uv"]
    if found := shutil.which("uv"):
        return [found]
    raise NoUv("uv is needed to run probes; install it, for example with: pip install uv")


def make(
    folder: Path, requirements: Sequence[str], python: str = sys.executable, *, compiled: bool = False
) -> Environment:
    """The environment with these packages, made if it is not in the folder yet.

    python: the interpreter, by its path or version. compiled: with the byte code of all packages; otherwise there is
    none, and no program that runs in it leaves any. Raises NotInstalled, and NoUv.
    """
    told = [python, *requirements, *(["compiled"] if compiled else [])]
    name = sha256("\n".join(told).encode()).hexdigest()[:20]
    path, ready = folder / name, folder / f"{name}.ready"
    with _making[name]:
        if not ready.exists():
            _fill(path, ready, requirements, python, ["--compile-bytecode"] if compiled else [])
    about, *lines = ready.read_text("utf-8").splitlines()
    pairs = (line.partition("==") for line in lines)
    return Environment(path, about, {name: version for name, sign, version in pairs if sign})


def _fill(path: Path, ready: Path, requirements: Sequence[str], python: str, options: Sequence[str]) -> None:
    """Make an environment, and write what it holds to `ready` once it is whole."""
    shutil.rmtree(path, ignore_errors=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    interpreter = str(path / "bin" / "python")
    _uv("venv", "--quiet", "--python", python, "--no-python-downloads", str(path))
    _uv("pip", "install", "--quiet", "--only-binary", ":all:", "--python", interpreter, *options, *requirements)
    listed = _uv("pip", "freeze", "--quiet", "--python", interpreter)
    settings = dict(
        line.split(" = ", 1) for line in (path / "pyvenv.cfg").read_text("utf-8").splitlines() if " = " in line
    )
    ready.write_text(f"{settings['version_info']}\n{listed}", "utf-8")


def _uv(*arguments: str) -> str:
    """What uv prints. Raises NotInstalled if it fails."""
    kept = {name: value for name, value in os.environ.items() if name not in ("VIRTUAL_ENV", "PYTHONPATH")}
    try:
        done = subprocess.run(  # noqa: S603
            [*uv(), *arguments], capture_output=True, text=True, env=kept, timeout=TIME, check=False
        )
    except subprocess.TimeoutExpired:
        raise NotInstalled(f"uv took longer than {TIME} s.") from None
    if done.returncode:
        raise NotInstalled(done.stderr.strip()[-1_000:] or f"uv ended with {done.returncode}.")
    return done.stdout
