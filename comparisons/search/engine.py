"""Ask the database for entries: the first ones of each kind that hold some words.

A query is a list of wordings, of which an entry has to meet one; a wording is a list of choices, all of which have to
be met; a choice is a list of phrases of stems, of which the entry has to hold one. FTS5 returns hits in order of their
keys and stops when it has enough. PostgreSQL collects all hits before it returns the first: see FEW.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any

from django.db import connections

from comparisons.models import SearchEntry
from comparisons.models.prepared import slots

from . import terms
from .entries import KIND_BITS, KINDS
from .terms import SearchTerm

#: Most words to which an unfinished word is completed; the most frequent ones are taken.
MOST_COMPLETIONS = 8

#: PostgreSQL collects all hits before it returns the first. That is cheap if at most FEW entries contain the rarest
#: word. Otherwise we let it search blocks of 2 ** BLOCK_BITS keys: as many blocks as should contain enough hits, and
#: all others only if they do not. A phrase is looked for in each entry that has its words, so before that it is
#: searched for in WIDER times as many blocks, if these are few of all: to name many costs more than to search all.
FEW, BLOCK_BITS, FEWEST_BLOCKS, WIDER = 2000, 9, 2, 8

Choices = Sequence[Sequence[terms.Phrase]]


#: An entry that was found: its key, and the column that was asked for, its title or its words.
Candidate = tuple[int, str]


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

    def completions(self, beginning: str) -> list[str]:
        """The stems of the most frequent words that begin so, the most frequent first."""
        ends: Counter[str] = Counter()
        for word, stem, count in self.words:
            if word.startswith(beginning):
                ends[stem] += count
        return sorted(ends, key=lambda stem: (-ends[stem], stem))[:MOST_COMPLETIONS]

    def completed(self, beginning: str) -> str:
        """The most frequent word that begins so; "" if there is none."""
        found = [(-count, word) for word, _, count in self.words if word.startswith(beginning)]
        return min(found)[1] if found else ""


def known_words(wanted: Sequence[SearchTerm], using: str) -> KnownWords:
    """What the index knows of the words of a search; one query."""
    stems = {stem for term in wanted for stem in (*term.stems, *map(terms.stem, term.words))}
    begun = next((term.beginning for term in wanted if term.beginning), "")
    meant, given = f"stem IN ({slots(stems)})", list(stems)
    if begun:
        # A character of a script without spaces may be all that is known of a word: see terms.
        meant += " OR head = %s" if len(begun) >= 3 else " OR head LIKE %s"
        given.append(begun[:3] if len(begun) >= 3 else f"{begun}%")
    # Written out, since every search asks: Django takes longer to build it than the database takes to answer it.
    with connections[using].cursor() as cursor:
        cursor.execute(f"SELECT word, stem, count FROM comparisons_searchword WHERE count > 0 AND ({meant})", given)  # noqa: S608
        words = cursor.fetchall()
    counts: Counter[str] = Counter()
    for _, stem, count in words:
        counts[stem] += count
    return KnownWords(counts, [word for word in words if begun and word[0].startswith(begun)])


def alternatives(term: SearchTerm, known: KnownWords) -> list[terms.Phrase]:
    """The phrases that match a term: its own, and for an unfinished word its most frequent completions."""
    phrases = list(term.phrases)
    if term.beginning:
        phrases.extend((stem,) for stem in known.completions(term.beginning) if (stem,) not in phrases)
    return phrases


def entries(
    wordings: Sequence[Choices],
    known: KnownWords,
    most: int,
    using: str,
    column: str = "title",
    kinds: Sequence[str] = KINDS,
) -> dict[str, list[Candidate]]:
    """The first entries of each kind that meet one of these wordings, in order of their keys; at most three queries.

    most: how many of each kind; one more shows that there are others. column: of SearchEntry, given as the text.
    """
    places = [place for place, (kind, _) in enumerate(SearchEntry.SECTIONS) if kind in kinds]
    fewest = sum(min(map(known.entries, choices)) for choices in wordings)
    if connections[using].vendor == "sqlite":
        return _sqlite(_fts5(wordings), fewest, most, using, column, places)
    return _postgresql(_tsquery(wordings), fewest, most, using, column, places)


def _by_kind(rows: Sequence[Any]) -> dict[str, list[Candidate]]:
    """Rows of key and text, grouped by kind, in order of their keys."""
    found: dict[str, list[Candidate]] = {}
    for row in sorted(rows):
        found.setdefault(SearchEntry.SECTIONS[row[0] >> KIND_BITS][0], []).append(row)
    return found


def _section(row: tuple[int, str]) -> int:
    """The place of the section of an entry."""
    return row[0] >> KIND_BITS


def _fts5(wordings: Sequence[Choices]) -> str:
    return " OR ".join(
        "({})".format(
            " AND ".join(
                "({})".format(" OR ".join('"{}"'.format(" ".join(map(terms.code, phrase))) for phrase in choice))
                for choice in choices
            )
        )
        for choices in wordings
    )


def _sqlite(
    match: str, fewest: int, most: int, using: str, column: str, places: Sequence[int]
) -> dict[str, list[Candidate]]:
    """The first hits of each kind. fewest: an upper limit of the number of hits. One query.

    A few hits are asked for at once, since each section costs as much as some hundred of them.
    """
    hits = (
        f"SELECT e.id, e.{column} FROM comparisons_searchindex i "  # noqa: S608
        "JOIN comparisons_searchentry e ON e.id = i.rowid WHERE i.comparisons_searchindex MATCH %s"
    )
    if fewest <= FEW and len(places) == len(SearchEntry.SECTIONS):
        with connections[using].cursor() as cursor:
            cursor.execute(f"{hits} ORDER BY i.rowid", [match])
            by_section = groupby(cursor.fetchall(), key=_section)
            return _by_kind([row for _place, rows in by_section for row in islice(rows, most)])
    part = f"SELECT * FROM ({hits} AND i.rowid BETWEEN %s AND %s ORDER BY i.rowid LIMIT %s)"  # noqa: S608
    spans = [SearchEntry.keys_of(*SearchEntry.SECTIONS[place]) for place in places]
    parameters = [value for span in spans for value in (match, *span, most)]
    with connections[using].cursor() as cursor:
        cursor.execute(" UNION ALL ".join([part] * len(places)), parameters)
        return _by_kind(cursor.fetchall())


def _tsquery(wordings: Sequence[Choices]) -> str:
    return "|".join(
        "({})".format(
            "&".join(
                "({})".format("|".join("({})".format("<->".join(map(terms.code, phrase))) for phrase in choice))
                for choice in choices
            )
        )
        for choices in wordings
    )


def _postgresql(
    match: str, fewest: int, most: int, using: str, column: str, places: Sequence[int]
) -> dict[str, list[Candidate]]:
    """The first hits of each kind. fewest: an upper limit of the number of hits. At most three queries; see FEW."""
    with connections[using].cursor() as cursor:
        if fewest <= FEW:
            # The query is in a subquery, so that the planner cannot see its words and choose to scan the whole table.
            cursor.execute(
                f"SELECT id, {column} FROM (SELECT id, {column}, "  # noqa: S608
                "row_number() OVER (PARTITION BY id >> %s ORDER BY id) AS n "
                "FROM comparisons_searchentry WHERE tsv @@ (SELECT %s::tsquery)) AS hit WHERE n <= %s",
                [KIND_BITS, _of_sections(match, places), most],
            )
            return _by_kind(cursor.fetchall())
        rows: list[Any] = []
        wanted = dict.fromkeys(places, 2 * most)
        wider = 2 * most * WIDER
        for _try in range(2 if "<->" in match and fewest >= wider * WIDER else 1):
            in_blocks = _in_blocks(cursor, match, fewest, most, column, wanted) if wanted else {}
            for place, (whole, found) in in_blocks.items():
                if whole or len(found) >= most:
                    rows.extend(found)
                    del wanted[place]
                else:  # half as many again as suffice if the next blocks have as many hits as these
                    wanted[place] = min(wider, wanted[place] * 3 * most // (2 * max(1, len(found))))
        if open_places := list(wanted):
            part = (
                f"(SELECT id, {column} FROM comparisons_searchentry "  # noqa: S608
                "WHERE tsv @@ (SELECT %s::tsquery) ORDER BY id + 0 LIMIT %s)"  # see _BLOCKS
            )
            parameters = [v for place in open_places for v in (f"({match})&k{place}", most)]
            cursor.execute(" UNION ALL ".join([part] * len(open_places)), parameters)
            rows.extend(cursor.fetchall())
        return _by_kind(rows)


# `id + 0` has no index: for the few rows of the limit, the planner would walk through all entries in the order of `id`.
# Each subquery but the last ends in OFFSET, so that it is worked out once for each section.
_BLOCKS = """
    SELECT section.place, part.until < part.last, hit.id, hit.text
    FROM (VALUES {sections}) AS section(place, low, high, wanted)
    CROSS JOIN LATERAL (
        SELECT (SELECT id >> %(bits)s FROM entry WHERE id BETWEEN low AND high ORDER BY id LIMIT 1) AS first,
            (SELECT id >> %(bits)s FROM entry WHERE id BETWEEN low AND high ORDER BY id DESC LIMIT 1) AS last
        OFFSET 0
    ) AS span
    CROSS JOIN LATERAL (
        SELECT last, least(last, first - 1 + greatest(%(least)s, (last - first + 1) * wanted / %(fewest)s)) AS until
        OFFSET 0
    ) AS part
    CROSS JOIN LATERAL (
        SELECT %(match)s::tsquery && string_agg('b' || block, '|')::tsquery AS query
        FROM generate_series(first, until) AS block
        OFFSET 0
    ) AS meant
    LEFT JOIN LATERAL (
        SELECT id, {column} AS text FROM entry WHERE tsv @@ meant.query ORDER BY id + 0 LIMIT %(most)s
    ) AS hit ON TRUE
