"""The sitemap: every public address with the day of its last change that readers could see."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import lru_cache, partial
from html import escape
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Count, Exists, Max, OuterRef, QuerySet, Subquery, Value
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import get_script_prefix, reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from comparisons import filters
from comparisons.domain.vocabulary import Status
from comparisons.models import (
    Article,
    Benchmark,
    Cell,
    Claim,
    Comparison,
    Criterion,
    Framework,
    Ruling,
    remembered,
    subject,
)
from comparisons.models.prepared import ByKeys
from comparisons.proof.shown_samples import has_samples

from .addresses import addresses
from .kept import kept

#: Most addresses in one file. The protocol allows 50,000, which take seconds to look up and weigh 8 MB.
LIMIT = 1_000
#: Pages that are not the page of a record.
PAGES = (
    *("home", "comparison_list", "compare", "matrix", "framework_list", "criterion_list", "benchmark_list"),
    "sample_list",
    *(
        "claim_list",
        "article_list",
        "choose",
        "disagreement_list",
        "use_case_list",
        "pitfall_list",
        "practice_list",
        "method",
        "data",
        "coverage",
    ),
)
#: How a file of the protocol begins.
_BEGINNING = '<?xml version="1.0" encoding="UTF-8"?>\n<%s xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
#: What an address is made of, and when its page last changed.
_Row = tuple[Any, ...]


class MapSection(NamedTuple):
    """Pages of one type.

    rows: the records that a reader may see. columns: the arguments of the address, which is called `name`.
    changed: an expression for the time of the last change; None if `_newest_of_cells` finds it.
    """

    rows: Callable[[], QuerySet[Any]]
    columns: tuple[str, ...]
    name: str
    changed: Callable[[], Any] | None


def _newest(entries: QuerySet[Any], **here: Any) -> Subquery:
    """The date of the newest entry of a history among those of one record, as a subquery. here: that record."""
    dates = entries.filter(**here).order_by().values(*here).annotate(newest=Max("history_date"))
    return Subquery(dates.values("newest"))


def _of_row(model: Any) -> Subquery:
    return _newest(model.history.model.objects.exclude(history_type="-"), id=OuterRef("pk"))


def _seen() -> QuerySet[Any]:
    """The published states of claims that are published now."""
    now = Exists(Claim.objects.published().filter(pk=OuterRef("id")))
    return Claim.history.model.objects.filter(now, status=Status.PUBLISHED).exclude(history_type="-")


def _of_rulings() -> QuerySet[Any]:
    return Ruling.history.model.objects.exclude(history_type="-")


def _claims() -> QuerySet[Any]:
    return Claim.objects.published()


SECTIONS = {
    "comparisons": MapSection(
        lambda: Comparison.objects.published(), ("slug",), "comparison", lambda: _of_row(Comparison)
    ),
    "frameworks": MapSection(
        Framework.objects.published, ("slug",), "framework", lambda: _newest(_seen(), framework=OuterRef("pk"))
    ),
    "criteria": MapSection(
        Criterion.objects.published, ("slug",), "criterion", lambda: _newest(_seen(), criterion=OuterRef("pk"))
    ),
    "benchmarks": MapSection(Benchmark.objects.published, ("slug",), "benchmark", lambda: _of_row(Benchmark)),
    "use-cases": MapSection(
        lambda: Criterion.objects.published().filter(group__holds_use_cases=True),
        ("slug",),
        "use_case",
        lambda: _newest(_seen(), criterion=OuterRef("pk")),
    ),
    "cells": MapSection(
        lambda: Cell.objects.filter(claims__gt=0), ("framework__slug", "criterion__slug"), "cell", None
    ),
    "claims": MapSection(_claims, ("key",), "claim", lambda: _newest(_seen(), id=OuterRef("pk"))),
    "articles": MapSection(Article.objects.published, ("slug",), "article", lambda: _of_row(Article)),
}


def files() -> list[tuple[str, int]]:
    """The files of the sitemap as (section in the word of the subject, page from 1); one query."""
    counts = dict.fromkeys(SECTIONS, 0)
    parts = [
        section.rows()
        .order_by()
        .annotate(what=Value(name))
        .values("what")
        .annotate(n=Count("pk"))
        .values_list("what", "n")
        for name, section in SECTIONS.items()
    ]
    counts.update(dict(parts[0].union(*parts[1:], all=True).order_by()))
    pages = [(name, page) for name, found in counts.items() for page in range(1, -(-found // LIMIT) + 1)]
    return [("pages", 1), *((subject.nouns().address if name == "frameworks" else name, page) for name, page in pages)]


def _changes(states: Callable[[], QuerySet[Any]]) -> ByKeys:
    """The newest dates of a history by framework and criterion, among some frameworks and some criteria."""
    return ByKeys(
        lambda frameworks, criteria: (
            states()
            .filter(framework__in=frameworks, criterion__in=criteria)
            .order_by()
            .values_list("framework", "criterion")
            .annotate(newest=Max("history_date"))
        )
    )


#: A cell changes with its claims and with its ruling.
_CHANGES_OF_CELLS = (_changes(_seen), _changes(_of_rulings))


@lru_cache(maxsize=64)
def _rows_of(name: str, start: int, most: int) -> ByKeys:
    """The rows of a file: the keys in the address of each record, and when it last changed."""
    section = SECTIONS[name]
    if section.changed is None:
        columns = ("framework", "criterion", *section.columns)
        return ByKeys(lambda: section.rows().order_by("pk").values_list(*columns)[start : start + most])
    changed = section.changed()
    # The rows of the file are found first, so that the last change of those before them is not looked up.
    return ByKeys(
        lambda: (
            section.rows()
            .model._base_manager.filter(pk__in=section.rows().order_by("pk").values("pk")[start : start + most])
            .order_by("pk")
            .annotate(changed_at=changed)
            .values_list(*section.columns, "changed_at")
        )
    )


def _newest_of_cells(cells: Sequence[_Row]) -> list[_Row]:
    """The rows of cells, with when each last changed. cells: rows with the keys of framework and criterion first."""
    frameworks, criteria = ({cell[place] for cell in cells} for place in (0, 1))
    newest: dict[_Row, datetime] = {}
    for changes in _CHANGES_OF_CELLS:
        for framework, criterion, day in changes(frameworks, criteria):
            newest[framework, criterion] = max(day, newest.get((framework, criterion), day))
    return [(*cell[2:], newest.get(cell[:2])) for cell in cells]


#: When a published claim last changed.
_NEWEST = ByKeys(lambda: _seen().order_by("-history_date").values_list("history_date", flat=True)[:1])


def _pages() -> list[_Row]:
    """The pages that are not those of a record; one query."""
    newest = next(iter(_NEWEST()), None)
    there = [one for one in PAGES if one != "sample_list" or has_samples()]
    return [(reverse(f"comparisons:{one}"), newest) for one in there]


def _file(name: str, page: int) -> bytes:
    """One file of the sitemap, with at most LIMIT pages; three queries for cells, else one. Raises Http404."""
    address: Callable[..., str] = str
    if name == "pages":
        found = _pages() if page == 1 else []
    else:
        section = SECTIONS[name]
        found = _rows_of(name, (page - 1) * LIMIT, LIMIT)()
        found = found if section.changed else _newest_of_cells(found)
        address = addresses(section.name, len(section.columns))
    if not found and page > 1:
        raise Http404
    return _text("urlset", "url", address, found)


def _text(whole: str, each: str, address: Callable[..., str], rows: Iterable[_Row]) -> bytes:
    """A file of the protocol. address: makes the path of an entry of the keys with which its row begins.

    The last of a row is when the entry changed; None if no change is recorded.
    """
    site, zone = settings.SITE_URL, timezone.get_current_timezone()
    entries = []
    for *keys, day in rows:
        changed = f"<lastmod>{day.astimezone(zone).isoformat()}</lastmod>" if day else ""
        entries.append(f"<{each}><loc>{escape(site + address(*keys))}</loc>{changed}</{each}>\n")
    return (_BEGINNING % whole + "".join(entries) + f"</{whole}>\n").encode()


def _index() -> bytes:
    """The index of the sitemap; one query."""

    def address(section: str, page: int) -> str:
        return reverse("comparisons:sitemap_file", args=[section]) + (f"?page={page}" if page > 1 else "")

    return _text("sitemapindex", "sitemap", address, ((*file, None) for file in files()))


def _answer(make: Callable[[], bytes], *arguments: Any) -> HttpResponse:
    """What a function makes of these arguments, in the word of the subject and below where the site is mounted."""
    text = remembered.made((_answer, subject.nouns(), get_script_prefix(), *arguments), make)
    return HttpResponse(text, content_type="application/xml")


@kept()
@require_safe
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """The index of the sitemap; one query."""
    return _answer(_index)


@kept(filters.NumberForm)
@require_safe
def sitemap_file(request: HttpRequest, section: str) -> HttpResponse:
    """One file of the sitemap; three queries for cells, else one."""
    page = filters.NumberForm.read(request.GET).params["page"]
    section = "frameworks" if section == subject.nouns().address else section
    if section != "pages" and section not in SECTIONS:
        raise Http404
    return _answer(partial(_file, section, page), section, page)
