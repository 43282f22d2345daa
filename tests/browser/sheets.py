"""Pages printed to PDF, and what stands on their sheets."""

from __future__ import annotations

import io
import unicodedata
from typing import Any, NamedTuple

from pypdf import PdfReader

from .conftest import Window

#: Points in a millimetre.
MM = 72 / 25.4


class TextRun(NamedTuple):
    """A run of text: where it begins, from the left edge, and the size of its letters, in points."""

    text: str
    left: float
    size: float


class Sheet(NamedTuple):
    """A printed sheet. width, height: in millimetres."""

    width: int
    height: int
    text: str
    runs: tuple[TextRun, ...]


#: The sheets of the pages that were printed, since several tests read those of one page.
_PRINTED: dict[str, list[Sheet]] = {}


def printed(window: Window, path: str) -> list[Sheet]:
    """Open a page; returns the sheets that it is printed on, as its style sheet says."""
    assert window.open(path) == 200
    if path not in _PRINTED:
        _PRINTED[path] = _print(window)
    return _PRINTED[path]


def _print(window: Window) -> list[Sheet]:
    window.page.evaluate("document.fonts.ready.then(() => true)")
    window.page.emulate_media(media="print")  # another test may have asked for the look of the screen
    try:
        file = io.BytesIO(window.page.pdf(prefer_css_page_size=True))
    finally:
        window.page.emulate_media(media="null")
    return [_sheet(page) for page in PdfReader(file).pages]


def _sheet(page: Any) -> Sheet:
    runs: list[TextRun] = []

    def seen(text: str, cm: list[float], tm: list[float], _font: Any, size: float) -> None:
        if text.strip():
            runs.append(TextRun(text.strip(), cm[0] * tm[4] + cm[4], abs(cm[0] * tm[0] * size)))

    text = " ".join(unicodedata.normalize("NFKC", page.extract_text(visitor_text=seen)).split())  # "ﬁ" is "fi"
    return Sheet(round(page.mediabox.width / MM), round(page.mediabox.height / MM), text, tuple(runs))
