"""Deep nesting in YAML, found before the parser meets it.

Both readers of YAML limit the levels of nesting as they receive the parser's events. The parser, however, reads ahead
on a line and may reach a limit of its own first, so the readers ask here before they start it.
"""

from __future__ import annotations

import re

#: This many brackets in a row are more levels than any file may have, and no parser limits them to fewer.
_BRACKETS_IN_A_ROW = re.compile(r"[\[{]{30}")


def line_of_deep_nesting(text: str) -> int:
    """The first line, counted from 1, that opens brackets far beyond the limit of either reader; 0 if none does."""
    found = _BRACKETS_IN_A_ROW.search(text)
    return text.count("\n", 0, found.start()) + 1 if found else 0
