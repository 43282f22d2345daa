"""Keep the index of the search equal to what readers may see.

`ENTRIES` declares which records a write may change. Once its transaction has committed they are read again, while their
rows are locked, so that the later of two writers always sees both writes. `rebuild` does the same for all records.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from typing import NamedTuple

from django.db import DEFAULT_DB_ALIAS, DatabaseError, OperationalError, connections, transaction
from django.db.models import Model

from comparisons.models import (
    Article,
    Benchmark,
    Cell,
    Citation,
    Claim,
    Comparison,
    ComparisonFramework,
    Criterion,
    CriterionGroup,
    Framework,
    Level,
    Paragraph,
    Release,
    SearchEntry,
    SearchWord,
    VerdictLine,
)
from comparisons.models.batches import BATCH, batched
from comparisons.models.derived import Derived, Keys, Reach
from comparisons.models.many import insert

from . import terms
from .entries import KINDS, MODELS, entry_of, key_of, keys_of, record_of, written


class Naming(NamedTuple):
    """Entries that hold the name of another record, or texts that are shown only as long as it is.

    kind: that of the entries. rows: where to look for them; named_by: the field for the other record; found_in: the
    field for the record of the entry.
    """

    kind: str
    rows: type[Model]
    named_by: str
    found_in: str = "pk"


#: By kind, the entries of other records that hold the title of a record. They are brought up to date with it.
NAMED_IN: dict[str, tuple[Naming, ...]] = {
    "frameworks": (
        Naming("claims", Claim, "framework"),
        Naming("cells", Cell, "framework"),
        Naming("benchmarks", Claim, "framework", "benchmark"),
        Naming("comparisons", ComparisonFramework, "framework", "comparison"),
        Naming("comparisons", VerdictLine, "claims__framework", "comparison"),
    ),
    "criteria": (
        Naming("claims", Claim, "criterion"),
        Naming("cells", Cell, "criterion"),
        Naming("benchmarks", Benchmark, "criterion"),
        Naming("comparisons", VerdictLine, "claims__criterion", "comparison"),
    ),
    "use_cases": (
        Naming("claims", Claim, "criterion"),
        Naming("cells", Cell, "criterion"),
        Naming("comparisons", VerdictLine, "claims__criterion", "comparison"),
    ),
    "articles": (Naming("claims", Claim, "citations__article"), Naming("benchmarks", Benchmark, "article")),
}
#: The kinds in the order in which they are refreshed: those that others name come first.
_NAMED_FIRST = (*NAMED_IN, *(kind for kind in KINDS if kind not in NAMED_IN))


def _same(one: SearchEntry, other: SearchEntry | None) -> bool:
    return other is not None and all(getattr(one, name) == getattr(other, name) for name in terms.IndexedText._fields)


def refresh(keys: Keys, using: str = DEFAULT_DB_ALIAS) -> None:
    """Read these records again and bring their entries up to date. keys: primary keys by the kinds of KINDS.

    Only entries that differ are written. One transaction and at most eleven queries per batch of records. Records
    whose entries hold the name of one that is renamed, appears or disappears are brought up to date too: see NAMED_IN.
    """
    wanted = {kind: set(keys.get(kind, ())) for kind in KINDS}
    for kind in _NAMED_FIRST:
        # In order of the keys: FTS5 then writes them in one pass.
        for batch in batched(sorted(wanted[kind], key=lambda pk: key_of(kind, pk)), BATCH):
            renamed = _refresh(kind, batch, using)
            for naming in NAMED_IN.get(kind, ()) if renamed else ():
                rows = naming.rows._base_manager.using(using).filter(**{f"{naming.named_by}__in": renamed}).order_by()
                wanted[naming.kind].update(rows.values_list(naming.found_in, flat=True).distinct())
                wanted[naming.kind].discard(None)


def _refresh(kind: str, pks: Collection[int], using: str, *, counts_words: bool = True) -> list[int]:
    """Bring one batch up to date; return the primary keys of the records that got or lost a title, or have another.

    counts_words: False leaves the counts of words as they are, for one who counts them all in the end.
    """
    keys = [key for pk in pks for key in keys_of(kind, pk)]
    with transaction.atomic(using=using):
        locked = MODELS[kind]._default_manager.using(using).select_for_update(no_key=True)
        list(locked.filter(pk__in=pks).order_by("pk").values_list("pk", flat=True))
        entries = SearchEntry.objects.using(using)
        old = entries.in_bulk(keys)
        fresh = {entry.pk: entry for entry in (entry_of(kind, row) for row in written(kind, using).filter(pk__in=pks))}
        changed = [fresh[key] for key in sorted(fresh) if not _same(fresh[key], old.get(key))]
        removed = [key for key in old if key not in fresh]
        if not changed and not removed:
            return []
        insert([entry for entry in changed if entry.pk not in old], using)
        entries.bulk_create(
            [entry for entry in changed if entry.pk in old],
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=list(terms.IndexedText._fields),
        )
        if removed:
            entries.filter(pk__in=removed).delete()
        if counts_words:
            counts = Counter(word for entry in changed for word in entry.vocabulary.split())
            counts.subtract(
                word
                for key in [*removed, *(entry.pk for entry in changed)]
                if key in old
                for word in old[key].vocabulary.split()
            )
            _add_to_counts({word: count for word, count in counts.items() if count}, using)
        return sorted({record_of(key)[1] for key in {*old, *fresh} if _name(kind, old, key) != _name(kind, fresh, key)})


def _name(kind: str, entries: dict[int, SearchEntry], key: int) -> str:
    """What other entries may hold of an entry; "" if there is none."""
    if key not in entries:
        return ""
    return entries[key].words if kind == "articles" else entries[key].title


def _word(word: str, count: int) -> SearchWord:
    return SearchWord(word=word, stem=terms.stem(word), head=word[:3], initial=word[:1], length=len(word), count=count)


def _add_to_counts(changes: dict[str, int], using: str) -> None:
    """Add to the counts of words. Always in the same order, so that two writers cannot deadlock."""
    table = SearchWord._meta.db_table
    columns = [str(field.column) for field in SearchWord._meta.concrete_fields]
    with connections[using].cursor() as cursor:
        for batch in batched(sorted(changes), BATCH):
            rows = [_word(word, changes[word]) for word in batch]
            places = ", ".join([f"({', '.join(['%s'] * len(columns))})"] * len(rows))
            cursor.execute(
                f"INSERT INTO {table} ({', '.join(columns)}) VALUES {places} "  # noqa: S608
                f"ON CONFLICT (word) DO UPDATE SET count = {table}.count + excluded.count",
                [getattr(row, name) for row in rows for name in columns],
            )
            SearchWord.objects.using(using).filter(word__in=batch, count__lte=0).delete()


def rebuild(using: str = DEFAULT_DB_ALIAS, progress: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Read all records again; return the number of entries. progress: called with records done and in all.

    Searches go on working meanwhile. The database's own index and the counts of words are rebuilt as well.
    """
    total = sum(written(kind, using).count() for kind in KINDS)
    done = 0
    entries = SearchEntry.objects.using(using)
    for kind in _NAMED_FIRST:
        pks = set(MODELS[kind]._default_manager.using(using).order_by().values_list("pk", flat=True))
        for is_low in SearchEntry.sections_of(kind):
            stored = entries.filter(id__range=SearchEntry.keys_of(kind, is_low)).values_list("pk", flat=True)
            pks.update(record_of(key)[1] for key in stored)
        for batch in batched(sorted(pks, key=lambda pk: key_of(kind, pk)), BATCH):
            _refresh(kind, batch, using, counts_words=False)
            done += len(batch)
            progress(min(done, total), total)
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        if connections[using].vendor == "sqlite":
            cursor.execute("INSERT INTO comparisons_searchindex(comparisons_searchindex) VALUES ('rebuild')")
        else:
            cursor.execute("LOCK TABLE comparisons_searchentry IN SHARE ROW EXCLUSIVE MODE")
        SearchWord.objects.using(using).all().delete()
        for batch in batched(sorted(_word_counts(using).items()), BATCH):
            insert([_word(word, count) for word, count in batch], using)
    return entries.count()


