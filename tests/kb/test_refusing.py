"""Wrong settings stop the start with one sentence that says what is wrong and what to write, without a traceback."""

from __future__ import annotations

import os
import socket
from importlib.util import find_spec, module_from_spec
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from kb import serve
from kb.env import WRONG_SETTINGS
from tests.serving import ROOT

from .test_settings import KEY, PRODUCTION, python

pytestmark = pytest.mark.any_database
FILE = str(ROOT / "manage.py")
DATABASE = "is no address of a database; write postgres://user:password@host:5432/name"


def settings_with(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]) -> dict[str, Any]:
    """The settings as a new process reads them with these variables and no others of this project."""
    for name in set(os.environ) & NAMES:
        monkeypatch.delenv(name)
    for name, value in {"SECRET_KEY": KEY, "DATABASE_URL": "sqlite://:memory:", **variables}.items():
        monkeypatch.setenv(name, value)
    found = find_spec("kb.settings")
    assert found and found.loader
    module = module_from_spec(found)
    found.loader.exec_module(module)
    return vars(module)


NAMES = {line.split("=")[0] for line in (ROOT / ".env.example").read_text().splitlines() if line[:1].isupper()}


@pytest.mark.parametrize(
    ("variables", "reason"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is not set"),
        *(({"DEBUG": value}, f"DEBUG is {value!r}; write 0 or 1") for value in ("yes", "2", "-1")),
        ({"HTTPS": "true"}, "HTTPS is 'true'; write 0 or 1"),
        *(
            ({"DATABASE_URL": url}, DATABASE)
            for url in ("nonsense", "postgres://", "postgres://host:port/name", "sqlite:///")
        ),
        ({"DATABASE_URL": "postgres://h/kb?nosuch=1"}, 'ends in an invalid connection option "nosuch"; leave it out'),
        ({"DATABASE_URL": "postgres://h/kb?sslmode=no"}, 'ends in an invalid sslmode value: "no"; leave it out'),
        *(
            ({"DATABASE_URL": f"postgres://h/kb?{given}"}, f"{said}, which the site sets itself; leave it out")
            for given, said in {
                "connect_timeout=9": "ends in connect_timeout",
                "options=-c%20jit%3Don": "ends in options (or currentSchema)",
                "currentSchema=mine": "ends in options (or currentSchema)",
                "tcp_user_timeout=1": "ends in tcp_user_timeout",
            }.items()
        ),
        ({"DATABASE_URL": "sqlite://folder/kb.sqlite3"}, "or sqlite:////path/to/file"),
        ({"DATABASE_URL": "postgres://host:99999/name"}, DATABASE),
        ({"DATABASE_URL": "postgres://[::1/name"}, DATABASE),
        ({"DATABASE_URL": "postgres://h/%00name"}, DATABASE),
        ({"DATABASE_URL": "mysql://root@127.0.0.1/kb"}, "is not supported; use sqlite:// or postgres://"),
        ({"DATABASE_URL": f"sqlite:///{FILE}/kb.sqlite3"}, "cannot be made"),
        ({"DATABASE_URL": f"sqlite:///{ROOT}"}, "which is a folder; write sqlite:////path/to/file"),
        ({"DATABASE_URL": f"sqlite:///{FILE}"}, "manage.py, which is no database of SQLite; name another file"),
        *(
            ({"DATABASE_URL": f"sqlite:///{ROOT}/{name}"}, "which no file can be called")
            for name in ("x" * 300, "a%00b", "a%0Ab")
        ),
        ({"DATABASE_URL": "postgres://h/kb", "DATABASE_CONN_MAX_AGE": "-1"}, "write a whole number"),
        ({"DATABASE_URL": "postgres://h/kb", "DATABASE_POOL": "1.5"}, "DATABASE_POOL is '1.5'; write a whole number"),
        ({"DATABASE_URL": "postgres://h/kb", "REPLICA_URL": "nonsense"}, "REPLICA_URL is no address of a database"),
        ({"REPLICA_URL": "postgres://127.0.0.1/kb"}, "only PostgreSQL has replicas"),
        *(
            ({"CACHE_URL": url}, "write redis://host:port/0, or leave it empty")
            for url in (
                "nonsense",
                "http://host",
                "redis://",
                "redis://host:port",
                "redis://host:0",
                "redis://host/one",
                "redis://host/0#one",
                "redis://host/0?nosuch=1",
                "redis://host/0?socket_timeout=soon",
                "redis://host/0?socket_timeout=-1",
                "redis://host/0?protocol=9",
                "redis://host/0?encoding=nosuch",
                "redis://host/0?decode_responses=1",
                "rediss://host/0?ssl_cert_reqs=nosuch",
            )
        ),
        *(
            ({"KEPT_MEGABYTES": value}, f"KEPT_MEGABYTES is {value!r}; write a whole number")
            for value in ("many", "1_000", "１２", "+1", "9" * 5000)
        ),
        ({"REPLICA_MAX_LAG": "soon"}, "REPLICA_MAX_LAG is 'soon'; write a whole number"),
        *(
            ({"DATA_DIR": path}, "which is no folder; give one that the site may write to")
            for path in (FILE, f"{ROOT}/{'x' * 300}", f"{ROOT}/\x01")
        ),
        *(
            ({"SITE_URL": url}, "write an address such as https://crosscheck.example.org")
            for url in (
                *("crosscheck", "ftp://host", "https://", "https://host:port", "https://me@host", "https://h/?a"),
                *('https://h"', "https://h\n", "https://h\x7f", "https://<h>"),
            )
        ),
        *(
            ({"SECURITY_CONTACT": value}, "write a mail address, or an address that begins with https://")
            for value in (
                *("us", "mailto:us", "http://host", "https://", "tel:1234", "a b@c", "<a@b>", "a@b,c@d"),
                *("https://host/a b", "https://host/a\nb: c"),
            )
        ),
        ({"CSRF_TRUSTED_ORIGINS": "https://a.example, b.example"}, "contains 'b.example'; write origins such as"),
        *(({"LOG_LEVEL": value}, "write DEBUG, INFO, WARNING or ERROR") for value in ("loud", "info", "10")),
    ],
)
def test_a_wrong_setting_is_refused(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], reason: str) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        settings_with(monkeypatch, variables)
    assert reason in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("variables", "name", "value"),
    [
        ({"SITE_URL": "https://host:8443/"}, "SITE_URL", "https://host:8443"),
        ({"SECURITY_CONTACT": "us@host"}, "SECURITY_CONTACT", "mailto:us@host"),
        ({"SECURITY_CONTACT": "mailto:us@host"}, "SECURITY_CONTACT", "mailto:us@host"),
        ({"SECURITY_CONTACT": "https://host/report"}, "SECURITY_CONTACT", "https://host/report"),
        ({"SECURITY_CONTACT": ""}, "SECURITY_CONTACT", ""),
        ({"REPLICA_MAX_LAG": " 7 "}, "REPLICA_MAX_LAG", 7),
        ({"CSRF_TRUSTED_ORIGINS": "https://a:8, http://*.b"}, "CSRF_TRUSTED_ORIGINS", ["https://a:8", "http://*.b"]),
    ],
)
def test_a_right_setting_is_taken(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], name: str, value: Any
) -> None:
    assert settings_with(monkeypatch, variables)[name] == value


