"""What is stored of the addresses of articles: which are due, what a try of one says, and who is at work.

An article says how its link is; `LinkCheck` holds what the next try needs. Both follow the address: when it changes, by
whatever way it is written, what was known of the old one goes in the same transaction.
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
#: How long a run that does not stir is believed to be at work. One address takes less, with all its waiting.
LEASE = timedelta(minutes=10)
#: Addresses that are asked whether anybody answers.
WITNESSES = 3


@dataclass(frozen=True)
class Link:
    """The address of an article, as it was when it was found due, and what a conditional request takes."""

    article: int
    slug: str
    url: str
    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True)
class Finding:
    """What a try of an address gave: a status, or why there is none.

    wait: how long the host wants to be left alone. moved_to: where permanent redirects lead, "" for nowhere.
    """

    status: int | None = None
    trouble: LinkTrouble | None = None
    wait: timedelta | None = None
    moved_to: str = ""
    etag: str = ""
    last_modified: str = ""


class Busy(Exception):
    """Another run is at work."""


class Overtaken(Exception):
    """This run was taken for dead, and another one has begun."""


def due(now: datetime, older_than: timedelta) -> list[Link]:
    """Addresses to try, those first that were tried longest ago: never, not for so long, or failed on an earlier day.

    What fails is tried again on the next day, so that it takes days, not weeks, to know; once it is dead it waits as
    all others do.
    """
    failing = Q(link_check__failed_days__range=(1, DAYS_UNTIL_DEAD - 1), link_check__failed_on__lt=now.date())
    tried = Q(link_checked_at__isnull=True) | Q(link_checked_at__lte=now - older_than)
    return _links(Article.objects.filter(tried | failing))


def named(slugs: Collection[str]) -> list[Link]:
    """The addresses of these articles, however lately they were tried."""
    return _links(Article.objects.filter(slug__in=slugs))


def witnesses() -> list[Link]:
    """Addresses that answered lately, of which one should do so again: else it is our network that is down."""
    answering = Article.objects.filter(link_health=LinkHealth.OK, link_checked_at__isnull=False).exclude(url="")
    rows = answering.order_by("-link_checked_at", "pk").values_list("pk", "slug", "url")[:WITNESSES]
    return [Link(*row) for row in rows]


def asked_to_wait(now: datetime) -> list[str]:
    """Addresses whose hosts want to be left alone."""
    return list(LinkCheck.objects.filter(not_before__gt=now).values_list("url", flat=True))


def _links(articles: models.QuerySet[Any]) -> list[Link]:
    rows = articles.exclude(url="").order_by(F("link_checked_at").asc(nulls_first=True), "pk")
    stored = ("link_check__etag", "link_check__last_modified")
    return [
        Link(pk, slug, url, etag or "", modified or "")
        for pk, slug, url, etag, modified in rows.values_list("pk", "slug", "url", *stored)
    ]


@transaction.atomic
def record(link: Link, found: Finding, now: datetime) -> tuple[str, LinkHealth | None]:
    """Store what a try gave; the health of the link before and from now on.

    None, and nothing is stored, if the article has another address by now. The version of the article stays: no editor
    hears of a robot. What hangs on articles is told if the health changed.
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
    """Forget what is known of addresses that these articles no longer have. keys: "articles"."""
    for batch in batched(keys["articles"], BATCH):
        changed = LinkCheck.objects.using(using).filter(article__in=batch).exclude(url=F("article__url"))
        articles = list(changed.values_list("article", flat=True))
        if articles:
            with transaction.atomic(using=using):
                LinkCheck.objects.using(using).filter(article__in=articles).delete()
                rows = Article.objects.using(using).filter(pk__in=articles)
                rows.update(link_health=LinkHealth.UNCHECKED, link_checked_at=None)


#: In the transaction of the write: no reader sees a new address with what was known of the old one.
LINK_CHECKS = Derived("links", {Article: Reach("articles")}, forget_changed, in_transaction=True)


@contextmanager
def alone(now: Callable[[], datetime]) -> Iterator[Callable[[], None]]:
    """Be the only run at work; Busy if there is another. Yields what a run has to call before each write.

    A row, not a lock of the database: it works alike on all of them, and no transaction stays open. It lapses by
    itself when a run was killed. That call raises Overtaken if this run was silent for so long that another began.
    """
    holder, began = secrets.token_hex(16), now()
    with transaction.atomic():
        Lease.objects.get_or_create(job=JOB, defaults={"until": began})
        lease = Lease.objects.select_for_update().get(job=JOB)
        if lease.holder and began < lease.until <= began + LEASE:  # later than that only by a clock that was wrong
            raise Busy
        lease.holder, lease.until = holder, began + LEASE
        lease.save()
    own = Lease.objects.filter(job=JOB, holder=holder)

    def stay() -> None:
        if not own.update(until=now() + LEASE):
            raise Overtaken

    try:
        yield stay
    finally:
        own.update(holder="")
