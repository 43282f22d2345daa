"""Serve the site as `make serve` does, with a database and a folder of its own."""

from __future__ import annotations

import atexit
import http.client
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.kept import MIGRATED, kept

ROOT = Path(__file__).resolve().parent.parent
CI = os.environ.get("CI", "").lower() in ("1", "true", "yes")
POSTGRES = os.environ.get("TEST_POSTGRES_URL") or "postgres://postgres@127.0.0.1:5432/postgres"
#: Seconds after which a server, a browser or a command is taken to hang. Long, because a busy machine is no failure.
PATIENCE = 180


def skip_unless_ci(reason: str) -> None:
    """Skip a test that needs something this machine lacks; in CI, where nothing may be missing, fail."""
    (pytest.fail if CI else pytest.skip)(reason)


@dataclass(frozen=True)
class Answer:
    """A response of the site. headers: names in lower case; of several with one name, the last."""

    status: int
    headers: dict[str, str]
    body: bytes
    raw_headers: tuple[tuple[str, str], ...]

    @property
    def text(self) -> str:
        return self.body.decode()


class Site:
    """A running server. `get` keeps one connection open for each thread, as a browser does."""

    def __init__(self, port: int, environment: dict[str, str], pid: int = 0):
        self.port, self.pid = port, pid
        self.environment = environment
        self.address = f"http://127.0.0.1:{port}"
        self._connections = threading.local()

    def get(self, path: str, method: str = "GET", **headers: str) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            answer = self._ask(method, path, named)
        except (http.client.HTTPException, ConnectionError):
            # The server may close an idle connection at any time, but not a new one.
            del self._connections.kept
            answer = self._ask(method, path, named)
        raw = tuple((name.lower(), value) for name, value in answer.getheaders())
        return Answer(answer.status, dict(raw), answer.read(), raw)

    def _ask(self, method: str, path: str, headers: dict[str, str]) -> http.client.HTTPResponse:
        if not hasattr(self._connections, "kept"):
            self._connections.kept = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        self._connections.kept.request(method, path, headers=headers)
        return self._connections.kept.getresponse()

    def manage(self, *arguments: str) -> str:
        return _run(self.environment, sys.executable, "manage.py", *arguments)

    def run(self, code: str) -> str:
        """Run Python code with Django set up for this site; returns what it prints."""
        return _run(self.environment, sys.executable, "-c", f"import django; django.setup()\n{code}")


@contextmanager
def served(
    database_url: str = "", content: Path = ROOT / "fixtures", beside: Site | None = None, **settings: str
) -> Iterator[Site]:
    """Set up a database, fill it, and serve the site until the end of the block.

    beside: a site whose database and folder this one uses as they are, with its settings and the given ones.
    """
    with tempfile.TemporaryDirectory(prefix="crosscheck-") as folder:
        port = free_port()
        environment = {
            **{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
            "DJANGO_SETTINGS_MODULE": "kb.settings",
            "DATA_DIR": folder,
            "DATABASE_URL": database_url,
            "SECRET_KEY": secrets.token_urlsafe(50),
            "ALLOWED_HOSTS": "localhost,127.0.0.1",
            "SITE_URL": f"http://127.0.0.1:{port}",
            "HTTPS": "0",
            "PORT": str(port),
            "WEB_WORKERS": "2",
            "PAGES_PER_MINUTE": "0",
            **({**beside.environment, "PORT": str(port)} if beside else {}),
            **settings,
        }
        if not beside:
            _set_up(environment, content)
        with (Path(folder) / "server.log").open("w+") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "kb.serve"],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
            try:
                _wait(process, port, Path(log.name))
                yield Site(port, environment, process.pid)
            finally:
                process.terminate()
                try:
                    process.wait(PATIENCE)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()


