"""How large a file of claims may be, and how deep."""

from __future__ import annotations

from django.utils.translation import gettext as _

from .records import Unreadable

#: The most bytes, rows (claims and citations) and columns of a file, characters of a cell, and levels of nesting.
MAX_BYTES, MAX_ROWS, MAX_COLUMNS, MAX_CELL, MAX_DEPTH = 10_000_000, 50_000, 60, 20_000, 4


class FileLimits:
    """Counts the entries of a file as it is read, and raises Unreadable as soon as there are too many."""

    def __init__(self) -> None:
        self.items = 0

    def item(self, line: int) -> None:
        self.items += 1
        if self.items > MAX_ROWS:
            raise Unreadable(
                line, _("There are more than %(most)d entries; split the file into parts.") % {"most": MAX_ROWS}
            )


def check_depth(line: int, depth: int) -> None:
    """Raise Unreadable for nesting that is too deep."""
    if depth > MAX_DEPTH:
        raise Unreadable(line, _("It is nested more than %(most)d levels deep.") % {"most": MAX_DEPTH})


def check_names(line: int, names: list[str]) -> None:
    """Raise Unreadable for too many names, or if the last one occurs twice."""
    if len(names) > MAX_COLUMNS:
        raise Unreadable(line, _("There are more than %(most)d columns.") % {"most": MAX_COLUMNS})
    if names[-1] in names[:-1]:
        raise Unreadable(line, _("This occurs twice."), names[-1][:80])
