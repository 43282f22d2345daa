"""Kept pages: they are what a view would make now, for exactly this reader, at the cost of neither view nor query."""

from __future__ import annotations

import datetime as dt
import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import brotli
import pytest
from django.core.cache import caches
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import URLPattern, resolve
from django.utils import timezone

from comparisons import filters, urls
from comparisons.history.diff import Revision
from comparisons.models import Subject, stamps
from comparisons.models.stamps import Stamps
from kb import store as page_store
from kb.store import PageStore, kept_at
from tests import factories as make
from tests.browser.paths import PAGES, TEXTS
from tests.evidence.writes import ALL, changed
from tests.kb.asking import ASKED, without_store
from tests.views.test_frozen import WRITES
from tests.worlds import World, make_page, make_world

HTML = {"HTTP_ACCEPT_ENCODING": "br"}
#: One page of each kind whose pages read different tables.
PATHS = (
    *("/", "/comparisons/it/", "/compare/one-vs-other/", "/matrix/", "/frameworks/one/", "/frameworks/one/level/"),
    *("/criteria/level/", "/benchmarks/", "/pros-cons/", "/claims/claim/", "/articles/free/", "/disagreements/"),
    *("/search/?q=one", "/search/suggest/?q=one", "/about/method/", "/about/coverage/", "/sitemap-claims.xml"),
    *("/cards/framework/one.png", "/use-cases/"),
)
MORE: dict[str, Any] = {
    "the site gets another name": lambda w: Subject.objects.create(name="Renamed"),
    "a draft is rewritten": lambda w: changed(w.draft, statement="Still a draft, Secret."),
    "a proposal is made": lambda w: make.make_proposal(w.claim, None, statement="Secret statement"),
    "a link is checked": lambda w: type(w.free).objects.filter(pk=w.free.pk).update(link_health="dead"),
    "a row is written past all signals": lambda w: _in_sql("UPDATE comparisons_framework SET tagline = 'Raw'"),
    "a page of another address is asked for": lambda w: make.make_former(w.one, "uno"),
}