def test_no_message_shows_a_password(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, url in (("DATABASE_URL", "postgres://me:secret@host:port/x"), ("CACHE_URL", "redis://:secret@host:port")):
        with pytest.raises(ImproperlyConfigured) as refused:
            settings_with(monkeypatch, {name: url})
        assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        *(("PORT", value, "write a whole number from 1 to 65535") for value in ("http", "0", "65536", "8000.0")),
        ("BIND", "crosscheck.example.org", "write an address of this machine"),
        ("BIND", "192.0.2.1", "cannot listen on 192.0.2.1 port"),
        *(("WEB_WORKERS", value, "write a whole number from 1 to 256") for value in ("two", "0", "1000")),
        *(("WEB_THREADS", value, "write a whole number from 1 to 256") for value in ("-4", "0")),
    ],
)
def test_a_server_that_could_not_listen_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, reason: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=reason):
        serve.options()


def test_a_port_that_is_taken_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        monkeypatch.setenv("PORT", str(other.getsockname()[1]))
        with pytest.raises(ImproperlyConfigured, match=r"Address already in use.*give another BIND or PORT"):
            serve.options()


@pytest.mark.parametrize(
    ("program", "variables", "reason"),
    [
        (["-m", "kb.serve"], {"LOG_LEVEL": "loud"}, "LOG_LEVEL is 'loud'"),
        (["-m", "kb.serve"], {"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS is not set"),
        (["-m", "kb.serve"], {"PORT": "1000000"}, "PORT is '1000000'"),
        (["-m", "kb.serve"], {"PORT": "8", "BIND": "here"}, "BIND is 'here'"),
        (["manage.py", "migrate"], {"CACHE_URL": "nonsense"}, "CACHE_URL is no address of a cache"),
        (["manage.py", "seed"], {"SECRET_KEY": ""}, "SECRET_KEY is not set"),
        (["manage.py", "check"], {"SECRET_KEY": ""}, "SECRET_KEY is not set"),
        (["manage.py", "shell", "-c", "1"], {"LOG_LEVEL": "loud"}, "LOG_LEVEL is 'loud'"),
        (["manage.py", "migrate"], {"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS is not set"),
        (["manage.py", "runserver"], {"SECRET_KEY": "short"}, "SECRET_KEY is short"),
        (["-m", "kb.serve"], {"ALLOWED_HOSTS": "*", "SECRET_KEY": "short"}, "ALLOWED_HOSTS contains a wildcard"),
    ],
)
def test_a_program_says_one_sentence_and_ends(program: list[str], variables: dict[str, str], reason: str) -> None:
    done = python(*program, **{**PRODUCTION, **variables})
    assert (done.returncode, done.stdout) == (WRONG_SETTINGS, "")
    assert done.stderr.startswith(f"Not started: {reason}")
    assert done.stderr.count("\n") == 1


def test_of_several_unsafe_settings_the_first_is_said_and_check_lists_all() -> None:
    """What other checks find is listed with them."""
    variables = {**PRODUCTION, "ALLOWED_HOSTS": "", "SECRET_KEY": "short"}
    first = python("manage.py", "migrate", **variables)
    assert first.stderr.count("\n") == 1 and "manage.py check lists everything that is wrong" in first.stderr
    done = python("manage.py", "check", "--deploy", **{**variables, "CHALLENGES": "0"})
    assert done.returncode == WRONG_SETTINGS
    for id in ("crosscheck.E010", "crosscheck.E003", "security.W009"):
        assert f"({id})" in done.stderr


def test_help_and_commands_that_skip_checks_need_no_safe_settings() -> None:
    unsafe = {**PRODUCTION, "SECRET_KEY": "short"}
    assert python("manage.py", "help", **unsafe).returncode == 0
    assert python("manage.py", "collectstatic", "--noinput", "--dry-run", "--skip-checks", **unsafe).returncode == 0


@pytest.mark.parametrize("url", ["postgres://nobody@127.0.0.1:1/none", "sqlite:////sys/kb.sqlite3"])
def test_a_command_says_in_one_sentence_that_the_database_is_not_there(url: str) -> None:
    done = python("manage.py", "migrate", **{**PRODUCTION, "DATABASE_URL": url})
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("The database cannot do this: ") and done.stderr.count("\n") == 1
    assert "Traceback" in python("manage.py", "migrate", "--traceback", **{**PRODUCTION, "DATABASE_URL": url}).stderr


def test_static_files_that_are_not_collected_stop_the_server(tmp_path: Any) -> None:
    done = python("-m", "kb.serve", **{**PRODUCTION, "DATA_DIR": str(tmp_path), "PORT": "48731"})
    assert done.returncode == WRONG_SETTINGS
    assert done.stderr.startswith("Not started: ") and done.stderr.count("\n") == 1
    assert "run: manage.py collectstatic" in done.stderr
