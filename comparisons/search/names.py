"""Names of records, so that a search for one leads to it: stored after every write, looked up by exact keys.

A name is found by the stems of its words in any order ("support for async", "async support") and by its letters alone
("web socket", "WebSocket"). Words such as articles and prepositions are left out of both.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.models import QuerySet

from comparisons.language.cleaning import without_invisible
from comparisons.models import Criterion, CriterionGroup, Framework, SearchName, remembered
from comparisons.models.aliases import split_aliases
from comparisons.models.batches import BATCH, batched
from comparisons.models.derived import Derived, Keys, Reach
from comparisons.models.prepared import ByKeys, slots

from . import terms

#: Words that stand between others and say nothing by themselves; no part of a key.
SMALL_WORDS = frozenset("a an and are at by do does for from i in into is it its of on s the to we with".split())  # noqa: SIM905
#: Most words of a name that are looked up, and most letters of a key.
MOST_WORDS, MOST_LETTERS = 6, 100
#: Most names that a search is taken to hold.
MOST_NAMES = 200
#: Criteria whose names are remembered.
MOST_REMEMBERED = 1_000

_COLUMNS = ("kind", "record", "slug", "title", "place", "text", "standing", "phrase", "head", "bag", "joined")
_MODELS: dict[str, Any] = {"frameworks": Framework, "criteria": Criterion}
_KINDS_OF = {
    "frameworks": (SearchName.FRAMEWORK,),
    "criteria": (SearchName.CRITERION, SearchName.USE_CASE),
}


class Named(NamedTuple):
    """A name and the record that it means; the fields are those of SearchName."""

    kind: str
    record: int
    slug: str
    title: str
    place: int
    text: str
    standing: int
    phrase: str
    bag: str
    joined: str

    @property
    def is_framework(self) -> bool:
        return self.kind == SearchName.FRAMEWORK


def words_of(text: str) -> list[str]:
    """The words of a name or a search that count, folded; all of them if there are only small ones."""
    words = [word.text for word in terms.scan(without_invisible(unicodedata.normalize("NFKC", text)))]
    return [word for word in words if word not in SMALL_WORDS] or words


def bag_of(words: Iterable[str]) -> str:
    """The key of a name by the stems of its words in any order."""
    return " ".join(sorted(set(map(terms.stem, words))))[:MOST_LETTERS]


def joined_of(words: Iterable[str]) -> str:
    """The key of a name by its letters, however it is cut into words."""
    return terms.stem("".join(words))[:MOST_LETTERS]


# ── Kept up to date ──────────────────────────────────────────────────


def _visible(kind: str, using: str) -> QuerySet[Any]:
    rows: QuerySet[Any] = _MODELS[kind].objects.using(using).published()
    return rows.select_related("group") if kind == "criteria" else rows


def _aliases(row: Any) -> list[str]:
    return list(split_aliases(row.aliases))


def names_of(kind: str, row: Any) -> list[SearchName]:
    """All names of a record, each key once."""
    written = [(SearchName.OWN, row.name), *((SearchName.ALIAS, alias) for alias in _aliases(row))]
    if kind == "frameworks":
        word, place = SearchName.FRAMEWORK, row.order
        written += [(SearchName.ALIAS, text) for text in (row.package_name, row.slug) if text]
    else:
        word = SearchName.USE_CASE if row.group.holds_use_cases else SearchName.CRITERION
        place = row.group.order * 1000 + row.order
    found: dict[tuple[str, str], SearchName] = {}
    for standing, text in written:
        words = words_of(text)
        if not words or len(words) > MOST_WORDS:
            continue
        phrase = " ".join(words)[:MOST_LETTERS]
        name = SearchName(
            kind=word, record=row.pk, slug=row.slug, title=row.name, place=place, text=text[:80], standing=standing,
            phrase=phrase, head=phrase[:2], bag=bag_of(words), joined=joined_of(words),
        )  # fmt: skip
        found.setdefault((name.bag, name.joined), name)
    return list(found.values())


def _stored(kind: str, pks: Collection[int] | None, using: str) -> QuerySet[SearchName]:
    rows = SearchName.objects.using(using).filter(kind__in=_KINDS_OF[kind])
    return rows if pks is None else rows.filter(record__in=pks)


def _row(name: SearchName) -> tuple[Any, ...]:
    return tuple(getattr(name, column) for column in _COLUMNS)


def refresh(keys: Keys, using: str = DEFAULT_DB_ALIAS) -> None:
    """Read these frameworks and criteria again and store their names. keys: primary keys by kind.

    One transaction and at most five queries per batch; only the names of records whose names differ are written.
    """
    for kind, model in _MODELS.items():
        for pks in batched(sorted(keys.get(kind, ())), BATCH):
            with transaction.atomic(using=using):
                locked = model._default_manager.using(using).select_for_update(no_key=True)
                list(locked.filter(pk__in=pks).order_by("pk").values_list("pk", flat=True))
                fresh = {row.pk: names_of(kind, row) for row in _visible(kind, using).filter(pk__in=pks)}
                old: dict[int, set[Any]] = {}
                for name in _stored(kind, pks, using):
                    old.setdefault(name.record, set()).add(_row(name))
                changed = [pk for pk in pks if set(map(_row, fresh.get(pk, ()))) != old.get(pk, set())]
                if changed:
                    _stored(kind, changed, using).delete()
                    SearchName.objects.using(using).bulk_create(
                        (name for pk in changed for name in fresh.get(pk, ())), batch_size=500
                    )


def rebuild(using: str = DEFAULT_DB_ALIAS, progress: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Store the names of all records anew; return how many there are. progress: called with records done and in all."""
    pks = {
        kind: set(model._default_manager.using(using).values_list("pk", flat=True)) for kind, model in _MODELS.items()
    }
    for kind, known in pks.items():
        known.update(_stored(kind, None, using).order_by().values_list("record", flat=True).distinct())
    total, done = sum(map(len, pks.values())), 0
    for kind, known in pks.items():
        for batch in batched(sorted(known), 10 * BATCH):
            refresh({kind: batch}, using)
            done += len(batch)
            progress(done, total)
    return SearchName.objects.using(using).count()


