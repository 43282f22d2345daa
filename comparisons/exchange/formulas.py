"""Cells that a spreadsheet would run as formulas: an apostrophe is put before them, and removed when they are read."""

from __future__ import annotations

import re

#: The beginning of a formula, after any apostrophes; in some languages the full-width forms count too.
_FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
#: What a spreadsheet could run: a function after signs and figures, a program or another sheet that is called, and
#: references or figures that are joined by nothing but operators.
_RUNS = re.compile(
    r"[=＝+＋\-－@＠\s\d.,*/^&(<>]*[^\W\d][\w.]*\s*\("
    r"|.*\w\s*\|\s*'"
    r"|.*[\w'\]]!\s*\$?[^\W\d]"
    r"|[=＝][=＝+＋\-－@＠]*\s*[\w$.:\"']+(?:\s*[-+*/^&<>=,;:]+\s*[\w$.:\"']+)*\s*\Z",
    re.DOTALL,
)


def escaped(text: str) -> str:
    """A text as a cell of CSV; plain numbers stay as they are. `unescaped` reverses it."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def unescaped(cell: str) -> str:
    """The text from which `escaped` made a cell."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet would run a cell as a formula.

    Text that only begins like one is none, such as “@home”, “- no” and “+1 from us”; exports mark it all the same.
    """
    if not cell or cell[0] == "'" or not _FORMULA.match(cell) or _NUMBER.fullmatch(cell):
        return False
    return bool(_RUNS.match(cell.strip()))
