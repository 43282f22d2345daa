"""The caveat of each cell with a partial value, read from the claims that give this value."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from django.db.models import Q, QuerySet

from comparisons.domain.caveats import Voice, caveat
from comparisons.domain.freshness import evidence_date
from comparisons.domain.matrix import CellView
from comparisons.domain.statements import NOT_COUNTED, bears_out
from comparisons.domain.vocabulary import Meaning
from comparisons.language.markdown import plain
from comparisons.models import Citation
from comparisons.models.claims import edition_released, visible

#: A cell and the slug of the level that it shows.
_Key = tuple[int, int, str]


def added(
    cells: Sequence[CellView], citations: QuerySet[Citation], as_of: date | None = None, article: str = ""
) -> list[CellView]:
    """The same cells, those with a partial value with their caveat; one query, none if no cell has such a value.

    citations: those that were assessed. as_of: verdicts of later days are left out. article: only this source counts.
    """
    partial = [cell for cell in cells if cell.meaning == Meaning.PARTIAL]
    if not partial:
        return list(cells)
    if article:
        citations = citations.filter(article__slug=article)
    heard = voices(citations, as_of)
    return [
        cell._replace(caveat=caveat(heard.get((cell.framework_id, cell.criterion_id, cell.level_slug or ""), ())))
        if cell.meaning == Meaning.PARTIAL
        else cell
        for cell in cells
    ]


def voices(citations: QuerySet[Citation], as_of: date | None = None) -> dict[_Key, list[Voice]]:
    """What the sources of claims with a partial value say, by cell and level; one query."""
    dismissed = Q(claim__verdict__in=sorted(NOT_COUNTED))
    if as_of is not None:
        dismissed &= Q(claim__verdict_on__isnull=True) | Q(claim__verdict_on__lte=as_of)
    rows = citations.filter(visible("claim__"), claim__level__meaning=Meaning.PARTIAL).exclude(dismissed).order_by()
    found: dict[_Key, list[Voice]] = defaultdict(list)
    for (
        framework, criterion, level, claim, name, statement, says, stance, reading,
        kind, interest, published, read, edition,
    ) in rows.values_list(
        *("claim__framework_id", "claim__criterion_id", "claim__level__slug", "claim__key", "claim__framework__name"),
        *("claim__statement", "says", "stance", "reading", "article__kind", "article__interest"),
        *("article__published_on", "article__read_on", edition_released()),
    ):  # fmt: skip
        found[framework, criterion, level].append(
            Voice(
                *(claim, name or "", plain(statement), plain(says), stance, reading),
                bears_out(kind, interest),
                evidence_date(kind, published, read, edition),
            )
        )
    return found