def _in_sql(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def is_kept(client: Client, path: str) -> bool:
    """Whether the store would answer without building."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PageStore, "build", lambda *_: HttpResponse("built"))
        return client.get(path, **HTML).content != b"built"


@pytest.mark.django_db
def test_after_any_write_no_page_differs_from_one_that_is_made_anew(
    store: None, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    """A page that the store still has after a write is what a view would make; what a write shows ends its pages.

    The edits of the world stay as recent as they are: on a slow machine their time would be over during the test.
    """
    monkeypatch.setattr(Revision, "is_over", lambda *_: False)

    @contextmanager
    def committing() -> Iterator[None]:
        """Call what waits for a commit; Django would forget it then, its capture does not."""
        with django_capture_on_commit_callbacks(execute=True):
            yield
        connection.run_on_commit = []

    with committing():
        world = make_world()
        make_page(world)
    client, plain = Client(), without_store()
    for path in PATHS:
        assert client.get(path, **HTML).status_code == 200, path
        assert is_kept(client, path), path
    survived = {}
    for number, (name, write) in enumerate((WRITES | ALL | MORE).items()):
        if name in ("a framework without claims is deleted", "the comparison is deleted"):
            continue
        with transaction.atomic():
            fresh = World(*(type(row)._base_manager.get(pk=row.pk) for row in world))
            with committing():
                write(fresh)
            survived[name] = [path for path in PATHS if is_kept(client, path)]
            for path in survived[name][number % 2 :: 2]:  # each path after half of the writes
                assert client.get(path).content == plain.get(path).content, f"{path} after: {name}"
            transaction.set_rollback(True)
        stamps.forget()
        stamps.current()
    assert "/matrix/" in survived["a proposal is made"]
    assert {"/matrix/"} == {"/matrix/", "/comparisons/it/"} & set(survived["a paragraph is changed"])
    assert survived["the site gets another name"] == []
    assert "/about/method/" in survived["a claim is published"]
    assert "/matrix/" not in survived["a claim is published"]


@pytest.mark.django_db
def test_addresses_follow_a_subject_that_another_process_changed(
    store: None, django_capture_on_commit_callbacks: Any
) -> None:
    client = Client()
    with django_capture_on_commit_callbacks(execute=True):
        make.make_claim(make.make_framework("one"), make.make_criterion("level"), text="So")
        make.make_subject()
    assert client.get("/frameworks/one/", **HTML).status_code == 200
    assert is_kept(client, "/frameworks/one/")
    with django_capture_on_commit_callbacks(execute=True):  # unheard by the signals of this process
        _in_sql("UPDATE comparisons_subject SET noun = 'browser', noun_plural = 'browsers'")
    assert client.get("/frameworks/one/", **HTML)["Location"] == "/browsers/one/"
    assert b'"/browsers/one/level/"' in client.get("/browsers/one/").content


@pytest.mark.django_db
def test_readers_never_get_what_another_asked_for(store: None) -> None:
    """Whatever came before, each gets what is made for its own request, bytes and headers."""
    make.make_claim(make.make_framework("one"), make.make_criterion("level"), text="So")
    client, plain = Client(), without_store()
    for path, headers in [*ASKED, *reversed(ASKED)]:
        kept, made = client.get(path, **headers), plain.get(path, **headers)
        assert kept.content == made.content, (path, headers)
        assert not kept.cookies and "Cookie" not in kept["Vary"]
        assert {"accept-encoding", *made["Vary"].lower().split(", ")} == set(kept["Vary"].lower().split(", "))
        assert kept.headers.keys() - {"Content-Length", "ETag"} == made.headers.keys() - {"Content-Length", "ETag"}
    assert client.get("/matrix/", HTTP_HOST="evil.example").status_code == 400


@pytest.mark.django_db
def test_each_encoding_has_its_bytes_and_its_tag(store: None) -> None:
    client, tags = Client(), set()
    plain = without_store().get("/about/method/").content
    for accepts, encoding, read in [
        ("gzip, deflate, br", "br", brotli.decompress),
        ("gzip", "gzip", gzip.decompress),
        ("", None, bytes),
        ("br;q=0, gzip;q=0", None, bytes),
        ("br;q=0, gzip", "gzip", gzip.decompress),
    ]:
        for _ in range(2):
            response = client.get("/about/method/", HTTP_ACCEPT_ENCODING=accepts)
            assert (response.get("Content-Encoding"), read(response.content)) == (encoding, plain)
            assert response["Content-Length"] == str(len(response.content))
            assert response["ETag"][0] == '"' and response["Cache-Control"] == "public, max-age=0, must-revalidate"
        tags.add((encoding, response["ETag"]))
        head = client.head("/about/method/", HTTP_ACCEPT_ENCODING=accepts)
        assert (head.content, head["ETag"], head["Content-Length"]) == (
            b"",
            response["ETag"],
            response["Content-Length"],
        )
    assert len(tags) == len({tag for _, tag in tags}) == 3


@pytest.mark.django_db
def test_what_a_client_has_is_answered_without_view_template_and_query(
    store: None, django_assert_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client()
    first = client.get("/matrix/", **HTML)
    monkeypatch.setattr(PageStore, "build", lambda *_: pytest.fail("a page was built"))
    with django_assert_num_queries(0):
        for tag, status in ((first["ETag"], 304), (f"W/{first['ETag']}", 304), ('"other"', 200), ("*", 304)):
            response = client.get("/matrix/?unknown=1", HTTP_IF_NONE_MATCH=tag, **HTML)
            assert response.status_code == status and response["ETag"] == first["ETag"]
            assert response["Vary"] == first["Vary"] and "Content-Security-Policy" in response


@pytest.mark.django_db
def test_a_first_reader_with_an_old_tag_does_not_empty_the_store(store: None) -> None:
    tag = Client().get("/about/method/")["ETag"]
    caches["pages"].clear()
    assert Client().head("/about/method/", HTTP_IF_NONE_MATCH=tag).status_code == 304
    assert b"</html>" in Client().get("/about/method/").content


@pytest.mark.django_db
def test_the_store_is_bounded_and_keeps_only_pages(store: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unknown parameters, errors, redirects, health checks and the admin make no entries."""
    kept: list[str] = []
    keep = PageStore.keep
    monkeypatch.setattr(PageStore, "keep", lambda self, page: (kept.append(page.digest), keep(self, page)))
    monkeypatch.setattr(page_store, "PLACES", 3)
    client = Client()
    client.get("/about/method/")
    for path in ("/about/method/?a=1", "/about/method/?utm_source=x&b", "/no/", "/claims/no/", "/healthz", "/readyz"):
        client.get(path)
    for path in ("/matrix/?only=nonsense", "/admin/login/", "/about/method"):
        client.get(path)
    client.post("/about/method/")
    assert len(kept) == 1
    for number in range(6):
        client.get(f"/search/suggest/?q=q{number}")
    assert len(kept) == 7 and len(caches["pages"]._cache) <= 3


def test_memory_is_bounded_by_bytes() -> None:
    from kb.caches import MemoryCache

    cache = MemoryCache("bounded", {"OPTIONS": {"MAX_ENTRIES": 20, "MAX_BYTES": 10_000}})
    for number in range(50):
        cache.set("hot" if number % 2 else f"{number}", b"x" * (900 + number))
        assert cache.get("hot") is None or number >= 1
        assert sum(map(len, cache._cache.values())) == MemoryCache._held["bounded"] <= 10_000
    assert cache.get("hot") and len(cache._cache) > 5
    cache.set("too-large", b"x" * 20_000)
    cache.delete("hot")
    assert cache.get("too-large") is None and MemoryCache._held["bounded"] == 0
    for number in range(50):
        cache.set(f"{number}", 1)
    assert len(cache._cache) <= 20


@pytest.mark.django_db
def test_a_new_day_ends_every_page(store: None, monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client()
    client.get("/about/method/")
    assert is_kept(client, "/about/method/")
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    monkeypatch.setattr(timezone, "localdate", lambda *_: tomorrow)
    assert not is_kept(client, "/about/method/")


def responding(body: str = "page", **headers: str) -> HttpResponse:
    response = HttpResponse(body, headers=headers)
    if body == "cookie":
        response.set_cookie("a", "b")
    return response


@pytest.mark.parametrize(
    ("response", "keeps"),
    [
        (responding(), True),
        (responding("cookie"), False),
        (responding(**{"Vary": "Cookie"}), False),
        (responding(**{"Vary": "Accept-Encoding"}), True),
        (responding(**{"Vary": "HX-Request"}), False),
        (responding(**{"Cache-Control": "no-store"}), False),
        (responding(**{"Cache-Control": "private"}), False),
        (responding("x" * (page_store.LONGEST + 1)), False),
        (HttpResponse(status=404), False),
    ],
)
def test_only_what_is_the_same_for_everybody_is_kept(
    store: None, response: HttpResponse, keeps: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stamps, "current", lambda: Stamps({}))
    kept = PageStore(lambda _request: response)
    for _ in range(2):
        kept(RequestFactory().get("/about/method/"))
    assert bool(caches["pages"]._cache) is keeps


def test_one_of_many_simultaneous_readers_builds(store: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The others wait; with the last edition at hand they get that, for a moment."""
    now = {"stamps": Stamps({"*": "1"})}
    monkeypatch.setattr(stamps, "current", lambda: now["stamps"])
    built: list[str] = []
    others_came = threading.Event()

    def build(request: Any) -> HttpResponse:
        others_came.wait(10)
        built.append(now["stamps"].now["*"])
        return HttpResponse(f"edition {built[-1]}")

    middleware = PageStore(build)
    waiting = threading.Semaphore(0)
    monkeypatch.setattr(page_store.time, "sleep", lambda _: (waiting.release(), others_came.wait(10)))

    def together(number: int) -> list[bytes]:
        found: list[bytes] = []
        ask = [
            threading.Thread(target=lambda: found.append(middleware(RequestFactory().get("/matrix/")).content))
            for _ in range(number)
        ]
        for thread in ask:
            thread.start()
        for _ in range(number - 1) if not built else ():
            assert waiting.acquire(timeout=10)
        if built:
            for thread in [thread for thread in ask if not thread.join(0.5) and not thread.is_alive()]:
                thread.join()
        others_came.set()
        for thread in ask:
            thread.join(10)
        return found

    assert together(6) == [b"edition 1"] * 6 and built == ["1"]
    others_came.clear()
    now["stamps"] = Stamps({"*": "2"}, {"*": "1"}, page_store.time.monotonic() + 60)
    assert sorted(together(4)) == [b"edition 1"] * 3 + [b"edition 2"] and built == ["1", "2"]


@pytest.mark.django_db
def test_every_view_says_what_reaches_its_pages(content: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each public view is kept, under the parameters of the forms that it reads.

    A form for an objection is made for one reader, and a file of everything is sent in pieces.
    """
    never = {"data_file", "challenge_claim", "challenge_cell", "challenge_article"}
    read: list[tuple[str, ...]] = []
    for form in (filters.QueryForm, filters.FilterSet):
        own = form.read.__func__  # type: ignore[attr-defined]
        monkeypatch.setattr(
            form,
            "read",
            classmethod(lambda cls, *a, own=own, **k: (read.append(filters.names_of(cls)), own(cls, *a, **k))[1]),
        )
    client = Client()
    for path in [*(page.path for page in PAGES), *TEXTS]:
        read.clear()
        client.get(path)
        kept = kept_at(path.split("?")[0])
        assert kept is not None or resolve(path.split("?")[0]).url_name in never, path
        assert set(read) <= {kept.names if kept else ()}, path
    patterns = [pattern for pattern in urls.urlpatterns if isinstance(pattern, URLPattern)]
    assert {pattern.name for pattern in patterns if not hasattr(pattern.callback, "kept")} == never
