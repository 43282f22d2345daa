"""Matrices: curated comparisons, frameworks that a reader picks, and everything at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, FilteredRelation, Q, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from comparisons import filters
from comparisons.domain.matrix import Column, Line, Matrix
from comparisons.domain.scoring import profile
from comparisons.domain.vocabulary import Status
from comparisons.evidence import assessing
from comparisons.evidence.matrix import ONLY, Perspective, criteria_that
from comparisons.evidence.matrix import matrix as seen_matrix
from comparisons.maintenance.checks import FEWEST, MOST
from comparisons.models import Article, Comparison, ComparisonFramework, Criterion, Framework, Paragraph
from comparisons.models.base import JOINT
from comparisons.pros_cons import index as facets
from comparisons.pros_cons import lists

#: Most columns and rows of one page of a matrix; the rest is a link away.
ACROSS, DOWN = 24, 120
#: Pros, and cons, of each framework that a comparison shows; the rest is a link away.
EACH = 4
NO_SUCH = gettext_lazy("There is none of that name.")

_VIEW = (
    filters.Parameter("group", filters.key, most=filters.MAX_VALUES),
    filters.Parameter("criterion", filters.key, most=filters.MAX_VALUES),
    filters.Parameter("only", filters.one_of(*ONLY), most=len(ONLY)),
    filters.Parameter("article", filters.key, most=2),
    filters.Parameter("as_of", filters.day),
    filters.Parameter("density", filters.one_of("compact")),
    filters.Parameter("transpose", filters.one_of("1")),
)
MATRIX = filters.Schema(*_VIEW)
EVERYTHING = filters.Schema(
    filters.Parameter("framework", filters.key, most=filters.MAX_VALUES),
    *_VIEW,
    filters.Parameter("across", filters.whole(1, 10_000)),
    filters.Parameter("page", filters.whole(1, 10_000)),
    paging=("across", "page"),
)


@dataclass(frozen=True)
class Window:
    """One page of a long axis. `first` and `last` count from 1; `page` from 1 to `pages`."""

    page: int
    pages: int
    first: int
    last: int
    total: int

    @property
    def previous(self) -> int:
        return self.page - 1

    @property
    def next(self) -> int:
        return self.page + 1

    @classmethod
    def of(cls, total: int, size: int, page: int) -> Window:
        """Raises Http404 for a page past the end."""
        pages = max(1, -(-total // size))
        if page > pages:
            raise Http404
        return cls(page, pages, min((page - 1) * size + 1, total), min(page * size, total), total)

    def cut(self, items: Sequence[Any]) -> Sequence[Any]:
        return items[max(0, self.first - 1) : self.last]


def _perspective(asked: filters.Query) -> Perspective:
    """The articles and the day that a request names; at most one query."""
    slugs = asked["article"]
    found = {article.slug: article for article in Article.objects.filter(slug__in=slugs)} if slugs else {}
    asked.refuse("article", [slug for slug in slugs if slug not in found], NO_SUCH)
    return Perspective(tuple(found[slug] for slug in slugs), asked["as_of"])


def _chosen(lines: Sequence[Line], asked: filters.Query) -> list[Line]:
    """The criteria that a request names by group or one by one; all if it names none."""
    groups = {line.group_slug for line in lines}
    asked.refuse("group", [slug for slug in asked["group"] if slug not in groups], NO_SUCH)
    names = {line.slug for line in lines}
    asked.refuse("criterion", [slug for slug in asked["criterion"] if slug not in names], NO_SUCH)
    if not asked["group"] and not asked["criterion"]:
        return list(lines)
    return [line for line in lines if line.group_slug in asked["group"] or line.slug in asked["criterion"]]


def _groups(lines: Sequence[Line]) -> list[dict[str, Any]]:
    """Groups in order with their criteria, for the control that chooses among them."""
    found: dict[str, dict[str, Any]] = {}
    for line in lines:
        group = found.setdefault(line.group_slug, {"slug": line.group_slug, "name": line.group_name, "criteria": []})
        group["criteria"].append(line)
    return list(found.values())


def _shown(asked: filters.Query, matrix: Matrix, perspective: Perspective, lines: Sequence[Line]) -> dict[str, Any]:
    """What every matrix template needs."""
    today = timezone.localdate()
    silence = ""
    if perspective.articles:
        silence = _("This source is silent")
    elif perspective.as_of:
        silence = _("Nothing published by then")
    whole = not perspective.is_narrowed and not asked["only"]
    return {
        "asked": asked,
        "matrix": matrix,
        "profile": profile(matrix, today) if whole else [],
        "perspective": perspective,
        "groups": _groups(lines),
        "counts": matrix.tallies(today),
        "silence": silence,
        "today": today,
        "only": [
            ("differences", _("Differences")),
            ("disputed", _("Disputed")),
            ("recheck", _("Recheck")),
        ],
    }


def _ways(columns: Sequence[Column]) -> str:
    """These frameworks as a query string, for the pages that take `framework=`."""
    return "?" + urlencode([("framework", column.slug) for column in columns])


def _pros_cons(matrix: Matrix, index: facets.Index) -> list[lists.Group]:
    """The strongest pros and cons of the frameworks of a matrix, on the criteria of its rows; one query."""
    rows = [row.criterion for row in matrix.rows]
    slugs = [line.slug for line in rows]
    is_part = {line.id for line in rows} != {one.id for one in index.catalogue.criteria}

    def href(slug: str, polarity: str) -> str:
        return lists.all_of(slug, polarity, slugs if is_part else ())

    return lists.strongest(
        [(column.id, column.slug, column.name) for column in matrix.columns],
        EACH,
        index,
        [line.id for line in rows] if is_part else None,
        href if len(slugs) <= filters.MAX_VALUES or not is_part else None,
    )


def _columns_in_order(slugs: Sequence[str], rows: Sequence[Column]) -> list[Column]:
    at = {column.slug: column for column in rows}
    return [at[slug]._replace(place=place) for place, slug in enumerate(slugs, start=1)]


@require_safe
def comparison_list(request: HttpRequest) -> HttpResponse:
    """All curated comparisons; two queries."""
    comparisons = Comparison.objects.annotate(criteria_count=Count("rows", distinct=True)).prefetch_related(
        "columns__framework"
    )
    return render(request, "comparisons/comparison_list.html", {"comparisons": comparisons})


@require_safe
def comparison(request: HttpRequest, slug: str) -> HttpResponse:
    """A curated comparison: verdict, matrix and sources; at most six queries."""
    asked = MATRIX.read(request.GET)
    places = ComparisonFramework.objects.filter(comparison__slug=slug).order_by("order", "pk")
    # The stamp of the edition comes along, so that pros and cons cost one query more and not two.
    members = list(places.select_related("comparison", "framework").annotate(edition=Subquery(facets.stamp())))
    if not members:
        raise Http404
    page = members[0].comparison
    columns = [assessing.column(member.framework, place) for place, member in enumerate(members, start=1)]
    lines = assessing.lines(page.rows.order_by("order", "pk"), "criterion__")
    perspective = _perspective(asked)
    today = timezone.localdate()
    matrix = seen_matrix(columns, _chosen(lines, asked), perspective, today, asked["only"])
    context = {
        **_shown(asked, matrix, perspective, lines),
        "comparison": page,
        "columns": columns,
        "add_to": [column.slug for column in columns],
        "ways": _ways(columns),
    }
    if not perspective.is_narrowed:
        context |= {"verdict": _verdict(page), "sources": _sources(columns, lines)}
        context["pros_cons"] = _pros_cons(matrix, facets.current(today, members[0].edition or ""))
    return render(request, "comparisons/comparison.html", context)


def _verdict(page: Comparison) -> list[dict[str, Any]]:
    """The paragraphs of a verdict with their published claims; one query."""
    rows = (
        Paragraph.objects.filter(comparison=page)
        .annotate(behind=FilteredRelation("claims", condition=Q(claims__status=Status.PUBLISHED)))
        .order_by("order", "behind__key")
        .values_list("order", "text", "behind__key", "behind__statement")
    )
    paragraphs: dict[int, dict[str, Any]] = {}
    for order, text, key, statement in rows:
        paragraph = paragraphs.setdefault(order, {"text": text, "claims": []})
        if key:
            paragraph["claims"].append({"key": key, "statement": statement})
    return list(paragraphs.values())


def _sources(columns: Sequence[Column], lines: Sequence[Line]) -> list[Article]:
    """The articles behind these cells, those behind most cells first; one query."""
    behind = Q(
        citations__claim__status=Status.PUBLISHED,
        citations__claim__framework__in=[column.id for column in columns],
        citations__claim__criterion__in=[line.id for line in lines],
    )
    articles = Article.objects.filter(behind).annotate(claims_here=Count("citations__claim", distinct=True))
    return list(articles.order_by("-claims_here", "title"))


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """The picker: choose two to eight frameworks; sends the reader on once the choice is complete."""
    asked = PICKER.read(request.GET)
    frameworks = assessing.columns(Framework.objects.order_by("order", "name"))
    names = {column.slug for column in frameworks}
    asked.refuse("framework", [slug for slug in asked["framework"] if slug not in names], NO_SUCH)
    chosen = asked["framework"]
    if FEWEST <= len(chosen) <= MOST:
        return redirect(reverse("comparisons:compare_frameworks", args=[JOINT.join(chosen)]))
    context = {"frameworks": frameworks, "chosen": chosen, "fewest": FEWEST, "most": MOST}
    return render(request, "comparisons/compare.html", context)


PICKER = filters.Schema(filters.Parameter("framework", filters.key, most=filters.MAX_VALUES))


@require_safe
def compare_frameworks(request: HttpRequest, slugs: str) -> HttpResponse:
    """Two to eight frameworks in the order of the address; at most six queries."""
    asked = MATRIX.read(request.GET)
    chosen = slugs.split(JOINT)
    if not FEWEST <= len(chosen) <= MOST or len(set(chosen)) != len(chosen):
        raise Http404
    frameworks = assessing.columns(Framework.objects.order_by("order", "name"))
    if not set(chosen) <= {column.slug for column in frameworks}:
        raise Http404
    columns = _columns_in_order(chosen, frameworks)
    lines = assessing.lines(Criterion.objects.order_by("group__order", "order", "name"))
    perspective = _perspective(asked)
    today = timezone.localdate()
    matrix = seen_matrix(columns, _chosen(lines, asked), perspective, today, asked["only"])
    context = {
        **_shown(asked, matrix, perspective, lines),
        "columns": columns,
        "ways": _ways(columns),
        "removals": [(c, JOINT.join(s for s in chosen if s != c.slug)) for c in columns],
        "additions": [(c, JOINT.join([*chosen, c.slug])) for c in frameworks if c.slug not in chosen],
        "can_add": len(chosen) < MOST,
        "can_remove": len(chosen) > FEWEST,
    }
    if not perspective.is_narrowed:
        context["pros_cons"] = _pros_cons(matrix, facets.current(today))
    return render(request, "comparisons/compare_frameworks.html", context)


@require_safe
def matrix(request: HttpRequest) -> HttpResponse:
    """All frameworks and all criteria, or those that are asked for, a page of each axis at a time."""
    asked = EVERYTHING.read(request.GET)
    today = timezone.localdate()
    every = assessing.columns(Framework.objects.order_by("order", "name"))
    names = {column.slug for column in every}
    asked.refuse("framework", [slug for slug in asked["framework"] if slug not in names], NO_SUCH)
    columns = [column for column in every if not asked["framework"] or column.slug in asked["framework"]]
    lines = assessing.lines(Criterion.objects.order_by("group__order", "order", "name"))
    perspective = _perspective(asked)
    rows = _chosen(lines, asked)
    if asked["only"] and not perspective.is_narrowed:
        wanted = set(
            criteria_that(asked["only"], [c.id for c in columns] if asked["framework"] else None, today).values_list(
                "criterion", flat=True
            )
        )
        rows = [line for line in rows if line.id in wanted]
    turned = bool(asked["transpose"])
    across = Window.of(len(columns), DOWN if turned else ACROSS // perspective.sides, asked["across"] or 1)
    down = Window.of(len(rows), ACROSS if turned else DOWN, asked["page"] or 1)
    shown = seen_matrix(
        across.cut(columns),
        down.cut(rows),
        perspective,
        today,
        asked["only"] if perspective.is_narrowed else (),
    )
    context = {**_shown(asked, shown, perspective, lines), "frameworks": every, "across": across, "down": down}
    return render(request, "comparisons/matrix.html", context)
