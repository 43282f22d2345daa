"""Django's backend for SQLite, for a file on a disk that cannot be written, such as a copy that is mounted read-only.

Beside a database with a write-ahead log SQLite needs files that it cannot make there, and refuses even to read. A file
that nobody can write may be read without them. Connections to it are kept for one request, so that they end soon after
the disk can be written again.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.db.backends.sqlite3 import base


def cannot_be_written(file: Path) -> bool:
    """Whether a database exists that can be read only as it is: its folder is read-only and it has no log beside it."""
    has_log = file.with_name(f"{file.name}-wal").exists()
    return file.is_file() and not has_log and not os.access(file.parent, os.W_OK)


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection to a file that may be unchangeable, decided each time that it is opened."""

    is_immutable = False

    def get_connection_params(self) -> dict[str, Any]:
        parameters = super().get_connection_params()
        file = Path(parameters["database"])
        self.is_immutable = cannot_be_written(file)
        if self.is_immutable:
            parameters["database"] = f"file:{quote(str(file.resolve()))}?immutable=1"
        return parameters

    def close_if_unusable_or_obsolete(self) -> None:
        super().close_if_unusable_or_obsolete()
        if self.is_immutable and not self.in_atomic_block:
            self.close()
