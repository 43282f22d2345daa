"""Keep the index of the search equal to what readers may see.

`ENTRIES` declares which records a write may change. Once its transaction has committed they are read again, while their
rows are locked, so that the later of two writers always sees both writes. `rebuild` does the same for all records.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from typing import Any

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
from comparisons.models.batches import BATCH, batched
from comparisons.models.derived import Derived, Keys, Reach

from . import terms

#: The kinds of records that can be found, in the order of the results. Stored keys contain the position of the kind.
KINDS = tuple(SearchEntry.KINDS)
MODELS: dict[str, type[Model]] = dict(zip(KINDS, (Framework, Comparison, Criterion, Claim, Article), strict=True))
#: Among equal hits of these kinds the newest comes first; of the others, the one created first.
NEWEST_FIRST = frozenset({"claims", "articles"})
KIND_BITS = SearchEntry.KIND_BITS
_LAST = (1 << KIND_BITS) - 1


def key_of(kind: str, pk: int) -> int:
    """The key of an entry. Keys sort by kind, then in the order of equal hits."""
    return KINDS.index(kind) << KIND_BITS | (_LAST - pk if kind in NEWEST_FIRST else pk)


def record_of(key: int) -> tuple[str, int]:
    """The kind and the primary key of the record that an entry belongs to."""
    kind, place = KINDS[key >> KIND_BITS], key & _LAST
    return kind, _LAST - place if kind in NEWEST_FIRST else place


def visible(kind: str, using: str = DEFAULT_DB_ALIAS) -> QuerySet[Any]:
    """The records of a kind that readers may see, with all that their entries are made from."""
    if kind == "claims":
        return Claim.objects.using(using).published().select_related("framework", "criterion")
    rows: Any = MODELS[kind]._default_manager.using(using)
    if kind in ("frameworks", "criteria"):
        rows = rows.published()
    if kind == "criteria":
        return rows.select_related("group")
    if kind == "comparisons":
        return rows.prefetch_related(Prefetch("verdict", Paragraph.objects.using(using).order_by("order")))
    return rows


def entry_of(kind: str, row: Any) -> SearchEntry:
    """The entry of a record: everything it can be found by."""
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
    return SearchEntry(id=key_of(kind, row.pk), **terms.indexed_text(*texts)._asdict())


def _text_of(claim: Claim, field: WrittenField) -> str:
    value = getattr(claim, field.name)
    text = "" if value is None else str(value)
    return plain(text) if field.is_markdown else text


def _same(one: SearchEntry, other: SearchEntry | None) -> bool:
    return other is not None and all(getattr(one, name) == getattr(other, name) for name in terms.IndexedText._fields)


def refresh(keys: Keys, using: str = DEFAULT_DB_ALIAS) -> None:
    """Read these records again and bring their entries up to date. keys: primary keys by the kinds of KINDS.

    Only entries that differ are written. One transaction and at most nine queries per batch of records. If a framework
    or a criterion has a new name, its claims are brought up to date too, since their entries contain the name.
    """
    claims = set(keys.get("claims", ()))
    for kind in KINDS:
        pks = claims if kind == "claims" else keys.get(kind, ())
        # In order of the keys: FTS5 then writes them in one pass.
        for batch in batched(sorted(key_of(kind, pk) for pk in pks), BATCH):
            renamed = _refresh(kind, batch, using)
            if renamed and kind in ("frameworks", "criteria"):
                lookup = {"frameworks": "framework__in", "criteria": "criterion__in"}[kind]
                renamed_claims = Claim.objects.using(using).filter(**{lookup: renamed}).order_by()
                claims.update(renamed_claims.values_list("pk", flat=True))


def _refresh(kind: str, keys: Collection[int], using: str) -> list[int]:
    """Bring one batch up to date; return the primary keys of the records whose title has changed."""
    with transaction.atomic(using=using):
        pks = [record_of(key)[1] for key in keys]
        locked = MODELS[kind]._default_manager.using(using).select_for_update(no_key=True)
        list(locked.filter(pk__in=pks).order_by("pk").values_list("pk", flat=True))
        entries = SearchEntry.objects.using(using)
        old = entries.in_bulk(keys)
        fresh = {entry.pk: entry for entry in (entry_of(kind, row) for row in visible(kind, using).filter(pk__in=pks))}
        changed = [fresh[key] for key in sorted(fresh) if not _same(fresh[key], old.get(key))]
        removed = [key for key in old if key not in fresh]
        if not changed and not removed:
            return []
        entries.bulk_create(
            changed, update_conflicts=True, unique_fields=["id"], update_fields=list(terms.IndexedText._fields)
        )
        entries.filter(pk__in=removed).delete()
        counts = Counter(word for entry in changed for word in entry.vocabulary.split())
        counts.subtract(
            word
            for key in [*removed, *(entry.pk for entry in changed)]
            if key in old
            for word in old[key].vocabulary.split()
        )
        _add_to_counts({word: count for word, count in counts.items() if count}, using)
        return [record_of(key)[1] for key in fresh if key in old and old[key].title != fresh[key].title]


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
        words = (_word(word, count) for word, count in sorted(_word_counts(using).items()))
        SearchWord.objects.using(using).bulk_create(words, batch_size=1000)
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
    if counts != dict(_word_counts(using)):
        yield "words"


ENTRIES = Derived(
    "search",
    {
        **{model: Reach(kind) for kind, model in MODELS.items()},
        CriterionGroup: Reach("criteria", "criteria__pk"),
        Paragraph: Reach("comparisons", "comparison_id"),
    },
    refresh,
)
