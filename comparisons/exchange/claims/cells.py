"""The checks of names and texts that all formats share."""

from __future__ import annotations

from difflib import get_close_matches

from django.utils.translation import gettext as _

from comparisons.exchange.claim_columns import NOT_IMPORTED
from comparisons.exchange.invisible import code_point
from comparisons.language.cleaning import FORBIDDEN, tidy

from . import limits
from .records import ClaimFile


def clean(file: ClaimFile, row: int, column: str, text: str) -> str:
    """The text of a cell in the form in which texts are stored; "" if it cannot be stored, which becomes a problem."""
    if len(text) > limits.MAX_CELL:
        message = _("This has %(length)d characters; no text may have more than %(most)d.")
        file.refuse(row, column, message % {"length": len(text), "most": limits.MAX_CELL})
        return ""
    if text.isascii() and text.isprintable():
        return text.strip()  # most texts; they have this form
    wrong = FORBIDDEN.search(text.replace("\r", ""))
    if wrong:
        message = _("The character %(name)s cannot be stored; delete it.")
        file.refuse(row, column, message % {"name": code_point(wrong[0])})
        return ""
    return tidy(text).strip()


def is_column(file: ClaimFile, row: int, name: str, known: tuple[str, ...], shown: str = "") -> bool:
    """Whether an import has this column; if not, the reason becomes a problem."""
    if name in known:
        return True
    if name in NOT_IMPORTED:
        message = _("An import cannot set this: status, verdict and review are given by people. Delete the column.")
    else:
        near = get_close_matches(name, known, 1)
        file.misspelt.update(near)
        message = _("There is no such column.")
        if near:
            message += " " + _("Did you mean “%(name)s”?") % {"name": near[0]}
        else:
            message += " " + _("There are: %(names)s.") % {"names": ", ".join(known)}
    file.refuse(row, shown or name[:80], message)
    return False
