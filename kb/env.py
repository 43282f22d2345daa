"""Strict reading of environment variables: an invalid value stops the start."""

import os
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

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


def cache_of(url: str) -> dict[str, Any]:
    """The settings of the cache at an address of Redis or Valkey; of one in the process's memory without an address.

    Raises ImproperlyConfigured for any other address.
    """
    if not url:
        return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    scheme = urlsplit(url).scheme
    known = {"redis": "redis", "rediss": "rediss", "valkey": "redis", "valkeys": "rediss"}
    if scheme not in known:
        raise ImproperlyConfigured("CACHE_URL is no address of a cache; write redis://host:port/0, or leave it empty")
    if find_spec("redis") is None:
        raise ImproperlyConfigured("CACHE_URL is set, but the package redis is not installed")
    return {
        "BACKEND": "kb.caches.SharedCache",
        "LOCATION": known[scheme] + url[len(scheme) :],
        "KEY_PREFIX": "crosscheck",
        "OPTIONS": {"socket_timeout": 0.5, "socket_connect_timeout": 0.5},
    }
