"""System checks of this project, beside Django's own: unsafe settings are errors, not warnings.

With such an error neither `manage.py` nor `kb.wsgi` starts, and both say the first of them in a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured

#: Hosts that are reached from this machine alone. Django's test runner adds "testserver".
LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]", "testserver"})
#: The least length of a secret key and the least number of different characters in it, as Django recommends.
KEY_LENGTH, KEY_VARIETY = 50, 5
_HOST = re.compile(r"[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]")
_PORT = re.compile("[0-9]{1,5}")
ONE_YEAR = 31_536_000
#: The pragmas with which a committed write survives a power cut, and readers do not wait for writers.
DURABLE = {"journal_mode": "WAL", "synchronous": "FULL"}


@checks.register(checks.Tags.security)
def check_settings(app_configs: Sequence[AppConfig] | None = None, **_: Any) -> list[checks.CheckMessage]:
    return list(unsafe_settings())


def unsafe_settings() -> list[checks.Error]:
    """An error for every setting with which the site must not start; empty if all are safe."""
    return [*_hosts(), *_secret_key(), *_https(), *_durability(), *_link_checks()]


def refuse_unsafe() -> None:
    """Raises ImproperlyConfigured, in one line, if there is a setting with which the site must not start."""
    if not (problems := unsafe_settings()):
        return
    more = "That is not all; manage.py check lists everything that is wrong." if len(problems) > 1 else ""
    raise ImproperlyConfigured(" ".join(part for part in (problems[0].msg, problems[0].hint or "", more) if part))


def _hosts() -> Iterator[checks.Error]:
    wild = [host for host in settings.ALLOWED_HOSTS if "*" in host or host.startswith(".")]
    if wild:
        yield checks.Error(
            f"ALLOWED_HOSTS contains a wildcard: {', '.join(wild)}.",
            hint="Name each host; a request for any other is an attack or a mistake.",
            id="crosscheck.E001",
        )
    if not settings.ALLOWED_HOSTS and not settings.DEBUG:
        yield checks.Error(
            "ALLOWED_HOSTS is not set, so that every request would be refused.",
            hint="Give the host names of the site, separated by commas.",
            id="crosscheck.E010",
        )
    odd = [host for host in settings.ALLOWED_HOSTS if host not in wild and not _HOST.fullmatch(host)]
    if odd:
        yield checks.Error(
            f"ALLOWED_HOSTS contains what is no host name: {', '.join(odd)}.",
            hint="Write names such as crosscheck.example.org, without https:// and without a port.",
            id="crosscheck.E011",
        )
    if settings.DEBUG and _reached_by_others():
        yield checks.Error(
            "DEBUG is on for a site that other machines can reach.",
            hint="Set DEBUG=0, or leave only localhost in ALLOWED_HOSTS.",
            id="crosscheck.E002",
        )


def _secret_key() -> Iterator[checks.Error]:
    if settings.DEBUG:
        return
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        if len(key) < KEY_LENGTH or len(set(key)) < KEY_VARIETY or key.startswith("for-development-only"):
            yield checks.Error(
                f"SECRET_KEY is short, uniform or the one for development; it needs {KEY_LENGTH} random characters.",
                hint="Make one: python3 -c 'import secrets; print(secrets.token_urlsafe(50))'",
                id="crosscheck.E003",
            )
            return


def _https() -> Iterator[checks.Error]:
    if settings.DEBUG or not _reached_by_others():
        return
    if not settings.SECURE_SSL_REDIRECT or settings.SECURE_HSTS_SECONDS < ONE_YEAR:
        yield checks.Error(
            "A site that other machines can reach is served without https, or without HSTS for a year.",
            hint="Leave HTTPS at 1; HTTPS=0 is for a trial on localhost.",
            id="crosscheck.E004",
        )
    if not (settings.SESSION_COOKIE_SECURE and settings.CSRF_COOKIE_SECURE):
        yield checks.Error("Cookies would be sent without https.", hint="Leave HTTPS at 1.", id="crosscheck.E005")
    address = urlsplit(settings.SITE_URL)
    if address.scheme != "https" or address.hostname not in settings.ALLOWED_HOSTS:
        yield checks.Error(
            f"SITE_URL is {settings.SITE_URL}; absolute links and the sitemap are built from it.",
            hint="Give the https address of the site, with a host from ALLOWED_HOSTS.",
            id="crosscheck.E006",
        )


def _durability() -> Iterator[checks.Error]:
    for alias, database in settings.DATABASES.items():
        if database["ENGINE"] != "django.db.backends.sqlite3":
            continue
        options = database.get("OPTIONS", {})
        pragmas = dict(_pragmas(options.get("init_command", "")))
        missing = [f"{name}={value}" for name, value in DURABLE.items() if pragmas.get(name) != value]
        if options.get("transaction_mode") != "IMMEDIATE":
            missing.append("transaction_mode=IMMEDIATE")
        if missing:
            yield checks.Error(
                f"SQLite ({alias}) may lose a confirmed write; missing: {', '.join(missing)}.",
                id="crosscheck.E007",
            )


def _link_checks() -> Iterator[checks.Error]:
    if settings.LINK_CHECK_ALLOWED and _reached_by_others():
        yield checks.Error(
            f"check_links may contact private addresses: {', '.join(settings.LINK_CHECK_ALLOWED)}.",
            hint="Leave LINK_CHECK_ALLOWED empty; it is for tests.",
            id="crosscheck.E008",
        )
    invalid = [port for port in settings.LINK_CHECK_PORTS if not _PORT.fullmatch(port) or not 0 < int(port) <= 65_535]
    if invalid:
        yield checks.Error(
            f"LINK_CHECK_PORTS contains values that are not ports: {', '.join(invalid)}.",
            hint="Write whole numbers from 1 to 65535, separated by commas.",
            id="crosscheck.E009",
        )


def _pragmas(command: str) -> Iterator[tuple[str, str]]:
    """The pragmas of an init_command as (name, value) pairs, names in lower case and values in upper case."""
    for part in command.split(";"):
        words = part.strip().split(None, 1)
        if len(words) == 2 and words[0].upper() == "PRAGMA":
            name, _, value = words[1].partition("=")
            yield name.strip().lower(), value.strip().upper()


def _reached_by_others() -> bool:
    return any(host not in LOOPBACK for host in settings.ALLOWED_HOSTS)
