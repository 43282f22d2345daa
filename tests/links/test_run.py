"""What a run finds out about an address, and what it stores."""

from __future__ import annotations

import pytest

from comparisons.domain.link_health import DAYS_UNTIL_DEAD
from comparisons.links import stored
from comparisons.links.stored import ArticleLink, Finding
from comparisons.models import Article, LinkCheck
from tests.factories import make_article
from tests.sites import Site, answer, closed_port, moved, site

from .conftest import DAY, Checker, health

pytestmark = pytest.mark.django_db


def test_an_address_is_requested_by_head_and_its_health_is_stored(checker: Checker, own: Site) -> None:
    make_article("one", url=own.url())
    assert "1 addresses checked: 1 ok." in checker.run()
    assert own.asked == ["HEAD /page"]
    article = Article.objects.get()
    assert (article.link_health, article.link_checked_at, article.version) == ("ok", checker.now, 1)
    assert own.requests[-1].headers["user-agent"] == "crosscheck/1.0 (link check; +https://crosscheck.example/)"


def test_an_article_without_an_address_is_not_checked(checker: Checker) -> None:
    make_article("one", url="")
    assert "0 addresses checked." in checker.run()
    assert health("one") == "unchecked"


@pytest.mark.parametrize("refused", [404, 403, 405, 501, 500, 400])
def test_a_byte_is_requested_by_get_if_head_is_refused_or_unclear(checker: Checker, own: Site, refused: int) -> None:
    own.pages |= {"HEAD /page": answer(refused), "GET /page": answer(206, b"x", Content_Range="bytes 0-0/9")}
    make_article("one", url=own.url())
    checker.run()
    assert own.asked == ["HEAD /page", "GET /page"]
    assert own.requests[-1].headers["range"] == "bytes=0-0"
    assert health("one") == "ok"


@pytest.mark.parametrize("said", [b"<html>nonsense", b""])
def test_a_server_that_breaks_on_head_is_tried_by_get(checker: Checker, own: Site, said: bytes) -> None:
    own.pages |= {"HEAD /page": said, "GET /page": answer(200)}
    make_article("one", url=own.url())
    checker.run()
    assert health("one") == "ok"


@pytest.mark.parametrize("status", [401, 403, 405, 429, 500, 503])
def test_a_refused_link_stays_unknown_however_often_it_is_checked(checker: Checker, own: Site, status: int) -> None:
    own.pages["/page"] = answer(status)
    make_article("one", url=own.url())
    for _ in range(DAYS_UNTIL_DEAD + 2):
        checker.run("--older-than", "0")
        checker.now += DAY
    assert health("one") == "unknown"
    assert LinkCheck.objects.get().status == status


@pytest.mark.parametrize("kind", ["404", "410", "no-host", "refused"])
def test_a_link_is_dead_on_the_third_day_of_failure_and_not_before(checker: Checker, own: Site, kind: str) -> None:
    url = own.url()
    if kind.isdigit():
        own.pages["/page"] = answer(int(kind))
    elif kind == "no-host":
        url = "http://gone.example/page"
    else:
        port = closed_port()
        checker.allow(f"127.0.0.1:{port}")
        url = f"http://127.0.0.1:{port}/page"
    make_article("one", url=url)
    seen = []
    for _ in range(DAYS_UNTIL_DEAD):
        text = checker.run()
        checker.run()
        seen.append((health("one"), "Dead since now: one." in text))
        checker.now += DAY
    assert seen == [("unknown", False), ("unknown", False), ("dead", True)]
    check = LinkCheck.objects.get()
    assert (check.failed_days, check.failing_since, check.failed_on) == (
        3,
        (checker.now - 3 * DAY).date(),
        (checker.now - DAY).date(),
    )


