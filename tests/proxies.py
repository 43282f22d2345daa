"""nginx and Caddy in front of a site, as the examples of docs/deploy/ say, on ports of this machine."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from .serving import PATIENCE, ROOT, free_port
from .sites import CERTIFICATE

FOLDER = ROOT / "docs" / "deploy"
#: The host that the examples serve.
HOST = "crosscheck.example.org"
#: What nginx buffers on disk, each in a folder that has to be writable.
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
#: For connections whose certificate nobody has signed. One for all: making it takes longer than a connection.
TRUSTING = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
TRUSTING.check_hostname, TRUSTING.verify_mode = False, ssl.CERT_NONE


@contextmanager
def nginx(behind: str, folder: Path, changes: Mapping[str, str] | None = None) -> Iterator[int]:
    """nginx in front of a place such as 127.0.0.1:8000; yields its port for https. changes: of its example."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if not program:
        pytest.skip("nginx is not installed")
    http_port, https_port = free_port(), free_port()
    temporary = " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in TEMPORARY)
    text = changed(
        (FOLDER / "nginx.conf").read_text(),
        {
            "127.0.0.1:8000": behind,
            "listen 80;": f"listen 127.0.0.1:{http_port};",
            "listen 443 ssl;": f"listen 127.0.0.1:{https_port} ssl;",
            "/etc/letsencrypt/live/crosscheck.example.org/fullchain.pem": str(CERTIFICATE),
            "/etc/letsencrypt/live/crosscheck.example.org/privkey.pem": str(CERTIFICATE),
            "/var/cache/nginx/crosscheck": f"{folder}/pages",
            "http {": f"http {{ access_log off; {temporary}",
            **(changes or {}),
        },
    )
    config = folder / "nginx.conf"
    config.write_text(f"daemon off; master_process off; pid {folder}/pid; {text}")
    command = [program, "-c", str(config), "-p", str(folder), "-e", str(folder / "errors")]
    tried = subprocess.run([*command, "-t"], capture_output=True, text=True)
    assert tried.returncode == 0, tried.stderr
    with _running(command, https_port):
        yield https_port


@contextmanager
def caddy(behind: str, folder: Path) -> Iterator[int]:
    """Caddy in front of a place such as 127.0.0.1:8000; yields its port for https."""
    program = shutil.which("caddy")
    if not program:
        pytest.skip("Caddy is not installed")
    port = free_port()
    text = changed(
        (FOLDER / "Caddyfile").read_text(),
        {
            "127.0.0.1:8000": behind,
            # It gets no certificate here, and neither redirects nor listens for commands.
            "crosscheck.example.org {": f"{{\n\tadmin off\n\tauto_https off\n\tstorage file_system {folder}\n}}\n"
            f"https://crosscheck.example.org:{port} {{\n\ttls {CERTIFICATE} {CERTIFICATE}",
        },
    )
    config = folder / "Caddyfile"
    config.write_text(text)
    with _running([program, "run", "--config", str(config), "--adapter", "caddyfile"], port, HOME=str(folder)):
        yield port


def changed(text: str, changes: Mapping[str, str]) -> str:
    """A text in which each of these is replaced, and was there."""
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    return text


def connect(port: int, *, receives: int = 0) -> ssl.SSLSocket:
    """A connection over https. receives: the bytes that it holds unread, with packets as between machines."""
    plain = socket.socket()
    plain.settimeout(30)
    plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if receives:
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receives)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 1400)
    plain.connect(("127.0.0.1", port))
    return TRUSTING.wrap_socket(plain, server_hostname=HOST)


@contextmanager
def _running(command: list[str], port: int, **environment: str) -> Iterator[None]:
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as process:
        try:
            _wait(process, port)
            yield
        finally:
            process.terminate()


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    """Wait until something listens. Waiting for the end of the process is the pause between two attempts."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except ConnectionRefusedError:
            pass
        try:
            process.wait(0.05)
        except subprocess.TimeoutExpired:
            continue
        pytest.fail("the proxy ended")
    pytest.fail("the proxy does not answer")
