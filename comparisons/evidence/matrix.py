"""The matrix of all sources, of one or two articles, or of what had been published by a day."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from comparisons.domain.benchmarks import FigureRow, figure_row
from comparisons.domain.matrix import CellView, Column, Line, Matrix, beside, build_matrix
from comparisons.domain.matrix_rows import RowWish, narrowed
from comparisons.domain.vocabulary import LIVING_KINDS, ValueType
from comparisons.models import Article, Benchmark, Cell, Check, Citation, Claim, Ruling, remembered
from comparisons.models.claims import edition_released

from . import assessing, benchmarks
from .rechecks import recheck_basis


@dataclass(frozen=True)
class Perspective:
    """Which articles a matrix takes into account, and up to which day; without either it takes everything.

    articles: these alone, side by side. without: all but these.
    """

    articles: tuple[Article, ...] = ()
    as_of: date | None = None
    without: tuple[Article, ...] = ()

    @property
    def is_narrowed(self) -> bool:
        return bool(self.articles or self.as_of or self.without)

    @property
    def sides(self) -> int:
        """Columns of each framework."""
        return max(1, len(self.articles))

    def citations(self) -> QuerySet[Citation]:
        """The citations that are taken into account."""
        citations = Citation.objects.all()
        if self.articles:
            citations = citations.filter(article__in=self.articles)
        if self.without:
            citations = citations.exclude(article__in=self.without)
        if self.as_of:
            living = Q(article__published_on__isnull=True, article__kind__in=sorted(LIVING_KINDS))
            citations = citations.alias(read_by=Coalesce(edition_released(), "article__read_on")).filter(
                Q(article__published_on__lte=self.as_of) | living & Q(read_by__lte=self.as_of)
            )
        return citations

    def rulings(self) -> QuerySet[Ruling]:
        """The rulings given by that day. They weigh all sources, so a matrix of single articles leaves them out."""
        rulings = Ruling.objects.all()
        return rulings.filter(ruled_on__lte=self.as_of) if self.as_of else rulings


def matrix(
    columns: Sequence[Column], lines: Sequence[Line], perspective: Perspective, today: date, only: Collection[str] = ()
) -> Matrix:
    """The cells where frameworks and criteria meet, narrowed to the rows that `only` asks for; as many queries."""
    shown, _counts = narrowed(laid_out(columns, lines, perspective), RowWish(frozenset(only)), today, perspective.sides)
    return shown


def laid_out(columns: Sequence[Column], lines: Sequence[Line], perspective: Perspective) -> Matrix:
    """Lay out the cells where frameworks and criteria meet.

    One query for what is stored; up to six where citations are left out and the cells are assessed anew.
    """
    if not perspective.is_narrowed:
        return build_matrix(columns, lines, stored(columns, lines))
    witnesses = assessing.Witnesses()
    here = {"framework__in": [c.id for c in columns], "criterion__in": [line.id for line in lines]}
    of_claim = {f"claim__{name}": ids for name, ids in here.items()}
    citations = perspective.citations().filter(**of_claim)
    as_of = perspective.as_of
    basis = recheck_basis(here["framework__in"], Check.objects.filter(**of_claim), as_of=as_of)
    if not perspective.articles:
        cells = assessing.assessed(citations, witnesses, perspective.rulings().filter(**here), basis, as_of)
        return build_matrix(columns, lines, cells)
    alone = assessing.assessed_by_article(citations, witnesses, basis, as_of)
    sides = [
        (article.title, build_matrix(columns, lines, alone.get(article.slug, []))) for article in perspective.articles
    ]
    return beside(sides)


def figure_rows(
    columns: Sequence[Column], lines: Sequence[Line], picked: Collection[str] = (), as_of: date | None = None
) -> dict[int, FigureRow]:
    """The rows of figures by criterion: the benchmark each shows, and its figure in every column.

    picked: slugs of benchmarks that the reader picked, one for each criterion at most. as_of: benchmarks taken later,
    and figures of articles that were published later, are left out. Two queries for any number of rows; none if no line
    is answered by a number.
    """
    numbers = [line for line in lines if line.value_type == ValueType.NUMBER]
    if not numbers:
        return {}
    criteria = [line.id for line in numbers]
    claims = Claim.objects.filter(criterion__in=criteria, framework__in=[column.id for column in columns])
    if as_of is not None:
        cited = Perspective(as_of=as_of).citations().filter(claim=OuterRef("pk"))
        claims = claims.filter(Exists(cited))
    figures = benchmarks.figures_of(claims)
    tests = benchmarks.views_of(Benchmark.objects.filter(criterion__in=criteria).order_by("slug"))
    if as_of is not None:
        tests = [test for test in tests if test.dated is not None and test.dated <= as_of]
    here = [column.id for column in columns]
    return {
        line.id: figure_row(line.id, here, tests, figures, line.direction, picked, is_count=line.is_count)
        for line in numbers
    }


def stored(columns: Sequence[Column], lines: Sequence[Line]) -> list[CellView]:
    """The stored cells of these frameworks and criteria; one query, none if they are remembered."""
    return remembered.of(_stored, tuple(column.id for column in columns), tuple(line.id for line in lines))


def _stored(frameworks: tuple[int, ...], criteria: tuple[int, ...]) -> list[CellView]:
    return Cell.objects.filter(framework__in=frameworks, criterion__in=criteria).views()
