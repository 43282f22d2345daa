"""What takes long to make and comes out the same each time: made by whoever needs it first, then copied.

`make test` names a folder in TESTS_KEPT, which all its processes share; a `pytest` by itself has one of its own.
"""

from __future__ import annotations

import atexit
import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import django


def _folder() -> Path:
    if shared := os.environ.get("TESTS_KEPT"):
        return Path(shared)
    own = tempfile.mkdtemp(prefix="crosscheck-kept-")
    atexit.register(shutil.rmtree, own, ignore_errors=True)
    return Path(own)


FOLDER = _folder()


def kept(name: str, make: Callable[[Path], object]) -> Path:
    """The file or folder of this name, for this version of Django. To be copied, never written to.

    make: makes it at the path that it is given, if there is none; other processes that ask for it wait.
    """
    place = FOLDER / f"{django.__version__}-{name}"
    with place.with_name(f"{place.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not place.exists():
            half = place.with_name(f"half-{place.name}")
            make(half)
            half.rename(place)
    return place


#: A database file without rows, with every migration applied, which takes a quarter of a minute of CPU.
MIGRATED = "migrated.sqlite3"
