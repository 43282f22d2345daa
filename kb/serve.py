"""Serve the site as it is deployed: `python -m kb.serve`.

granian speaks HTTP and holds idle connections; Django runs in its threads (WSGI: the pages are plain synchronous
code, which an event loop would only slow down). A client that sends a body slowly, or reads a streamed response
slowly, occupies a thread unless a proxy in front buffers both. Every limit is set here, so that a trial on this
machine, the tests and a real server behave alike.
"""

import contextlib
import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connections

from .env import whole

#: Connections that each worker holds at once: well below the 1024 files that a process may usually open.
CONNECTIONS = 512


def command() -> list[str]:
    """The command line of the server."""
    bind = os.environ.get("BIND") or "127.0.0.1"
    port = whole("PORT", 8000)
    workers = whole("WEB_WORKERS", min(4, os.cpu_count() or 1))
    threads = whole("WEB_THREADS", 4)
    options = {
        "--interface": "wsgi",
        "--http": "1",
        "--host": bind,
        "--port": port,
        "--workers": workers,
        # Choose more threads than there are editors: a request that waits for the write lock occupies its thread.
        "--blocking-threads": threads,
        # granian counts connections here, not requests, so idle ones must not use it up. More wait in the kernel's
        # queue, which is bounded too.
        "--backpressure": CONNECTIONS,
        "--backlog": 1024,
        # A request has ten seconds to send its head, of at most 32 kB. The size of the body is limited in kb.edge.
        "--http1-header-read-timeout": 10_000,
        "--http1-buffer-size": 32_768,
        "--workers-kill-timeout": 10,
    }
    flags = ["--no-ws", "--respawn-failed-workers", "--log-level", "info"]
    return [*(str(part) for pair in options.items() for part in pair), *flags, "kb.wsgi:application"]


def main() -> None:
    """Refuse unsafe settings with a readable message, then replace this process by the server."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kb.settings")
    try:
        import kb.wsgi  # noqa: F401
    except ImproperlyConfigured as error:
        sys.exit(f"Not started: {error}")
    # A writer may have been killed between its commit and the new stamps. Without an answer nothing is lost.
    from comparisons.models.stamps import EVERYTHING, renew

    with contextlib.suppress(DatabaseError):
        renew({EVERYTHING})
    connections.close_all()
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "granian", *command()])  # noqa: S606


if __name__ == "__main__":
    main()