"""


def _of_sections(match: str, places: Sequence[int]) -> str:
    """A query for entries of some sections, each of which is a word of the index."""
    if len(places) == len(SearchEntry.SECTIONS):
        return match
    return f"({match})&({'|'.join(f'k{place}' for place in places)})"


def _in_blocks(
    cursor: Any, match: str, fewest: int, most: int, column: str, wanted: Mapping[int, int]
) -> dict[int, tuple[bool, list[tuple[int, str]]]]:
    """Of each section the hits in its first blocks, and whether these are all its blocks. One query.

    wanted: how many hits the blocks should contain of each section, if all entries with the rarest word were hits.
    """
    sections = ", ".join(
        f"({place}, {low}, {high}, {wanted[place]})"
        for place, (low, high) in ((place, SearchEntry.keys_of(*SearchEntry.SECTIONS[place])) for place in wanted)
    )
    query = _BLOCKS.format(sections=sections, column=column)
    cursor.execute(
        query.replace("FROM entry", "FROM comparisons_searchentry"),
        {
            "bits": BLOCK_BITS,
            "least": FEWEST_BLOCKS,
            "fewest": fewest,
            "match": match,
            "most": most,
        },
    )
    rows = cursor.fetchall()
    partly = {place for place, is_partly, *_ in rows if is_partly}
    return {
        place: (place not in partly, [(key, text) for at, _, key, text in rows if at == place and key is not None])
        for place in wanted
    }
