"""Strict reading of environment variables: an invalid value stops the start with a sentence that says what to write."""

from __future__ import annotations

import logging
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.core.exceptions import ImproperlyConfigured

#: The exit code of a program that was given wrong settings: EX_CONFIG of sysexits.h. Starting it again will not help.
WRONG_SETTINGS = 78
#: The largest number that a variable may have; far beyond what any of them can mean.
LARGEST = 999_999_999
_MAIL = re.compile(r"[^\s@:/?<>,;\"]+@[^\s@:/?<>,;\"]+")


#: What stands in no address unless it is escaped (RFC 3986).
_NEVER_IN_URLS = re.compile(r"""[\s"'<>\\^`{|}]""")


@contextmanager
def refusing() -> Iterator[None]:
    """End the process with one readable message, without a traceback, if the settings are wrong."""
    try:
        yield
    except ImproperlyConfigured as error:
        print(f"Not started: {error}", file=sys.stderr)
        sys.exit(WRONG_SETTINGS)


def flag(name: str, default: bool = False) -> bool:
    """A boolean written as 0 or 1; the default if unset or empty. Raises ImproperlyConfigured for any other value."""
    value = os.environ.get(name, "").strip()
    if value not in ("", "0", "1"):
        raise ImproperlyConfigured(f"{name} is {value!r}; write 0 or 1")
    return default if value == "" else value == "1"


def needs_extra(name: str, extra: str, *modules: str) -> None:
    """Raises ImproperlyConfigured if a setting is on whose extra of pyproject.toml is not installed."""
    missing = [module for module in modules if find_spec(module) is None]
    if missing:
        raise ImproperlyConfigured(
            f"{name} needs the extra “{extra}”: {', '.join(missing)} is not installed. Install it, or set {name}=0."
        )


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list without its empty entries; the default if unset."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def whole(name: str, default: int, least: int = 0, most: int = LARGEST) -> int:
    """A whole number in a range; the default if unset or empty. Raises ImproperlyConfigured for any other value."""
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    # Digits are counted first, since Python refuses to read thousands of them with an error of its own.
    if not re.fullmatch(r"[0-9]{1,9}", value) or not least <= int(value) <= most:
        limits = f" from {least} to {most}" if most < LARGEST else f" from {least} up" if least else ""
        raise ImproperlyConfigured(f"{name} is {value!r}; write a whole number{limits}")
    return int(value)


def log_level(name: str, default: str = "INFO") -> str:
    """The name of a level of the log. Raises ImproperlyConfigured for any other value."""
    value = os.environ.get(name, "").strip() or default
    if not isinstance(logging.getLevelName(value), int):
        raise ImproperlyConfigured(f"{name} is {value!r}; write DEBUG, INFO, WARNING or ERROR")
    return value


def site_address(name: str, default: str) -> str:
    """The address of a site, without a slash at its end. Raises ImproperlyConfigured for what is none."""
    value = os.environ.get(name) or default
    parts = _split(value)
    is_one = parts and parts.scheme in ("http", "https") and value.isprintable() and not _NEVER_IN_URLS.search(value)
    if not parts or not is_one or parts.query or parts.fragment or "@" in parts.netloc:
        raise ImproperlyConfigured(f"{name} is {value!r}; write an address such as https://crosscheck.example.org")
    return value.rstrip("/")


def origins(name: str) -> list[str]:
    """Origins, separated by commas. Raises ImproperlyConfigured for one without its scheme."""
    found = words(name)
    for one in found:
        if not re.fullmatch(r"https?://[A-Za-z0-9.*\[\]:_-]+", one):
            raise ImproperlyConfigured(f"{name} contains {one!r}; write origins such as https://forms.example.org")
    return found


def contact(name: str) -> str:
    """A contact as a mailto: or https: address; "" if unset. Raises ImproperlyConfigured for anything else."""
    value = os.environ.get(name, "").strip()
    parts = _split(value)
    if not value or (parts and parts.scheme == "https" and not _NEVER_IN_URLS.search(value)):
        return value
    mail = value.removeprefix("mailto:")
    if not _MAIL.fullmatch(mail):
        raise ImproperlyConfigured(
            f"{name} is {value!r}; write a mail address, or an address that begins with https://"
        )
    return f"mailto:{mail}"


def folder(name: str, default: Path) -> Path:
    """A folder, which may not exist yet. Raises ImproperlyConfigured for the path of something else."""
    value = os.environ.get(name, "").strip()
    path = Path(value or default).absolute()
    try:
        can_be = value.isprintable() and next(each for each in (path, *path.parents) if each.exists()).is_dir()
    except OSError:  # too long
        can_be = False
    if not can_be:
        raise ImproperlyConfigured(
            f"{name} is {str(path)[:200]!r}, which is no folder; give one that the site may write to"
        )
    return path


def cache_of(url: str) -> dict[str, Any]:
    """The settings of the cache at an address of Redis or Valkey; of one in the process's memory without an address.

    Raises ImproperlyConfigured for any other address.
    """
    if not url:
        return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    known = {"redis": "redis", "rediss": "rediss", "valkey": "redis", "valkeys": "rediss"}
    parts = _split(url)
    # The address is not shown, since it may contain a password.
    wrong = ImproperlyConfigured("CACHE_URL is no address of a cache; write redis://host:port/0, or leave it empty")
    if not parts or parts.scheme not in known or parts.fragment or not re.fullmatch(r"(/[0-9]{0,3})?", parts.path):
        raise wrong
    if find_spec("redis") is None:
        raise ImproperlyConfigured(
            "CACHE_URL is set, but the package redis is not installed; install requirements/run.lock"
        )
    address = known[parts.scheme] + url[len(parts.scheme) :]
    from redis import ConnectionPool, RedisError

    try:
        connection: Any = ConnectionPool.from_url(address).make_connection()  # which connects to nothing yet
        connection.encoder.encode("")
        if connection.encoder.decode_responses or (connection.socket_timeout or 1) <= 0:
            raise ValueError
    except (TypeError, ValueError, LookupError, RedisError):  # an option after its “?”
        raise wrong from None
    return {
        "BACKEND": "kb.caches.SharedCache",
        "LOCATION": address,
        "KEY_PREFIX": "crosscheck",
        "OPTIONS": {"socket_timeout": 0.5, "socket_connect_timeout": 0.5},
    }


def memory_of(name: str, entries: int, megabytes: int) -> dict[str, Any]:
    """The settings of a cache in the memory of each process that holds at most so much."""
    return {
        "BACKEND": "kb.caches.MemoryCache",
        "LOCATION": name,
        "OPTIONS": {"MAX_ENTRIES": entries, "MAX_BYTES": 1_000_000 * megabytes},
    }


def counts_of(file: Path) -> dict[str, Any]:
    """The settings of a cache of numbers in a file, or in memory as long as the file cannot be used."""
    return {**memory_of("", 50_000, megabytes=8), "BACKEND": "kb.counts.CountsFile", "LOCATION": str(file)}


def threads() -> int:
    """The threads of each process of the server."""
    return whole("WEB_THREADS", 4, least=1, most=256)


def _split(url: str) -> SplitResult | None:
    """The parts of an address; None if it names no host, or one with a port that is no number."""
    try:
        parts = urlsplit(url)
        return parts if parts.hostname and (parts.port is None or parts.port) and " " not in url else None
    except ValueError:
        return None
