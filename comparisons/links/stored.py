"""What is stored about the addresses of articles: which are due, what a check found, and which run is active.

An article holds the health of its link, `LinkCheck` what the next check needs. Both belong to the address: when that
changes, whatever writes it, what was known about the old one is deleted in the same transaction.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import DEFAULT_DB_ALIAS, models, transaction
from django.db.models import F, Q

from comparisons.domain.link_health import DAYS_UNTIL_DEAD, Failures, judge, outcome
from comparisons.domain.vocabulary import LinkHealth, LinkTrouble
from comparisons.models import Article, Lease, LinkCheck
from comparisons.models.batches import BATCH, batched
from comparisons.models.derived import Derived, Keys, Reach

JOB = "check_links"
#: How long a run is taken to be active after its last write. One address takes less time, with all pauses.
LEASE = timedelta(minutes=10)
#: Addresses that are fetched to find out whether our own network is up.
REFERENCE_LINKS = 3


@dataclass(frozen=True)
class ArticleLink:
    """The address of an article when it was read, and the validators for a conditional request."""

    article: int
    slug: str
    url: str
    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True)
class Finding:
    """The result of checking an address: a status, or the trouble because of which there is none.

    wait: how long the host asks us to wait. moved_to: the address that permanent redirects lead to, or "".
    """

    status: int | None = None
    trouble: LinkTrouble | None = None
    wait: timedelta | None = None
    moved_to: str = ""
    etag: str = ""
    last_modified: str = ""


class Busy(Exception):
    """Another run is active."""


class Overtaken(Exception):
    """This run was silent for so long that another one has started."""


def due(now: datetime, older_than: timedelta) -> list[ArticleLink]:
    """Addresses to check, those first whose last check is longest ago.

    These are the addresses that were never checked, or not for `older_than`, and those that failed on an earlier day:
    they are checked again every day, so that a dead link is known within days, not weeks. Once dead, a link is checked
    as rarely as all others.
    """
    failing = Q(link_check__failed_days__range=(1, DAYS_UNTIL_DEAD - 1), link_check__failed_on__lt=now.date())
    tried = Q(link_checked_at__isnull=True) | Q(link_checked_at__lte=now - older_than)
    return _links(Article.objects.filter(tried | failing))


def named(slugs: Collection[str]) -> list[ArticleLink]:
    """The addresses of these articles, even if they were checked recently."""
    return _links(Article.objects.filter(slug__in=slugs))


def reference_links() -> list[ArticleLink]:
    """The addresses that answered most recently. If none of them answers again, our own network is down."""
    answering = Article.objects.filter(link_health=LinkHealth.OK, link_checked_at__isnull=False).exclude(url="")
    rows = answering.order_by("-link_checked_at", "pk").values_list("pk", "slug", "url")[:REFERENCE_LINKS]
    return [ArticleLink(*row) for row in rows]


def waiting_urls(now: datetime) -> list[str]:
    """Addresses whose hosts have asked us to wait until later than now."""
    return list(LinkCheck.objects.filter(not_before__gt=now).values_list("url", flat=True))


def _links(articles: models.QuerySet[Any]) -> list[ArticleLink]:
    rows = articles.exclude(url="").order_by(F("link_checked_at").asc(nulls_first=True), "pk")
    stored = ("link_check__etag", "link_check__last_modified")
    return [
        ArticleLink(pk, slug, url, etag or "", modified or "")
        for pk, slug, url, etag, modified in rows.values_list("pk", "slug", "url", *stored)
    ]


@transaction.atomic
def record(link: ArticleLink, found: Finding, now: datetime) -> tuple[str, LinkHealth | None]:
    """Store a finding; return the health of the link before and after.

    The health after is None, and nothing is stored, if the article has another address by now or was deleted. The
    version of the article stays the same, so that a check never interferes with an editor's work. What is derived from
    articles is refreshed only if the health has changed.
    """
    article = Article.objects.select_for_update().filter(pk=link.article, url=link.url).first()
    if article is None:
        return LinkHealth.UNCHECKED, None
    check = LinkCheck.objects.filter(article=article).first() or LinkCheck(article=article)
    before = Failures(check.failed_days, check.failing_since, check.failed_on)
    health, after = judge(outcome(found.status, found.trouble), before, now.date())
    check.url, check.status, check.trouble = link.url, found.status, found.trouble or ""
    check.failed_days, check.failing_since, check.failed_on = after.days, after.first, after.last
    check.not_before = now + found.wait if found.wait else None
    check.etag, check.last_modified, check.moved_to = found.etag, found.last_modified, found.moved_to
    check.save()
    rows = Article.objects.filter(pk=article.pk)
    if article.link_health == health:
        models.QuerySet.update(rows, link_checked_at=now)
    else:
        rows.update(link_health=health, link_checked_at=now)
    return article.link_health, health


def forget_changed(keys: Keys, using: str = DEFAULT_DB_ALIAS) -> None:
    """Delete what is known about addresses that these articles no longer have. keys: primary keys of "articles"."""
    for batch in batched(keys["articles"], BATCH):
        changed = LinkCheck.objects.using(using).filter(article__in=batch).exclude(url=F("article__url"))
        articles = list(changed.values_list("article", flat=True))
        if articles:
            with transaction.atomic(using=using):
                LinkCheck.objects.using(using).filter(article__in=articles).delete()
                rows = Article.objects.using(using).filter(pk__in=articles)
                rows.update(link_health=LinkHealth.UNCHECKED, link_checked_at=None)


#: In the transaction, so that no reader sees a new address with the health of the old one.
LINK_CHECKS = Derived("links", {Article: Reach("articles")}, forget_changed, in_transaction=True)


@contextmanager
def only_run(now: Callable[[], datetime]) -> Iterator[Callable[[], None]]:
    """Let only one run be active at a time. Raises Busy if another is; yields a function to call before each write.

    That function renews the lease. It raises Overtaken if this run was silent for so long that another has started.
    The lease is a row, not a lock of the database: it works the same on every database, keeps no transaction open, and
    expires by itself if a run is killed.
    """
    holder, began = secrets.token_hex(16), now()
    with transaction.atomic():
        Lease.objects.get_or_create(job=JOB, defaults={"until": began})
        lease = Lease.objects.select_for_update().get(job=JOB)
        if lease.holder and began < lease.until <= began + LEASE:  # a later end can only come from a wrong clock
            raise Busy
        lease.holder, lease.until = holder, began + LEASE
        lease.save()
    own = Lease.objects.filter(job=JOB, holder=holder)

    def renew() -> None:
        if not own.update(until=now() + LEASE):
            raise Overtaken

    try:
        yield renew
    finally:
        own.update(holder="")
