"""The command `check_links`: its options, its output, and runs that are stopped."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from comparisons.domain.link_health import DAYS_UNTIL_DEAD
from comparisons.links import stored
from comparisons.links.stored import ArticleLink, Finding
from comparisons.models import Article, Lease
from tests.factories import make_article
from tests.sites import Site, answer

from .conftest import DAY, Checker, health

pytestmark = pytest.mark.django_db


def test_the_oldest_come_first_up_to_the_limit(checker: Checker, own: Site) -> None:
    for number in range(4):
        article = make_article(f"a{number}", url=own.url())
        if number:
            stored.record(ArticleLink(article.pk, "", article.url), Finding(200), checker.now - (10 + number) * DAY)
    checker.run("--limit", "2")
    assert set(Article.objects.filter(link_checked_at=checker.now).values_list("slug", flat=True)) == {"a0", "a3"}


def test_an_address_that_is_not_due_is_checked_only_if_it_is_named(checker: Checker, own: Site) -> None:
    make_article("one", url=own.url())
    checker.run()
    checker.now += DAY
    assert "0 addresses checked." in checker.run()
    assert "1 addresses checked" in checker.run("--article", "one")
    assert "0 addresses checked." in checker.run("--older-than", "1")
    checker.now += DAY
    assert "1 addresses checked" in checker.run("--older-than", "1")


def test_a_dry_run_makes_no_request_and_stores_nothing(checker: Checker, own: Site) -> None:
    make_article("one", url=own.url())
    text = checker.run("--dry-run")
    assert "  one\n" in text and "would be checked: 1, on different hosts: 1. No request was sent." in text
    assert own.requests == [] and health("one") == "unchecked" and not Lease.objects.exists()


def test_an_unknown_article_is_named_in_the_error(checker: Checker) -> None:
    with pytest.raises(CommandError, match="no article nobody, nowhere"):
        checker.run("--article", "nowhere", "nobody")


@pytest.mark.parametrize("value", ["-1", "x", "1.5", "١", "9" * 9])
def test_a_malformed_number_is_refused(checker: Checker, value: str) -> None:
    with pytest.raises(CommandError, match="whole number"):
        checker.run("--limit", value)


def test_a_second_run_does_nothing_and_does_not_fail(checker: Checker, own: Site) -> None:
    make_article("one", url=own.url())
    with stored.only_run(lambda: checker.now):
        assert checker.run() == ""
    assert "Another run is in progress" in checker.errors
    assert own.requests == []


def test_a_run_that_is_stopped_keeps_its_findings_and_the_next_continues(
    checker: Checker, own: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    for slug in ("one", "two", "three"):
        make_article(slug, url=own.url())
    record = stored.record

    def stopped(link: ArticleLink, *rest: Any) -> Any:
        if link.slug == "two":
            raise KeyboardInterrupt
        return record(link, *rest)

    monkeypatch.setattr(stored, "record", stopped)
    with pytest.raises(CommandError, match="Stopped"):
        checker.run()
    assert [health(slug) for slug in ("one", "two", "three")] == ["ok", "unchecked", "unchecked"]
    monkeypatch.undo()


def test_a_run_that_was_overtaken_stores_nothing_more(checker: Checker, own: Site) -> None:
    make_article("one", url=own.url())
    begin = stored.only_run

    with pytest.MonkeyPatch.context() as patch:

        def overtaken(now: Any) -> Any:
            manager = begin(now)
            renew = manager.__enter__()
            Lease.objects.update(holder="another", until=checker.now + stored.LEASE)
            return nullcontext(renew)

        patch.setattr(stored, "only_run", overtaken)
        with pytest.raises(CommandError, match="another one has begun"):
            checker.run()
    assert health("one") == "unchecked"


def test_an_address_that_changes_during_its_check_is_not_counted(checker: Checker, own: Site) -> None:
    article = make_article("one", url=own.url())
    record = stored.record
    with pytest.MonkeyPatch.context() as patch:

        def late(*arguments: Any) -> Any:
            Article.objects.filter(pk=article.pk).update(url="https://example.org/new")
            return record(*arguments)

        patch.setattr(stored, "record", late)
        assert "1 not counted" in checker.run()
    assert health("one") == "unchecked"


def test_verbosity_0_prints_nothing(checker: Checker, own: Site) -> None:
    make_article("one", url=own.url())
    assert checker.run(verbosity=0) == ""


def test_control_characters_from_a_site_are_not_printed(checker: Checker, own: Site) -> None:
    own.pages |= {
        "/page": b"HTTP/1.1 301 \x1b[31mRed\r\nLocation: /\x1b[31m?\x07\r\n\r\n",
        "/%1B%5B31m?%07": answer(200),
    }
    make_article("one", url=own.url())
    text = checker.run()
    assert text.isprintable() or all(line.isprintable() for line in text.splitlines())
    assert "moved to" in text


def test_the_help_says_when_a_link_is_dead(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        call_command("check_links", "--help")
    assert f"at least {DAYS_UNTIL_DEAD} different days" in " ".join(capsys.readouterr().out.split())
