"""Find records by words: the same records in the same order on SQLite and PostgreSQL.

The database finds the entries that contain the words. It returns the first MOST of each kind by key, without reading
all entries that contain a common word. They are ranked here, so that the order is the same everywhere too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Q, QuerySet

from comparisons.models import SearchEntry, SearchWord

from . import spelling, terms
from .entries import KIND_BITS, KINDS, ranks_low, record_of, visible
from .terms import SearchTerm

#: Most records of a kind that are ranked. If there are more hits the rest is left out, and the page says so.
MOST = 500
#: Most words to which an unfinished word is completed; the most frequent ones are taken.
MOST_COMPLETIONS = 8
#: Most words that a misspelt word is compared with, and most misspelt words of a search that are corrected.
MOST_COMPARED, MOST_MISSPELT = 2000, 3

#: PostgreSQL collects all hits before it returns the first. That is cheap if at most FEW entries contain the rarest
#: word. Otherwise we let it search blocks of 2 ** BLOCK_BITS keys: as many blocks as should contain MOST hits, and all
#: others only if they do not.
FEW, BLOCK_BITS, FEWEST_BLOCKS = 2000, 9, 2

#: The rank of a record whose title equals the search; the other ranks start at 0.
EXACT = -1

Candidate = tuple[int, str]


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
    """The result of a search: the hits of each kind, and a correction if there are none.

    hits: all kinds, those without hits too; the kind with the best hit comes first, else the order is that of KINDS.
    suggestion: the same search with its misspelt words corrected, or "".
    """

    terms: tuple[SearchTerm, ...] = ()
    hits: tuple[Hits, ...] = ()
    suggestion: str = ""
    stems: frozenset[str] = field(default=frozenset())

    @property
    def total(self) -> int:
        return sum(hits.total for hits in self.hits)

    @property
    def more(self) -> bool:
        return any(hits.more for hits in self.hits)

    @property
    def beginning(self) -> str:
        return self.terms[-1].beginning if self.terms else ""


def search(text: str, using: str = DEFAULT_DB_ALIAS) -> Results:
    """Search for records that contain every word of a text in any form; the last word may be unfinished.

    Words in quotes have to stand side by side. At most four queries; none for a text without words.
    """
    wanted = terms.parse(text)
    if not wanted:
        return Results(hits=tuple(map(Hits, KINDS)))
    known = _known(wanted, using)
    choices = [_alternatives(term, known) for term in wanted]
    if connections[using].vendor == "sqlite":
        found = _sqlite(choices, using)
    else:
        found = _postgresql(choices, min(map(known.entries, choices)), using)
    stems = frozenset(stem for term in wanted for stem in term.stems)
    ranked = [_ranked(kind, found.get(kind, []), wanted) for kind in KINDS]
    hits = tuple(sorted(ranked, key=lambda hits: (not hits.pks, hits.best)))
    suggestion = "" if any(one.pks for one in hits) else _suggestion(wanted, known, using)
    return Results(tuple(wanted), hits, suggestion, stems)


def records(hits: Hits, first: int, size: int, using: str = DEFAULT_DB_ALIAS) -> list[Any]:
    """One page of the hits of a kind, as records. One query; none for an empty page.

    A record that has been withdrawn since the search is left out.
    """
    pks = hits.pks[first : first + size]
    rows: QuerySet[Any] = visible(hits.kind, using)
    if hits.kind != "claims":
        rows = rows.prefetch_related(None)
    by_pk = rows.in_bulk(pks) if pks else {}
    return [by_pk[pk] for pk in pks if pk in by_pk]


@dataclass(frozen=True)
class KnownWords:
    """The words of the index that match a search.

    stems: how many entries contain each stem. words: word, stem and number of entries, for completing the last word.
    """

    stems: Mapping[str, int]
    words: Sequence[tuple[str, str, int]]

    def entries(self, phrases: Collection[terms.Phrase]) -> int:
        """An upper limit of the number of entries that contain one of these phrases."""
        return sum(min(self.stems.get(stem, 0) for stem in phrase) for phrase in phrases)


def _known(wanted: Sequence[SearchTerm], using: str) -> KnownWords:
    stems = {stem for term in wanted for stem in term.stems}
    begun = next((term.beginning for term in wanted if term.beginning), "")
    # A character of a script without spaces may be all that is known of a word: see terms.
    begins = Q(head=begun[:3]) if len(begun) >= 3 else Q(head__startswith=begun)
    meant = Q(stem__in=stems) | begins if begun else Q(stem__in=stems)
    rows = SearchWord.objects.using(using).filter(meant, count__gt=0).order_by()
    words = list(rows.values_list("word", "stem", "count"))
    counts: Counter[str] = Counter()
    for _, stem, count in words:
        counts[stem] += count
    return KnownWords(counts, [word for word in words if begun and word[0].startswith(begun)])


def _alternatives(term: SearchTerm, known: KnownWords) -> list[terms.Phrase]:
    """The phrases that match a term: its own, and for an unfinished word its most frequent completions."""
    phrases = list(term.phrases)
    if term.beginning:
        ends: Counter[str] = Counter()
        for word, stem, count in known.words:
            if word.startswith(term.beginning) and (stem,) not in phrases:
                ends[stem] += count
        common = sorted(ends, key=lambda stem: (-ends[stem], stem))[:MOST_COMPLETIONS]
        phrases.extend((stem,) for stem in common)
    return phrases


Choices = Sequence[Sequence[terms.Phrase]]


def _by_kind(rows: Sequence[Candidate]) -> dict[str, list[Candidate]]:
    """Rows of key and title, grouped by kind, in order of their keys."""
    found: dict[str, list[Candidate]] = {}
    for key, title in sorted(rows):
        found.setdefault(record_of(key)[0], []).append((key, title))
    return found


def _sqlite(choices: Choices, using: str) -> dict[str, list[Candidate]]:
    """The first hits of each kind. FTS5 returns hits in order of their keys and stops when it has enough."""
    match = " AND ".join(
        "({})".format(" OR ".join('"{}"'.format(" ".join(map(terms.code, phrase))) for phrase in choice))
        for choice in choices
    )
    part = (
        "SELECT * FROM (SELECT e.id, e.title FROM comparisons_searchindex i "
        "JOIN comparisons_searchentry e ON e.id = i.rowid "
        "WHERE i.comparisons_searchindex MATCH %s AND i.rowid BETWEEN %s AND %s ORDER BY i.rowid LIMIT %s)"
    )
    sections = SearchEntry.SECTIONS
    parameters = [value for section in sections for value in (match, *SearchEntry.keys_of(*section), MOST + 1)]
    with connections[using].cursor() as cursor:
        cursor.execute(" UNION ALL ".join([part] * len(sections)), parameters)
        return _by_kind(cursor.fetchall())


def _postgresql(choices: Choices, fewest: int, using: str) -> dict[str, list[Candidate]]:
    """The first hits of each kind. fewest: an upper limit of the number of hits. At most two queries; see FEW."""
    match = "&".join(
        "({})".format("|".join("({})".format("<->".join(map(terms.code, phrase))) for phrase in choice))
        for choice in choices
    )
    with connections[using].cursor() as cursor:
        if fewest <= FEW:
            # The query is in a subquery, so that the planner cannot see its words and choose to scan the whole table.
            cursor.execute(
                "SELECT id, title FROM (SELECT id, title, row_number() OVER (PARTITION BY id >> %s ORDER BY id) AS n "
                "FROM comparisons_searchentry WHERE tsv @@ (SELECT %s::tsquery)) AS hit WHERE n <= %s",
                [KIND_BITS, match, MOST + 1],
            )
            return _by_kind(cursor.fetchall())
        rows: list[Candidate] = []
        open_places = []
        for place, (whole, found) in enumerate(_in_blocks(cursor, match, fewest)):
            if whole or len(found) > MOST:
                rows.extend(found)
            else:
                open_places.append(place)
        if open_places:
            part = (
                "(SELECT id, title FROM comparisons_searchentry WHERE tsv @@ (SELECT %s::tsquery) ORDER BY id LIMIT %s)"
            )
            parameters = [v for place in open_places for v in (f"{match}&k{place}", MOST + 1)]
            cursor.execute(" UNION ALL ".join([part] * len(open_places)), parameters)
            rows.extend(cursor.fetchall())
        return _by_kind(rows)


_BLOCKS = """SELECT * FROM (
    WITH span AS MATERIALIZED (
        SELECT (SELECT id >> %(bits)s FROM entry WHERE id BETWEEN {low} AND {high} ORDER BY id LIMIT 1) AS first,
            (SELECT id >> %(bits)s FROM entry WHERE id BETWEEN {low} AND {high} ORDER BY id DESC LIMIT 1) AS last
    ), part AS MATERIALIZED (
        SELECT first, last,
            least(last, first - 1 + greatest(%(least)s, (last - first + 1) * %(wanted)s / %(fewest)s)) AS until
        FROM span
    )
    (SELECT {place} AS kind, id, title FROM entry WHERE tsv @@ (%(match)s::tsquery && (
        SELECT string_agg('b' || block, '|')::tsquery FROM part, generate_series(first, until) AS block
    )) ORDER BY id LIMIT %(most)s)
    UNION ALL SELECT {place}, NULL, NULL FROM part WHERE until < last
) AS kind_{place}"""


def _in_blocks(cursor: Any, match: str, fewest: int) -> list[tuple[bool, list[Candidate]]]:
    """Of each section the hits in its first blocks, and whether these are all its blocks. One query."""
    spans = [(place, *SearchEntry.keys_of(*section)) for place, section in enumerate(SearchEntry.SECTIONS)]
    query = " UNION ALL ".join(_BLOCKS.format(place=place, low=low, high=high) for place, low, high in spans)
    cursor.execute(
        query.replace("FROM entry", "FROM comparisons_searchentry"),
        {
            "bits": BLOCK_BITS,
            "least": FEWEST_BLOCKS,
            "wanted": 2 * MOST,
            "fewest": fewest,
            "match": match,
            "most": MOST + 1,
        },
    )
    rows = cursor.fetchall()
    partly = {place for place, key, _ in rows if key is None}
    return [
        (place not in partly, [(key, title) for at, key, title in rows if at == place and key is not None])
        for place in range(len(spans))
    ]


def _ranked(kind: str, candidates: Sequence[Candidate], wanted: Sequence[SearchTerm]) -> Hits:
    """Rank candidates: first names that equal the search, then by how much of it a name contains, then by key.

    Records that rank low come last.
    """
    exact = _stems_of_titles(wanted)

    def rank(name: str) -> int:
        stems = list(map(terms.stem, name.split()))
        if stems in exact:
            return EXACT
        row = f" {' '.join(stems)} "
        return sum(
            0
            if any(f" {' '.join(phrase)} " in row for phrase in term.phrases)
            else 1
            if term.beginning and f" {term.beginning}" in f" {name}"
            else 2
            for term in wanted
        )

    def place(candidate: Candidate) -> tuple[bool, int, int]:
        key, names = candidate
        return ranks_low(key), min(map(rank, names.split("\n"))), key

    kept = sorted(map(place, candidates[:MOST]))
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


def _suggestion(wanted: Sequence[SearchTerm], known: KnownWords, using: str) -> str:
    """The search with each unknown word replaced by the most similar known one; "" if one has none. One query."""
    unknown = {word for term in wanted for word in term.words if not known.stems.get(terms.stem(word))}
    if not 0 < len(unknown) <= MOST_MISSPELT:
        return ""
    near = Q()
    for word in unknown:
        near |= Q(initial__in=set(word[:2]), length__range=(len(word) - 2, len(word) + 2))
    rows = SearchWord.objects.using(using).filter(near, count__gt=0).order_by("-count", "word")
    vocabulary = list(rows.values_list("word", "count")[:MOST_COMPARED])
    meant = {word: spelling.nearest(word, vocabulary) for word in unknown}
    if not all(meant.values()):
        return ""
    return " ".join(_corrected(wanted, meant))


def _corrected(wanted: Sequence[SearchTerm], meant: Mapping[str, str]) -> Iterator[str]:
    for term in wanted:
        text = " ".join(meant.get(word, word) for word in term.words)
        yield f'"{text}"' if len(term.words) > 1 else text