@contextmanager
def postgres_database(copy_of: str = "") -> Iterator[str]:
    """Create a database on the server of the tests until the end of the block; yields its URL.

    copy_of: the name of another, to which nobody is connected.
    """
    name = f"crosscheck_{os.getpid()}_{secrets.token_hex(3)}"
    with _postgres() as connection:
        connection.execute(f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{copy_of}"' if copy_of else ""))
        try:
            yield urlsplit(POSTGRES)._replace(path=f"/{name}").geturl()
        finally:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _name(url: str) -> str:
    """The name of a database in its address."""
    return urlsplit(url).path.strip("/")


def _postgres() -> psycopg.Connection:
    try:
        return psycopg.connect(POSTGRES, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError:
        skip_unless_ci("no PostgreSQL server answers; name one in TEST_POSTGRES_URL")
        raise


#: Databases that live as long as the tests, to be copied by PostgreSQL.
_DATABASES = ExitStack()
atexit.register(_DATABASES.close)
#: Their names, by what is in them: nothing but tables, or what a folder holds.
_COPY_OF: dict[Path | None, str] = {}


def keep_migrated(connection: Any) -> None:
    """Copy a PostgreSQL database whose migrations are applied, for `postgres_with_tables` and for sites."""
    connection.close()
    _COPY_OF[None] = _name(_DATABASES.enter_context(postgres_database(copy_of=connection.settings_dict["NAME"])))


def sqlite_with_tables(file: Path) -> str:
    """Make a database in this file, with every migration applied and no rows; returns its URL."""
    shutil.copyfile(kept(MIGRATED, _migrate), file)
    return f"sqlite:///{file}"


@contextmanager
def postgres_with_tables() -> Iterator[str]:
    """The same on PostgreSQL, until the end of the block."""
    if None not in _COPY_OF:
        url = _DATABASES.enter_context(postgres_database())
        _manage({"DATABASE_URL": url}, "migrate")
        _COPY_OF[None] = _name(url)
    with postgres_database(copy_of=_COPY_OF[None]) as url:
        yield url


def _set_up(environment: dict[str, str], content: Path) -> None:
    """Fill the folder of a site, and its database: in a moment if a site with that content was set up before."""
    folder, url = environment["DATA_DIR"], environment["DATABASE_URL"]
    if not url:
        shutil.copytree(kept(f"site-{content.name}", partial(_fill, environment, content)), folder, dirs_exist_ok=True)
        return
    shutil.copytree(kept("static", partial(_collect, environment)), f"{folder}/static")
    if content not in _COPY_OF:
        copy = _DATABASES.enter_context(postgres_with_tables())
        _manage({**environment, "DATABASE_URL": copy}, "seed", "--from", str(content))
        _COPY_OF[content] = _name(copy)
    with _postgres() as connection:
        connection.execute(f'DROP DATABASE "{_name(url)}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{_name(url)}" TEMPLATE "{_COPY_OF[content]}"')


def _fill(environment: dict[str, str], content: Path, folder: Path) -> None:
    """Make the folder of a site on SQLite."""
    shutil.copytree(kept("static", partial(_collect, environment)), folder / "static")
    sqlite_with_tables(folder / "kb.sqlite3")
    _manage({**environment, "DATA_DIR": str(folder)}, "seed", "--from", str(content))


def _collect(environment: dict[str, str], folder: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="crosscheck-") as data:
        _manage({**environment, "DATA_DIR": data}, "collectstatic", "--noinput")
        shutil.copytree(f"{data}/static", folder)


def _migrate(file: Path) -> None:
    _manage({"DATABASE_URL": f"sqlite:///{file}"}, "migrate")


def _manage(environment: dict[str, str], *arguments: str) -> None:
    """Run a command in a process of its own, with the settings of the tests unless others are named."""
    settings = {"DJANGO_SETTINGS_MODULE": "tests.settings", "PATH": os.environ["PATH"], **environment}
    _run(settings, sys.executable, "manage.py", *arguments, "-v0")


def find_chromium() -> str | None:
    """The path of Chromium on this machine, headless builds first; the variable CHROMIUM comes before them."""
    names = (os.environ.get("CHROMIUM"), "chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    return next((found for name in names if name and (found := shutil.which(name))), None)


def free_port() -> int:
    """A port on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _run(environment: dict[str, str], *command: str) -> str:
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=PATIENCE
    )
    assert done.returncode == 0, f"{' '.join(command[1:3])} failed:\n{done.stdout}\n{done.stderr}"
    return done.stdout


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Wait until the server is ready. Waiting for its end is the pause between two requests."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            process.wait(0.1)
        except subprocess.TimeoutExpired:
            pass
        else:
            pytest.fail(f"the server ended:\n{log.read_text()}")
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return
        except (OSError, http.client.HTTPException):
            pass
        finally:
            connection.close()
    pytest.fail(f"the server did not get ready:\n{log.read_text()}")
