"""What a search asks for: which frameworks, which criteria, which lists. Nothing is known here by name but words.

Names come first: the longest that its words hold. Criteria that no name gives are found by how much of the search their
names and questions share, where rare words weigh more than common ones.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from comparisons.models import SearchName

from . import terms
from .engine import KnownWords, entries
from .entries import record_of
from .fillers import FILLERS, MOVING
from .levels import AskedLevel, asked_level
from .lists import ListPage, asked_lists
from .names import Named, names_of_criteria, spans_of, spoken, words_of

#: Most words of a search that are matched with names.
MOST_READ = 20
#: Most frameworks, criteria and lists that a search is taken to ask for.
MOST_FRAMEWORKS, MOST_CRITERIA, MOST_LISTS = 8, 3, 3
#: Criteria that are looked at beyond those named.
MOST_CANDIDATES = 120
#: How well the words of a search have to match a criterion that they do not name, from 0 to 1; and how much less of the
#: search than the best criterion another one may match.
GOOD, NEAR = 0.45, 0.55
#: What the parts of a match count: a name that stands in the search, one that shares words with it, other texts.
NAMED, SIMILAR, MENTIONED = 1.0, 0.6, 0.3
#: An alias counts a little less than a name.
OF_ALIAS = 0.97

#: The kinds of entries that belong to criteria.
_CRITERIA = ("criteria", "use_cases")
_FILLER_STEMS = frozenset(map(terms.stem, FILLERS))


@dataclass(frozen=True)
class Intent:
    """What a search asks for, each part without entries if it names none.

    frameworks: in the order of the words. criteria: use cases too, the best match first. lists: those that were named.
    level: the answer to the first criterion for which frameworks are looked for; None if any will do.
    is_whole: whether nothing of the search is left over. asks_list: whether a list is all that is asked for.
    """

    frameworks: tuple[Named, ...] = ()
    criteria: tuple[Named, ...] = ()
    lists: tuple[ListPage, ...] = ()
    is_whole: bool = True
    asks_list: bool = False
    level: AskedLevel | None = None


@dataclass(frozen=True)
class _Found:
    """A name or a list that some words of the search give. places: which words."""

    places: frozenset[int]
    name: Named


@dataclass(frozen=True)
class SearchWords:
    """The words of a search as names are matched with them.

    words, read, stems: themselves, the same with the last one completed if need be, and their stems.
    said: the places of those that are more than words of any question. told: these, and the places of all that belong
    to a name. found: all names among them.
    """

    words: tuple[str, ...]
    read: tuple[str, ...]
    stems: tuple[str, ...]
    said: frozenset[int]
    told: frozenset[int]
    found: tuple[_Found, ...]

    @property
    def covered(self) -> set[str]:
        """The words that belong to a name."""
        return {self.words[place] for found in self.found for place in found.places}


def words_in(text: str, known: KnownWords, beginning: str, using: str) -> SearchWords:
    """The words of a search and the names among them; one query.

    A last word that nothing holds is completed, unless something is called as it stands.
    """
    words = words_of(text)[:MOST_READ]
    said = frozenset(place for place, word in enumerate(words) if not (word.isdecimal() or word in FILLERS))
    is_unfinished = bool(words) and words[-1] == beginning and not known.stems.get(terms.stem(beginning))
    end = known.completed(beginning) if is_unfinished else ""
    readings = [words, [*words[:-1], end]] if end else [words]
    names = spoken([_at(reading, way) for reading in readings for way in _ways(words, said)], using)
    by_key: dict[tuple[str, str], list[Named]] = {}
    for name in names:
        by_key.setdefault(("bag", name.bag), []).append(name)
        by_key.setdefault(("joined", name.joined), []).append(name)
    found: list[_Found] = []
    read = words
    for read in readings:
        found = _names_at(read, words, said, by_key)
        as_typed = {place for one in found for place in one.places} | {
            place for start, end, _ in asked_lists(read) for place in range(start, end)
        }
        if len(words) - 1 in as_typed:
            break
    # Words of any question are no name, whatever has them as an alias; unless there is nothing else.
    firm = [one for one in found if one.places & said]
    if not any(not one.name.is_framework for one in firm):
        firm = [one for one in found if one.places & said or len(one.places) > 1]
    kept = firm if any(not one.name.is_framework for one in firm) else found
    told = said.union(*(one.places for one in kept))
    return SearchWords(tuple(words), tuple(read), tuple(map(terms.stem, read)), said, told, tuple(kept))


def _ways(words: Sequence[str], told: Collection[int]) -> list[list[int]]:
    """The places of all words; and, if that differs, of those that say something."""
    return [list(range(len(words)))] + ([sorted(told)] if len(told) < len(words) else [])


def _at(words: Sequence[str], places: Iterable[int]) -> list[str]:
    return [words[place] for place in places]


def _names_at(
    read: Sequence[str], words: Sequence[str], told: Collection[int], by_key: Mapping[tuple[str, str], list[Named]]
) -> list[_Found]:
    """The names among these words, each with the places of its words."""
    found = dict.fromkeys(
        _Found(frozenset(way[start:end]), name)
        for way in _ways(words, told)
        for start, end, bag, joined in spans_of(_at(read, way))
        for name in (*by_key.get(("bag", bag), ()), *by_key.get(("joined", joined), ()))
        if _is_called(name, _at(read, way[start:end]))
    )
    return list(found)


def _is_called(name: Named, words: Sequence[str]) -> bool:
    """Whether these words are the name; where words of any question are part of a framework's, only in its order.

    "REST framework" is a name; "a framework for a REST interface" does not hold it.
    """
    if not name.is_framework or not FILLERS.intersection(words):
        return True
    spelt = name.phrase.split()
    return sorted(spelt) != sorted(words) or spelt == list(words)


def intent_of(words: SearchWords, known: KnownWords, using: str) -> Intent:
    """What a search asks for; at most four queries."""
    frameworks = _frameworks(words)
    taken = {place for one in frameworks for place in one.places}
    exact = _criteria_named(words, frameworks)
    said = words.said
    if len(frameworks) > 1:  # "should I use this or that" asks for a comparison, whatever "should I use" may name
        said -= {place for place, word in enumerate(words.words) if word in MOVING}
        exact = [one for one in exact if one.places & said]
    lists, listed = _lists(words, taken, exact)
    rest = (said | {place for one in exact for place in one.places}) - taken
    criteria: list[Named] = []
    matched: set[int] = set()
    asks_list = bool(lists) and rest <= listed
    if rest and not (asks_list and len(frameworks) > 1 and all(one.places < listed for one in exact)):
        criteria, matched = _criteria(words, rest, exact, known, using)
    if not rest and not frameworks:
        criteria = [one.name for one in exact][:MOST_CRITERIA]
        matched = {place for one in exact for place in one.places}
    level, of_level = None, frozenset[int]()
    if criteria and not frameworks:
        first = (one for one in exact if one.name.record == criteria[0].record)
        named = {place for one in first if one.name.standing == SearchName.OWN for place in one.places}
        ways = ([(place, words.read[place]) for place in way] for way in _ways(words.words, words.told))
        level, of_level = asked_level(ways, named, criteria[0].record, using)
    left = rest - matched - listed - of_level
    return Intent(
        tuple(one.name for one in sorted(frameworks, key=lambda one: min(one.places)))[:MOST_FRAMEWORKS],
        tuple(criteria),
        tuple(lists[:MOST_LISTS]),
        not left,
        asks_list,
        level,
    )


def _longest(found: Iterable[_Found]) -> list[_Found]:
    """Names that do not overlap, the longest first; several names of the same words all stay."""
    chosen: list[_Found] = []
    order = sorted(found, key=lambda one: (-len(one.places), one.name.standing, min(one.places), one.name.place))
    for one in order:
        if all(one.places == other.places or not one.places & other.places for other in chosen):
            chosen.append(one)
    return chosen


def _frameworks(words: SearchWords) -> list[_Found]:
    """The frameworks that are named, each once.

    An alias that is made of the name of another framework and that of a criterion gives way to the two.
    """
    named = [one for one in words.found if one.name.is_framework]
    criteria = [one for one in words.found if not one.name.is_framework]

    def gives_way(one: _Found) -> bool:
        if one.name.standing == SearchName.OWN or len(one.places) < 2:
            return False
        return any(
            other.name.record != one.name.record
            and other.name.standing == SearchName.OWN
            and other.places < one.places
            and any(one.places - other.places <= criterion.places for criterion in criteria)
            for other in named
        )

    chosen: dict[int, _Found] = {}
    for one in _longest(one for one in named if not gives_way(one)):
        if all(one.places != other.places for other in chosen.values()):
            chosen.setdefault(one.name.record, one)
    return list(chosen.values())


def _criteria_named(words: SearchWords, frameworks: Sequence[_Found]) -> list[_Found]:
    """The criteria that are named by words other than those of a framework's name."""
    inside = [one.places for one in frameworks]
    named = [
        one for one in words.found if not one.name.is_framework and not any(one.places <= places for places in inside)
    ]
    taken = {place for places in inside for place in places}

    def gives_way(one: _Found) -> bool:
        """Whether it is an alias that holds the name of a framework, and a criterion is called as the rest of it."""
        rest = one.places - taken
        return (
            one.name.standing != SearchName.OWN and rest != one.places and any(other.places == rest for other in named)
        )

    return _longest(one for one in named if not gives_way(one))


