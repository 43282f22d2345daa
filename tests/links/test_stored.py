"""Findings about the addresses of articles: how they are stored, and when they are deleted."""

from __future__ import annotations

import datetime as dt
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import serializers

from comparisons.domain.vocabulary import LinkTrouble
from comparisons.exchange.fixtures import loading
from comparisons.links import stored as links
from comparisons.links.stored import ArticleLink, Finding
from comparisons.maintenance import checks
from comparisons.models import Article, Lease, LinkCheck, bulk_write
from tests.editing.test_concurrency import at_once
from tests.factories import NOON, make_article

pytestmark = pytest.mark.django_db
NOT_FOUND, FOUND, REFUSED = Finding(404), Finding(200), Finding(403)
URL = "https://example.org/page"


def link_of(article: Article) -> ArticleLink:
    return ArticleLink(article.pk, article.slug, article.url)


def tried(article: Article, *findings: Finding, now: dt.datetime = NOON) -> Article:
    """The article after these findings, one on each day."""
    for day, finding in enumerate(findings):
        links.record(link_of(article), finding, now + timedelta(days=day))
    return Article.objects.get(pk=article.pk)


@pytest.mark.parametrize(
    ("findings", "health"),
    [
        ([FOUND], "ok"),
        ([Finding(304)], "ok"),
        ([NOT_FOUND], "unknown"),
        ([Finding(trouble=LinkTrouble.NO_HOST)], "unknown"),
        ([NOT_FOUND, NOT_FOUND, NOT_FOUND], "dead"),
        ([NOT_FOUND, NOT_FOUND, FOUND, NOT_FOUND], "unknown"),
        ([Finding(403)] * 5, "unknown"),
        ([Finding(405)] * 5, "unknown"),
        ([Finding(429)] * 5, "unknown"),
        ([Finding(500)] * 5, "unknown"),
        ([Finding(trouble=LinkTrouble.TIMEOUT)] * 5, "unknown"),
        ([NOT_FOUND, NOT_FOUND, NOT_FOUND, REFUSED], "unknown"),
        ([NOT_FOUND, NOT_FOUND, NOT_FOUND, FOUND], "ok"),
    ],
)
def test_an_article_holds_the_health_of_its_link_and_when_it_was_checked(findings: list[Finding], health: str) -> None:
    article = tried(make_article(url=URL), *findings)
    assert article.link_health == health
    assert article.link_checked_at == NOON + timedelta(days=len(findings) - 1)


def test_three_failures_on_one_day_count_as_one() -> None:
    article = make_article(url=URL)
    for hour in range(3):
        article = tried(article, NOT_FOUND, now=NOON + timedelta(hours=hour))
    assert article.link_health == "unknown"
    assert article.link_check.failed_days == 1


def test_a_check_stores_what_the_next_check_and_editors_need() -> None:
    moved, wait = "https://example.org/new", timedelta(hours=1)
    article = tried(make_article(url=URL), NOT_FOUND, Finding(200, None, wait, moved, '"x"', "Fri"))
    stored = LinkCheck.objects.get(article=article)
    assert (stored.status, stored.trouble, stored.moved_to) == (200, "", moved)
    assert (stored.etag, stored.last_modified) == ('"x"', "Fri")
    assert stored.not_before == NOON + timedelta(days=1) + wait
    assert (stored.failed_days, stored.failing_since) == (0, None)
    assert links.named([article.slug]) == [ArticleLink(article.pk, article.slug, URL, '"x"', "Fri")]


def test_a_check_changes_no_version_and_writes_no_history() -> None:
    article = make_article(url=URL)
    mine = Article.objects.get(pk=article.pk)
    assert tried(article, FOUND, NOT_FOUND, NOT_FOUND, NOT_FOUND).version == article.version
    assert article.history.count() == 1
    mine.title = "An editor's title"
    mine.save()
    assert Article.objects.get(pk=article.pk).title == "An editor's title"


@pytest.mark.parametrize("save", [{}, {"update_fields": ["title"]}])
def test_saving_an_article_read_before_a_check_does_not_undo_the_check(save: dict[str, Any]) -> None:
    article = make_article(url=URL)
    tried(article, FOUND)
    article.title = "Another title"
    article.save(**save)
    stored = Article.objects.get(pk=article.pk)
    assert (stored.title, stored.link_health, stored.link_checked_at) == ("Another title", "ok", NOON)