def _word_counts(using: str) -> Counter[str]:
    """How many entries contain each word."""
    counts: Counter[str] = Counter()
    texts = SearchEntry.objects.using(using).order_by().values_list("vocabulary", flat=True)
    for vocabulary in texts.iterator(chunk_size=2000):
        counts.update(vocabulary.split())
    return counts


def stale(using: str = DEFAULT_DB_ALIAS) -> Iterator[str]:
    """Records whose entries are out of date, such as "claims 17", and "words" if a word is miscounted."""
    entries = SearchEntry.objects.using(using)
    left = set(entries.order_by().values_list("pk", flat=True))
    for kind in KINDS:
        rows = written(kind, using).order_by("pk").iterator(chunk_size=BATCH)
        for batch in batched(rows, BATCH):
            fresh = {row.pk: entry_of(kind, row) for row in batch}
            stored = entries.in_bulk([entry.pk for entry in fresh.values()])
            left -= stored.keys()
            yield from (f"{kind} {pk}" for pk, entry in fresh.items() if not _same(entry, stored.get(entry.pk)))
    for key in sorted(left):
        kind, pk = record_of(key)
        yield f"{kind} {pk}"
    counts = dict(SearchWord.objects.using(using).values_list("word", "count"))
    if counts != dict(_word_counts(using)):
        yield "words"


