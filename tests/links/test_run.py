"""One run of `check_links`, against small sites on this machine."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from comparisons.domain.link_health import DAYS_UNTIL_DEAD
from comparisons.links import fetching, stored
from comparisons.links import run as link_checks
from comparisons.links.stored import Finding, Link
from comparisons.management.commands import check_links as command
from comparisons.models import Article, Lease, LinkCheck
from tests.factories import make_article
from tests.sites import Clock, Site, answer, closed_port, moved, site

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


class World:
    """A run as it would be, but for the time, the names and the places that it may ask."""

    def __init__(self, settings: Any):
        self.settings, self.clock = settings, Clock()
        self.now = datetime(2026, 11, 20, 12, tzinfo=UTC)
        self.errors = ""

    def run(self, *arguments: str, **options: Any) -> str:
        out, err = StringIO(), StringIO()
        try:
            call_command("check_links", *arguments, stdout=out, stderr=err, **options)
        finally:
            self.errors = err.getvalue()
        return out.getvalue()

    def allow(self, *places: str) -> None:
        self.settings.LINK_CHECK_ALLOWED = [*self.settings.LINK_CHECK_ALLOWED, *places]


@pytest.fixture
def world(settings: Any, monkeypatch: pytest.MonkeyPatch) -> World:
    world = World(settings)
    monkeypatch.setattr(command.timezone, "now", lambda: world.now)
    monkeypatch.setattr(link_checks, "Pace", lambda: fetching.Pace(world.clock, world.clock.sleep))

    def look_up(host: str, _timeout: float) -> list[str]:
        if host.startswith("gone"):
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        return ["127.0.0.1"]

    monkeypatch.setattr(link_checks, "Fetcher", lambda *a, **o: fetching.Fetcher(*a, resolve=look_up, **o))
    return world


@pytest.fixture
def own(world: World) -> Iterator[Site]:
    with site({"/page": answer(200)}) as running:
        world.allow(running.place)
        yield running


def health(slug: str) -> str:
    return Article.objects.get(slug=slug).link_health


def test_an_article_is_asked_by_head_and_its_health_stored(world: World, own: Site) -> None:
    make_article("one", url=own.url())
    assert "1 addresses checked: 1 ok." in world.run()
    assert own.asked == ["HEAD /page"]
    article = Article.objects.get()
    assert (article.link_health, article.link_checked_at, article.version) == ("ok", world.now, 1)
    assert own.requests[-1].headers["user-agent"] == "crosscheck/1.0 (link check; +https://crosscheck.example/)"


def test_an_article_without_an_address_is_not_asked(world: World) -> None:
    make_article("one", url="")
    assert "0 addresses checked." in world.run()
    assert health("one") == "unchecked"


@pytest.mark.parametrize("refused", [404, 403, 405, 501, 500, 400])
def test_where_head_is_refused_or_unclear_get_asks_for_a_byte(world: World, own: Site, refused: int) -> None:
    own.pages |= {"HEAD /page": answer(refused), "GET /page": answer(206, b"x", Content_Range="bytes 0-0/9")}
    make_article("one", url=own.url())
    world.run()
    assert own.asked == ["HEAD /page", "GET /page"]
    assert own.requests[-1].headers["range"] == "bytes=0-0"
    assert health("one") == "ok"


@pytest.mark.parametrize("said", [b"<html>nonsense", b""])
def test_a_server_that_breaks_at_head_is_asked_by_get(world: World, own: Site, said: bytes) -> None:
    own.pages |= {"HEAD /page": said, "GET /page": answer(200)}
    make_article("one", url=own.url())
    world.run()
    assert health("one") == "ok"


@pytest.mark.parametrize("status", [401, 403, 405, 429, 500, 503])
def test_what_refuses_is_unknown_however_often_it_is_asked(world: World, own: Site, status: int) -> None:
    own.pages["/page"] = answer(status)
    make_article("one", url=own.url())
    for _ in range(DAYS_UNTIL_DEAD + 2):
        world.run("--older-than", "0")
        world.now += DAY
    assert health("one") == "unknown"
    assert LinkCheck.objects.get().status == status


@pytest.mark.parametrize("kind", ["404", "410", "no-host", "refused"])
def test_a_link_is_dead_on_the_third_day_of_failure_and_not_before(world: World, own: Site, kind: str) -> None:
    url = own.url()
    if kind.isdigit():
        own.pages["/page"] = answer(int(kind))
    elif kind == "no-host":
        url = "http://gone.example/page"
    else:
        port = closed_port()
        world.allow(f"127.0.0.1:{port}")
        url = f"http://127.0.0.1:{port}/page"
    make_article("one", url=url)
    seen = []
    for _ in range(DAYS_UNTIL_DEAD):
        text = world.run()
        world.run()
        seen.append((health("one"), "Dead since now: one." in text))
        world.now += DAY
    assert seen == [("unknown", False), ("unknown", False), ("dead", True)]
    check = LinkCheck.objects.get()
    assert (check.failed_days, check.failing_since, check.failed_on) == (
        3,
        (world.now - 3 * DAY).date(),
        (world.now - DAY).date(),
    )


def test_a_dead_link_that_answers_is_alive(world: World, own: Site) -> None:
    article = make_article("one", url=own.url())
    for day in range(3, 0, -1):
        stored.record(Link(article.pk, "one", article.url), Finding(404), world.now - day * DAY)
    assert health("one") == "dead"
    world.run("--article", "one")
    assert health("one") == "ok"
    assert LinkCheck.objects.get().failed_days == 0


def test_a_page_that_has_not_changed_is_asked_with_what_is_known_of_it(world: World, own: Site) -> None:
    date = "Fri, 20 Nov 2026 11:00:00 GMT"
    own.pages["/page"] = answer(200, ETag='W/"x"', Last_Modified=date)
    make_article("one", url=own.url())
    world.run()
    own.pages["/page"] = b"HTTP/1.1 304 Not Modified\r\n\r\n"
    for _ in range(2):
        own.requests.clear()
        world.run("--older-than", "0")
        assert own.requests[-1].headers["if-none-match"] == 'w/"x"'
        assert own.requests[-1].headers["if-modified-since"] == date.lower()
        assert own.asked == ["HEAD /page"]
        assert health("one") == "ok"


@pytest.mark.parametrize("etag", ['"a\tb"', "unquoted", '"' + "x" * 300 + '"', '"ü"', '"a"\r\n X: "b"'])
def test_an_etag_that_is_none_is_not_kept(world: World, own: Site, etag: str) -> None:
    own.pages["/page"] = f"HTTP/1.1 200 OK\r\nETag: {etag}\r\nLast-Modified: \x00\r\n\r\n".encode("latin-1")
    make_article("one", url=own.url())
    world.run()
    assert health("one") == "ok"
    assert (LinkCheck.objects.get().etag, LinkCheck.objects.get().last_modified) == ("", "")


def test_an_address_that_moved_for_good_is_noted_and_not_followed_into_the_record(world: World, own: Site) -> None:
    own.pages |= {"/page": moved("/new", 308), "/new": answer(200, ETag='"x"')}
    make_article("one", url=own.url())
    assert f"moved to {own.url('/new')}" in world.run()
    article = Article.objects.get()
    assert (article.url, article.link_health, article.link_check.moved_to) == (own.url(), "ok", own.url("/new"))
    assert article.link_check.etag == "", "it is that of another address"


@pytest.mark.parametrize(
    ("to", "answers"), [("/" + "x" * 600, answer(200)), ("/new", answer(404)), ("/page#there", answer(200))]
)
def test_a_new_address_that_is_of_no_use_is_not_noted(world: World, own: Site, to: str, answers: bytes) -> None:
    own.pages = {"/page": moved(to) if to != "/page#there" else answers, to: answers}
    make_article("one", url=own.url())
    world.run()
    assert LinkCheck.objects.get().moved_to == ""


# Private addresses


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://name.example/"])
def test_a_private_address_is_not_asked_and_its_link_is_unknown(world: World, own: Site, url: str) -> None:
    make_article("one", url=url)
    make_article("two", url=own.url().replace("127.0.0.1", "other.example"))
    assert "Not asked" in world.run()
    assert own.requests == []
    assert health("one") == health("two") == "unknown"
    assert LinkCheck.objects.filter(trouble="not-allowed").count() == 2


def test_a_redirect_to_a_private_address_is_not_followed(world: World, own: Site) -> None:
    with site({"/secret": answer(200)}) as inner:
        own.pages["/page"] = moved(inner.url("/secret"))
        make_article("one", url=own.url())
        world.run()
        assert inner.requests == []
    assert LinkCheck.objects.get().trouble == "not-allowed"
    assert health("one") == "unknown"


def test_robots_txt_cannot_lead_to_a_private_address(world: World, own: Site) -> None:
    with site() as inner:
        own.pages["/robots.txt"] = moved(inner.url("/robots.txt"))
        make_article("one", url=own.url())
        world.run()
        assert inner.requests == []
    assert health("one") == "ok"


# Politeness


def test_a_host_is_asked_once_a_second_and_hosts_take_turns(world: World, own: Site) -> None:
    with site({"/page": answer(200)}) as other:
        places = [own.place, f"other.example:{other.port}"]
        world.allow(places[1])
        for number in range(3):
            for name, place in zip("ab", places, strict=True):
                make_article(f"{name}{number}", url=f"http://{place}/page")
        text = world.run()
    order = [line.split()[2].rstrip(":") for line in text.splitlines() if line.startswith("  [")]
    assert order == ["a0", "b0", "a1", "b1", "a2", "b2"]
    # Four requests to each host: robots.txt and three pages. Side by side, so three pauses and not six.
    assert world.clock.now - 1000 == pytest.approx(3 * fetching.PAUSE)


def test_robots_txt_is_read_once_and_heeded(world: World, own: Site) -> None:
    own.pages |= {
        "/robots.txt": answer(200, b"\xef\xbb\xbfUser-agent: *\nDisallow: /secret\nCrawl-delay: 3\n"),
        "/secret": answer(200),
    }
    for path in ("page", "secret", "page?again"):
        make_article(path.replace("?", "-"), url=own.url(f"/{path}"))
    own.pages["/page?again"] = answer(200)
    world.run()
    assert [one.path for one in own.requests] == ["/robots.txt", "/page", "/page?again"]
    assert world.clock.slept == [1, 3], "a second after robots.txt, which then asks for three; secret is not asked for"
    assert [health(slug) for slug in ("page", "secret", "page-again")] == ["ok", "unknown", "ok"]
    assert LinkCheck.objects.get(article__slug="secret").trouble == "robots"


def test_robots_txt_may_address_us_by_name(world: World, own: Site) -> None:
    own.pages["/robots.txt"] = answer(200, b"User-agent: crosscheck\nDisallow: /\n")
    make_article("one", url=own.url())
    world.run()
    assert own.asked == []


@pytest.mark.parametrize(
    "robots",
    [
        answer(404),
        answer(403),
        answer(200, b"User-agent: *\nCrawl-delay: \xc2\xb2\nDisallow: //[\n"),
        answer(200, b"User-agent: *\nCrawl-delay: " + b"9" * 5000),
        answer(200, b"\xff\xfe\x00" * 1000),
        b"nonsense",
        moved("/robots.txt"),
    ],
    ids=["none", "refused", "odd", "long", "binary", "broken", "circle"],
)
def test_a_robots_txt_that_says_nothing_keeps_nobody_out(world: World, own: Site, robots: bytes) -> None:
    own.pages["/robots.txt"] = robots
    make_article("one", url=own.url())
    world.run()
    assert health("one") == "ok"


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_robots_txt_that_cannot_be_read_keeps_us_out(world: World, own: Site, status: int) -> None:
    own.pages["/robots.txt"] = answer(status)
    make_article("one", url=own.url())
    world.run()
    assert own.asked == [] and health("one") == "unknown"


@pytest.mark.parametrize("status", [429, 503])
def test_a_host_that_asks_for_time_gets_it_from_this_run_and_the_next(world: World, own: Site, status: int) -> None:
    own.pages["/page"] = answer(status, Retry_After="7200")
    for slug in ("one", "two"):
        make_article(slug, url=own.url())
    assert "1 put off" in world.run()
    assert own.asked == ["HEAD /page"], "and not by GET at once"
    world.now += timedelta(hours=1)
    assert "2 addresses wait" in world.run("--older-than", "0")
    assert "1 addresses wait" in world.run("--article", "two")
    assert own.asked == ["HEAD /page"]
    world.now += timedelta(hours=1, seconds=1)
    own.pages["/page"] = answer(200)
    world.run("--older-than", "0")
    assert health("one") == health("two") == "ok"


def test_a_host_that_asks_for_a_year_is_asked_again_after_a_day(world: World, own: Site) -> None:
    own.pages["/page"] = answer(503, Retry_After="31536000")
    make_article("one", url=own.url())
    world.run()
    assert LinkCheck.objects.get().not_before == world.now + DAY


def test_a_host_that_fails_three_times_in_a_row_is_left_alone(world: World, own: Site) -> None:
    own.pages["/page"] = answer(500)
    with site({"/page": answer(200)}) as other:
        world.allow(f"other.example:{other.port}")
        make_article("fine", url=f"http://other.example:{other.port}/page")
        for number in range(5):
            make_article(f"a{number}", url=own.url())
        assert "2 put off" in world.run()
    assert len(own.asked) == 2 * link_checks.PATIENCE
    assert health("fine") == "ok"
    assert Article.objects.filter(link_health="unchecked").count() == 2


# Our own network


def test_a_run_in_which_nobody_answers_stores_nothing(world: World) -> None:
    for number in range(link_checks.SILENT_HOSTS):
        make_article(url=f"http://gone-{number}.example/")
    with pytest.raises(CommandError, match="off the network"):
        world.run()
    assert not LinkCheck.objects.exists()
    assert Article.objects.filter(link_health="unchecked").count() == link_checks.SILENT_HOSTS
    assert not Lease.objects.exclude(holder="").exists()


def test_hosts_that_are_gone_are_told_from_a_network_that_is_by_one_that_answered_lately(
    world: World, own: Site
) -> None:
    fine = make_article("fine", url=own.url())
    stored.record(Link(fine.pk, "fine", fine.url), Finding(200), world.now - DAY)
    for number in range(link_checks.SILENT_HOSTS):
        make_article(url=f"http://gone-{number}.example/")
    assert f"{link_checks.SILENT_HOSTS} addresses checked" in world.run()
    assert LinkCheck.objects.filter(failed_days=1).count() == link_checks.SILENT_HOSTS
    assert Article.objects.get(slug="fine").link_checked_at == world.now - DAY


# The command


def test_the_oldest_come_first_up_to_the_limit(world: World, own: Site) -> None:
    for number in range(4):
        article = make_article(f"a{number}", url=own.url())
        if number:
            stored.record(Link(article.pk, "", article.url), Finding(200), world.now - (10 + number) * DAY)
    world.run("--limit", "2")
    assert set(Article.objects.filter(link_checked_at=world.now).values_list("slug", flat=True)) == {"a0", "a3"}


def test_what_is_not_due_is_asked_only_by_name(world: World, own: Site) -> None:
    make_article("one", url=own.url())
    world.run()
    world.now += DAY
    assert "0 addresses checked." in world.run()
    assert "1 addresses checked" in world.run("--article", "one")
    assert "0 addresses checked." in world.run("--older-than", "1")
    world.now += DAY
    assert "1 addresses checked" in world.run("--older-than", "1")


def test_a_dry_run_asks_nobody_and_stores_nothing(world: World, own: Site) -> None:
    make_article("one", url=own.url())
    text = world.run("--dry-run")
    assert "  one\n" in text and "1 addresses on 1 hosts would be asked; nobody was." in text
    assert own.requests == [] and health("one") == "unchecked" and not Lease.objects.exists()


def test_an_article_that_is_not_there_is_named(world: World) -> None:
    with pytest.raises(CommandError, match="no article nobody, nowhere"):
        world.run("--article", "nowhere", "nobody")


@pytest.mark.parametrize("value", ["-1", "x", "1.5", "١", "9" * 9])
def test_a_number_that_is_none_is_refused(world: World, value: str) -> None:
    with pytest.raises(CommandError, match="whole number"):
        world.run("--limit", value)


def test_a_second_run_does_nothing_and_is_no_failure(world: World, own: Site) -> None:
    make_article("one", url=own.url())
    with stored.alone(lambda: world.now):
        assert world.run() == ""
    assert "Another run is at work" in world.errors
    assert own.requests == []


def test_a_run_that_is_stopped_keeps_what_it_found_and_the_next_goes_on(
    world: World, own: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    for slug in ("one", "two", "three"):
        make_article(slug, url=own.url())
    record = stored.record

    def stopped(link: Link, *rest: Any) -> Any:
        if link.slug == "two":
            raise KeyboardInterrupt
        return record(link, *rest)

    monkeypatch.setattr(stored, "record", stopped)
    with pytest.raises(CommandError, match="Stopped"):
        world.run()
    assert [health(slug) for slug in ("one", "two", "three")] == ["ok", "unchecked", "unchecked"]
    monkeypatch.undo()


def test_a_run_that_was_overtaken_stores_nothing_more(world: World, own: Site) -> None:
    make_article("one", url=own.url())
    begin = stored.alone

    with pytest.MonkeyPatch.context() as patch:

        def alone(now: Any) -> Any:
            manager = begin(now)
            stay = manager.__enter__()
            Lease.objects.update(holder="another", until=world.now + stored.LEASE)
            return nullcontext(stay)

        patch.setattr(stored, "alone", alone)
        with pytest.raises(CommandError, match="another one has begun"):
            world.run()
    assert health("one") == "unchecked"


def test_an_address_that_is_changed_while_it_is_asked_is_not_counted(world: World, own: Site) -> None:
    article = make_article("one", url=own.url())
    record = stored.record
    with pytest.MonkeyPatch.context() as patch:

        def late(*arguments: Any) -> Any:
            Article.objects.filter(pk=article.pk).update(url="https://example.org/new")
            return record(*arguments)

        patch.setattr(stored, "record", late)
        assert "1 not counted" in world.run()
    assert health("one") == "unchecked"


def test_quiet_is_quiet(world: World, own: Site) -> None:
    make_article("one", url=own.url())
    assert world.run(verbosity=0) == ""


def test_what_a_site_says_reaches_no_terminal(world: World, own: Site) -> None:
    own.pages |= {
        "/page": b"HTTP/1.1 301 \x1b[31mRed\r\nLocation: /\x1b[31m?\x07\r\n\r\n",
        "/%1B%5B31m?%07": answer(200),
    }
    make_article("one", url=own.url())
    text = world.run()
    assert text.isprintable() or all(line.isprintable() for line in text.splitlines())
    assert "moved to" in text


def test_the_help_says_when_a_link_is_dead(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        call_command("check_links", "--help")
    assert f"at least {DAYS_UNTIL_DEAD} different days" in " ".join(capsys.readouterr().out.split())
