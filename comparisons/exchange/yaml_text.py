"""Text in YAML that is read again exactly as it was written."""

from __future__ import annotations

import re
from typing import Any

import yaml

#: YAML counts these as line breaks, and its readers turn them into newlines or spaces unless they are escaped.
_UNUSUAL_BREAK = re.compile("[\x85\u2028\u2029]")


def represent_text(dumper: Any, text: str) -> yaml.ScalarNode:
    """Text as YAML; double quotes, which escape unusual line breaks, if it has any."""
    style = '"' if _UNUSUAL_BREAK.search(text) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


class FastDumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
    """The safe dumper of libyaml where it is installed."""


FastDumper.add_representer(str, represent_text)
