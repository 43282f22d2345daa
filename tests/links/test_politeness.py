"""A run is polite to other hosts, and notices if its own network is down."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.core.management import CommandError

from comparisons.links import pace, stored
from comparisons.links import run as link_checks
from comparisons.links.robots import Rules
from comparisons.links.stored import ArticleLink, Finding
from comparisons.models import Article, Lease, LinkCheck
from tests.factories import make_article
from tests.sites import Site, answer, moved, site

from .conftest import DAY, Checker, health

pytestmark = pytest.mark.django_db


def test_a_host_gets_one_request_a_second_and_hosts_take_turns(checker: Checker, own: Site) -> None:
    with site({"/page": answer(200)}) as other:
        places = [own.place, f"other.example:{other.port}"]
        checker.allow(places[1])
        for number in range(3):
            for name, place in zip("ab", places, strict=True):
                make_article(f"{name}{number}", url=f"http://{place}/page")
        text = checker.run()
    order = [line.split()[2].rstrip(":") for line in text.splitlines() if line.startswith("  [")]
    assert order == ["a0", "b0", "a1", "b1", "a2", "b2"]
    # Four requests to each host: robots.txt and three pages. Side by side, so three pauses and not six.
    assert checker.clock.now - 1000 == pytest.approx(3 * pace.PAUSE)


def test_robots_txt_is_read_once_and_obeyed(checker: Checker, own: Site) -> None:
    own.pages |= {
        "/robots.txt": answer(200, b"\xef\xbb\xbfUser-agent: *\nDisallow: /secret\nCrawl-delay: 3\n"),
        "/secret": answer(200),
    }
    for path in ("page", "secret", "page?again"):
        make_article(path.replace("?", "-"), url=own.url(f"/{path}"))
    own.pages["/page?again"] = answer(200)
    checker.run()
    assert [one.path for one in own.requests] == ["/robots.txt", "/page", "/page?again"]
    assert checker.clock.slept == [1, 3], (
        "a second after robots.txt, three after the first page, none for the forbidden one"
    )
    assert [health(slug) for slug in ("page", "secret", "page-again")] == ["ok", "unknown", "ok"]
    assert LinkCheck.objects.get(article__slug="secret").trouble == "robots"


def test_robots_txt_may_address_us_by_name(checker: Checker, own: Site) -> None:
    own.pages["/robots.txt"] = answer(200, b"User-agent: crosscheck\nDisallow: /\n")
    make_article("one", url=own.url())
    checker.run()
    assert own.asked == []


#: A robots.txt, and which addresses of a, b and b/c.pdf it allows us. Source: RFC 9309, 2.2 and 5.
RULES = [
    ("User-agent: *\nDisallow: /b\nAllow: /b/c", "a b/c.pdf"),
    ("User-agent: *\nAllow: /b/c\nDisallow: /b/", "a b b/c.pdf"),
    ("User-agent: *\nDisallow: /\nAllow: /$", ""),
    ("User-agent: *\nDisallow: /*.pdf$", "a b"),
    ("User-agent: *\nDisallow: /*/c", "a b"),
    ("User-agent: *\nDisallow: /b$", "a b/c.pdf"),
    ("User-agent: *\nDisallow: /b\nAllow: /b", "a b b/c.pdf"),
    ("User-agent: crosscheck\nDisallow: /a\n\nUser-agent: x\nDisallow: /\n\nUser-agent: CrossCheck\nDisallow: /b", ""),
    ("User-agent: Crosscheck\n\nDisallow: /a\n\nDisallow: /b/", "b"),
    ("User-agent: x\nUser-agent: crosscheck/2.0\nDisallow: /a", "b b/c.pdf"),
    ("User-agent: *\nDisallow: /\n\nUser-agent: crosscheck\nDisallow:", "a b b/c.pdf"),
    ("User-agent: check\nDisallow: /\n\nUser-agent: cross\nDisallow: /", "a b b/c.pdf"),
    ("User-agent: Crosscheck-Other\nDisallow: /", "a b b/c.pdf"),
    ("User-agent: *\rDisallow: /a\r\nDisallow: /b # both", ""),
    ("User-agent: *\nDisallow: /%61", "b b/c.pdf"),
    ("\ufeffuser-agent : *\ndisallow : /a", "b b/c.pdf"),
]


@pytest.mark.parametrize(("text", "allowed"), RULES)
def test_robots_txt_is_read_as_the_standard_says(text: str, allowed: str) -> None:
    rules = Rules(text)
    assert [path for path in ("a", "b", "b/c.pdf") if rules.allow(f"https://x.example/{path}")] == allowed.split()


def test_a_hostile_robots_txt_is_read_in_time() -> None:
    began = time.process_time()
    for text in ("User-agent: *\nDisallow: /" + "*a" * 200_000, "User-agent: *\n" + "Disallow: /*a*a*a*b$\n" * 20_000):
        Rules(text).allow("https://x.example/" + "a" * 1900)
    assert time.process_time() - began < 5


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
def test_a_robots_txt_without_rules_forbids_nothing(checker: Checker, own: Site, robots: bytes) -> None:
    own.pages["/robots.txt"] = robots
    make_article("one", url=own.url())
    checker.run()
    assert health("one") == "ok"


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_robots_txt_that_cannot_be_fetched_forbids_everything(checker: Checker, own: Site, status: int) -> None:
    own.pages["/robots.txt"] = answer(status)
    make_article("one", url=own.url())
    checker.run()
    assert own.asked == [] and health("one") == "unknown"


@pytest.mark.parametrize("status", [429, 503])
def test_a_host_that_asks_us_to_wait_is_left_alone_until_then(checker: Checker, own: Site, status: int) -> None:
    own.pages["/page"] = answer(status, Retry_After="7200")
    for slug in ("one", "two"):
        make_article(slug, url=own.url())
    assert "1 put off" in checker.run()
    assert own.asked == ["HEAD /page"], "and not by GET at once"
    checker.now += timedelta(hours=1)
    assert "2 addresses are postponed" in checker.run("--older-than", "0")
    assert "1 addresses are postponed" in checker.run("--article", "two")
    assert own.asked == ["HEAD /page"]
    checker.now += timedelta(hours=1, seconds=1)
    own.pages["/page"] = answer(200)
    checker.run("--older-than", "0")
    assert health("one") == health("two") == "ok"


def test_a_host_that_asks_us_to_wait_a_year_is_checked_again_after_a_day(checker: Checker, own: Site) -> None:
    own.pages["/page"] = answer(503, Retry_After="31536000")
    make_article("one", url=own.url())
    checker.run()
    assert LinkCheck.objects.get().not_before == checker.now + DAY


def test_a_host_that_fails_three_times_in_a_row_is_left_alone(checker: Checker, own: Site) -> None:
    own.pages["/page"] = answer(500)
    with site({"/page": answer(200)}) as other:
        checker.allow(f"other.example:{other.port}")
        make_article("fine", url=f"http://other.example:{other.port}/page")
        for number in range(5):
            make_article(f"a{number}", url=own.url())
        assert "2 put off" in checker.run()
    assert len(own.asked) == 2 * link_checks.PATIENCE
    assert health("fine") == "ok"
    assert Article.objects.filter(link_health="unchecked").count() == 2


# Our own network


def test_a_run_without_any_answer_stores_nothing(checker: Checker) -> None:
    for number in range(link_checks.SILENT_HOSTS):
        make_article(url=f"http://gone-{number}.example/")
    with pytest.raises(CommandError, match="offline"):
        checker.run()
    assert not LinkCheck.objects.exists()
    assert Article.objects.filter(link_health="unchecked").count() == link_checks.SILENT_HOSTS
    assert not Lease.objects.exclude(holder="").exists()


def test_hosts_are_known_to_be_down_if_one_that_answered_recently_answers_again(checker: Checker, own: Site) -> None:
    fine = make_article("fine", url=own.url())
    stored.record(ArticleLink(fine.pk, "fine", fine.url), Finding(200), checker.now - DAY)
    for number in range(link_checks.SILENT_HOSTS):
        make_article(url=f"http://gone-{number}.example/")
    assert f"{link_checks.SILENT_HOSTS} addresses checked" in checker.run()
    assert LinkCheck.objects.filter(failed_days=1).count() == link_checks.SILENT_HOSTS
    assert Article.objects.get(slug="fine").link_checked_at == checker.now - DAY
