"""Strict reading of environment variables: an invalid value stops the start."""

import os

from django.core.exceptions import ImproperlyConfigured


def flag(name: str, default: bool = False) -> bool:
    """A boolean written as 0 or 1; the default if unset or empty. Raises ImproperlyConfigured for any other value."""
    value = os.environ.get(name, "").strip()
    if value not in ("", "0", "1"):
        raise ImproperlyConfigured(f"{name} is {value!r}; write 0 or 1")
    return default if value == "" else value == "1"


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list without its empty entries; the default if unset."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def whole(name: str, default: int) -> int:
    """A whole number from 0 up; the default if unset or empty. Raises ImproperlyConfigured for any other value."""
    value = os.environ.get(name, "").strip()
    if value and not (value.isascii() and value.isdigit()):
        raise ImproperlyConfigured(f"{name} is {value!r}; write a whole number")
    return int(value) if value else default
