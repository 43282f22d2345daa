"""Read claims with citations from CSV, YAML or JSON. A file may be hostile: it is checked against every limit.

Whatever the format, a value is the text that stands in the file.
"""

from __future__ import annotations

import hashlib

from django.utils.translation import gettext as _

from . import limits
from .csv_rows import read_csv
from .decoding import decoded
from .json_nodes import read_json
from .records import ClaimFile, Unreadable
from .yaml_nodes import read_yaml


def read(content: bytes, format: str, name: str = "") -> ClaimFile:
    """The records of a file, with the problems of single cells. Raises Unreadable if the file as a whole is refused."""
    if len(content) > limits.MAX_BYTES:
        raise Unreadable(
            0, _("The file has more than %(size)d MB; split it into parts.") % {"size": limits.MAX_BYTES // 1_000_000}
        )
    text, guessed = decoded(content)
    file = ClaimFile(name, "row" if format == "csv" else "line", digest=hashlib.sha256(content).hexdigest())
    if guessed is not None:
        file.problems.append(guessed)
    if not text.strip():
        raise Unreadable(0, _("The file is empty."))
    {"csv": read_csv, "yaml": read_yaml, "json": read_json}[format](text, file)
    if not file.records and not file.problems:
        raise Unreadable(0, _("The file holds no claim."))
    return file
