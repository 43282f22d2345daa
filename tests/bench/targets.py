"""Whether the site keeps its targets of speed, as deployed, in one run on one machine: `make bench`.

Each size is a knowledge base of its own (data.py), kept in BENCH_FOLDER if that is set, else thrown away. By default
small ones, to end within minutes; FULL=1 takes all, and one of 20,000 criteria (tests/wide.py). Figures are CPU of a
server's whole process tree per request, on one connection. Beside the site stand a bare Django view of the same bytes,
nginx with them as a file, and Datasette over the same table, the last two where they are installed (DATASETTE names
the program). A cold page is one that is not kept: it is asked of a server with KEEP_PAGES=0. Ends with status 1 if a
target is missed.
"""

from __future__ import annotations

import os
import secrets
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.bench import lists
from tests.bench.others import nginx, program
from tests.bench.store import UNCHANGED, WARM, bare, cost
from tests.serving import ROOT, Site, find_chromium, free_port, served

FULL = os.environ.get("FULL") == "1"
SIZES = [
    int(size) for size in (os.environ.get("BENCH_SIZES") or ("33,2400,30000,300000" if FULL else "33,2400")).split(",")
]
WARM_REQUESTS, COLD_REQUESTS = (600, 20) if FULL else (200, 5)
PAGES = ("/", "/matrix/", "/pros-cons/", "/search/?q=async", "/about/method/")
#: The claims with which there are 60 frameworks and 40 criteria, and the most CPU of their matrix in ms.
SQUARE, MATRIX = 2_400, 60.0
#: The sizes between which lists may grow by no more than lists.GROWTH.
FROM, TO = 30_000, 300_000
#: How often what is compared is asked for, in turns.
ROUNDS = 5
MEMORY, FIRST_SECONDS, EDIT, IMPORT, LAYOUT = 1.35, 1.0, 1 / 20, 5_000, 5
#: Prints criteria that can be weighed, as many as a starting set has.
_QUESTIONS = """
from comparisons.models import Criterion
found = Criterion.objects.published().filter(levels__meaning="yes").filter(levels__meaning="no").distinct()
for slug in found.values_list("slug", flat=True)[:12]: print(slug)
"""
_CELLS = """
from comparisons.models import Cell
for label in Cell.objects.exclude(level=None).values_list("level__label", flat=True)[:1000]: print(label)
"""
#: Lays the page out from nothing; in ms.
_LAYOUT = """() => {
  document.body.style.display = "none"; document.body.offsetHeight;
  const begun = performance.now();
  document.body.style.display = ""; document.body.offsetHeight;
  return performance.now() - begun;
}"""
_DATA = """
from django.db import connection
from tests.bench import data
data.fill(lambda _: None)
data.assess(lambda _: None)
connection.cursor().execute("ANALYZE")
"""
_WIDE = """
from tests.wide import fill
fill(17, 20_000)
"""
_EDIT = """
import time
from django.test import Client
from comparisons.maintenance import rebuild
from comparisons.models import Claim
client = Client()
paths = ("/matrix/", "/pros-cons/", "/")
for path in paths: client.get(path)
claim = Claim.objects.filter(status="published", framework__isnull=False).first()
claim.statement += " Edited."
claim.save()
begun = time.process_time()
for path in paths: client.get(path)
edited = (time.process_time() - begun) / len(paths)
begun = time.process_time()
rebuild.rebuild()
print(edited, time.process_time() - begun)
"""
_IMPORT = """
import csv, time
from django.core.management import call_command
from comparisons.models import Article, Criterion, Framework
frameworks = list(Framework.objects.values_list("slug", flat=True))
criteria = list(Criterion.objects.filter(value_type="level").values_list("slug", flat=True))
article = Article.objects.values_list("slug", flat=True).first()
with open(FILE, "w", newline="") as file:
    out = csv.writer(file)
    out.writerow("key framework criterion kind polarity statement level article stance says locator".split())
    for n in range(ROWS):
        cell = frameworks[n % len(frameworks)], criteria[n % len(criteria)]
        said = f"Imported statement number {n}.", "full", article, "supports", "It says so.", f"Section {n}"
        out.writerow([f"imported-{n}", *cell, "capability", "pro", *said])
begun = time.process_time()
call_command("import_claims", FILE, verbosity=0)
print(ROWS / (time.process_time() - begun))
"""


class Report:
    """Prints each figure beside its target, and remembers whether one was missed."""

    missed = 0

    def say(self, what: str, value: float, most: float, unit: str = "", *, least: bool = False) -> None:
        kept = value >= most if least else value <= most
        self.missed += not kept
        word = "least" if least else "most"
        print(f"{'ok' if kept else 'MISSED':>8}  {value:10.3f} {unit:<14} {word} {most:<8.3g} {what}", flush=True)


