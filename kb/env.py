"""Strict reading of the environment: a value that is not understood stops the start."""

import os

from django.core.exceptions import ImproperlyConfigured


def flag(name: str, default: bool = False) -> bool:
    """A boolean written as 0 or 1. Unset or empty: the default."""
    value = os.environ.get(name, "").strip()
    if value not in ("", "0", "1"):
        raise ImproperlyConfigured(f"{name} is {value!r}; write 0 or 1")
    return default if value == "" else value == "1"


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list. Unset: the default; empty entries are dropped."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def whole(name: str, default: int) -> int:
    """A whole number from 0 up. Unset or empty: the default."""
    value = os.environ.get(name, "").strip()
    if value and not (value.isascii() and value.isdigit()):
        raise ImproperlyConfigured(f"{name} is {value!r}; write a whole number")
    return int(value) if value else default
