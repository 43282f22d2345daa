"""The articles behind the cells of a printed matrix, numbered for a list at its end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from comparisons.domain.matrix import Column, Line
from comparisons.models import Article
from comparisons.models.claims import visible

from .assessing import Pair
from .matrix import Perspective


class Footnotes(NamedTuple):
    """Articles in the order of their numbers, from 1, and by cell (framework, criterion) the numbers of its own."""

    articles: tuple[Article, ...]
    by_cell: dict[Pair, list[int]]


NO_FOOTNOTES = Footnotes((), {})


def footnotes(columns: Sequence[Column], lines: Sequence[Line], perspective: Perspective) -> Footnotes:
    """The articles that published claims of these cells cite, those of most cells first; two queries at any size.

    Only what the perspective takes into account is listed. No cells, or none with a claim, give NO_FOOTNOTES.
    """
    cited = perspective.citations().filter(
        visible("claim__"),
        claim__framework__in=[column.id for column in columns],
        claim__criterion__in=[line.id for line in lines],
    )
    pairs = cited.order_by().values_list("claim__framework", "claim__criterion", "article").distinct()
    found = [((framework, criterion), article) for framework, criterion, article in pairs]
    if not found:
        return NO_FOOTNOTES
    cells = Counter(article for _pair, article in found)
    rows = Article.objects.filter(pk__in=list(cells))
    articles = sorted(rows, key=lambda article: (-cells[article.pk], article.title, article.slug))
    numbers = {article.pk: number for number, article in enumerate(articles, start=1)}
    by_cell: dict[Pair, list[int]] = {}
    for pair, article in found:
        by_cell.setdefault(pair, []).append(numbers[article])
    return Footnotes(tuple(articles), {pair: sorted(mine) for pair, mine in by_cell.items()})
