"""Serve the site as it is deployed: `python -m kb.serve`.

granian speaks HTTP and holds idle connections; Django runs in its threads (WSGI: the pages are plain synchronous
code, which an event loop would only slow down). A client that sends a body slowly occupies a thread unless a proxy
in front buffers it, and half of the threads take no bodies (kb/bodies.py). Every limit is set here, so that a trial on
this machine, the tests and a real server behave alike.

The site is loaded once, and has answered for its busiest pages, before the workers are forked from this process, so
that they share its memory instead of each filling their own. Then this process becomes kb/supervisor.py, which needs
none of it. That starts this program again, with the ids of the workers that run, when one has ended or all are to be
replaced.
"""

import ctypes
import gc
import ipaddress
import logging
import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
import traceback
import warnings
from contextlib import suppress
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connections
from django.urls import reverse
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.server import MPServer

from . import sending, supervisor
from .env import refusing, threads, whole

#: Connections that each worker holds at once: well below the 1024 files that a process may usually open.
CONNECTIONS = 512
#: Minutes before the last write whose writes derived data is brought up to date with before the start.
RECENT = 10
#: The pages, by name, for which the site answers before it is open, and what is asked of them.
WARM = (
    *(("home", ""), ("matrix", ""), ("claim_list", ""), ("claim_list", "q=a"), ("search", "q=a")),
    *(("comparison_list", ""), ("disagreement_list", ""), ("method", "")),
)

#: Whether workers share the memory of the process that loaded the site. Elsewhere granian starts them itself.
FORKING = sys.platform == "linux"
#: M_MMAP_THRESHOLD and its value for mallopt(3): pieces of memory of so many bytes are given back when they are freed.
#: Left alone, the C library raises it to the largest piece that it has seen, and the sets of claims leave holes.
GIVEN_BACK = -3, 131_072
#: Seconds between two looks of a worker whether the process that watches over it is still there.
LOOK = 1

logger = logging.getLogger(__name__)


class Server(MPServer):
    """granian, whose main process becomes the supervisor as soon as its workers run."""

    def __init__(self, kept: list[int], old: list[int]):
        """kept: ids of workers that go on beside the new ones; old: of those that end when the new ones run."""
        super().__init__("kb.wsgi:application", **options(len(kept), taken=bool(kept or old)))
        self.kept, self.old = kept, old

    def _serve_loop(self, spawn_target: Any, target_loader: Any) -> None:
        if not FORKING:
            return super()._serve_loop(spawn_target, target_loader)
        workers = [*self.kept, *(worker.inner.pid for worker in self.wrks)]
        supervise(len(workers), workers, self.old)


def supervise(wanted: int, workers: list[int], old: list[int]) -> None:
    """Become the supervisor. Isolated and without `site`, which is half of what Python takes."""
    supervisor.become(["-IS", supervisor.__file__], wanted=[wanted], workers=workers, old=old)


def options(kept: int = 0, taken: bool = False) -> dict[str, Any]:
    """What granian is told. Raises ImproperlyConfigured if it cannot listen where it should.

    kept: how many workers run and go on; taken: whether any of ours listen there.
    """
    bind, port = listening(taken)
    return {
        "interface": Interfaces.WSGI,
        "http": HTTPModes.http1,
        "websockets": False,
        "address": bind,
        "port": port,
        "workers": whole("WEB_WORKERS", min(4, os.cpu_count() or 1), least=1, most=256) - kept,
        "respawn_failed_workers": True,  # where the supervisor does not
        "workers_kill_timeout": supervisor.STOPPING,
        # Choose twice as many threads as there are editors: a request that waits for the write lock occupies one.
        "blocking_threads": threads(),
        # granian counts connections here, not requests, so idle ones must not use it up. More wait in the kernel's
        # queue, which is bounded too.
        "backpressure": CONNECTIONS,
        "backlog": 1024,
        # A request has ten seconds to send its head, of 32 kB; what comes at once may have twice as much. The size of
        # the body is limited in kb.edge.
        "http1_settings": HTTP1Settings(header_read_timeout=10_000, max_buffer_size=32_768),
    }


def listening(taken: bool) -> tuple[str, int]:
    """Where the server is to listen. Raises ImproperlyConfigured for a place that is taken, or that is not ours.

    Tried beforehand, since the server itself would start its workers again and again.
    """
    bind = os.environ.get("BIND", "").strip() or "127.0.0.1"
    port = whole("PORT", 8000, least=1, most=65_535)
    try:
        version = ipaddress.ip_address(bind).version
    except ValueError:
        raise ImproperlyConfigured(f"BIND is {bind!r}; write an address of this machine, such as 127.0.0.1") from None
    if taken:
        return bind, port
    with socket.socket(socket.AF_INET6 if version == 6 else socket.AF_INET) as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind((bind, port))
        except OSError as error:
            raise ImproperlyConfigured(
                f"The server cannot listen on {bind} port {port} ({error.strerror}); give another BIND or PORT"
            ) from None
    return bind, port


