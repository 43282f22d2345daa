"""Who is the independent witness behind an article."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from comparisons.domain.statements import witness_of
from comparisons.models import Article, remembered


class Witnesses:
    """Names the witness behind an article: the publisher at the origin of a chain of rewrites.

    Of several articles with one address, all but the first by slug count as rewrites of that one. Only articles that
    follow another one, or share its address, are looked up, in one query. Those in a circle, and all that follow them,
    are one witness, named after the first slug of the circle.

    using: the database that is asked, as whoever writes what follows from it has to. Readers name none: what they are
    told is remembered.
    """

    def __init__(self, using: str | None = None):
        self.using = using or DEFAULT_DB_ALIAS
        rows: Iterable[Any] = _linked().using(using) if using else remembered.rows(_linked())
        self._follows = {
            pk: (origin, publisher, slug) if origin is not None else (first_pk, first_publisher, first_slug)
            for pk, origin, publisher, slug, first_pk, first_publisher, first_slug in rows
            if origin is not None or pk != first_pk
        }

    def of(self, pk: int, publisher: str | None, slug: str) -> str:
        """The witness behind the article with this primary key, name of the publisher and slug; no query."""
        seen: dict[int, str] = {}
        while pk in self._follows:
            if pk in seen:
                steps = list(seen)
                return "circle of " + min(seen[step] for step in steps[steps.index(pk) :])
            seen[pk] = slug
            pk, publisher, slug = self._follows[pk]
        return witness_of(publisher, slug)


def _linked() -> QuerySet[Any]:
    """Articles that follow another one or share an address, with what they follow and the first of that address."""
    alike = Article.objects.exclude(url_key="").order_by().values("url_key").annotate(articles=Count("pk"))
    shared = alike.filter(articles__gt=1).values("url_key")
    same = Article.objects.filter(url_key=OuterRef("url_key")).exclude(url_key="").order_by("slug")
    first = {f"first_{name}": Subquery(same.values(name)[:1]) for name in ("pk", "publisher", "slug")}
    rows = Article.objects.annotate(**first).filter(Q(follows__isnull=False) | Q(url_key__in=shared))
    return rows.order_by().values_list("pk", "follows_id", "follows__publisher", "follows__slug", *first)
