"""What claims of a file may name: what is stored, and what the same files bring."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import DEFAULT_DB_ALIAS, models
from django.utils.translation import gettext as _

from comparisons.domain.vocabulary import AddressKind, ValueType
from comparisons.models import Article, Benchmark, Criterion, FormerAddress, Framework, Level


@dataclass
class KnownRecords:
    """The records that claims name.

    known: frameworks, criteria and benchmarks by slug, and the primary keys of articles, by kind. levels: by slug, by
    the primary key of their criterion. former: the present address of what was renamed, by kind and former address.
    told: kinds and names of which it is said elsewhere what is wrong with them; "" stands for every name of a kind.
    A name of a level follows that of its criterion.
    """

    known: dict[str, dict[str, Any]]
    levels: dict[int, dict[str, Level]]
    former: dict[tuple[str, str], str]
    told: set[tuple[str, ...]] = field(default_factory=set)

    def is_told(self, kind: str, name: str, beneath: str = "") -> bool:
        """Whether there is no need to say that nothing has this name."""
        if kind == "level":
            return bool(
                self.told & {("level", ""), ("level", beneath, name), ("level", "", name), ("criterion", beneath)}
            )
        return bool(self.told & {(kind, ""), (kind, name)})


def stored_records(using: str = DEFAULT_DB_ALIAS) -> KnownRecords:
    """What is stored; six queries."""
    named: dict[str, type[Any]] = {"framework": Framework, "criterion": Criterion, "benchmark": Benchmark}
    known: dict[str, dict[str, Any]] = {
        name: {row.slug: row for row in model._base_manager.using(using).order_by("pk")}
        for name, model in named.items()
    }
    known["article"] = dict(Article.objects.using(using).order_by().values_list("slug", "pk"))
    of_key = {row.pk: row for row in known["criterion"].values()}
    levels: dict[int, dict[str, Level]] = defaultdict(dict)
    for level in Level.objects.using(using).order_by("pk"):
        level.criterion = of_key[level.criterion_id]
        levels[level.criterion_id][level.slug] = level
    former = FormerAddress.objects.using(using).values_list("kind", "key", "now")
    return KnownRecords(known, levels, {(kind, key): now for kind, key, now in former})


def former_note(kind: AddressKind | str, key: str, now: str) -> str:
    """What is told of a former address that was followed."""
    details = {"kind": _(str(kind)), "key": key, "now": now}
    return _("The %(kind)s “%(key)s” is called “%(now)s” now; it was taken for that one.") % details


def levels_of(criterion: Criterion, slugs: Iterable[str]) -> str:
    """“The levels of “works-offline” are: fully, in-part.”, or in which column a criterion without any is answered."""
    if criterion.value_type != ValueType.LEVEL:
        message = _("“%(criterion)s” has no levels; its answer stands in the column “%(column)s”.")
        return message % {"criterion": criterion.slug, "column": criterion.value_type}
    message = _("The levels of “%(criterion)s” are: %(levels)s.")
    return message % {"criterion": criterion.slug, "levels": ", ".join(slugs)}


def choices_of(model: type[models.Model], name: str) -> str:
    """“One of: capability, figure, …” for a field that is chosen from a list; otherwise ""."""
    column: Any = model._meta.get_field(name)
    words = [word for word, _label in column.choices or ()]
    return _("One of: %(words)s.") % {"words": ", ".join(words)} if words else ""
