"""The command `check_links`: what it is asked to check, what it says, and runs that are stopped."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from comparisons.domain.link_health import DAYS_UNTIL_DEAD
from comparisons.links import stored
from comparisons.links.stored import Finding, Link
from comparisons.models import Article, Lease
from tests.factories import make_article
from tests.sites import Site, answer

from .conftest import DAY, World, health

pytestmark = pytest.mark.django_db


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
