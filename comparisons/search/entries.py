"""What records are found by: for each kind, the records that readers may see, and the texts of their entries."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Exists, Model, OuterRef, Prefetch, Q, QuerySet, Subquery

from comparisons.domain.claim_fields import SEARCHED, SEARCHED_IN_CITATIONS, WrittenField
from comparisons.domain.statements import RANKED_LAST
from comparisons.language.markdown import plain
from comparisons.language.values import own_value
from comparisons.models import (
    Article,
    Benchmark,
    Cell,
    Citation,
    Claim,
    Comparison,
    ComparisonFramework,
    Criterion,
    Framework,
    Level,
    Paragraph,
    Ruling,
    SearchEntry,
    VerdictLine,
)
from comparisons.models.aliases import split_aliases
from comparisons.models.benchmarks import SETUP

from . import terms

#: The kinds of records that can be found, in the order of the results.
KINDS = tuple(SearchEntry.KINDS)
MODELS: dict[str, type[Model]] = {
    "frameworks": Framework,
    "comparisons": Comparison,
    "criteria": Criterion,
    "use_cases": Criterion,
    "cells": Cell,
    "claims": Claim,
    "benchmarks": Benchmark,
    "articles": Article,
}
#: Among equal hits of these kinds the newest comes first; of the others, the one created first.
NEWEST_FIRST = frozenset({"claims", "articles"})
KIND_BITS = SearchEntry.KIND_BITS
_LAST = (1 << KIND_BITS) - 1
#: Most citations of a claim that are read.
MOST_CITATIONS = 40

Texts = tuple[str, ...]


def key_of(kind: str, pk: int, is_low: bool = False) -> int:
    """The key of an entry. Keys sort by section, then in the order of equal hits."""
    return SearchEntry.keys_of(kind, is_low)[0] | (_LAST - pk if kind in NEWEST_FIRST else pk)


def keys_of(kind: str, pk: int) -> list[int]:
    """The keys that the entry of a record may have, one for each section of its kind."""
    return [key_of(kind, pk, is_low) for is_low in SearchEntry.sections_of(kind)]


def record_of(key: int) -> tuple[str, int]:
    """The kind and the primary key of the record that an entry belongs to."""
    kind, place = SearchEntry.SECTIONS[key >> KIND_BITS][0], key & _LAST
    return kind, _LAST - place if kind in NEWEST_FIRST else place


def ranks_low(key: int) -> bool:
    """Whether the record of an entry ranks below all others of its kind, such as a claim judged wrong."""
    return SearchEntry.SECTIONS[key >> KIND_BITS][1]


def visible(kind: str, using: str = DEFAULT_DB_ALIAS) -> QuerySet[Any]:
    """The records of a kind that readers may see, with all that their entries are made from; at most four queries."""
    return _VISIBLE[kind](using)


def written(kind: str, using: str = DEFAULT_DB_ALIAS) -> QuerySet[Any]:
    """The same with little else; of the kinds with most records only the fields that go into entries are read."""
    return visible(kind, using).only(*_WRITTEN.get(kind, ()))


def _frameworks(using: str) -> QuerySet[Any]:
    return Framework.objects.using(using).published()


def _comparisons(using: str) -> QuerySet[Any]:
    """Comparisons with what their pages say of published frameworks; a line needs a published claim to be shown."""
    of_shown = Q(framework__isnull=True) | Q(framework__is_draft=False)
    behind = Claim.objects.using(using).published().filter(verdict_lines=OuterRef("pk"))
    return (
        Comparison.objects.using(using)
        .published()
        .prefetch_related(
            Prefetch("verdict", Paragraph.objects.using(using).filter(of_shown).order_by("order")),
            Prefetch("columns", ComparisonFramework.objects.using(using).filter(of_shown).order_by("order", "pk")),
            Prefetch("lines", VerdictLine.objects.using(using).filter(of_shown, Exists(behind)).order_by("order")),
        )
    )


def _criteria(using: str) -> QuerySet[Any]:
    return _questions(using).filter(group__holds_use_cases=False)


def _use_cases(using: str) -> QuerySet[Any]:
    return _questions(using).filter(group__holds_use_cases=True)


def _questions(using: str) -> QuerySet[Any]:
    levels = Level.objects.using(using).order_by("order", "pk")
    return (
        Criterion.objects.using(using).published().select_related("group").prefetch_related(Prefetch("levels", levels))
    )


def _cells(using: str) -> QuerySet[Any]:
    ruling = Ruling.objects.using(using).filter(framework=OuterRef("framework"), criterion=OuterRef("criterion"))
    return (
        Cell.objects.using(using)
        # By joins: with lists of published ones, SQLite goes through all of them to find a few cells.
        .filter(framework__is_draft=False, criterion__is_draft=False)
        .select_related("framework", "criterion", "level")
        .annotate(ruled_why=Subquery(ruling.values("why")[:1]))
    )


def _claims(using: str) -> QuerySet[Any]:
    cited = Citation.objects.using(using).select_related("article").order_by("pk").only(*_CITED)
    rows = Claim.objects.using(using).published().select_related("framework", "criterion")
    return rows.prefetch_related(Prefetch("citations", cited, to_attr="cited"))


def _benchmarks(using: str) -> QuerySet[Any]:
    figures = Claim.objects.using(using).published().select_related("framework").order_by("pk")
    rows = Benchmark.objects.using(using).published().select_related("article", "criterion")
    return rows.prefetch_related(Prefetch("figures", figures.only("benchmark_id", "framework__name")))


def _articles(using: str) -> QuerySet[Any]:
    return Article.objects.using(using).published()


#: The fields of which entries of cells, of claims and of their citations are made.
_WRITTEN = {
    "cells": (
        *("number", "number_high", "approximate", "text", "level__label", "level__aliases"),
        *("framework__name", "framework__aliases"),
        *("criterion__name", "criterion__aliases", "criterion__question", "criterion__unit"),
    ),
    "claims": (
        *(field.name for field in SEARCHED if not field.is_reference),
        *("verdict", "framework__name", "criterion__name"),
    ),
}
_CITED = ("claim", *(field.name for field in SEARCHED_IN_CITATIONS), "article__publisher")

_VISIBLE: dict[str, Callable[[str], QuerySet[Any]]] = {
    "frameworks": _frameworks,
    "comparisons": _comparisons,
    "criteria": _criteria,
    "use_cases": _use_cases,
    "cells": _cells,
    "claims": _claims,
    "benchmarks": _benchmarks,
    "articles": _articles,
}


def entry_of(kind: str, row: Any) -> SearchEntry:
    """The entry of a record: everything it can be found by."""
    is_low = kind == "claims" and row.verdict in RANKED_LAST
    names = split_aliases(getattr(row, "aliases", ""))
    if kind == "frameworks" and row.package_name:
        names = (row.package_name, *names)
    words = terms.indexed_text(*_TEXTS[kind](row), names=names)
    return SearchEntry(id=key_of(kind, row.pk, is_low), **words._asdict())


def _of_framework(row: Any) -> Texts:
    return row.name, row.tagline, row.kind, plain(row.summary)


def _of_comparison(row: Any) -> Texts:
    return (
        row.title,
        plain(row.introduction),
        *(plain(paragraph.text) for paragraph in row.verdict.all()),
        *(column.headline for column in row.columns.all()),
        *(line.text for line in row.lines.all()),
    )


def _of_criterion(row: Any) -> Texts:
    levels = (text for level in row.levels.all() for text in (level.label, level.aliases))
    return row.name, row.question, row.group.name, plain(row.definition), *levels


def _of_use_case(row: Any) -> Texts:
    # All use cases have the same levels, which would tell them from nothing.
    return row.name, row.question, row.group.name, plain(row.definition)


def _of_cell(row: Any) -> Texts:
    framework, criterion, level = row.framework, row.criterion, row.level
    value = own_value(row, criterion.unit)
    return (
        f"{framework.name} {criterion.name} {value}",
        framework.aliases,
        criterion.aliases,
        criterion.question,
        level.aliases if level else "",
        plain(row.ruled_why or ""),
    )


def _of_claim(row: Any) -> Texts:
    cited = [text for citation in row.cited[:MOST_CITATIONS] for text in _of_citation(citation)]
    return *(_text_of(row, field) for field in SEARCHED), *cited


def _of_citation(citation: Citation) -> Iterator[str]:
    for field in SEARCHED_IN_CITATIONS:
        yield _text_of(citation, field)
    yield citation.article.publisher_name


def _of_benchmark(row: Any) -> Texts:
    measured = dict.fromkeys(figure.framework.name for figure in row.figures.all() if figure.framework)
    return (
        row.title,
        row.criterion.name,
        row.criterion.aliases,
        row.unit,
        row.article.title,
        row.article.publisher_name,
        " ".join(measured),
        *(getattr(row, name) for name in SETUP),
        plain(row.note),
    )


def _of_article(row: Any) -> Texts:
    return row.title, row.author, row.publisher_name, plain(row.note)


_TEXTS: dict[str, Callable[[Any], Texts]] = {
    "frameworks": _of_framework,
    "comparisons": _of_comparison,
    "criteria": _of_criterion,
    "use_cases": _of_use_case,
    "cells": _of_cell,
    "claims": _of_claim,
    "benchmarks": _of_benchmark,
    "articles": _of_article,
}


def _text_of(row: Any, field: WrittenField) -> str:
    value = getattr(row, field.name)
    text = "" if value is None else str(value)
    return plain(text) if field.is_markdown else text
