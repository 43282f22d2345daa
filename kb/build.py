"""A word for what this process makes pages with: its code, templates, programs, static files and settings."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.conf import settings

#: The settings that pages show.
_SHOWN = ("SITE_URL", "SECURITY_CONTACT", "STATIC_URL", "LANGUAGE_CODE", "TIME_ZONE", "FORCE_SCRIPT_NAME")


def build_id() -> str:
    """The word; processes of another release, or with other settings, have another, so none shows a page of theirs."""
    found = hashlib.blake2b(digest_size=6)
    found.update(repr([getattr(settings, name) for name in _SHOWN]).encode())
    root = Path(settings.BASE_DIR)
    rooms = ("kb", "comparisons", "templates", "fixtures/probes", "fixtures/samples")
    files = [path for room in rooms for path in (root / room).rglob("*.*")]
    written = [path for path in files if path.suffix in (".py", ".html", ".xml", ".svg", ".txt", ".toml", ".json")]
    for path in (*sorted(written), root / "requirements/run.lock", Path(settings.STATIC_ROOT) / "staticfiles.json"):
        if path.is_file():
            found.update(path.read_bytes())
    return found.hexdigest()