@contextmanager
def knowledge_base(size: int, name: str = "", data: str = _DATA) -> Iterator[Site]:
    """A filled database of this size, which nobody serves yet; one in BENCH_FOLDER is used again.

    data: what fills it. name: what the knowledge base is called, if its size does not say it.
    """
    with ExitStack() as stack:
        kept = os.environ.get("BENCH_FOLDER")
        parent = kept or stack.enter_context(tempfile.TemporaryDirectory(prefix="crosscheck-bench-"))
        folder = Path(parent) / f"{name or size}-data"
        folder.mkdir(parents=True, exist_ok=True)
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "kb.settings",
            "BENCH_CLAIMS": str(size),
            "DATA_DIR": str(folder),
            "DATABASE_URL": "",
            "DEBUG": "0",
            "HTTPS": "0",
            "SECRET_KEY": secrets.token_urlsafe(50),
            "ALLOWED_HOSTS": "localhost,127.0.0.1,testserver",
            "SITE_URL": "http://localhost",
            "LOG_LEVEL": "ERROR",
        }
        site = Site(0, environment)
        begun = time.monotonic()
        site.manage("migrate", "-v0")
        site.manage("collectstatic", "--noinput", "-v0")
        if not (folder / "ready").exists():
            run(site, data)
            (folder / "ready").touch()
            print(f"{name or f'{size} claims'}, filled in {time.monotonic() - begun:.0f} s", flush=True)
        yield site


def run(site: Site, code: str) -> str:
    """What code prints, run with the settings of a site, for as long as it takes."""
    code = f"import django; django.setup()\n{code}"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=site.environment, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    return done.stdout


def pages(site: Site, report: Report) -> None:
    """Warm, cold and unchanged pages beside the same bytes from others."""
    datasette = shutil.which(os.environ.get("DATASETTE") or Path(sys.executable).with_name("datasette"))
    print(f"{'bare':>8} {'nginx':>7} {'datas.':>7} {'warm':>7} {'304':>7} {'cold':>7}   CPU ms of a page")
    worst = {"a warm page": 0.0, "a 304": 0.0}
    with ExitStack() as stack:
        warm = stack.enter_context(served(beside=site, WEB_WORKERS="1"))
        cold = stack.enter_context(served(beside=site, WEB_WORKERS="1", KEEP_PAGES="0"))
        other = None
        if datasette:
            database, port = f"{site.environment['DATA_DIR']}/kb.sqlite3", free_port()
            other = stack.enter_context(program(datasette, "serve", database, "--port", str(port), port=port))
        for path in PAGES:
            answer = warm.get(path, Accept_Encoding="br")
            asked: list[dict[str, str]] = [{}, {}, {"If_None_Match": answer.headers["etag"]}]
            with bare(answer.body) as yardstick:
                # In turns; whatever else the machine does can only add, so the least counts.
                rounds = [
                    [
                        cost(one, path, WARM_REQUESTS, **headers)
                        for one, headers in zip((yardstick, warm, warm), asked, strict=True)
                    ]
                    for _ in range(ROUNDS)
                ]
            least, kept, unchanged = (min(costs) for costs in zip(*rounds, strict=True))
            file = rows = float("nan")
            if shutil.which("nginx"):
                with nginx(answer.body) as server:
                    file = cost(server, path, WARM_REQUESTS)
            if other:
                rows = cost(other, "/kb/comparisons_claim?_size=50", COLD_REQUESTS)
            cold.get(path)
            made = cost(cold, path, COLD_REQUESTS)
            print(f"{least:8.3f} {file:7.3f} {rows:7.2f} {kept:7.3f} {unchanged:7.3f} {made:7.1f}   {path}", flush=True)
            worst["a warm page"] = max(worst["a warm page"], kept / least)
            worst["a 304"] = max(worst["a 304"], unchanged / least)
    report.say("a warm page, beside a bare view of its bytes", worst["a warm page"], WARM, "times bare")
    report.say("a 304, beside the same", worst["a 304"], UNCHANGED, "times bare")


def square(site: Site, report: Report) -> None:
    """The cold matrix, and a cold choice of as many questions as a starting set has, beside stock Django's matrix.

    The choice was to cost what the matrix cost; that is asked of it still, though the matrix became cheaper.
    """
    alone = Site(0, {**site.environment, "KEEP_PAGES": "0", "PAGES_PER_MINUTE": "0"})
    ours, stock = map(float, run(alone, "from tests.bench import stock_matrix; stock_matrix.main()").split())
    report.say(f"a cold matrix of 60 by 40; stock {stock:.0f} ms", ours, min(MATRIX, stock / 3), "ms")
    slugs = run(site, _QUESTIONS).split()
    asked = "/choose/?" + "&".join(f"weigh.{slug}=much" for slug in slugs)
    with served(beside=site, WEB_WORKERS="1", KEEP_PAGES="0") as cold:
        cold.get(asked)
        report.say(f"a cold choice among {len(slugs)} questions", cost(cold, asked, COLD_REQUESTS), stock, "ms")


