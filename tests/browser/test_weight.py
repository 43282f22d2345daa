"""The size of each page as it is transferred: its HTML, styles, scripts and fonts."""

from __future__ import annotations

import re
from urllib.parse import urljoin

import pytest

from tests.serving import Answer, Site

from .paths import COMPARISON, ERRORS, PAGES, Page

#: The limits in bytes of a curated comparison, of the matrix of all 119 criteria, and of any other page.
HEAVIEST, WHOLE, HEAVY = 150_000, 103_000, 110_000
#: The encodings that a browser accepts.
ACCEPT = "gzip, deflate, br, zstd"
FILE = re.compile(r'<(?:script|link)[^>]*?\s(?:src|href)="(/static/[^"]+\.(?:css|js|woff2))"')
FONT = re.compile(r'url\("?([^")]+\.woff2)')


def fetch(site: Site, path: str) -> Answer:
    return site.get(path, Accept_Encoding=ACCEPT)


@pytest.fixture(scope="module")
def sizes(site: Site) -> dict[str, int]:
    """The sizes of files that were fetched, so that each is fetched once."""
    return {}


def weigh(site: Site, path: str, sizes: dict[str, int]) -> dict[str, int]:
    """The sizes of the parts of a page in bytes, by address."""
    parts = {path: len(fetch(site, path).body)}
    text = site.get(path).text
    files = set(FILE.findall(text))
    for style in [file for file in files if file.endswith(".css")]:
        files |= {urljoin(style, font) for font in FONT.findall(site.get(style).text)}
    for file in files:
        if file not in sizes:
            sizes[file] = len(fetch(site, file).body)
        parts[file] = sizes[file]
    return parts


@pytest.mark.parametrize("page", [*PAGES, *ERRORS], ids=lambda page: page.path)
def test_page_is_light(site: Site, sizes: dict[str, int], page: Page) -> None:
    parts = weigh(site, page.path, sizes)
    assert any(part.endswith(".woff2") for part in parts), "the font is not counted"
    most = (
        HEAVIEST if page.path.startswith(f"/comparisons/{COMPARISON}/") else WHOLE if page.path == "/matrix/" else HEAVY
    )
    assert sum(parts.values()) < most, parts


@pytest.mark.parametrize("coding", ["br", "gzip"])
def test_page_is_compressed_and_says_so(site: Site, coding: str) -> None:
    answer = site.get("/comparisons/", Accept_Encoding=coding)
    assert answer.headers["content-encoding"] == coding
    assert answer.headers["vary"] == "Accept-Encoding"
    assert int(answer.headers["content-length"]) == len(answer.body) < len(site.get("/comparisons/").body) / 2


@pytest.mark.parametrize("accept", ["br;q=0", "identity", "brr"])
def test_brotli_is_not_sent_to_clients_that_do_not_accept_it(site: Site, accept: str) -> None:
    assert "content-encoding" not in site.get("/comparisons/", Accept_Encoding=accept).headers


def test_admin_is_left_to_the_padded_gzip(site: Site) -> None:
    answer = site.get("/admin/login/", Accept_Encoding=ACCEPT)
    assert answer.headers["content-encoding"] == "gzip"
    assert "no-store" in answer.headers["cache-control"]


def test_unchanged_page_is_not_sent_again(site: Site) -> None:
    first = fetch(site, "/about/method/")
    assert first.headers["cache-control"] == "public, max-age=0, must-revalidate"
    again = site.get("/about/method/", Accept_Encoding=ACCEPT, If_None_Match=first.headers["etag"])
    assert (again.status, again.body) == (304, b"")


@pytest.mark.parametrize("page", [page for page in ERRORS if page.status in (400, 404)], ids=lambda page: page.path)
def test_error_is_not_offered_to_caches(site: Site, page: Page) -> None:
    assert "public" not in fetch(site, page.path).headers.get("cache-control", "")