def _lists(words: SearchWords, taken: Collection[int], criteria: Sequence[_Found]) -> tuple[list[ListPage], set[int]]:
    """The lists that are named by the most words, and the places of these words.

    taken: the places of the words that name frameworks. Words within the name of a criterion name no list.
    """
    found: dict[int, tuple[frozenset[int], ListPage]] = {}
    for way in _ways(words.words, words.told):
        for start, end, page in asked_lists(_at(words.read, way)):
            places = frozenset(way[start:end])
            if places & set(taken) or any(places < one.places for one in criteria):
                continue
            if not places & words.told and len(places) == 1 and (taken or len(words.words) > 1):
                continue
            other = found.get(id(page))
            if other is None or len(other[0]) < len(places):
                found[id(page)] = (places, page)
    longest = max((len(places) for places, _ in found.values()), default=0)
    best = [(places, page) for places, page in found.values() if len(places) == longest]
    return [page for _, page in best], {place for places, _ in best for place in places}


def _weights(words: SearchWords, places: Collection[int], known: KnownWords) -> dict[str, float]:
    """How much each word says, by its stem: the fewer records hold it, the more."""
    return {
        words.stems[place]: max(0.15, 1 - math.log10(1 + known.stems.get(words.stems[place], 0)) / 5)
        for place in places
    }


