"""What search knows about scripts: which put no spaces between words, and which characters are marks on others."""

import sys
import unicodedata

#: Scripts that put no spaces between words, or join words to what belongs to them: Thai, Lao, Burmese, Khmer, Chinese
#: with its signs, Japanese, Korean. A set for a pattern.
UNSPACED = (
    "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0eda\u0edc-\u0edf\u1000-\u103f\u1050-\u109f\u1780-\u17d3"
    "\u1100-\u11ff\u3005-\u3007\u3031-\u3035\u303b\u3041-\u3096\u3099-\u309a\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff"
    "\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97c\uac00-\ud7a3\ud7b0-\ud7fb\uf900-\ufaff"
    "\U00020000-\U0003fffd"
)


def _marks() -> str:
    """Ranges of all combining marks of the first plane, as a set for a pattern."""
    ranges: list[list[int]] = []
    for place in range(0x300, min(sys.maxunicode, 0xFFFF)):
        if unicodedata.category(chr(place)) in ("Mn", "Mc"):
            if ranges and ranges[-1][1] == place - 1:
                ranges[-1][1] = place
            else:
                ranges.append([place, place])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)


MARKS = _marks()
