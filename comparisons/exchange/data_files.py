"""The whole as files: gzipped JSON lines and SQLite, of one day, with a schema, licence and checksums.

They are written to a folder of their own, which is renamed into place when it is complete, so that readers never find
half a file. The oldest folders are removed.
"""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import json
import re
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.text import slugify

from comparisons.models import Framework, stamps, subject
from comparisons.models.batches import batched
from comparisons.models.snapshot import snapshot

from .public import BATCH, Kind, Record, records
from .public_kinds import kinds, rows_of

#: The file that says what is in a folder; it is written last.
MANIFEST = "manifest.json"
#: Days of which the files are kept.
KEPT = 4
#: How the name of a folder begins that is being written, and seconds after which its run was surely killed.
_BEGUN, _KILLED = ".writing-", 86_400
#: Bytes that are read at once to take a checksum.
CHUNK = 1 << 20
_SQL = {"string": "TEXT", "integer": "INTEGER", "boolean": "INTEGER", "array": "TEXT"}
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

Said = Callable[[str], None]


@dataclass(frozen=True)
class DataFile:
    """A file for readers. kind: the kind of its records; "" for the one with everything. size: in bytes."""

    name: str
    kind: str
    title: str
    records: int
    size: int
    sha256: str


@dataclass(frozen=True)
class DataSet:
    """The files of one day."""

    day: dt.date
    licence: str
    licence_address: str
    files: tuple[DataFile, ...]


def folder() -> Path:
    """Where the folders of all days are."""
    return Path(settings.DATA_FILES)


def days() -> list[dt.date]:
    """The days of which there are files, the newest first."""
    here = folder()
    found = [one.parent.name for one in here.glob(f"*/{MANIFEST}")] if here.is_dir() else []
    return sorted((dt.date.fromisoformat(name) for name in found if _DAY.fullmatch(name)), reverse=True)


def of_day(day: dt.date) -> DataSet | None:
    """The files of a day; None if there are none."""
    try:
        told = json.loads((folder() / day.isoformat() / MANIFEST).read_text("utf-8"))
    except FileNotFoundError:
        return None
    return DataSet(day, told["licence"], told["licence_address"], tuple(DataFile(**one) for one in told["files"]))


def write_all(day: dt.date, say: Said = lambda _line: None) -> DataSet:
    """Write the files of a day from one state of the database, in place of those that may be there."""
    here = folder()
    here.mkdir(parents=True, exist_ok=True)
    for left in here.glob(f"{_BEGUN}*"):
        if left.stat().st_mtime < time.time() - _KILLED:
            shutil.rmtree(left, ignore_errors=True)
    place = Path(tempfile.mkdtemp(prefix=_BEGUN, dir=here))
    try:
        with snapshot():
            told = _written(place, day, say)
        manifest = {**asdict(told), "day": day.isoformat()}
        (place / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", "utf-8")
        place.chmod(0o755)
        final = here / day.isoformat()
        if final.exists():
            final.rename(place / "replaced")
        place.rename(final)
        shutil.rmtree(final / "replaced", ignore_errors=True)
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise
    for old in days()[KEPT:]:
        shutil.rmtree(here / old.isoformat())
    # The page that names the files is kept, and no table has changed.
    stamps.renew({stamps.EVERYTHING})
    return told


def _written(place: Path, day: dt.date, say: Said) -> DataSet:
    here = subject.current()
    stem = f"{slugify(here.name)}-{day.isoformat()}"
    base = place / f"{stem}.sqlite"
    about = {
        "title": here.title or here.name,
        "publisher": here.name,
        "address": settings.SITE_URL,
        "day": day.isoformat(),
        "licence": here.text_licence,
        "licence_address": here.text_licence_url,
    }
    files = []
    database = sqlite3.connect(base)
    try:
        database.execute("CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT)")
        database.executemany("INSERT INTO about VALUES (?, ?)", about.items())
        for kind in kinds():
            word = here.nouns.address if kind.model is Framework else kind.name
            path = place / f"{stem}-{word}.jsonl.gz"
            count = _one_kind(kind, path, database, day)
            files.append(_file(path, kind.name, kind.title, count))
            say(f"{path.name}: {count}")
        _index(database)
        database.commit()
        database.execute("VACUUM")
    finally:
        database.close()
    packed = base.with_name(f"{base.name}.gz")
    with base.open("rb") as plain, _gzipped(packed) as out:
        shutil.copyfileobj(plain, out, CHUNK)
    base.unlink()
    total = sum(one.records for one in files)
    everything = _file(packed, "", "Everything, ready for Datasette", total)
    say(f"{packed.name}: {total}")
    return DataSet(day, here.text_licence, here.text_licence_url, (everything, *files))


def _one_kind(kind: Kind, path: Path, database: sqlite3.Connection, day: dt.date) -> int:
    """Write all records of a kind to both files, some at a time, and return their number."""
    names = kind.names
    types = {field.name: _SQL[field.type] for field in kind.columns}
    columns = ", ".join(f'"{name}" {types.get(name, "TEXT")}' for name in names)
    key = ", ".join(f'"{name}"' for name in kind.key)
    database.execute(f'CREATE TABLE "{kind.name}" ({columns}, PRIMARY KEY ({key}))')
    marks = ", ".join("?" * len(names))
    insert = f'INSERT INTO "{kind.name}" VALUES ({marks})'  # noqa: S608 (names of ours)
    count = 0
    with _gzipped(path) as out:
        for batch in batched((record for _pk, record in records(kind, rows_of(kind), day)), BATCH):
            found = list(batch)
            count += len(found)
            lines = (json.dumps({name: one[name] for name in names}, ensure_ascii=False) + "\n" for one in found)
            out.write("".join(lines).encode())
            database.executemany(insert, (_row(names, one) for one in found))
    return count


def _row(names: Iterable[str], record: Record) -> list[Any]:
    values = (record[name] for name in names)
    return [json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value for value in values]


def _index(database: sqlite3.Connection) -> None:
    """Index what records are joined by."""
    for kind in kinds():
        for name in ("framework", "criterion", "article", "claim"):
            if name in kind.names and name != kind.key[0]:
                database.execute(f'CREATE INDEX "{kind.name}_{name}" ON "{kind.name}" ("{name}")')


@contextmanager
def _gzipped(path: Path) -> Iterator[gzip.GzipFile]:
    """A compressed file whose bytes depend on its content alone."""
    with path.open("wb") as raw, gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0) as out:
        yield out


def _file(path: Path, kind: str, title: str, count: int) -> DataFile:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return DataFile(path.name, kind, title, count, path.stat().st_size, digest.hexdigest())


def schema() -> dict[str, Any]:
    """The records of each kind as JSON Schema."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{settings.SITE_URL}/data/schema.json",
        "$defs": {kind.name: _schema_of(kind) for kind in kinds()},
    }


def _schema_of(kind: Kind) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for field in kind.columns:
        shown: dict[str, Any] = {"type": field.type if field.name in kind.key else [field.type, "null"]}
        found[field.name] = shown | ({"format": field.format} if field.format else {})
    for one in kind.lists:
        found[one.name] = {"type": "array", "items": {"type": "string"}}
    if kind.page:
        found["address"] = {"type": "string", "format": "uri"}
    return {"title": kind.title, "type": "object", "properties": found, "required": kind.names}