def damage(using: str = DEFAULT_DB_ALIAS) -> str:
    """What SQLite says is wrong with its own index of the entries; "" if nothing, or if it is not to be written now.

    SQLite compares the two in the form of a write that changes nothing. PostgreSQL has no such check.
    """
    if connections[using].vendor != "sqlite":
        return ""
    try:
        with transaction.atomic(using=using), connections[using].cursor() as cursor:
            cursor.execute(
                "INSERT INTO comparisons_searchindex(comparisons_searchindex, rank) VALUES ('integrity-check', 1)"
            )
            transaction.set_rollback(True, using=using)
    except OperationalError as error:
        return str(error) if "no such table" in str(error) else ""
    except DatabaseError as error:
        return str(error)
    return ""


_QUESTIONS = ("criteria", "use_cases")


def _named_by(article: str) -> tuple[Reach, ...]:
    """The articles at the end of these look-ups, and those that they follow: who may see one may see the other.

    A draft touches them too: one that nobody else names is hidden from then on.
    """
    return tuple(Reach("articles", lookup, also_unseen=True) for lookup in (article, f"{article}__follows"))


ENTRIES = Derived(
    "search",
    {
        # Which articles readers may see depends on the claims that they may see, and on the articles that follow them.
        Framework: (
            Reach("frameworks"),
            *_named_by("claims__citations__article"),
            *_named_by("claims__verdict_articles"),
            Reach("articles", "releases__articles"),
        ),
        Comparison: Reach("comparisons"),
        ComparisonFramework: Reach("comparisons", "comparison_id"),
        Paragraph: Reach("comparisons", "comparison_id"),
        VerdictLine: Reach("comparisons", "comparison_id"),
        VerdictLine.claims.through: Reach("comparisons", "verdictline__comparison_id"),
        Criterion: (
            *(Reach(kind) for kind in _QUESTIONS),
            *_named_by("claims__citations__article"),
            *_named_by("claims__verdict_articles"),
            *_named_by("benchmarks__article"),
        ),
        CriterionGroup: tuple(Reach(kind, "criteria__pk") for kind in _QUESTIONS),
        Level: tuple(Reach(kind, "criterion_id") for kind in _QUESTIONS),
        # Whatever a cell shows is written to it, or makes it be written anew: rulings and levels too.
        Cell: Reach("cells"),
        Claim: (
            Reach("claims"),
            Reach("comparisons", "verdict_lines__comparison_id"),
            Reach("benchmarks", "benchmark_id"),
            *_named_by("citations__article"),
            *_named_by("verdict_articles"),
        ),
        Claim.verdict_articles.through: _named_by("article"),
        Citation: (Reach("claims", "claim_id"), *_named_by("article")),
        Benchmark: (Reach("benchmarks"), *_named_by("article")),
        Release.articles.through: _named_by("article"),
        Article: (Reach("articles"), *_named_by("follows")),
    },
    refresh,
)
