"""Cells that a spreadsheet would run as a formula: marked by an apostrophe when written, unmarked when read."""

from __future__ import annotations

import re

#: What begins a formula, after any apostrophes; the full-width forms count in some languages.
_FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")


def escaped(text: str) -> str:
    """The text as a cell of CSV. Plain numbers stay as they are; `unescaped` gives the text back."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def unescaped(cell: str) -> str:
    """The text that `escaped` made this cell from."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet would run this cell."""
    return not cell.startswith("'") and bool(_FORMULA.match(cell)) and not _NUMBER.fullmatch(cell)
