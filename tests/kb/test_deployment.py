"""What the examples of docs/deploy/ and docs/deployment.md name exists, and nginx and Caddy run as theirs say."""

from __future__ import annotations

import http.client
import re
import shutil
import socket
import ssl
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands
from django.urls import resolve

from kb.edge import MAX_BODY
from tests.serving import ROOT, free_port
from tests.sites import CERTIFICATE, answer, site

pytestmark = pytest.mark.any_database

FOLDER = ROOT / "docs" / "deploy"
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
    assert services["web"]["environment"] == services["migrate"]["environment"]


def test_the_proxy_takes_what_the_site_takes() -> None:
    for name, pattern in (("nginx.conf", r"client_max_body_size (\d+)m;"), ("Caddyfile", r"max_size (\d+)MB")):
        found = re.search(pattern, (FOLDER / name).read_text())
        assert found and int(found[1]) * 1_000_000 == MAX_BODY, name


def test_nginx_passes_on_who_asked_and_keeps_pages_of_readers_for_a_second(tmp_path: Path) -> None:
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if not nginx:
        pytest.skip("nginx is not installed")
    page = answer(200, b"a page", Cache_Control="public, max-age=0, must-revalidate")
    with site({"/": page, "/admin/": page}) as behind:
        http_port, https_port = free_port(), free_port()
        text = (FOLDER / "nginx.conf").read_text()
        for old, new in {
            "127.0.0.1:8000": behind.place,
            "listen 80;": f"listen 127.0.0.1:{http_port};",
            "listen 443 ssl;": f"listen 127.0.0.1:{https_port} ssl;",
            "/etc/letsencrypt/live/crosscheck.example.org/fullchain.pem": str(CERTIFICATE),
            "/etc/letsencrypt/live/crosscheck.example.org/privkey.pem": str(CERTIFICATE),
            "/var/cache/nginx/crosscheck": f"{tmp_path}/pages",
            "http {": "http { access_log off; "
            + " ".join(f"{kind}_temp_path {tmp_path}/{kind};" for kind in TEMPORARY),
        }.items():
            assert old in text
            text = text.replace(old, new)
        config = tmp_path / "nginx.conf"
        config.write_text(f"daemon off; master_process off; pid {tmp_path}/pid; {text}")
        command = [nginx, "-c", str(config), "-p", str(tmp_path), "-e", str(tmp_path / "errors")]
        tried = subprocess.run([*command, "-t"], capture_output=True, text=True)
        assert tried.returncode == 0, tried.stderr
        with subprocess.Popen(command) as process:
            try:
                forged = {"Host": "crosscheck.example.org", "X-Forwarded-Proto": "http", "X-Forwarded-For": "10.0.0.1"}
                for path, headers in [("/", {}), ("/", {}), ("/admin/", {}), ("/", {"Cookie": "wrote=1"})]:
                    assert ask(https_port, path, forged | headers)[:2] == (200, b"a page")
            finally:
                process.terminate()
    assert behind.asked == ["GET /", "GET /admin/", "GET /"], "kept for readers, not for editors"
    for request in behind.requests:
        assert request.headers["host"] == "crosscheck.example.org"
        assert (request.headers["x-forwarded-proto"], request.headers["x-forwarded-for"]) == ("https", "127.0.0.1")


#: What nginx buffers on disk, each in a folder that has to be writable.
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def test_caddy_passes_on_who_asked_and_nothing_forged(tmp_path: Path) -> None:
    caddy = shutil.which("caddy")
    if not caddy:
        pytest.skip("Caddy is not installed")
    with site({"/": answer(200, b"a page", Server="granian")}) as behind:
        https_port = free_port()
        text = (FOLDER / "Caddyfile").read_text()
        for old, new in {
            "127.0.0.1:8000": behind.place,
            # It gets no certificate here, and neither redirects nor listens for commands.
            "crosscheck.example.org {": f"{{\n\tadmin off\n\tauto_https off\n\tstorage file_system {tmp_path}\n}}\n"
            f"https://crosscheck.example.org:{https_port} {{\n\ttls {CERTIFICATE} {CERTIFICATE}",
        }.items():
            assert old in text
            text = text.replace(old, new)
        config = tmp_path / "Caddyfile"
        config.write_text(text)
        command = [caddy, "run", "--config", str(config), "--adapter", "caddyfile"]
        with subprocess.Popen(command, env={"HOME": str(tmp_path)}, stderr=subprocess.DEVNULL) as process:
            try:
                forged = {"Host": "crosscheck.example.org", "X-Forwarded-Proto": "http", "X-Forwarded-For": "10.0.0.1"}
                forged |= {"X_Forwarded_For": "10.0.0.2", "X-Request-ID": "forged"}
                assert ask(https_port, "/", forged) == (200, b"a page", ["Caddy"])
            finally:
                process.terminate()
    headers = behind.requests[0].headers
    assert (headers["x-forwarded-proto"], headers["x-forwarded-for"]) == ("https", "127.0.0.1")
    assert "x_forwarded_for" not in headers and re.fullmatch(r"[0-9a-f-]{36}", headers["x-request-id"])


def ask(port: int, path: str, headers: dict[str, str]) -> tuple[int, bytes, list[str]]:
    """Status, body and `Server` of a request over https for the host of its headers, tried while the server starts."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    for _attempt in range(100):
        try:
            plain = socket.create_connection(("127.0.0.1", port), timeout=30)
        except ConnectionRefusedError:
            time.sleep(0.05)
            continue
        with context.wrap_socket(plain, server_hostname=headers["Host"]) as line:
            connection = http.client.HTTPConnection(headers["Host"])
            connection.sock = line
            connection.request("GET", path, headers=headers)
            found = connection.getresponse()
            return found.status, found.read(), found.headers.get_all("server", [])
    raise AssertionError("the proxy does not answer")
