"""What the examples of docs/deploy/ and docs/deployment.md name exists, and nginx and Caddy run as theirs say."""

from __future__ import annotations

import http.client
import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands
from django.urls import resolve

from kb.edge import MAX_BODY
from tests.proxies import FOLDER, HOST, caddy, connect, nginx
from tests.serving import ROOT
from tests.sites import answer, site

pytestmark = pytest.mark.any_database

FILES = [ROOT / "docs" / "deployment.md", *sorted(FOLDER.iterdir())]
VARIABLES = set(re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
#: Variables of other programs, and one that only the compose file reads.
OTHERS = {"PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE", "PGOPTIONS", "PGHOST", "PGUSER", "PGPASSWORD"}
OTHERS |= {"DATABASE_PASSWORD"}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_what_an_example_names_exists(file: Path) -> None:
    text = file.read_text()
    named = re.findall(r"\b([A-Z]{2,}(?:_[A-Z]+)*)[=:}](?! *-)|`([A-Z]+(?:_[A-Z]+)+)|\$\{([A-Z_]+)", text)
    variables = {name for names in named for name in names if name}
    variables = {name for name in variables if not name.startswith("POSTGRES_")}
    assert variables - OTHERS <= VARIABLES
    assert set(re.findall(r"(?:python |`)manage\.py ([a-z_]+)", text)) <= set(get_commands())
    assert all(find_spec(module) for module in re.findall(r"-m,? ((?:kb|tests)\.\w+)", text))
    for address in re.findall(r"[ `0-9](/(?:healthz|readyz|admin/\w*))", text):
        resolve(address)


def test_the_image_copies_what_the_site_needs() -> None:
    copied = re.findall(r"^COPY (.+) \S+$", (FOLDER / "Containerfile").read_text(), re.MULTILINE)
    names = " ".join(copied).split()
    assert all((ROOT / name).exists() for name in names)
    assert {"kb", "comparisons", "templates", "static", "fixtures", "manage.py", "requirements/run.lock"} <= {*names}


def test_the_services_of_compose_hang_together() -> None:
    compose: dict[str, Any] = yaml.safe_load((FOLDER / "compose.yaml").read_text())
    services = compose["services"]
    for service in services.values():
        assert set(service.get("depends_on", {})) <= services.keys()
        if build := service.get("build"):
            assert (FOLDER / build["context"] / build["dockerfile"]).is_file()
        volumes = {volume.partition(":")[0] for volume in service.get("volumes", [])}
        assert volumes <= compose["volumes"].keys()
        for name, wait in service.get("depends_on", {}).items():
            assert wait["condition"] != "service_healthy" or "healthcheck" in services[name]
    assert services["web"]["environment"] == services["migrate"]["environment"]
    assert services["web"]["environment"].keys() <= VARIABLES
    assert "--host" in services["database"]["healthcheck"]["test"], "it answers on its socket while it is set up"


def test_the_proxy_takes_what_the_site_takes() -> None:
    for name, pattern in (("nginx.conf", r"client_max_body_size (\d+)m;"), ("Caddyfile", r"max_size (\d+)MB")):
        found = re.search(pattern, (FOLDER / name).read_text())
        assert found and int(found[1]) * 1_000_000 == MAX_BODY, name


def test_nginx_passes_on_who_asked_and_keeps_pages_of_readers_for_a_second(tmp_path: Path) -> None:
    page = answer(200, b"a page", Cache_Control="public, max-age=0, must-revalidate")
    form = answer(200, b"a page", Cache_Control="no-store")
    with site({"/": page, "/admin/": page, "/form/": form}) as behind, nginx(behind.place, tmp_path) as port:
        forged = {"X-Forwarded-Proto": "http", "X-Forwarded-For": "10.0.0.1"}
        asked = [("/", {}), ("/", {}), ("/admin/", {}), ("/", {"Cookie": "wrote=1"}), ("/form/", {}), ("/form/", {})]
        for path, headers in asked:
            assert ask(port, path, forged | headers)[:2] == (200, b"a page")
    assert behind.asked == ["GET /", "GET /admin/", "GET /", *["GET /form/"] * 2], "kept for readers, not for editors"
    for request in behind.requests:
        assert request.headers["host"] == HOST
        assert (request.headers["x-forwarded-proto"], request.headers["x-forwarded-for"]) == ("https", "127.0.0.1")


def test_caddy_passes_on_who_asked_and_nothing_forged(tmp_path: Path) -> None:
    with site({"/": answer(200, b"a page", Server="granian")}) as behind, caddy(behind.place, tmp_path) as port:
        forged = {"X-Forwarded-Proto": "http", "X-Forwarded-For": "10.0.0.1"}
        forged |= {"X_Forwarded_For": "10.0.0.2", "X-Request-ID": "forged"}
        assert ask(port, "/", forged) == (200, b"a page", ["Caddy"])
    headers = behind.requests[0].headers
    assert (headers["x-forwarded-proto"], headers["x-forwarded-for"]) == ("https", "127.0.0.1")
    assert "x_forwarded_for" not in headers and re.fullmatch(r"[0-9a-f-]{36}", headers["x-request-id"])


def ask(port: int, path: str, headers: dict[str, str]) -> tuple[int, bytes, list[str]]:
    """Status, body and `Server` of a request over https."""
    with connect(port) as line:
        connection = http.client.HTTPConnection(HOST)
        connection.sock = line
        connection.request("GET", path, headers=headers)
        found = connection.getresponse()
        return found.status, found.read(), found.headers.get_all("server", [])
