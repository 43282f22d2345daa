"""Find records by words: the same records in the same order on SQLite and PostgreSQL.

The database finds the entries that contain the words. It returns the first MOST of each kind by key, without reading
all entries that contain a common word (engine.py). They are ranked here, so that the order is the same everywhere too.
What the words name comes first (intents.py), after misspelt ones were corrected (corrections.py); where few records
contain all of them, those that contain most follow (partial.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import QuerySet

from comparisons.domain.statements import RANKED_LAST
from comparisons.models import Claim

from . import corrections, terms
from .corrections import Correction
from .engine import Candidate, KnownWords, alternatives, entries, known_words
from .index import KINDS, record_of, visible
from .intents import Intent, Words, intent_of, words_in
from .partial import PartialHit, partial_hits
from .terms import SearchTerm

#: Most records of a kind that are ranked. If there are more hits the rest is left out, and the page says so.
MOST = 500
#: With fewer hits than this, records that contain only some of the words follow.
FEW_HITS = 3

#: The rank of a record whose title equals the search; the other ranks start at 0.
EXACT = -1


@dataclass(frozen=True)
class Hits:
    """The hits of one kind.

    pks: primary keys, the best first. more: whether there are hits beyond the MOST ranked ones.
    best: the rank of the first hit, from EXACT up; the lower, the better it matches the search.
    """

    kind: str
    pks: tuple[int, ...] = ()
    more: bool = False
    best: int = 0

    @property
    def total(self) -> int:
        return len(self.pks)


@dataclass(frozen=True)
class Results:
    """The result of a search: what it asks for, the hits of each kind, and those that contain only some of its words.

    text: what was searched for, misspelt words corrected. correction: what was corrected; None if nothing was.
    hits: all kinds, those without hits too; the kind with the best hit comes first, else the order is that of KINDS.
    """

    text: str = ""
    terms: tuple[SearchTerm, ...] = ()
    intent: Intent = Intent()
    hits: tuple[Hits, ...] = ()
    partial: tuple[PartialHit, ...] = ()
    correction: Correction | None = None
    stems: frozenset[str] = field(default=frozenset())

    @property
    def total(self) -> int:
        return sum(hits.total for hits in self.hits)

    @property
    def more(self) -> bool:
        return any(hits.more for hits in self.hits)

    @property
    def beginning(self) -> str:
        return corrections.beginning_of(self.terms)


def search(text: str, using: str = DEFAULT_DB_ALIAS, *, exact: bool = False) -> Results:
    """Search for records that contain every word of a text in any form; the last word may be unfinished.

    Words in quotes have to stand side by side. exact: correct no typing error. At most twelve queries; none for a text
    without words.
    """
    wanted = terms.parse(text)
    if not wanted:
        return Results(text, hits=tuple(map(Hits, KINDS)))
    known, words = _read(text, wanted, using)
    correction = None
    if not exact:
        beginning = corrections.beginning_of(wanted)
        loose = {word for term in wanted for word in term.words} - words.covered
        correction = corrections.corrected(text, corrections.unknown_words(loose, known, beginning), using)
        if correction:
            text, wanted = correction.text, terms.parse(correction.text)
            known, words = _read(text, wanted, using)
    choices = [alternatives(term, known) for term in wanted]
    found = entries([choices], known, MOST + 1, using)
    ranked = [_by_verdict(_ranked(kind, found.get(kind, []), wanted), using) for kind in KINDS]
    hits = tuple(sorted(ranked, key=lambda hits: (not hits.pks, hits.best)))
    total = sum(one.total for one in hits)
    partial: tuple[PartialHit, ...] = ()
    if total < FEW_HITS and len(wanted) > 1:
        whole = {(one.kind, pk) for one in hits for pk in one.pks}
        partial = tuple(partial_hits(wanted, choices, known, whole, using))
    stems = frozenset(stem for term in wanted for stem in term.stems)
    return Results(text, tuple(wanted), intent_of(words, known, using), hits, partial, correction, stems)


def _read(text: str, wanted: Sequence[SearchTerm], using: str) -> tuple[KnownWords, Words]:
    """What is known of the words of a search, and the names among them; two queries."""
    known = known_words(wanted, using)
    return known, words_in(text, known, corrections.beginning_of(wanted), using)


def records(kind: str, pks: Sequence[int], using: str = DEFAULT_DB_ALIAS) -> list[Any]:
    """Records of a kind in the order of these keys. One query; none for no keys.

    A record that has been withdrawn since the search is left out.
    """
    rows: QuerySet[Any] = visible(kind, using)
    if kind == "comparisons":
        rows = rows.prefetch_related(None)
    by_pk = rows.in_bulk(pks) if pks else {}
    return [by_pk[pk] for pk in pks if pk in by_pk]


def _ranked(kind: str, candidates: Sequence[Candidate], wanted: Sequence[SearchTerm]) -> Hits:
    """Rank candidates: first titles that equal the search, then by how much of it the title contains, then by key."""
    exact = [stem for term in wanted for stem in term.phrases[0]]
    exact += [stem for term in wanted for phrase in term.phrases[1:] for stem in phrase]

    def place(candidate: Candidate) -> tuple[int, int]:
        key, title = candidate.key, candidate.text
        stems = list(map(terms.stem, title.split()))
        if stems == exact:
            return EXACT, key
        row = f" {' '.join(stems)} "
        missing = sum(
            0
            if any(f" {' '.join(phrase)} " in row for phrase in term.phrases)
            else 1
            if term.beginning and f" {term.beginning}" in f" {title}"
            else 2
            for term in wanted
        )
        return missing, key

    kept = sorted(map(place, candidates[:MOST]))
    if not kept:
        return Hits(kind)
    return Hits(kind, tuple(record_of(key)[1] for _, key in kept), len(candidates) > MOST, kept[0][0])


def _by_verdict(hits: Hits, using: str) -> Hits:
    """The same hits, those last that RANKED_LAST names; one query for several claims, none otherwise."""
    if hits.kind != "claims" or hits.total < 2:
        return hits
    ranked_last = Claim.objects.using(using).filter(pk__in=hits.pks, verdict__in=sorted(RANKED_LAST)).order_by()
    last = set(ranked_last.values_list("pk", flat=True))
    return replace(hits, pks=tuple(sorted(hits.pks, key=last.__contains__)))
