"""Keep the index of the search equal to what readers may see.

`connect` hangs on every kind of write in this one place. A write notes which records it may have changed; when its
transaction has committed they are read again, under a lock of their own rows, so that of two writers the later
one always sees both writes. `rebuild` does the same for all records.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.models import Model, Prefetch, QuerySet

from comparisons.domain.claim_fields import SEARCHED, WrittenField
from comparisons.language.markdown import plain
from comparisons.models import (
    Article,
    Claim,
    Comparison,
    Criterion,
    CriterionGroup,
    Framework,
    Paragraph,
    SearchEntry,
    SearchWord,
)
from comparisons.models.following import BATCH, batched, follow, notes_of

from . import terms

#: The kinds of record that are found, in the order in which they are shown; the place of a kind is in stored keys.
KINDS = ("frameworks", "comparisons", "criteria", "claims", "articles")
MODELS: dict[str, type[Model]] = dict(zip(KINDS, (Framework, Comparison, Criterion, Claim, Article), strict=True))
#: Of these the newest comes first among equal hits; of the others, the one that editors put first.
NEWEST_FIRST = frozenset({"claims", "articles"})
KIND_BITS = 40
_LAST = (1 << KIND_BITS) - 1

Pks = dict[str, set[int]]


def key_of(kind: str, pk: int) -> int:
    """The key of an entry: its kind, then its place within the kind."""
    return KINDS.index(kind) << KIND_BITS | (_LAST - pk if kind in NEWEST_FIRST else pk)


def record_of(key: int) -> tuple[str, int]:
    """The kind and the primary key of the record of an entry."""
    kind, place = KINDS[key >> KIND_BITS], key & _LAST
    return kind, _LAST - place if kind in NEWEST_FIRST else place


def visible(kind: str, using: str = DEFAULT_DB_ALIAS) -> QuerySet[Any]:
    """The records of a kind that a reader may see, with all that their entries are made of."""
    if kind == "claims":
        return Claim.objects.using(using).published().select_related("framework", "criterion")
    rows = MODELS[kind]._default_manager.using(using)
    if kind == "criteria":
        return rows.select_related("group")
    if kind == "comparisons":
        return rows.prefetch_related(Prefetch("verdict", Paragraph.objects.using(using).order_by("order")))
    return rows


def entry_of(kind: str, row: Any) -> SearchEntry:
    """What a record can be found by."""
    texts: tuple[str, ...]
    if kind == "frameworks":
        texts = (row.name, row.package_name, row.tagline, row.kind, plain(row.summary))
    elif kind == "comparisons":
        texts = (row.title, plain(row.introduction), *(plain(paragraph.text) for paragraph in row.verdict.all()))
    elif kind == "criteria":
        texts = (row.name, row.question, row.group.name, plain(row.definition))
    elif kind == "articles":
        texts = (row.title, row.author, row.publisher)
    else:
        texts = tuple(_text_of(row, field) for field in SEARCHED)
    return SearchEntry(id=key_of(kind, row.pk), **terms.entry(*texts)._asdict())


def _text_of(claim: Claim, field: WrittenField) -> str:
    value = getattr(claim, field.name)
    text = "" if value is None else str(value)
    return plain(text) if field.is_markdown else text


def _same(one: SearchEntry, other: SearchEntry | None) -> bool:
    return other is not None and all(getattr(one, name) == getattr(other, name) for name in terms.Entry._fields)


def refresh(pks: Pks, using: str = DEFAULT_DB_ALIAS) -> None:
    """Read these records again and bring their entries up to date; only what differs is written.

    A transaction and at most nine queries per batch of records. Where a framework or criterion turns out to have
    a new name, the claims that bear it follow.
    """
    for kind in KINDS:
        # Keys in order: FTS5 writes them in one go.
        keys = sorted(key_of(kind, pk) for pk in pks.get(kind, ()))
        for batch in batched(keys, BATCH):
            renamed = _refresh(kind, batch, using)
            if renamed and kind in ("frameworks", "criteria"):
                lookup = {"frameworks": "framework__in", "criteria": "criterion__in"}[kind]
                claims = Claim.objects.using(using).filter(**{lookup: renamed}).order_by()
                pks.setdefault("claims", set()).update(claims.values_list("pk", flat=True))


def _refresh(kind: str, keys: Collection[int], using: str) -> list[int]:
    """Bring one batch up to date; the primary keys of records whose title changed."""
    with transaction.atomic(using=using):
        pks = [record_of(key)[1] for key in keys]
        locked = MODELS[kind]._default_manager.using(using).select_for_update(no_key=True)
        list(locked.filter(pk__in=pks).order_by("pk").values_list("pk", flat=True))
        entries = SearchEntry.objects.using(using)
        old = entries.in_bulk(keys)
        fresh = {entry.pk: entry for entry in (entry_of(kind, row) for row in visible(kind, using).filter(pk__in=pks))}
        changed = [fresh[key] for key in sorted(fresh) if not _same(fresh[key], old.get(key))]
        gone = [key for key in old if key not in fresh]
        if not changed and not gone:
            return []
        entries.bulk_create(
            changed, update_conflicts=True, unique_fields=["id"], update_fields=list(terms.Entry._fields)
        )
        entries.filter(pk__in=gone).delete()
        counts = Counter(word for entry in changed for word in entry.vocabulary.split())
        counts.subtract(
            word
            for key in [*gone, *(entry.pk for entry in changed)]
            if key in old
            for word in old[key].vocabulary.split()
        )
        _count({word: count for word, count in counts.items() if count}, using)
        return [record_of(key)[1] for key in fresh if key in old and old[key].title != fresh[key].title]


def _word(word: str, count: int) -> SearchWord:
    return SearchWord(word=word, stem=terms.stem(word), head=word[:3], initial=word[:1], length=len(word), count=count)


def _count(changes: dict[str, int], using: str) -> None:
    """Add to the counts of words, in one order so that writers cannot wait for one another in a circle."""
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
    """Read all records again; the number of entries. progress: called with records done and in all.

    Readers find all along what they found before. The database's own index and the counts of words are made anew.
    """
    total = sum(visible(kind, using).count() for kind in KINDS)
    done = 0
    entries = SearchEntry.objects.using(using)
    for kind in KINDS:
        pks = set(MODELS[kind]._default_manager.using(using).order_by().values_list("pk", flat=True))
        low = KINDS.index(kind) << KIND_BITS
        stored = entries.filter(id__gte=low, id__lte=low | _LAST).values_list("pk", flat=True)
        pks.update(record_of(key)[1] for key in stored)
        for batch in batched(sorted(pks, key=lambda pk: key_of(kind, pk)), 10 * BATCH):
            refresh({kind: set(batch)}, using)
            done += len(batch)
            progress(min(done, total), total)
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        if connections[using].vendor == "sqlite":
            cursor.execute("INSERT INTO comparisons_searchindex(comparisons_searchindex) VALUES ('rebuild')")
        else:
            cursor.execute("LOCK TABLE comparisons_searchentry IN SHARE ROW EXCLUSIVE MODE")
        SearchWord.objects.using(using).all().delete()
        words = (_word(word, count) for word, count in sorted(_counted(using).items()))
        SearchWord.objects.using(using).bulk_create(words, batch_size=1000)
    return entries.count()


def _counted(using: str) -> Counter[str]:
    """How many entries hold each word."""
    counts: Counter[str] = Counter()
    texts = SearchEntry.objects.using(using).order_by().values_list("vocabulary", flat=True)
    for vocabulary in texts.iterator(chunk_size=2000):
        counts.update(vocabulary.split())
    return counts


def stale(using: str = DEFAULT_DB_ALIAS) -> Iterator[str]:
    """Records whose entries are not what they should be, as "claims 17", and words that are miscounted."""
    stored = {entry.pk: entry for entry in SearchEntry.objects.using(using).order_by().iterator(chunk_size=2000)}
    for kind in KINDS:
        for row in visible(kind, using).order_by("pk").iterator(chunk_size=2000):
            fresh = entry_of(kind, row)
            if not _same(fresh, stored.pop(fresh.pk, None)):
                yield f"{kind} {row.pk}"
    for key in sorted(stored):
        kind, pk = record_of(key)
        yield f"{kind} {pk}"
    counts = dict(SearchWord.objects.using(using).values_list("word", "count"))
    if counts != dict(_counted(using)):
        yield "words"


class Touched:
    """What the writes of one transaction may have changed; refreshed once it has committed."""

    def __init__(self, using: str):
        self.using = using
        self.pks: Pks = defaultdict(set)

    def refresh(self) -> None:
        """Refresh what was noted so far; nothing the second time."""
        pks, self.pks = self.pks, defaultdict(set)
        if any(pks.values()):
            refresh(pks, self.using)


class Reach(NamedTuple):
    """A write of one table changes the entries of this kind: found from the written rows by this field."""

    kind: str
    field: str = "pk"


WATCHED: dict[type[Model], Reach] = {
    **{model: Reach(kind) for kind, model in MODELS.items()},
    CriterionGroup: Reach("criteria", "criteria__pk"),
    Paragraph: Reach("comparisons", "comparison_id"),
}


def note(model: type[Model], pks: Iterable[int], using: str) -> None:
    """Note that these rows are about to change, or have changed."""
    notes = notes_of(Touched, using)
    reach = WATCHED[model]
    if reach.field == "pk":
        notes.pks[reach.kind].update(pks)
    else:
        for batch in batched(pks, BATCH):
            rows = model._default_manager.using(using).filter(pk__in=batch).order_by()
            notes.pks[reach.kind].update(pk for pk in rows.values_list(reach.field, flat=True) if pk is not None)
    if not connections[using].in_atomic_block:
        notes.refresh()


def connect() -> None:
    """Hang on every write of what entries are made of."""
    follow(WATCHED, note, "search")
