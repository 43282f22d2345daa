"""Citations as pages show them, and claims with all that is cited for and against them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from operator import itemgetter
from typing import Any, NamedTuple

from django.db.models import F, QuerySet

from comparisons.domain.freshness import evidence_date
from comparisons.domain.standing import standing
from comparisons.domain.statements import RANKED_LAST, Statement
from comparisons.domain.vocabulary import Stance, Status
from comparisons.models import Citation
from comparisons.models.claims import in_catalogue

from .assessing import CITATION_COLUMNS, Levels, Pair, Witnesses, statements_of

#: Where each field of a CitationView is found from a Citation.
_VIEW_COLUMNS = (
    *("claim__key", "claim__statement", "stance", "says", "locator", "reading"),
    *("article__slug", "article__title", "article__publisher", "article__published_on", "article__precision"),
    *("article__kind", "article__read_on", "dated_on"),
)
#: The oldest first; undated ones count as older than all, which PostgreSQL takes for the newest unless it is told.
OLDEST_FIRST = (F("article__published_on").asc(nulls_first=True), "pk")


class CitationView(NamedTuple):
    """A citation as pages show it: what an article says about a claim, in our words.

    claim and article are the key and the slug of these records, `statement` is the text of the claim.
    """

    claim: str
    statement: str
    stance: str
    says: str
    locator: str
    reading: bool
    article: str
    title: str
    publisher: str | None
    published_on: date | None
    precision: str
    kind: str
    read_on: date | None
    dated_on: date | None

    @property
    def dated_as_read(self) -> date | None:
        """The day on which an undated living page was read, since that is the day it speaks for; else None."""
        return None if self.published_on else evidence_date(self.kind, None, self.dated_on or self.read_on)

    @property
    def source_name(self) -> str:
        """The publisher, or the title of the article if the publisher is not known."""
        return self.publisher or self.title


class CitedClaim(NamedTuple):
    """A claim with its citations, the newest first. pair: its framework and criterion, by primary key."""

    pair: Pair
    statement: Statement
    citations: tuple[CitationView, ...]

    @property
    def tally(self) -> list[list[str | None]]:
        """[stance, ISO date or None] of each independent witness, the oldest first."""
        return standing(self.statement).tally

    @property
    def is_ranked_last(self) -> bool:
        """Whether lists show it below other claims because of its verdict."""
        return self.statement.verdict in RANKED_LAST

    @property
    def witnesses(self) -> int:
        """How many independent witnesses it has, whatever their stance."""
        return len({source.witness for source in self.statement.sources})

    @property
    def supporting(self) -> int:
        """How many of them support it."""
        return len({source.witness for source in self.statement.sources if source.stance == Stance.SUPPORTS})

    @property
    def against(self) -> int:
        """How many of them dispute it, as in its tally: who supports it too is no witness against it."""
        witnesses = {stance: set[str]() for stance in (Stance.DISPUTES, Stance.SUPPORTS)}
        for source in self.statement.sources:
            if source.stance in witnesses:
                witnesses[source.stance].add(source.witness)
        return len(witnesses[Stance.DISPUTES] - witnesses[Stance.SUPPORTS])

    def with_stance(self, stance: Stance) -> tuple[CitationView, ...]:
        """Its citations of one stance, the newest first."""
        return tuple(citation for citation in self.citations if citation.stance == stance)

    @property
    def by_source(self) -> list[CitationView]:
        """The newest citation of each publisher; the publishers by their first citation, the latest first."""
        return list({citation.source_name: citation for citation in reversed(self.citations)}.values())[::-1]

    @property
    def disputing(self) -> tuple[CitationView, ...]:
        """The citations that dispute it, the newest first."""
        return self.with_stance(Stance.DISPUTES)


def cited_claims(
    citations: QuerySet[Citation], witnesses: Witnesses, levels: Levels | None = None
) -> dict[str, CitedClaim]:
    """The published claims that some citations belong to, by key, each with those of its citations; one query.

    levels: is filled with the levels that the claims give.
    """
    return {claim.statement.key: claim for claim, _more in cited_claims_with(citations, witnesses, (), levels)}


def cited_claims_with(
    citations: QuerySet[Citation], witnesses: Witnesses, columns: Sequence[str], levels: Levels | None = None
) -> list[tuple[CitedClaim, tuple[Any, ...]]]:
    """The same in a list, each claim with the values of further columns, which are looked up from a citation.

    Claims that are not published are left out here and not in the query: SQLite would start from all published claims.
    """
    # A column that several of them need is asked for once.
    places = {name: at for at, name in enumerate(dict.fromkeys((*CITATION_COLUMNS, *_VIEW_COLUMNS, *columns)))}
    view_of = itemgetter(*(places[name] for name in _VIEW_COLUMNS))
    more = [places[name] for name in columns]
    rows = [
        row
        for row in citations.filter(in_catalogue("claim__"))
        .order_by(*OLDEST_FIRST)
        .values_list(*places, "claim__status")
        if row[-1] == Status.PUBLISHED
    ]
    views: dict[str, list[CitationView]] = {}
    further: dict[str, tuple[Any, ...]] = {}
    for row in reversed(rows):
        citation = CitationView(*view_of(row))
        views.setdefault(citation.claim, []).append(citation)
        further[citation.claim] = tuple(row[at] for at in more)
    own = len(CITATION_COLUMNS)
    return [
        (CitedClaim(pair, statement, tuple(views[statement.key])), further[statement.key])
        for pair, statement in statements_of((row[:own] for row in rows), witnesses, levels)
    ]
