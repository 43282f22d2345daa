"""The sitemap: every public address with the day of its last change that readers could see."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Count, Exists, Max, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Greatest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
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


class PageEntry(NamedTuple):
    """A path, and when its page last changed; None if no change is recorded."""

    path: str
    changed: datetime | None


class MapSection(NamedTuple):
    """Pages of one type.

    rows: the records that a reader may see. columns: the arguments of the address, which is called `name`.
    changed: an expression for the time of the last change.
    """

    rows: Callable[[], QuerySet[Any]]
    columns: tuple[str, ...]
    name: str
    changed: Callable[[], Any]


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


def _cell_changed() -> Any:
    """A cell changes with its claims and with its ruling."""
    here = {"framework": OuterRef("framework"), "criterion": OuterRef("criterion")}
    claims = _newest(_seen(), **here)
    rulings = _newest(Ruling.history.model.objects.exclude(history_type="-"), **here)
    return Greatest(Coalesce(claims, rulings), Coalesce(rulings, claims))


def _claims() -> QuerySet[Any]:
    return Claim.objects.published()


SECTIONS = {
    "comparisons": MapSection(Comparison.objects.all, ("slug",), "comparison", lambda: _of_row(Comparison)),
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
        lambda: Cell.objects.filter(claims__gt=0), ("framework__slug", "criterion__slug"), "cell", _cell_changed
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


def entries(name: str, page: int) -> list[PageEntry]:
    """The entries of one file, at most LIMIT; one query."""
    if name == "pages":
        newest = _seen().order_by("-history_date").values_list("history_date", flat=True)[:1] if page == 1 else []
        there = [one for one in PAGES if one != "sample_list" or has_samples()] if page == 1 else []
        return [PageEntry(reverse(f"comparisons:{one}"), next(iter(newest), None)) for one in there]
    section = SECTIONS[name]
    start = (page - 1) * LIMIT
    # The rows of the file are found first, so that the last change of those before them is not looked up.
    here = section.rows().order_by("pk").values("pk")[start : start + LIMIT]
    rows = section.rows().model._base_manager.filter(pk__in=here).order_by("pk").annotate(changed_at=section.changed())
    address = addresses(section.name, len(section.columns))
    return [PageEntry(address(*row[:-1]), row[-1]) for row in rows.values_list(*section.columns, "changed_at")]


@kept()
@require_safe
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """The index of the sitemap; one query."""
    found = remembered.made((files, subject.nouns()), files)
    context = {"files": found, "site_url": settings.SITE_URL}
    return render(request, "comparisons/sitemap_index.xml", context, content_type="application/xml")


@kept(filters.NumberForm)
@require_safe
def sitemap_file(request: HttpRequest, section: str) -> HttpResponse:
    """One file of the sitemap; one query."""
    page = filters.NumberForm.read(request.GET).params["page"]
    section = "frameworks" if section == subject.nouns().address else section
    if section != "pages" and section not in SECTIONS:
        raise Http404
    found = entries(section, page)
    if not found and page > 1:
        raise Http404
    context = {"entries": found, "site_url": settings.SITE_URL}
    return render(request, "comparisons/sitemap.xml", context, content_type="application/xml")
