"""Addresses of many records at once: to ask for each by itself takes longer than to read its row."""

from __future__ import annotations

from collections.abc import Callable

from django.urls import reverse


def addresses(name: str, parts: int) -> Callable[..., str]:
    """What makes the address of a page from the keys of its records. name: that of its pattern, with so many parts.

    Keys need no escaping: they are made of letters, digits, dots and hyphens.
    """
    blanks = [f"0.{place}.0" for place in range(parts)]
    pattern = reverse(f"comparisons:{name}", args=blanks).replace("%", "%%")
    for blank in blanks:
        pattern = pattern.replace(blank, "%s", 1)
    return lambda *keys: pattern % keys
