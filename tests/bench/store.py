"""What a kept page costs beside a bare Django view of the same bytes: `python tests/bench/store.py`.

Both are served as the site is deployed, by one worker of granian, in turn. The view belongs to a new Django project and
is given the bytes compressed. Prints CPU per request of the server's processes, the median of some rounds, and ratios.
Ends with status 1 if a warm page or a 304 costs more than its target. BENCH_REQUESTS: requests per round.
"""

from __future__ import annotations

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from kb.env import threads
from kb.serve import CONNECTIONS
from tests.browser.paths import COMPARISON
from tests.serving import PATIENCE, ROOT, Site, free_port, served

REQUESTS, ROUNDS, COLD_REQUESTS = int(os.environ.get("BENCH_REQUESTS") or 2000), 5, 20
#: Most CPU of a warm page and of a 304, in CPU of the bare view.
WARM, UNCHANGED = 1.15, 0.75
PATHS = ("/", "/matrix/", f"/comparisons/{COMPARISON}/", "/search/?q=async", "/pros-cons/", "/about/method/")


def cpu(pid: int) -> float:
    """CPU seconds of a process, threads that have ended among them, and of all that it started; to the nanosecond.

    In hundredths of a second, as files of the kernel count, a page that takes a fifth of a millisecond is not to be
    measured, and the finer ones leave out what a thread took once it has ended.
    """
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    clock = (~pid << 3) | 2  # as clock_getcpuclockid(3) of Linux names it
    return time.clock_gettime(clock) + sum(cpu(int(child)) for child in children)


def cost(site: Site, path: str, requests: int, **headers: str) -> float:
    """CPU of one request in ms."""
    before = cpu(site.pid)
    for _ in range(requests):
        site.get(path, Accept_Encoding="br", **headers)
    return (cpu(site.pid) - before) * 1000 / requests


@contextmanager
def bare(body: bytes, workers: int = 1) -> Iterator[Site]:
    """Serve a bare view of a body with the options of the site's server."""
    with tempfile.NamedTemporaryFile(prefix="crosscheck-bench-") as file:
        file.write(body)
        file.flush()
        port = free_port()
        options = (
            f"--interface wsgi --http 1 --no-ws --host 127.0.0.1 --port {port} --workers {workers} "
            f"--blocking-threads {threads()} --backpressure {CONNECTIONS} --backlog 1024 --workers-kill-timeout 10 "
            "--http1-header-read-timeout 10000 --http1-buffer-size 32768 --respawn-failed-workers --log-level info"
        )
        environment = {**os.environ, "BENCH_BODY": file.name}
        process = subprocess.Popen(
            [sys.executable, "-m", "granian", *options.split(), "tests.bench.stock:application"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.DEVNULL,
        )
        try:
            site = Site(port, environment, process.pid)
            for _ in range(PATIENCE * 10):
                with socket.socket() as probe:
                    if not probe.connect_ex(("127.0.0.1", port)):
                        break
                try:
                    process.wait(0.1)
                except subprocess.TimeoutExpired:
                    continue
            yield site
        finally:
            process.terminate()
            process.wait()


def main() -> int:
    worst = 0
    with served(WEB_WORKERS="1") as site, served(beside=site, KEEP_PAGES="0") as cold_site:
        print(f"{'bare ms':>8} {'warm ms':>8} {'304 ms':>8} {'cold ms':>8} {'warm':>6} {'304':>6} {'cold':>6}   page")
        for path in PATHS:
            answer = site.get(path, Accept_Encoding="br")
            rounds = []
            with bare(answer.body) as yardstick:
                for _ in range(ROUNDS):
                    rounds.append(
                        (
                            cost(yardstick, path, REQUESTS),
                            cost(site, path, REQUESTS),
                            cost(site, path, REQUESTS, If_None_Match=answer.headers["etag"]),
                        )
                    )
            least, warm, unchanged = (statistics.median(column) for column in zip(*rounds, strict=True))
            cold_site.get(path)
            cold = cost(cold_site, path, COLD_REQUESTS)
            bad = warm > WARM * least or unchanged > UNCHANGED * least
            worst |= bad
            print(
                f"{least:8.3f} {warm:8.3f} {unchanged:8.3f} {cold:8.1f} {warm / least:6.2f} {unchanged / least:6.2f} "
                f"{cold / least:6.0f}   {path}{' !' if bad else ''}",
                flush=True,
            )
    return int(worst)


if __name__ == "__main__":
    sys.exit(main())
