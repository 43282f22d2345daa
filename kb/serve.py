"""Serve the site as it is deployed: `python -m kb.serve`.

granian speaks HTTP and holds idle connections; Django runs in its threads (WSGI: the pages are plain synchronous
code, which an event loop would only slow down). A client that sends a body slowly occupies a thread unless a proxy
in front buffers it, and half of the threads take no bodies (kb/bodies.py). Every limit is set here, so that a trial on
this machine, the tests and a real server behave alike.
"""

import ipaddress
import logging
import os
import socket
import sys
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connections

from .env import refusing, threads, whole

#: Connections that each worker holds at once: well below the 1024 files that a process may usually open.
CONNECTIONS = 512
#: Minutes before the last write whose writes derived data is brought up to date with before the start.
RECENT = 10

logger = logging.getLogger(__name__)


def command() -> list[str]:
    """The command line of the server. Raises ImproperlyConfigured if it cannot listen where it should."""
    bind, port = listening()
    workers = whole("WEB_WORKERS", min(4, os.cpu_count() or 1), least=1, most=256)
    options = {
        "--interface": "wsgi",
        "--http": "1",
        "--host": bind,
        "--port": port,
        "--workers": workers,
        # Choose twice as many threads as there are editors: a request that waits for the write lock occupies one.
        "--blocking-threads": threads(),
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


def listening() -> tuple[str, int]:
    """Where the server is to listen. Raises ImproperlyConfigured for a place that is taken, or that is not ours.

    Tried beforehand, since the server itself would start its workers again and again.
    """
    bind = os.environ.get("BIND", "").strip() or "127.0.0.1"
    port = whole("PORT", 8000, least=1, most=65_535)
    try:
        version = ipaddress.ip_address(bind).version
    except ValueError:
        raise ImproperlyConfigured(f"BIND is {bind!r}; write an address of this machine, such as 127.0.0.1") from None
    with socket.socket(socket.AF_INET6 if version == 6 else socket.AF_INET) as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind((bind, port))
        except OSError as error:
            raise ImproperlyConfigured(
                f"The server cannot listen on {bind} port {port} ({error.strerror}); give another BIND or PORT"
            ) from None
    return bind, port


def recover() -> None:
    """Mend what a writer left that was killed between its commit and what follows from it: derived data and stamps.

    Without an answer of the database, or if it cannot be written, the site starts all the same.
    """
    from comparisons.maintenance.rebuild import ensure_current
    from comparisons.models.stamps import EVERYTHING, renew

    try:
        ensure_current(RECENT)
        renew({EVERYTHING})
    except DatabaseError as error:
        logger.warning("Started without bringing derived data up to date: %s", " ".join(str(error).split()))
    connections.close_all()


def main() -> None:
    """Refuse wrong settings with a readable message, then replace this process by the server."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kb.settings")
    with refusing():
        arguments = command()
        import kb.wsgi  # noqa: F401

        if not settings.DEBUG and not (Path(settings.STATIC_ROOT) / "staticfiles.json").is_file():
            raise ImproperlyConfigured("The static files are not collected; run: manage.py collectstatic --noinput")
    recover()
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "granian", *arguments])  # noqa: S606


if __name__ == "__main__":
    main()