def call_c(name: str, *arguments: int) -> None:
    """Call a function of the C library, if it has it: those for memory are only in that of most Linux systems."""
    with suppress(AttributeError):
        getattr(ctypes.CDLL(None), name)(*arguments)


def recover() -> None:
    """Mend what a writer left that was killed between its commit and what follows from it: derived data and stamps.

    Raises DatabaseError.
    """
    from comparisons.maintenance.rebuild import ensure_current
    from comparisons.models.stamps import EVERYTHING, renew

    ensure_current(RECENT)
    renew({EVERYTHING})


def load() -> Any:
    """The site, which is loaded by then in a worker that is forked."""
    from .wsgi import application

    return application


def begin(parent: int) -> Any:
    """In a worker that was just forked from `parent`: end with it, and hear signals again. Returns the site."""
    if FORKING:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, supervisor.SIGNALS)
        threading.Thread(target=end_with, args=(parent,), daemon=True).start()
    return load()


def end_with(parent: int) -> None:
    """End this worker when its parent has ended: nobody would replace or stop it, and it would keep the port.

    It may finish what it answers, for as long as the supervisor would let it. That the system sends a signal then
    (prctl) cannot be relied upon everywhere, and one that comes while a worker starts is lost.
    """
    while os.getppid() == parent:
        time.sleep(LOOK)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(supervisor.STOPPING)
    os._exit(1)


def warm_up(site: Any) -> None:
    """Answer for some pages, so that what they need is in memory: modules, templates, sets of claims, the pages."""
    from .pages import Asked

    # To the site, these requests come as its readers' do.
    scheme = {"wsgi.url_scheme": "https", "HTTP_X_FORWARDED_PROTO": "https"} if settings.HTTPS else {}
    for name, query in WARM:
        request = Asked("", reverse(f"comparisons:{name}"), query).request()
        response = site({**request.META, **scheme}, lambda _status, _headers, _error=None: None)
        response.close()


def prepare() -> None:
    """Bring derived data up to date and warm up. What the workers are not to share is closed again.

    Without an answer of the database, or if it cannot be written, the site starts all the same.
    """
    from .ahead import THREAD

    try:
        recover()
        warm_up(load())
    except DatabaseError as error:
        logger.warning("Started without bringing derived data up to date: %s", " ".join(str(error).split()))
    for thread in threading.enumerate():
        if thread.name == THREAD:  # a fork beside it would copy the locks that it holds
            thread.join()
    for connection in connections.all(initialized_only=True):
        connection.close()
        if hasattr(connection, "close_pool"):
            connection.close_pool()
    # What is there now is never garbage: to look through it would give each worker a copy of its own.
    gc.collect()
    gc.freeze()
    call_c("malloc_trim", 0)


def serve(kept: list[int], old: list[int]) -> None:
    """Start the workers that are missing, and watch over all until a signal says to stop; see Server."""
    call_c("mallopt", *GIVEN_BACK)
    with refusing():
        server = Server(kept, old)
        # Of WhiteNoise, in the middle of loading; that files are missing is said below.
        warnings.filterwarnings("ignore", "No directory at", UserWarning)
        load()
        if not settings.DEBUG and not staticfiles_storage.hashed_files:  # type: ignore[attr-defined]
            raise ImproperlyConfigured("The static files are not collected; run: manage.py collectstatic --noinput")
    sending.install()
    prepare()
    if FORKING:
        multiprocessing.set_start_method("fork")
        signal.pthread_sigmask(signal.SIG_BLOCK, supervisor.SIGNALS)
    server.serve(target_loader=partial(begin, os.getpid()), wrap_loader=False)


def main(arguments: list[str]) -> None:
    """Refuse wrong settings with a readable message, then serve. arguments: what the supervisor says, if it started us.

    If new workers cannot be started then, those that run go on.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kb.settings")
    if not arguments:
        return serve([], [])
    numbers = supervisor.told(arguments)
    workers, old = numbers["workers"], numbers["old"]
    try:
        serve(workers, old)
    except BaseException as error:
        if not isinstance(error, SystemExit):  # which has said why
            traceback.print_exc()
        supervise(numbers["wanted"][0], [*workers, *old], [])


if __name__ == "__main__":
    main(sys.argv[1:])
