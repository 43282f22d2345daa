"""Examine what stands around the database: settings, static files, caches, backups."""

from __future__ import annotations

import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core import checks
from django.core.cache import caches
from django.db import DatabaseError
from django.utils import timezone

from comparisons.maintenance.backups import notes
from comparisons.models import stamps

from .diagnosis import BAD, LOOK, OK, Diagnoses, Diagnosis

#: The age from which on a backup is old, if one is made every night.
OLD = timedelta(hours=36)


def configuration() -> Diagnoses:
    """What Django's own checks and those of this project say about the settings."""
    messages = checks.run_checks(include_deployment_checks=not settings.DEBUG)
    for message in messages:
        if not message.is_silenced() and message.level >= checks.WARNING:
            state = BAD if message.is_serious() else LOOK
            yield Diagnosis("settings", state, " ".join(message.msg.split()), message.hint or "")
    if settings.DEBUG:
        yield Diagnosis("settings", LOOK, "DEBUG is on", "DEBUG=1 is for development on this machine alone")
    elif not messages:
        yield Diagnosis("settings", OK, f"{settings.SITE_URL}, hosts {', '.join(settings.ALLOWED_HOSTS)}")


def static_files() -> Diagnoses:
    """Whether the static files were collected, all of them, since they last changed."""
    storage: Any = staticfiles_storage
    if not hasattr(storage, "hashed_files"):
        yield Diagnosis("static", OK, "served as they are")
        return
    remedy = "run manage.py collectstatic --noinput"
    manifest = Path(settings.STATIC_ROOT) / storage.manifest_name
    if not manifest.is_file():
        yield Diagnosis("static", BAD, f"not collected in {settings.STATIC_ROOT}", remedy)
        return
    # Read again, since the storage reads it once.
    known: dict[str, str] = storage.__class__().hashed_files
    missing = sorted(name for name in set(known.values()) if not (manifest.parent / name).is_file())
    sources = {name: files.path(name) for finder in finders.get_finders() for name, files in finder.list([])}
    unknown = sorted(set(sources) - set(known))
    collected = manifest.stat().st_mtime
    changed = sorted(name for name, path in sources.items() if Path(path).stat().st_mtime > collected)
    if missing:
        yield Diagnosis("static", BAD, f"{len(missing)} are missing, such as {missing[0]}", remedy)
    elif unknown:
        yield Diagnosis("static", BAD, f"{len(unknown)} were not collected, such as {unknown[0]}", remedy)
    elif changed:
        yield Diagnosis("static", LOOK, f"{len(changed)} changed since then, such as {changed[0]}", remedy)
    else:
        yield Diagnosis("static", OK, f"{len(known)} files, hashed and compressed")


def cache() -> Diagnoses:
    """Whether what is written to the shared cache can be read back."""
    if not settings.CACHES["default"].get("LOCATION"):
        yield Diagnosis("cache", OK, "in the memory of each process; CACHE_URL is not set")
    elif _keeps(caches["default"]):
        yield Diagnosis("cache", OK, "what is written can be read back")
    else:
        remedy = "start it, or correct CACHE_URL; pages are shown all the same, and cost more"
        yield Diagnosis("cache", BAD, "what is written cannot be read back", remedy)


def store() -> Diagnoses:
    """Whether finished pages are kept, and writes noticed for them."""
    if settings.DEBUG:
        yield Diagnosis("pages", OK, "built anew each time, since DEBUG is on")
        return
    if not settings.KEEP_PAGES:
        why = "with REPLICA_URL" if "replica" in settings.DATABASES else "since KEEP_PAGES=0"
        yield Diagnosis("pages", LOOK, f"built anew each time, {why}", "a page costs more; see docs/deployment.md")
        return
    if not _keeps(caches["pages"]):
        yield Diagnosis("pages", BAD, "none can be kept", "raise KEPT_MEGABYTES")
        return
    try:
        kept = len(stamps.current().now)
    except DatabaseError:
        yield Diagnosis("pages", BAD, "the stamps of the tables cannot be read", "see the database")
        return
    yield Diagnosis("pages", OK, f"kept until one of {kept} tables changes")


def backup() -> Diagnoses:
    """How old the last backup is that this machine made with `manage.py backup`."""
    last = notes.last()
    if last is None:
        remedy = "let manage.py backup run every night; ignore this if something else makes backups"
        yield Diagnosis("backup", LOOK, "none is known on this machine", remedy)
        return
    age = timezone.now() - last.at
    found = f"{last.file}, {last.at:%Y-%m-%d %H:%M} UTC"
    if not Path(last.file).exists():
        yield Diagnosis("backup", LOOK, f"{found}, which is no longer there", "see that it was moved on purpose")
    elif age > OLD:
        yield Diagnosis("backup", LOOK, f"{found}, {age.days} days old", "see why manage.py backup did not run since")
    else:
        yield Diagnosis("backup", OK, found)


def _keeps(cache: Any) -> bool:
    key, word = f"doctor:{secrets.token_hex(8)}", secrets.token_hex(8)
    cache.set(key, word, 60)
    found = cache.get(key)
    cache.delete(key)
    return bool(found == word)
