"""Read claims with citations from CSV, YAML or JSON. A file may be hostile: it is checked against every limit.

Whatever the format, a value is the text that stands in the file.
"""

from __future__ import annotations

import hashlib

from django.utils.translation import gettext as _

from . import limits
from .csv_rows import read_csv
from .json_nodes import read_json
from .records import ClaimFile, Unreadable
from .yaml_nodes import read_yaml


def read(content: bytes, format: str, name: str = "") -> ClaimFile:
    """The records of a file, with the problems of single cells. Raises Unreadable if the file as a whole is refused."""
    if len(content) > limits.MAX_BYTES:
        raise Unreadable(
            0, _("The file has more than %(size)d MB; split it into parts.") % {"size": limits.MAX_BYTES // 1_000_000}
        )
    text = _decoded(content)
    file = ClaimFile(name, "row" if format == "csv" else "line", digest=hashlib.sha256(content).hexdigest())
    if not text.strip():
        raise Unreadable(0, _("The file is empty."))
    {"csv": read_csv, "yaml": read_yaml, "json": read_json}[format](text, file)
    if not file.records and not file.problems:
        raise Unreadable(0, _("The file holds no claim."))
    return file


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unreadable(1, _("The file is UTF-16. Save it as UTF-8 and try again."))
    at = content.find(b"\0")
    if at >= 0:
        message = _("Byte %(at)d is a NUL: this is not a text file, or not UTF-8. Save it as UTF-8.")
        raise Unreadable(content.count(b"\n", 0, at) + 1, message % {"at": at + 1})
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = _("Byte %(at)d in line %(line)d (hexadecimal %(byte)02x) is not UTF-8. Save the file as UTF-8.")
        at, line = error.start, content.count(b"\n", 0, error.start) + 1
        raise Unreadable(line, message % {"at": at + 1, "line": line, "byte": content[at]}) from error