def test_a_write_is_announced_for_a_new_health_but_not_for_every_check() -> None:
    announced = []

    def receive(pks: Any, **_: Any) -> None:
        announced.extend(pks)

    article = make_article(url=URL)
    bulk_write.connect(receive, sender=Article)
    try:
        tried(article, FOUND)
        assert set(announced) == {article.pk}
        announced.clear()
        tried(article, FOUND)
        assert announced == []
    finally:
        bulk_write.disconnect(receive, sender=Article)


def by_form(article: Article, url: str) -> None:
    article.url = url
    article.save()


def by_update(article: Article, url: str) -> None:
    Article.objects.filter(pk=article.pk).update(url=url)


def by_bulk_update(article: Article, url: str) -> None:
    article.url = url
    Article.objects.bulk_update([article], ["url"])


def by_fixture(article: Article, url: str) -> None:
    article.url = url
    for row in serializers.deserialize("json", serializers.serialize("json", [article])):
        row.save()


WAYS = [by_form, by_update, by_bulk_update, by_fixture]


@pytest.mark.parametrize("write", WAYS)
@pytest.mark.parametrize("url", ["https://example.org/other", ""])
def test_a_new_address_is_unchecked(write: Any, url: str) -> None:
    article, other = make_article(url=URL), make_article(url=URL)
    tried(article, NOT_FOUND, NOT_FOUND, NOT_FOUND)
    tried(other, NOT_FOUND, NOT_FOUND, NOT_FOUND)
    write(Article.objects.get(pk=article.pk), url)
    stored = Article.objects.get(pk=article.pk)
    assert (stored.url, stored.link_health, stored.link_checked_at) == (url, "unchecked", None)
    assert list(LinkCheck.objects.values_list("article", flat=True)) == [other.pk]
    assert Article.objects.get(pk=other.pk).link_health == "dead"


@pytest.mark.parametrize("write", WAYS)
def test_an_article_saved_with_the_same_address_keeps_its_health(write: Any) -> None:
    article = tried(make_article(url=URL), NOT_FOUND, NOT_FOUND, NOT_FOUND)
    write(Article.objects.get(pk=article.pk), URL)
    assert Article.objects.get(pk=article.pk).link_health == "dead"
    assert LinkCheck.objects.get().failed_days == 3


def test_a_finding_about_an_address_that_has_changed_is_dropped() -> None:
    article = make_article(url=URL)
    old = link_of(article)
    by_form(article, "https://example.org/other")
    assert links.record(old, NOT_FOUND, NOON) == ("unchecked", None)
    assert Article.objects.get(pk=article.pk).link_checked_at is None
    assert not LinkCheck.objects.exists()


def test_a_finding_about_an_article_that_was_deleted_is_dropped() -> None:
    article = make_article(url=URL)
    old = link_of(article)
    tried(article, FOUND)
    article.delete()
    assert links.record(old, NOT_FOUND, NOON) == ("unchecked", None)
    assert not LinkCheck.objects.exists()


def test_fixtures_neither_contain_nor_undo_findings(tmp_path: Path) -> None:
    (tmp_path / "articles.yaml").write_text(
        f"- model: comparisons.article\n  fields: {{slug: one, title: One, url: '{URL}', kind: article,"
        " interest: independent, published_on: 2026-11-20, precision: day}\n"
    )
    loading.load(tmp_path)
    article = tried(Article.objects.get(), FOUND)
    report = loading.load(tmp_path)
    assert report.updated.total() == 0
    assert Article.objects.get().link_health == "ok"
    assert Article.objects.get().version == article.version
    assert not {LinkCheck, Lease} & set(checks.content_models())


def slugs(found: list[ArticleLink]) -> list[str]:
    return [link.slug for link in found]