def _criteria(
    words: SearchWords, rest: Collection[int], exact: Sequence[_Found], known: KnownWords, using: str
) -> tuple[list[Named], set[int]]:
    """The criteria that match these words best, and the places of the words that they name; at most two queries."""
    weights = _weights(words, rest, known)
    whole = sum(weights.values())
    texts = _candidates(weights, known, using)
    records = {*texts, *(one.name.record for one in exact)}
    names = names_of_criteria(records, using)

    def weight(stems: Iterable[str]) -> float:
        return sum(weights.get(stem, 0) for stem in set(stems))

    scores: dict[int, float] = {}
    for record, own in names.items():
        by_name = max(
            (
                weight(words.stems[place] for place in one.places) * (OF_ALIAS if one.name.standing else 1)
                for one in exact
                if one.name.record == record
            ),
            default=0.0,
        )
        similar = max(_likeness(stems, weights) for stems in own.bags)
        mentioned = weight(texts.get(record, frozenset()))
        scores[record] = (NAMED * by_name + MENTIONED * mentioned) / whole + SIMILAR * similar
    named = {one.name.record for one in exact}
    best = max(scores.values(), default=0)
    order = sorted(scores, key=lambda record: (-round(scores[record], 3), names[record].first.place, record))
    kept = [
        record for record in order if scores[record] >= NEAR * best and (record in named or scores[record] >= GOOD)
    ][:MOST_CRITERIA]
    matched = {place for one in exact if one.name.record in kept for place in one.places}
    for record in kept:
        stems = texts.get(record, frozenset()).union(*names[record].bags)
        matched |= {place for place in rest if words.stems[place] in stems}
    return [names[record].first for record in kept], matched


def _likeness(stems: Sequence[str], weights: Mapping[str, float]) -> float:
    """How alike a name and the search are, from 0 to 1: what they share of either."""
    if weights.keys().isdisjoint(stems):
        return 0.0
    shared = sum(weights.get(stem, 0) for stem in stems)
    of_name = sum(weights.get(stem, 0.15 if stem in _FILLER_STEMS else 0.5) for stem in stems)
    return math.sqrt(shared / sum(weights.values()) * shared / of_name) if shared else 0.0


def _candidates(weights: Mapping[str, float], known: KnownWords, using: str) -> dict[int, frozenset[str]]:
    """Criteria that hold one of these words at least, each with the stems of all its words; one query at most."""
    held = {stem: known.stems[stem] for stem in weights if known.stems.get(stem)}
    if not held:
        return {}
    rows = entries([[[(stem,) for stem in held]]], known, MOST_CANDIDATES, using, "vocabulary", kinds=_CRITERIA)
    return {
        record_of(key)[1]: frozenset(map(terms.stem, words.split()))
        for kind in _CRITERIA
        for key, words in rows.get(kind, ())
    }
