"""The text of a file, or why it is none: what another program wrote is called by its name."""

from __future__ import annotations

import re
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .records import RowProblem, Unreadable

#: What files begin with that are no text.
_SIGNATURES = (
    (b"PK\x03\x04", gettext_lazy("an Excel workbook (.xlsx) or another archive")),
    (b"\xd0\xcf\x11\xe0", gettext_lazy("an Excel workbook of the old form (.xls), or one with a password")),
    (b"\x1f\x8b", gettext_lazy("a compressed file (.gz)")),
    (b"%PDF", gettext_lazy("a PDF")),
    (b"\x89PNG", gettext_lazy("a picture")),
    (b"\xff\xd8\xff", gettext_lazy("a picture")),
    (b"GIF8", gettext_lazy("a picture")),
    (b"{\\rtf", gettext_lazy("a document of a word processor (.rtf)")),
    (b"7z\xbc\xaf", gettext_lazy("a compressed archive (.7z)")),
    (b"Rar!", gettext_lazy("a compressed archive (.rar)")),
    (b"SQLite format 3", gettext_lazy("a database of SQLite")),
)
#: Said of a file with records that have “model” and “fields”.
FIXTURE = gettext_lazy(
    "This is a fixture: its records have a “model” and “fields”. An import does not read it; “manage.py seed” does."
)
#: Bytes of Windows-1252 that texts in Western languages have: letters with accents, quotation marks, dashes, the euro.
_WESTERN = re.compile(rb"[\x80\x85\x91-\x97\xa0\xa7\xab\xbb\xb0\xc0-\xff]")


class Decoded(NamedTuple):
    """A text. problem: why it cannot be stored as it is, if its encoding is only guessed; the rest can be checked."""

    text: str
    problem: RowProblem | None = None


def decoded(content: bytes) -> Decoded:
    """The text of a file. Raises Unreadable if it is none."""
    for signature, what in _SIGNATURES:
        if content.startswith(signature):
            message = _("This is %(what)s, and no text. Save it as “CSV UTF-8”, or send the workbook as .xlsx.")
            raise Unreadable(0, message % {"what": what})
    if content.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        raise Unreadable(1, _("The file is UTF-32. Save it as UTF-8 and try again."))
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unreadable(1, _("The file is UTF-16. Save it as UTF-8 and try again."))
    at = content.find(b"\0")
    if at >= 0:
        message = _("Byte %(at)d is a NUL: this is not a text file, or not UTF-8. Save it as UTF-8.")
        raise Unreadable(content.count(b"\n", 0, at) + 1, message % {"at": at + 1})
    try:
        return Decoded(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        at, line = error.start, content.count(b"\n", 0, error.start) + 1
        details = {"at": at + 1, "line": line, "byte": content[at]}
        message = _("Byte %(at)d in line %(line)d (hexadecimal %(byte)02x) is not UTF-8.") % details
        try:
            text = content.removeprefix(b"\xef\xbb\xbf").decode("cp1252")
        except UnicodeDecodeError:
            raise Unreadable(line, message + " " + _("Save the file as UTF-8.")) from error
        if not _WESTERN.match(content, at):
            raise Unreadable(line, message + " " + _("Save the file as UTF-8.")) from error
        message += " " + _(
            "It looks like Windows-1252, in which Excel saves “CSV”. Save it as “CSV UTF-8”; all else was checked."
        )
        return Decoded(text, RowProblem(line, "", message))


def refuse_other_forms(text: str) -> None:
    """Raise Unreadable for a list of records or a fixture that is given as a table."""
    first = text.lstrip("\ufeff \t\r\n")[:2000]
    if re.match(r"<(?:!doctype html|html|head|body|table|meta|script)\b", first, re.IGNORECASE):
        raise Unreadable(1, _("This is a web page, not a table. Download the table itself, or save it as “CSV UTF-8”."))
    if first.startswith("<?xml"):
        raise Unreadable(1, _("This is XML, not a table. Save the table as “CSV UTF-8”."))
    if re.match(r"(?:#[^\n]*\n\s*)*(?:---\s*)?- *\{? *[\"']?model[\"']? *:", first) or re.match(
        r"\[\s*\{\s*\"(?:model|pk|fields)\"\s*:", first
    ):
        raise Unreadable(1, str(FIXTURE))
    if re.match(r"(?:#[^\n]*\n\s*)*(?:---\s*)?- +[\"']?\w+[\"']? *:", first):
        raise Unreadable(1, _("This is YAML, not a table; give the file a name that ends in .yaml."))
    if re.match(r"(?:\[\s*)?\{\s*[\"\n}]|\[\s*\]", first):
        raise Unreadable(1, _("This is JSON, not a table; give the file a name that ends in .json."))
