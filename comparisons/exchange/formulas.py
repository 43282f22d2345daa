"""Cells that a spreadsheet would run as formulas: an apostrophe is put before them, and removed when they are read."""

from __future__ import annotations

import re

#: The beginning of a formula, after any apostrophes; in some languages the full-width forms count too.
_FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")


def escaped(text: str) -> str:
    """A text as a cell of CSV; plain numbers stay as they are. `unescaped` reverses it."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def unescaped(cell: str) -> str:
    """The text from which `escaped` made a cell."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet would run a cell as a formula."""
    return not cell.startswith("'") and bool(_FORMULA.match(cell)) and not _NUMBER.fullmatch(cell)
