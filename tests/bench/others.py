"""Servers of other programs, which the bench asks beside the site."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.serving import Site, free_port


@contextmanager
def program(*command: str, port: int) -> Iterator[Site]:
    """Another server, until the end of the block."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    site = Site(port, {}, process.pid)
    try:
        for _ in range(200):
            try:
                site.get("/")
                break
            except OSError:
                time.sleep(0.1)
        yield site
    finally:
        process.terminate()
        process.wait()


@contextmanager
def nginx(body: bytes) -> Iterator[Site]:
    """nginx, with one worker, which serves a body as a file for every path."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="crosscheck-bench-") as folder:
        os.chmod(folder, 0o755)  # noqa: S103 (its worker is another user)
        (Path(folder) / "body").write_bytes(body)
        (Path(folder) / "nginx.conf").write_text(
            f"daemon off; worker_processes 1; pid {folder}/pid; error_log /dev/null;\n"
            "events {}\nhttp { access_log off; keepalive_requests 100000;\n"
            f"server {{ listen 127.0.0.1:{port}; root {folder}; add_header Content-Encoding br;\n"
            "location / { try_files /body =404; } } }\n"
        )
        with program("nginx", "-p", folder, "-c", f"{folder}/nginx.conf", port=port) as site:
            yield site