def stale(using: str = DEFAULT_DB_ALIAS) -> Iterator[str]:
    """Records whose stored names are out of date, such as "names of criteria 17"."""
    for kind in _MODELS:
        stored: dict[int, set[Any]] = {}
        for name in _stored(kind, None, using).order_by().iterator(chunk_size=2000):
            stored.setdefault(name.record, set()).add(_row(name))
        for row in _visible(kind, using).order_by("pk").iterator(chunk_size=2000):
            if set(map(_row, names_of(kind, row))) != stored.pop(row.pk, set()):
                yield f"names of {kind} {row.pk}"
        for pk in sorted(stored):
            yield f"names of {kind} {pk}"


NAMES = Derived(
    "search names",
    {
        Framework: Reach("frameworks"),
        Criterion: Reach("criteria"),
        CriterionGroup: Reach("criteria", "criteria__pk"),
    },
    refresh,
)


# ── Looked up ────────────────────────────────────────────────────────


def spans_of(words: Sequence[str]) -> Iterator[tuple[int, int, str, str]]:
    """Every run of up to MOST_WORDS words: where it starts and ends, and its two keys."""
    for start in range(len(words)):
        for end in range(start + 1, min(len(words), start + MOST_WORDS) + 1):
            yield start, end, bag_of(words[start:end]), joined_of(words[start:end])


def spoken(ways: Iterable[Sequence[str]], using: str = DEFAULT_DB_ALIAS) -> list[Named]:
    """All names of records among the words of a search, own names first; one query, none without words.

    ways: all words, and those that say something.
    """
    runs = [run for words in ways for run in spans_of(words)]
    if not runs:
        return []
    bags, joined = {bag for _, _, bag, _ in runs}, {letters for _, _, _, letters in runs}
    # Written out, since every search asks: Django takes longer to build it than the database takes to answer it.
    with connections[using].cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(Named._fields)} FROM comparisons_searchname "  # noqa: S608
            f"WHERE bag IN ({slots(bags)}) OR joined IN ({slots(joined)}) ORDER BY standing, place, id LIMIT %s",
            [*bags, *joined, MOST_NAMES],
        )
        return [Named(*row) for row in cursor.fetchall()]


def read(rows: QuerySet[SearchName]) -> list[Named]:
    """Names of a query; one query."""
    return [Named(*row) for row in rows.values_list(*Named._fields)]


class NamesOfCriterion(NamedTuple):
    """The names of a criterion or use case. first: its own. bags: the stems of each."""

    first: Named
    bags: tuple[tuple[str, ...], ...]


def names_of_criteria(pks: Collection[int], using: str = DEFAULT_DB_ALIAS) -> dict[int, NamesOfCriterion]:
    """The names of these criteria and use cases; one query, none for those that are remembered."""
    return remembered.each(("names", using), pks, partial(_read_names, using), MOST_REMEMBERED)


def _read_names(using: str, pks: Collection[int]) -> dict[int, NamesOfCriterion]:
    found: dict[int, list[Named]] = {}
    for row in _OF_CRITERIA(pks, using=using):
        found.setdefault(row[1], []).append(Named(*row))
    return {
        pk: NamesOfCriterion(names[0], tuple(tuple(name.bag.split()) for name in names)) for pk, names in found.items()
    }


_OF_CRITERIA = ByKeys(
    lambda pks: (
        _stored("criteria", pks, DEFAULT_DB_ALIAS).order_by("record", "standing", "pk").values_list(*Named._fields)
    )
)