def test_addresses_never_checked_or_checked_long_ago_are_due_the_oldest_first() -> None:
    for slug, days in {"yesterday": 1, "week": 7, "month": 30}.items():
        tried(make_article(slug, url=URL), FOUND, now=NOON - timedelta(days=days))
    make_article("never", url=URL)
    make_article("nowhere", url="")
    assert slugs(links.due(NOON, timedelta(days=7))) == ["never", "month", "week"]
    assert slugs(links.due(NOON, timedelta(days=0))) == ["never", "month", "week", "yesterday"]
    assert slugs(links.named(["yesterday", "nowhere"])) == ["yesterday"]


def test_a_failed_address_is_due_every_day_until_it_is_dead() -> None:
    article, week = make_article("one", url=URL), timedelta(days=7)
    for day in range(3):
        now = NOON + timedelta(days=day)
        assert slugs(links.due(now, week)) == ["one"]
        tried(article, NOT_FOUND, now=now)
        assert slugs(links.due(now + timedelta(hours=11), week)) == []
    assert slugs(links.due(NOON + timedelta(days=3), week)) == []
    assert slugs(links.due(NOON + timedelta(days=2) + week, week)) == ["one"]


@pytest.mark.parametrize("size", [1, 20])
def test_due_addresses_take_one_query(django_assert_num_queries: Any, size: int) -> None:
    for _ in range(size):
        tried(make_article(url=URL), FOUND)
    with django_assert_num_queries(1):
        assert len(links.due(NOON + timedelta(days=9), timedelta(days=7))) == size


def clock(*seconds: float) -> Any:
    """A clock that returns these times in turn, and then the last one again and again."""
    times = [NOON + timedelta(seconds=second) for second in seconds]
    return lambda: times.pop(0) if len(times) > 1 else times[0]


def test_only_one_of_two_runs_is_active() -> None:
    with links.only_run(clock(0)), pytest.raises(links.Busy), links.only_run(clock(1)):
        pass
    with links.only_run(clock(2)):
        pass


def test_a_run_that_ends_in_an_error_does_not_block_the_next_one() -> None:
    with pytest.raises(RuntimeError), links.only_run(clock(0)):
        raise RuntimeError
    with links.only_run(clock(0)):
        pass


@pytest.mark.parametrize(
    ("until", "free"), [(timedelta(seconds=1), False), (timedelta(), True), (links.LEASE * 2, True)]
)
def test_a_run_that_was_killed_blocks_the_next_one_for_minutes_only(until: timedelta, free: bool) -> None:
    Lease.objects.create(job=links.JOB, holder="killed", until=NOON + until)
    if free:
        with links.only_run(clock(0)) as renew:
            renew()
    else:
        with pytest.raises(links.Busy), links.only_run(clock(0)):
            pass


def test_a_run_renews_its_lease_and_stops_if_another_has_started() -> None:
    late = links.LEASE.total_seconds()
    with links.only_run(clock(0, late / 2)) as renew:
        renew()
        with pytest.raises(links.Busy), links.only_run(clock(late + 1)):
            pass
        with links.only_run(clock(2 * late)), pytest.raises(links.Overtaken):
            renew()


@pytest.mark.django_db(transaction=True)
def test_only_one_of_many_runs_that_start_together_is_active() -> None:
    import threading

    all_tried = threading.Barrier(4)

    def begin() -> str:
        try:
            with links.only_run(lambda: NOON):
                all_tried.wait(20)
                return "worked"
        except links.Busy:
            all_tried.wait(20)
            return "busy"

    assert sorted(map(str, at_once(begin, begin, begin, begin))) == ["busy", "busy", "busy", "worked"]


@pytest.mark.django_db(transaction=True)
def test_an_edit_and_a_check_at_the_same_time_do_not_undo_each_other() -> None:
    for turn in range(5):
        article = make_article(url=URL)
        tried(article, NOT_FOUND)
        mine = Article.objects.get(pk=article.pk)
        mine.url, mine.title = f"https://example.org/{turn}", "Mine"
        link = link_of(article)
        ends = at_once(mine.save, lambda link=link: links.record(link, FOUND, NOON))
        assert not [end for end in ends if isinstance(end, Exception)]
        stored = Article.objects.get(pk=article.pk)
        assert (stored.title, stored.version) == ("Mine", 2)
        assert (stored.link_health, stored.link_checked_at) == ("unchecked", None)
        assert not LinkCheck.objects.filter(article=article).exists()
