"""The tables of a folder, an archive or a workbook, and what is wrong with them as a whole."""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath

from django.utils.translation import gettext as _

from comparisons.exchange.claims import limits
from comparisons.exchange.claims.csv_tables import SourceTable, read_table
from comparisons.exchange.claims.decoding import decoded
from comparisons.exchange.claims.records import ClaimFile, Unreadable

from .kinds import SheetKind
from .workbook import Workbook
from .xlsx import read_xlsx

#: The most files of an archive or a folder, and bytes that all of them have together.
MAX_FILES, MAX_TOTAL = 100, 60_000_000
#: How the names of tables end.
TABLES = (".csv", ".tsv")


def read_files(files: Iterable[tuple[str, bytes]], name: str = "") -> Workbook:
    """The tables of CSV files, given by name and content; others are left out with a note."""
    files = sorted(files)
    digest = hashlib.sha256()
    book = Workbook(name, "")
    for path, content in files:
        digest.update(hashlib.sha256(content).digest() + path.encode())
        suffix = PurePosixPath(path).suffix.lower()
        if suffix in TABLES:
            book.add(path, PurePosixPath(path).stem, _reader(content))
        elif suffix in (".xlsx", ".xls", ".ods", ".json"):
            book.strays.append((path, _("Only CSV is read here; an .xlsx is imported by itself.")))
        else:
            book.notes.append(_("%(name)s was not read: it is no CSV.") % {"name": path})
            book.others.append(path)
    book.digest = digest.hexdigest()
    book.demand_tables()
    return book


def _reader(content: bytes) -> Callable[[SheetKind, ClaimFile], SourceTable]:
    def read(kind: SheetKind, file: ClaimFile) -> SourceTable:
        if len(content) > limits.MAX_BYTES:
            message = _("The file has more than %(size)d MB; split it into parts.")
            raise Unreadable(0, message % {"size": limits.MAX_BYTES // 1_000_000})
        text, guessed = decoded(content)
        if guessed is not None:
            file.problems.append(guessed)
        if not text.strip():
            raise Unreadable(0, _("The file is empty."))
        return read_table(text, kind.columns, ", ".join(kind.columns[:5]))

    return read


def read_folder(folder: Path) -> Workbook:
    """The tables of the CSV files in a folder; those of folders below it are left alone. Raises OSError, Unreadable."""
    paths = [path for path in sorted(folder.iterdir()) if path.is_file() and not path.name.startswith((".", "~"))]
    if len(paths) > MAX_FILES:
        raise Unreadable(0, _("There are more than %(most)d files.") % {"most": MAX_FILES})
    files = []
    for path in paths:
        if path.suffix.lower() not in TABLES:
            files.append((path.name, b""))
            continue
        with path.open("rb") as file:
            files.append((path.name, file.read(limits.MAX_BYTES + 1)))
        if sum(len(content) for _name, content in files) > MAX_TOTAL:
            message = _("All files together have more than %(size)d MB; import them in parts.")
            raise Unreadable(0, message % {"size": MAX_TOTAL // 1_000_000})
    return read_files(files, folder.name)


def read_archive(content: bytes, name: str = "") -> Workbook:
    """The tables of an .xlsx, or of the CSV files in a .zip. Raises Unreadable if it is refused as a whole."""
    if len(content) > limits.MAX_BYTES:
        message = _("The file has more than %(size)d MB; split it into parts.")
        raise Unreadable(0, message % {"size": limits.MAX_BYTES // 1_000_000})
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable(
            0, _("This is a workbook of the old form (.xls), or has a password. Save it as .xlsx without.")
        )
    archive = open_archive(content)
    if "[Content_Types].xml" in archive.namelist():
        if not any(name.startswith("xl/") for name in archive.namelist()):
            raise Unreadable(0, _("This is a document or a presentation, and no workbook (.xlsx)."))
        book = Workbook(name, hashlib.sha256(content).hexdigest())
        read_xlsx(archive, content, book)
        book.demand_tables()
        return book
    refuse_other_programs(archive)
    found = [(path, entry) for entry in archive.infolist() if (path := _path(entry)) is not None]
    names = Counter(path.name for path, _entry in found)
    files = [(path.name if names[path.name] == 1 else str(path), archive.read(entry)) for path, entry in found]
    return read_files(files, name)


def _path(entry: zipfile.ZipInfo) -> PurePosixPath | None:
    """Where a file of an archive belongs; None for folders, and for what systems add or hide."""
    path = PurePosixPath(entry.filename.replace("\\", "/"))  # some programs for Windows write their own slashes
    return None if entry.is_dir() or any(part.startswith((".", "__")) for part in path.parts) else path


def refuse_other_programs(archive: zipfile.ZipFile) -> None:
    """Raise Unreadable for what other programs pack, by the name of its kind."""
    names = archive.namelist()
    kind = ""
    if "mimetype" in names and archive.read("mimetype").startswith(b"application/vnd.oasis.opendocument"):
        kind = _("a file of LibreOffice or OpenOffice (.ods)")
    elif any(name.endswith(".iwa") for name in names):
        kind = _("a file of Numbers or Pages")
    if kind:
        raise Unreadable(0, _("This is %(kind)s. Save it as .xlsx, or as “CSV UTF-8”.") % {"kind": kind})


def open_archive(content: bytes) -> zipfile.ZipFile:
    """An archive whose parts together are not too large to be unpacked. Raises Unreadable for any other."""
    damaged = _("This is no .xlsx and no .zip that could be opened; perhaps it is damaged or has a password.")
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        entries = archive.infolist()
        if len(entries) > 10 * MAX_FILES or sum(entry.file_size for entry in entries) > MAX_TOTAL:
            message = _("Unpacked, it has more than %(size)d MB or too many parts; split it.")
            raise Unreadable(0, message % {"size": MAX_TOTAL // 1_000_000})
        known = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
        if any(entry.flag_bits & 1 or entry.compress_type not in known for entry in entries):
            raise Unreadable(0, damaged)
        if archive.testzip() is not None:  # reads everything, and of each part no more than it says it has
            raise Unreadable(0, damaged)
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError, RuntimeError, zlib.error) as error:
        raise Unreadable(0, damaged) from error
    return archive
