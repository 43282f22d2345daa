"""Which backup this machine made last: a note in DATA_DIR, since a backup may be moved elsewhere at once."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone


@dataclass(frozen=True)
class LastBackup:
    """When it was finished, and the file that it was written to."""

    at: datetime
    file: str


def note(file: Path) -> None:
    """Note that a backup is finished. Raises OSError."""
    _note().parent.mkdir(parents=True, exist_ok=True)
    _note().write_text(json.dumps({"at": timezone.now().isoformat(), "file": str(file.absolute())}) + "\n")


def last() -> LastBackup | None:
    """The last backup that was noted; None without one."""
    try:
        found = json.loads(_note().read_text())
        return LastBackup(datetime.fromisoformat(found["at"]), str(found["file"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _note() -> Path:
    return Path(settings.DATA_DIR) / "last-backup.json"
