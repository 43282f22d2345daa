"""Text in YAML that is read again exactly as it was written, and what JSON writes otherwise than YAML."""

from __future__ import annotations

import re
from typing import Any

import yaml
from django.utils.translation import gettext_lazy as _

#: YAML counts these as line breaks, and its readers turn them into newlines or spaces unless they are escaped.
_UNUSUAL_BREAK = re.compile("[\x85\u2028\u2029]")

#: Escapes of JSON that YAML 1.1 does not know: a slash, and a character beyond U+FFFF in two halves. An even number of
#: backslashes before them are escaped themselves.
_JSON_ESCAPE = re.compile(r"(?<!\\)((?:\\\\)*)\\(?:/|u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2}))")
#: How the parsers of YAML complain about them.
_COMPLAINTS = ("unknown escape character", "invalid Unicode character escape code")


def mended(text: str, error: yaml.YAMLError) -> str:
    """The text with escapes of JSON as characters, if they are why it could not be read; otherwise "".

    Text in which nothing has to be mended is not touched: outside quotation marks a backslash is a backslash.
    """
    if not any(complaint in str(error) for complaint in _COMPLAINTS):
        return ""
    found = _JSON_ESCAPE.sub(_character, text)
    return found if found != text else ""


def _character(escape: re.Match[str]) -> str:
    before, high, low = escape.groups()
    if high is None:
        return f"{before}/"
    return before + chr(0x10000 + (int(high, 16) - 0xD800) * 0x400 + int(low, 16) - 0xDC00)


#: What to do about slips that people make, by how the parsers of YAML complain about them; the first that fits counts.
_ADVICE = (
    ("mapping values are not allowed", _("Put a text that holds “: ” in quotes, and let all fields begin alike.")),
    ("tab character", _("Indent with spaces, not with tabs.")),
    ("cannot start any token", _("Put a text that begins with “@”, “%” or “`” in quotes, and indent with spaces.")),
    ("alphabetic or numeric character", _("Put a text that begins with “*” or “&” in quotes.")),
    ("unexpected end of stream", _("Is a quotation mark opened and not closed?")),
    ("unknown escape", _("In double quotes, write a backslash twice.")),
    (
        "did not find expected key",
        _("Let all fields begin alike; inside of its like, write a quotation mark twice."),
    ),
    ("did not find expected", _("Look at the brackets, quotes and indentation of this line and the one before.")),
)


def complaint(error: Exception) -> str:
    """What a parser of YAML says is wrong, and what to do about it."""
    problem = getattr(error, "problem", None) or str(error)
    advice = next((str(text) for part, text in _ADVICE if part in problem), "")
    return f"{problem}. {advice}" if advice else problem


def represent_text(dumper: Any, text: str) -> yaml.ScalarNode:
    """Text as YAML; double quotes, which escape unusual line breaks, if it has any."""
    style = '"' if _UNUSUAL_BREAK.search(text) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


class FastDumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
    """The safe dumper of libyaml where it is installed."""


FastDumper.add_representer(str, represent_text)
