"""Atom feeds of changes of meaning: for everything, a framework, a criterion, a comparison and a claim.

The entries are those of the front page (history/news.py). Addresses begin with SITE_URL, whatever host is asked, and
ids are tag URIs (RFC 4151) that never change: a feed reader shows no entry twice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import wraps
from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comparisons.domain.vocabulary import ChangeKind
from comparisons.history import news
from comparisons.language.cleaning import FORBIDDEN
from comparisons.language.labels import label
from comparisons.language.markdown import plain
from comparisons.models import Claim, Comparison, Criterion, Framework, remembered, sealed, subject
from comparisons.views.kept import kept
from comparisons.views.linked_data import absolute

#: Entries of a feed, the newest, and letters of a title.
ENTRIES, TITLE = 50, 160


@dataclass(frozen=True)
class Followed:
    """What a feed is about. href: its page. about: the changes that concern it; None for all."""

    title: str
    href: str
    about: Q | None = None


def tag_uri(path: str, day: datetime | Any) -> str:
    """A name for good, under the name of this site and a day on which it was there."""
    return f"tag:{urlsplit(settings.SITE_URL).hostname},{day:%Y-%m-%d}:{quote(path, safe='/')}"


def _clean(text: str) -> str:
    """Text without characters that XML cannot hold."""
    return FORBIDDEN.sub("", text)


class SteadyAtom(Atom1Feed):
    """An Atom feed that without entries has a day of its own, so that the same feed has the same text."""

    def latest_post_date(self) -> datetime:
        return super().latest_post_date() if self.items else datetime(2000, 1, 1, tzinfo=UTC)


class MeaningFeed(Feed):
    """A feed of what changed its meaning, with the old value, the new one and the reason."""

    feed_type = SteadyAtom
    language = settings.LANGUAGE_CODE

    def __init__(self, followed: Followed, path: str):
        self.followed, self.path = followed, path

    def title(self) -> str:
        name = subject.current().name
        return _("%(what)s: changes – %(site)s") % {"what": _clean(self.followed.title), "site": name}

    def subtitle(self) -> str:
        return _("What means something else than before, with the old answer, the new one and the reason.")

    def link(self) -> str:
        return absolute(self.followed.href)

    def feed_url(self) -> str:
        return absolute(self.path)

    def feed_guid(self) -> str:
        return absolute(self.path)

    def author_name(self) -> str:
        return subject.current().name

    def feed_copyright(self) -> str:
        return subject.current().text_licence

    def items(self) -> list[news.NewsItem]:
        return news.changes(ENTRIES, self.followed.about)

    def item_title(self, item: Any) -> str:
        what = Truncator(_clean(plain(item.title))).chars(TITLE)
        return _("%(kind)s: %(what)s") % {"kind": capfirst(str(label(item.kind))), "what": what}

    def item_description(self, item: Any) -> str:
        why = _clean(plain(item.why))
        if item.kind == ChangeKind.ADDED:
            return format_html("<p>{}</p>", _("It is compared from now on."))
        change = format_html(
            "<p><del>{}</del> → <ins><strong>{}</strong></ins></p>", _clean(item.before), _clean(item.after)
        )
        return change + format_html("<p>{}</p>", why) if why else change

    def item_link(self, item: Any) -> str:
        return absolute(item.href)

    def item_guid(self, item: Any) -> str:
        return tag_uri(item.id, item.on)

    def item_pubdate(self, item: Any) -> datetime:
        return timezone.make_aware(datetime.combine(item.on, time()))

    def item_updateddate(self, item: Any) -> datetime:
        written: datetime = item.written
        return written

    def item_categories(self, item: Any) -> list[str]:
        return [str(label(item.kind))]


def _feed(what: Callable[..., Followed]) -> Callable[..., HttpResponse]:
    """A kept view with the feed of what is followed, which is made again only if its queries find something else."""

    @kept()
    @require_safe
    @wraps(what)
    def view(request: HttpRequest, **names: str) -> HttpResponse:
        def make() -> bytes:
            response = MeaningFeed(what(**names), request.path)(request)
            return sealed.written((response.content, response["Content-Type"], response.get("Last-Modified")))

        key = (view, request.path, *names.items(), timezone.localdate())
        text, content_type, modified = sealed.read(remembered.made(key, make))
        return HttpResponse(text, content_type, headers={"Last-Modified": modified} if modified else None)

    return view


@_feed
def everything() -> Followed:
    """All changes; one query."""
    return Followed(str(subject.current()), reverse("comparisons:home"))


@_feed
def of_framework(slug: str) -> Followed:
    """What changed about a framework; two queries."""
    row = get_object_or_404(Framework.objects.published(), slug=slug)
    return Followed(row.name, row.get_absolute_url(), Q(framework=row) | Q(claim__framework=row))


@_feed
def of_criterion(slug: str) -> Followed:
    """What changed under a criterion, or a use case; two queries."""
    row = get_object_or_404(Criterion.objects.published().select_related("group"), slug=slug)
    href = reverse("comparisons:use_case", args=[slug]) if row.group.holds_use_cases else row.get_absolute_url()
    return Followed(row.name, href, Q(criterion=row) | Q(claim__criterion=row))


@_feed
def of_comparison(slug: str) -> Followed:
    """What changed in the cells of a comparison, in the claims behind them, and what is new in it; two queries."""
    row = get_object_or_404(Comparison.objects.published(), slug=slug)
    columns, rows = row.columns.order_by().values("framework"), row.rows.order_by().values("criterion")
    new = Q(kind=ChangeKind.ADDED) & (Q(framework__in=columns) | Q(criterion__in=rows))
    cells = Q(framework__in=columns, criterion__in=rows)
    return Followed(
        row.title, row.get_absolute_url(), new | cells | Q(claim__framework__in=columns, claim__criterion__in=rows)
    )


@_feed
def of_claim(key: str) -> Followed:
    """What changed about a claim, and about the answer that it bears on; two queries."""
    row = get_object_or_404(Claim.objects.published(), key=key)
    title = Truncator(plain(row.statement)).chars(TITLE)
    about = Q(claim=row)
    if row.framework_id:
        about |= Q(framework=row.framework_id, criterion=row.criterion_id)
    return Followed(title, row.get_absolute_url(), about)