def test_a_dead_link_that_answers_is_alive(checker: Checker, own: Site) -> None:
    article = make_article("one", url=own.url())
    for day in range(3, 0, -1):
        stored.record(ArticleLink(article.pk, "one", article.url), Finding(404), checker.now - day * DAY)
    assert health("one") == "dead"
    checker.run("--article", "one")
    assert health("one") == "ok"
    assert LinkCheck.objects.get().failed_days == 0


def test_an_unchanged_page_is_requested_with_its_validators(checker: Checker, own: Site) -> None:
    date = "Fri, 20 Nov 2026 11:00:00 GMT"
    own.pages["/page"] = answer(200, ETag='W/"x"', Last_Modified=date)
    make_article("one", url=own.url())
    checker.run()
    own.pages["/page"] = b"HTTP/1.1 304 Not Modified\r\n\r\n"
    for _ in range(2):
        own.requests.clear()
        checker.run("--older-than", "0")
        assert own.requests[-1].headers["if-none-match"] == 'w/"x"'
        assert own.requests[-1].headers["if-modified-since"] == date.lower()
        assert own.asked == ["HEAD /page"]
        assert health("one") == "ok"


@pytest.mark.parametrize("etag", ['"a\tb"', "unquoted", '"' + "x" * 300 + '"', '"ü"', '"a"\r\n X: "b"'])
def test_a_malformed_etag_is_not_stored(checker: Checker, own: Site, etag: str) -> None:
    own.pages["/page"] = f"HTTP/1.1 200 OK\r\nETag: {etag}\r\nLast-Modified: \x00\r\n\r\n".encode("latin-1")
    make_article("one", url=own.url())
    checker.run()
    assert health("one") == "ok"
    assert (LinkCheck.objects.get().etag, LinkCheck.objects.get().last_modified) == ("", "")


def test_a_permanent_redirect_is_stored_beside_the_address_and_does_not_change_it(checker: Checker, own: Site) -> None:
    own.pages |= {"/page": moved("/new", 308), "/new": answer(200, ETag='"x"')}
    make_article("one", url=own.url())
    assert f"moved to {own.url('/new')}" in checker.run()
    article = Article.objects.get()
    assert (article.url, article.link_health, article.link_check.moved_to) == (own.url(), "ok", own.url("/new"))
    assert article.link_check.etag == "", "it is that of another address"


@pytest.mark.parametrize(
    ("to", "answers"), [("/" + "x" * 600, answer(200)), ("/new", answer(404)), ("/page#there", answer(200))]
)
def test_a_useless_new_address_is_not_stored(checker: Checker, own: Site, to: str, answers: bytes) -> None:
    own.pages = {"/page": moved(to) if to != "/page#there" else answers, to: answers}
    make_article("one", url=own.url())
    checker.run()
    assert LinkCheck.objects.get().moved_to == ""


# Private addresses


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://name.example/"])
def test_a_private_address_is_not_fetched_and_its_link_is_unknown(checker: Checker, own: Site, url: str) -> None:
    make_article("one", url=url)
    make_article("two", url=own.url().replace("127.0.0.1", "other.example"))
    assert "Not asked" in checker.run()
    assert own.requests == []
    assert health("one") == health("two") == "unknown"
    assert LinkCheck.objects.filter(trouble="not-allowed").count() == 2


def test_a_redirect_to_a_private_address_is_not_followed(checker: Checker, own: Site) -> None:
    with site({"/secret": answer(200)}) as inner:
        own.pages["/page"] = moved(inner.url("/secret"))
        make_article("one", url=own.url())
        checker.run()
        assert inner.requests == []
    assert LinkCheck.objects.get().trouble == "not-allowed"
    assert health("one") == "unknown"


def test_robots_txt_cannot_lead_to_a_private_address(checker: Checker, own: Site) -> None:
    with site() as inner:
        own.pages["/robots.txt"] = moved(inner.url("/robots.txt"))
        make_article("one", url=own.url())
        checker.run()
        assert inner.requests == []
    assert health("one") == "ok"
