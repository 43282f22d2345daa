"""Every link resolves, every page is valid HTML, and readers get no cookie; tested without a browser.

Of the thousands of addresses in the sitemap a sample of each pattern is read, and all that is linked to without being
in the sitemap. FULL=1 reads all of them.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, unquote, urldefrag, urljoin, urlsplit

import pytest
from django.urls import Resolver404, resolve

from tests.serving import PATIENCE, ROOT, Answer, Site, skip_unless_ci

from .paths import ADMIN, ERRORS, PAGES, TEXTS

#: The most addresses that are read, and the most of one kind whose number is unlimited, such as those with parameters
#: and earlier revisions. Files to take away are a kind of their own.
MOST, MOST_VARIATIONS = 6000, 5
#: Kinds of addresses that are no pages of records: frameworks that a reader picks, and what each record has of its own.
UNLIMITED = {"compare", "challenge", "embed", "cards", "feeds", "api"}
#: How many addresses of the sitemap are read of each URL pattern.
SAMPLE = MOST if os.environ.get("FULL", "").lower() in ("1", "true", "yes") else 12
LINK = re.compile(r"""<[a-z][^>]*?\s(?:href|src|action)="([^"]*)\"""")
ANCHOR = re.compile(r"""<[a-z][^>]*?\sid="([^"]*)\"""")
PLACE = re.compile("<loc>([^<]+)</loc>")
NU_CHECKER = ROOT / "var/tools/node_modules/vnu-jar/build/dist/vnu.jar"


def sampled(paths: Iterable[str]) -> list[str]:
    """SAMPLE paths of each URL pattern, or all it has. Which ones depends on the paths alone: it is stable."""
    kinds: dict[str, list[str]] = {}
    for path in sorted(set(paths), key=lambda path: hashlib.sha256(path.encode()).digest()):
        kinds.setdefault(resolve(path.partition("?")[0]).route, []).append(path)
    return [path for of_kind in kinds.values() for path in of_kind[:SAMPLE]]


def route_of(path: str) -> str:
    """The URL pattern of a path; "" if there is none, which reading it will tell."""
    try:
        return resolve(path).route
    except Resolver404:
        return ""


@pytest.fixture(scope="module")
def crawl(site: Site) -> dict[str, object]:
    """Read the site, starting at its front page and a sample of its sitemap. Returns the faults and the counts."""
    files = [unescape(url).removeprefix(site.address) for url in PLACE.findall(site.get("/sitemap.xml").text)]
    mapped = [urlsplit(url).path for path in files for url in PLACE.findall(site.get(path).text)]
    queue, variations = deque(dict.fromkeys(["/", *sampled(mapped)])), Counter[tuple[str, bool]]()
    seen = {"/", *mapped}
    anchors: dict[str, set[str]] = {}
    known: set[str] = set()
    wanted: dict[tuple[str, str], str] = {}
    broken, cookies = [], []
    pool = ThreadPoolExecutor(4)

    def answers() -> Iterator[tuple[str, Answer]]:
        """Each address of the queue with its response, read several at a time, until the queue is empty."""
        while queue and len(anchors) < MOST:
            batch = [queue.popleft() for _ in range(min(len(queue), 100))]
            yield from zip(batch, pool.map(site.get, batch), strict=True)

    for path, answer in answers():
        anchors[path] = set()
        if answer.status != 200:
            broken.append(f"{path}: {answer.status}")
            continue
        if not path.startswith("/admin/") and (
            "set-cookie" in answer.headers or "cookie" in answer.headers.get("vary", "").lower()
        ):
            cookies.append(path)
        if not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        anchors[path] = set(ANCHOR.findall(answer.text))
        links = set(LINK.findall(answer.text)) - known
        known |= {link for link in links if link.startswith("/")}  # they mean the same on every page
        for link in sorted(links):
            address, fragment = urldefrag(urljoin(site.address + path, unescape(link)))
            parts = urlsplit(address)
            if f"{parts.scheme}://{parts.netloc}" != site.address:
                continue
            target = parts.path + (f"?{parts.query}" if parts.query else "")
            if fragment:
                wanted.setdefault((target, unquote(fragment)), path)
            if target in seen or target.startswith("/admin/"):
                continue
            kind = parts.path.split("/")[1]
            if parts.query or kind in UNLIMITED or "/@" in parts.path:
                is_file = "format" in parse_qs(parts.query, keep_blank_values=True)
                variation = (route_of(parts.path), is_file)
                variations[variation] += 1
                if variations[variation] > MOST_VARIATIONS:
                    continue
            seen.add(target)
            queue.append(target)
    pool.shutdown()
    lost = [
        f"{target}#{fragment} (on {page})"
        for (target, fragment), page in wanted.items()
        if target in anchors and fragment not in anchors[target]
    ]
    return {
        "read": len(anchors),
        "left": len(queue),
        "mapped": len(mapped),
        "broken": broken,
        "lost": lost,
        "cookies": cookies,
    }


def test_every_link_within_the_site_resolves(crawl: dict[str, object]) -> None:
    assert crawl["broken"] == []
    assert int(str(crawl["read"])) > 300, "few pages were found: does the front page lead to the others?"
    assert int(str(crawl["mapped"])) > 1_000, "the sitemap names few pages: where are claims and cells?"
    assert crawl["left"] == 0, "not all was read: raise MOST, or limit what is unlimited"


def test_every_link_to_a_place_on_a_page_finds_it(crawl: dict[str, object]) -> None:
    assert crawl["lost"] == []


def test_readers_get_no_cookie_and_no_response_of_their_own(crawl: dict[str, object]) -> None:
    assert crawl["cookies"] == []


def test_no_answer_depends_on_cookies(site: Site) -> None:
    cookie = "session=abcdefghijklmnopqrstuvwxyz123456; csrf=x"
    for path in [*(page.path for page in [*PAGES, *ERRORS]), *TEXTS]:
        answer = site.get(path, Cookie=cookie)
        assert "set-cookie" not in answer.headers, path
        assert "cookie" not in answer.headers.get("vary", "").lower(), path


@pytest.fixture(scope="module")
def messages(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, list[str]]]:
    """The messages of the Nu HTML checker by path; all pages are checked in one run."""
    java = shutil.which("java")
    if not java or not NU_CHECKER.is_file():
        skip_unless_ci("the HTML checker needs Java; `make test` fetches it with npm")
    folder = tmp_path_factory.mktemp("pages")
    names: dict[str, str] = {}
    for number, page in enumerate([*PAGES, *ERRORS, *ADMIN]):
        file = folder / f"{number}.html"
        file.write_bytes(site.get(page.path).body)
        names[file.name] = page.path
    command = [str(java), "-Xss2m", "-jar", str(NU_CHECKER), "--format", "json", "--exit-zero-always", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
    found: dict[str, list[str]] = {path: [] for path in names.values()}
    for message in json.loads(done.stderr)["messages"]:
        if message["type"] != "info":
            path = names[Path(urlsplit(message["url"]).path).name]
            found[path].append(f"line {message.get('lastLine')}: {message['message']}: {message.get('extract', '')}")
    yield found


@pytest.mark.parametrize("page", [*PAGES, *ERRORS], ids=lambda page: page.path)
def test_page_is_valid_html(messages: dict[str, list[str]], page: object) -> None:
    assert messages[page.path] == []  # type: ignore[attr-defined]
