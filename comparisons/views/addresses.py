"""Addresses of many records at once: to ask for each by itself takes longer than to read its row."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from django.urls import get_script_prefix, reverse

from comparisons.models import subject


def addresses(name: str, parts: int) -> Callable[..., str]:
    """What makes the address of a page from the keys of its records. name: that of its pattern, with so many parts.

    Keys need no escaping: they are made of letters, digits, dots and hyphens.
    """
    blanks = [f"0.{place}.0" for place in range(parts)]
    pattern = reverse(f"comparisons:{name}", args=blanks).replace("%", "%%")
    for blank in blanks:
        pattern = pattern.replace(blank, "%s", 1)
    return lambda *keys: pattern % keys


def path(name: str, *keys: str) -> str:
    """The address of one page, from the keys of its records, as `addresses` makes it."""
    return _addresses(name, len(keys), subject.nouns().address, get_script_prefix())(*keys)


@lru_cache(maxsize=64)
def _addresses(name: str, parts: int, _word: str, _prefix: str) -> Callable[..., str]:
    """The same as `addresses`, as long as the word of the subject and where the site is mounted are the same."""
    return addresses(name, parts)
