"""Find records by words: the same records in the same order on SQLite and PostgreSQL.

The database finds the entries that contain the words. It returns the first MOST of each kind by key, without reading
all entries that contain a common word (engine.py). They are ranked here, so that the order is the same everywhere too.
What the words name comes first (intents.py), after misspelt ones were corrected (corrections.py); where few records
contain all of them, those that contain most follow (partial.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

from django.db import DEFAULT_DB_ALIAS

from comparisons.models.prepared import ByKeys

from . import corrections, terms
from .corrections import Correction
from .engine import Candidate, KnownWords, alternatives, entries, known_words
from .entries import KINDS, ranks_low, record_of, visible
from .intents import Intent, SearchWords, intent_of, words_in
from .partial import PartialHit, partial_hits
from .terms import SearchTerm

#: Most records of a kind that are ranked. If there are more hits the rest is left out, and the page says so.
MOST = 500
#: With fewer hits than this, records that contain only some of the words follow.
FEW_HITS = 3

#: The rank of a record whose title equals the search; the other ranks start at 0, and each word that a title lacks adds
#: MISSING.
EXACT, MISSING = -1, 2
#: The kinds whose titles are names.
NAMES = frozenset({"frameworks", "comparisons", "criteria", "use_cases"})


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
    intent: Intent = field(default_factory=Intent)
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

    @cached_property
    def beginning(self) -> str:
        return corrections.beginning_of(self.terms)


def search(
    text: str, using: str = DEFAULT_DB_ALIAS, *, exact: bool = False, kinds: Sequence[str] = tuple(KINDS)
) -> Results:
    """Search for records that contain every word of a text in any form; the last word may be unfinished.

    Words in quotes have to stand side by side. exact: correct no typing error. kinds: look for these alone. At most
    thirteen queries; none for a text without words.
    """
    wanted = terms.parse(text)
    if not wanted:
        return Results(text, hits=tuple(map(Hits, kinds)))
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
    found = entries([choices], known, MOST + 1, using, kinds=kinds)
    ranked = [_ranked(kind, found.get(kind, []), wanted, known) for kind in kinds]
    hits = tuple(sorted(ranked, key=_place_of_kind))
    total = sum(one.total for one in hits)
    partial: tuple[PartialHit, ...] = ()
    if total < FEW_HITS and len(wanted) > 1:
        whole = {(one.kind, pk) for one in hits for pk in one.pks}
        partial = tuple(partial_hits(wanted, choices, known, whole, using, kinds))
    stems = frozenset(stem for term in wanted for stem in term.stems)
    return Results(text, tuple(wanted), intent_of(words, known, using), hits, partial, correction, stems)


def _place_of_kind(hits: Hits) -> tuple[bool, int]:
    """Sorts kinds: that with the best hit first. A word of a statement says less than one of a name."""
    is_named = hits.kind in NAMES or hits.best == EXACT
    return not hits.pks, hits.best if is_named else max(hits.best, MISSING)


def _read(text: str, wanted: Sequence[SearchTerm], using: str) -> tuple[KnownWords, SearchWords]:
    """What is known of the words of a search, and the names among them; two queries."""
    known = known_words(wanted, using)
    return known, words_in(text, known, corrections.beginning_of(wanted), using)


def records(kind: str, pks: Sequence[int], using: str = DEFAULT_DB_ALIAS) -> list[Any]:
    """Records of a kind in the order of these keys. One query; none for no keys.

    A record that has been withdrawn since the search is left out.
    """
    by_pk = {record.pk: record for record in _visible(kind, using)(pks, using=using)}
    return [by_pk[pk] for pk in pks if pk in by_pk]


@cache
def _visible(kind: str, using: str) -> ByKeys:
    """The records of a kind that readers may see, without what only their entries are made from."""
    return ByKeys(
        lambda pks: (
            visible(kind, using).prefetch_related(None).filter(pk__in=pks).order_by().only(*_SHOWN.get(kind, ()))
        )
    )


#: The fields that are shown of a kind whose records have many more.
_SHOWN = {
    "claims": (
        *("key", "statement", "verdict", "verdict_note", "impact", "remedy"),
        *("framework__name", "criterion__name"),
    )
}


def _ranked(kind: str, candidates: Sequence[Candidate], wanted: Sequence[SearchTerm], known: KnownWords) -> Hits:
    """Rank candidates: first names that equal the search, then by how much of it a name contains, then by key.

    Records that rank low come last.
    """
    exact = _stems_of_titles(wanted)
    lengths = set(map(len, exact))
    forms: dict[str, set[str]] = {stem: set() for term in wanted for stem in term.stems}
    for word, stem, _count in known.words:
        if stem in forms:
            forms[stem].add(word)
    # What a term is found by: the words of each stem of a phrase, and a phrase of several in the stems of a name. Made
    # once for up to MOST candidates.
    sought = [
        (
            [
                ([forms[stem] for stem in phrase], f" {' '.join(phrase)} " if len(phrase) > 1 else "")
                for phrase in term.phrases
            ],
            term.beginning and f" {term.beginning}",
        )
        for term in wanted
    ]

    def rank(name: str) -> int:
        # A name has up to fifty words. To look for the few that are sought is cheaper than to cut all to their stems.
        words = name.split()
        if len(words) in lengths and list(map(terms.stem, words)) in exact:
            return EXACT
        missing = 0
        for phrases, beginning in sought:
            for phrase, in_row in phrases:
                for forms_of_stem in phrase:
                    if forms_of_stem.isdisjoint(words):
                        break
                else:
                    if not in_row or in_row in f" {' '.join(map(terms.stem, words))} ":
                        break
            else:
                missing += 1 if beginning and beginning in f" {name}" else MISSING
        return missing

    kept = sorted(
        (ranks_low(key), min(map(rank, names.split("\n"))) if "\n" in names else rank(names), key)
        for key, names in candidates[:MOST]
    )
    if not kept:
        return Hits(kind)
    return Hits(kind, tuple(record_of(key)[1] for _, _, key in kept), len(candidates) > MOST, kept[0][1])


def _stems_of_titles(wanted: Sequence[SearchTerm]) -> list[list[str]]:
    """What the stems of a title that equals the search may be: its words in parts, then the joined ones."""
    found = []
    for order in (1, -1):
        parts = [term.phrases[::order] for term in wanted]
        found.append([stem for phrases in parts for stem in phrases[0]])
        found[-1] += [stem for phrases in parts for phrase in phrases[1:] for stem in phrase]
    return found
