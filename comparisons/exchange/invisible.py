"""Characters that nobody sees, by their code points: a message that quotes a text shows them."""

from __future__ import annotations

import unicodedata


def code_point(character: str) -> str:
    """“U+200B ZERO WIDTH SPACE”; a character without a name has only its number."""
    name = unicodedata.name(character, "")
    return f"U+{ord(character):04X} {name}".rstrip()


def shown(text: str) -> str:
    """A text as a message quotes it: what nobody sees, and blanks that are no spaces, become code points."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(char if char == " " or char.isprintable() else f"‹U+{ord(char):04X}›" for char in text)