def first_pros_cons(site: Site, report: Report) -> None:
    """How long the first reader of a new process waits for the pros and cons."""
    with served(beside=site, WEB_WORKERS="1") as fresh:
        begun = time.monotonic()
        fresh.get("/pros-cons/")
        report.say("the first /pros-cons/ of a process", time.monotonic() - begun, FIRST_SECONDS, "s")


def memory(site: Site, report: Report) -> None:
    """Memory of two workers that both answered, beside two of a bare view; each shared page counts once."""
    sizes = []
    with served(beside=site, WEB_WORKERS="2") as ours, bare(b"bytes", workers=2) as yardstick:
        for server in (ours, yardstick):
            ask_every_worker(server)
            sizes.append(proportional(server.pid))
    report.say("memory of two workers", sizes[0] / sizes[1], MEMORY, "times bare")


def ask_every_worker(server: Site) -> None:
    """Ask for the pages until all threads of each worker have begun: the system deals connections out as it likes."""
    workers = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
    started: list[int] = []
    for _ in range(20):
        with ThreadPoolExecutor(16) as readers:
            list(readers.map(server.get, PAGES * 20))
        before, started = started, [len(os.listdir(f"/proc/{worker}/task")) for worker in workers]
        if started == before and len(set(started)) == 1:
            return
    raise RuntimeError(f"the workers of a server do not share its readers; their threads: {started}")


def proportional(pid: int) -> int:
    """The proportional set size of a process and of all that it started, in kB."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    own = next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return own + sum(proportional(int(child)) for child in children)


def writes(site: Site, report: Report) -> None:
    """The first reads after an edit beside a rebuild, and an import of as many claims as there are."""
    rows = 30_000 if FULL else 2_000
    with tempfile.TemporaryDirectory(prefix="crosscheck-bench-") as folder:
        # They go into a copy, so that the next run finds the knowledge base as it was.
        shutil.copy(f"{site.environment['DATA_DIR']}/kb.sqlite3", folder)
        copy = Site(0, {**site.environment, "DATABASE_URL": f"sqlite:///{folder}/kb.sqlite3"})
        edited, rebuilt = map(float, run(copy, _EDIT).split())
        report.say("first read after an edit", edited / rebuilt, EDIT, "of a rebuild")
        code = f"ROWS, FILE = {rows}, {folder + '/claims.csv'!r}\n{_IMPORT}"
        report.say(f"import of {rows} claims", float(run(copy, code)), IMPORT, "rows per CPU s", least=True)


def search(size: int, report: Report) -> None:
    """Search for the commonest word and a phrase of common ones, on every database that answers."""
    environment = {**os.environ, "BENCH_CLAIMS": str(size)}
    command = [sys.executable, str(ROOT / "tests/bench/search.py")]
    missed = subprocess.run(command, cwd=ROOT, env=environment).returncode
    report.say(f"searches that are too dear among {size} claims (above)", missed, 0)


def layout(site: Site, report: Report) -> None:
    """How long Chromium takes to lay out the first page of the matrix, beside a plain table of all its cells."""
    chromium = find_chromium()
    if chromium is None:
        print("layout: skipped, Chromium is not installed")
        return
    from playwright.sync_api import sync_playwright

    words = run(site, _CELLS).splitlines()
    rows = "".join(f"<tr>{''.join(f'<td>{words[(n + m) % len(words)]}</td>' for m in range(300))}" for n in range(100))
    with served(beside=site) as ours, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        times = []
        for plain in (False, True):
            page.goto(f"{ours.address}/matrix/")
            if plain:
                page.set_content(f"<!doctype html><title>Plain</title><table>{rows}</table>")
            times.append(statistics.median(page.evaluate(_LAYOUT) for _ in range(5)))
        browser.close()
    report.say("layout of a plain table of 300 by 100 cells", times[1] / times[0], LAYOUT, "times ours", least=True)


def main() -> int:
    report = Report()
    with ExitStack() as stack:
        sites = {size: stack.enter_context(knowledge_base(size)) for size in SIZES}
        for size, site in sites.items():
            print(f"\n{size} claims")
            pages(site, report)
            first_pros_cons(site, report)
            memory(site, report)
            if size == SQUARE:
                square(site, report)
            if size == min(SIZES, key=lambda one: abs(one - FROM)):
                writes(site, report)
                layout(site, report)
                search(300_000 if FULL else 10_000, report)
        if FULL:
            print("\n20000 criteria by 17 frameworks")
            pages(stack.enter_context(knowledge_base(0, "20000-criteria", _WIDE)), report)
        if {FROM, TO} <= sites.keys():
            print(f"\nLists, from {FROM} claims to {TO}")
            lists.lists(
                *(sites[FROM], sites[TO]),
                lambda path, before, ratio: report.say(
                    f"{path}, {before:.0f} ms at {FROM}", ratio, lists.GROWTH, f"at {TO}"
                ),
            )
    return min(report.missed, 1)


if __name__ == "__main__":
    sys.exit(main())
