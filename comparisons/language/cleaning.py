"""Bring text into one form, without characters that no reader sees."""

import re
import unicodedata

#: Characters that no stored text may hold.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")

_WITHOUT_USE = "\u00ad\u034f\u180e\u200b\u2060-\u2064\u3164\ufeff\uffa0"
_JOINERS = "\u200c\u200d"
_DIRECTIONS = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
#: Soft hyphens, characters of no width, marks of direction: a search looks through all of them. A set for a pattern.
INVISIBLE = f"{_WITHOUT_USE}{_JOINERS}{_DIRECTIONS}\ufe00-\ufe0f"

#: Joiners and non-joiners stay between characters of scripts that need them, and in emoji. Beside white space and in
#: the Latin, Greek and Cyrillic scripts they do nothing.
_ALONE = "\\s\u0000-\u052f\u1e00-\u1fff"
_REMOVED = re.compile(f"[{_WITHOUT_USE}]")
_IDLE_JOINER = re.compile(f"(?:^|(?<=[{_ALONE}]))[{_JOINERS}]+|[{_JOINERS}]+(?=[{_ALONE}]|$)")
_ANY_INVISIBLE = re.compile(f"[{INVISIBLE}]")


def tidy(text: str) -> str:
    """Text in NFC, with line ends as newlines, without characters that XML 1.0 forbids and without those of no width.

    Marks of direction stay, and joiners where a script or an emoji needs them.
    """
    if text.isascii() and text.isprintable():
        return text  # most texts
    text = FORBIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    if text.isascii():
        return text
    text = _REMOVED.sub("", unicodedata.normalize("NFC", text))
    return unicodedata.normalize("NFC", _IDLE_JOINER.sub("", text))


def without_invisible(text: str) -> str:
    """Text without any character that has no width, for comparing; it is not meant to be shown."""
    return text if text.isascii() else _ANY_INVISIBLE.sub("", text)


#: What is seen as nothing or as a space, beside the above and what Unicode calls format characters.
_BLANK = re.compile("[\u115f\u1160\u17b4\u17b5\u2800\U000e0100-\U000e01ef]")


def as_seen(text: str) -> str:
    """What texts have in common that a reader cannot tell apart, for comparing; "" for one in which nothing is seen.

    Upper and lower case, compatible characters such as full-width letters, white space and characters of no width do
    not count. Letters of different scripts that look alike stay different.
    """
    if not text.isascii():
        text = _seen(_seen(unicodedata.normalize("NFKC", text)).casefold())
        text = unicodedata.normalize("NFKC", text)
    return " ".join(text.casefold().split())


def _seen(text: str) -> str:
    text = _BLANK.sub("", without_invisible(text))
    return "".join(character for character in text if unicodedata.category(character) != "Cf")
