"""Settings are closed by default, and unsafe ones stop the start."""

from __future__ import annotations

import os
import re
import secrets
import subprocess
import sys
from typing import Any

import pytest
from django.test import override_settings

from comparisons.maintenance.system_checks import unsafe_settings
from tests.serving import ROOT, postgres_database

pytestmark = pytest.mark.any_database
KEY = secrets.token_urlsafe(50)
#: The variables that a public site sets.
PRODUCTION = {
    "SECRET_KEY": KEY,
    "ALLOWED_HOSTS": "crosscheck.example.org",
    "SITE_URL": "https://crosscheck.example.org",
    "BEHIND_PROXY": "1",
}


def python(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run Python with these variables and without those of the tests."""
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environment |= {"DJANGO_SETTINGS_MODULE": "kb.settings", "DATABASE_URL": "sqlite://:memory:", **variables}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )


def settings(expression: str, **variables: str) -> str:
    """The value of an expression over the settings `s` with these variables, as printed."""
    done = python("-c", f"import django.conf; s = django.conf.settings; print(({expression}))", **variables)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_nothing_is_open_by_default() -> None:
    shown = settings("s.DEBUG, s.ALLOWED_HOSTS, s.SECURE_SSL_REDIRECT, s.SESSION_COOKIE_SECURE", SECRET_KEY=KEY)
    assert shown == "(False, [], True, True)"


def test_a_redirect_to_https_leads_to_the_site_and_not_to_where_a_request_says_it_was_sent() -> None:
    assert settings("s.SECURE_SSL_HOST", SECRET_KEY=KEY, SITE_URL="https://example.org") == "example.org"


def test_development_needs_one_variable_and_answers_only_this_machine() -> None:
    assert settings("s.ALLOWED_HOSTS", DEBUG="1") == "['localhost', '127.0.0.1', '[::1]']"


def test_cookies_are_bound_to_the_host_and_to_https() -> None:
    shown = settings("s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_AGE // 3600", **PRODUCTION)
    assert shown == "('__Host-session', '__Host-csrf', 12)"


def test_sqlite_writes_are_durable_and_queue() -> None:
    options = settings("s.DATABASES['default']", SECRET_KEY=KEY, DATABASE_URL="")
    for promise in ("journal_mode=WAL", "synchronous=FULL", "'transaction_mode': 'IMMEDIATE'", "'CONN_MAX_AGE': None"):
        assert promise in options


def test_postgres_has_time_limits() -> None:
    shown = settings("s.DATABASES['default']", SECRET_KEY=KEY, DATABASE_URL="postgres://kb@127.0.0.1/kb")
    for promise in ("statement_timeout=5000", "jit=off", "'connect_timeout': 3", "'CONN_HEALTH_CHECKS': True"):
        assert promise in shown


def test_deployment_checks_are_clean_with_production_settings() -> None:
    done = python("manage.py", "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert done.returncode == 0, done.stderr


def test_migrations_match_the_models_on_sqlite() -> None:
    done = python("manage.py", "makemigrations", "--check", "--dry-run", **PRODUCTION)
    assert done.returncode == 0, done.stdout


def test_migrations_match_the_models_on_postgres() -> None:
    with postgres_database() as url:
        done = python("manage.py", "makemigrations", "--check", "--dry-run", **PRODUCTION, DATABASE_URL=url)
    assert done.returncode == 0, done.stdout


SAFE: dict[str, Any] = {
    "DEBUG": False,
    "SECRET_KEY": KEY,
    "ALLOWED_HOSTS": ["crosscheck.example.org"],
    "SITE_URL": "https://crosscheck.example.org",
    "SECURE_SSL_REDIRECT": True,
    "SECURE_HSTS_SECONDS": 31_536_000,
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_SECURE": True,
}
DURABLE = "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL"


def sqlite(**options: str) -> dict[str, Any]:
    return {"DATABASES": {"default": {"ENGINE": "django.db.backends.sqlite3", "OPTIONS": options}}}


@pytest.mark.parametrize(
    ("unsafe", "ids"),
    [
        ({}, []),
        ({"ALLOWED_HOSTS": ["*"]}, ["E001", "E006"]),
        ({"ALLOWED_HOSTS": []}, ["E010"]),
        ({"ALLOWED_HOSTS": ["crosscheck.example.org", "https://crosscheck.example.org"]}, ["E011"]),
        ({"ALLOWED_HOSTS": ["crosscheck.example.org", "localhost:8000"]}, ["E011"]),
        ({"ALLOWED_HOSTS": [".example.org", "crosscheck.example.org"]}, ["E001"]),
        ({"DEBUG": True}, ["E002"]),
        ({"DEBUG": True, "ALLOWED_HOSTS": ["localhost", "[::1]"]}, []),
        ({"SECRET_KEY": "short"}, ["E003"]),
        ({"SECRET_KEY": "x" * 60}, ["E003"]),
        ({"SECRET_KEY": f"for-development-only-{KEY}"}, ["E003"]),
        ({"SECRET_KEY_FALLBACKS": ["short"]}, ["E003"]),
        ({"SECURE_HSTS_SECONDS": 0}, ["E004"]),
        ({"SECURE_HSTS_SECONDS": 3600}, ["E004"]),
        ({"SECURE_SSL_REDIRECT": False}, ["E004"]),
        ({"SECURE_SSL_REDIRECT": False, "ALLOWED_HOSTS": ["localhost"]}, []),
        ({"SESSION_COOKIE_SECURE": False}, ["E005"]),
        ({"SITE_URL": "http://crosscheck.example.org"}, ["E006"]),
        ({"SITE_URL": "https://elsewhere.example.org"}, ["E006"]),
        ({"LINK_CHECK_ALLOWED": ["127.0.0.1:8001"]}, ["E008"]),
        ({"LINK_CHECK_ALLOWED": ["127.0.0.1:8001"], "ALLOWED_HOSTS": ["localhost"]}, []),
        ({"LINK_CHECK_PORTS": ["80", "all"]}, ["E009"]),
        (sqlite(init_command=DURABLE, transaction_mode="IMMEDIATE"), []),
        (sqlite(init_command="pragma journal_mode = wal; pragma synchronous = full", transaction_mode="IMMEDIATE"), []),
        (sqlite(init_command=DURABLE), ["E007"]),
        (
            sqlite(init_command="PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL", transaction_mode="IMMEDIATE"),
            ["E007"],
        ),
        (sqlite(transaction_mode="IMMEDIATE"), ["E007"]),
    ],
)
def test_unsafe_settings_are_errors(unsafe: dict[str, Any], ids: list[str]) -> None:
    # Not override_settings: replacing DATABASES would replace the connections of the tests.
    with pytest.MonkeyPatch.context() as patch:
        databases = unsafe.get("DATABASES") or sqlite(init_command=DURABLE, transaction_mode="IMMEDIATE")["DATABASES"]
        from django.conf import settings as live

        patch.setattr(live, "DATABASES", databases)
        with override_settings(**{**SAFE, **{name: value for name, value in unsafe.items() if name != "DATABASES"}}):
            assert [error.id for error in unsafe_settings()] == [f"crosscheck.{id}" for id in ids]


def test_the_example_lists_exactly_the_variables_that_are_read() -> None:
    reads = re.compile(
        r"""(?:flag|words|whole|log_level|site_address|origins|contact|folder|os\.environ\.get)\(\s*["']([A-Z_]+)["']"""
    )
    read = {name for file in (ROOT / "kb").glob("*.py") for name in reads.findall(file.read_text())}
    shown = set(re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert read == shown
