"""Write down rulings, fact checks and what is new as changes of meaning, each dated by the day on which it happened.

Changes of answers are written where cells are assessed again (evidence/changes.py).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.utils import timezone

from comparisons.domain.statements import RANKED_LAST
from comparisons.domain.vocabulary import ChangeKind, Verdict
from comparisons.language.values import own_value
from comparisons.models import Claim, Criterion, Framework, MeaningChange, Ruling
from comparisons.models.batches import BATCH, batched
from comparisons.models.derived import Derived, Keys, Reach

#: What is compared, and by what: frameworks and criteria.
_CATALOGUE: dict[str, Any] = {"frameworks": Framework, "criteria": Criterion}


def refresh(keys: Keys, using: str = DEFAULT_DB_ALIAS) -> None:
    """Write what these records tell that is not written yet; running it twice does no harm.

    keys: "rulings", "claims", "frameworks" and "criteria". Three queries for each batch of a kind.
    """
    for kind in _CATALOGUE:
        _added(kind, keys.get(kind, ()), using)
    for kind, write in (("rulings", _rulings), ("claims", _fact_checks)):
        for batch in batched(sorted(keys.get(kind, ())), BATCH):
            write(batch, using)


def rebuild(using: str = DEFAULT_DB_ALIAS) -> None:
    """The same for all records there are."""
    models: dict[str, Any] = {"rulings": Ruling, "claims": Claim, **_CATALOGUE}
    refresh(
        {
            kind: list(model.objects.using(using).order_by().values_list("pk", flat=True))
            for kind, model in models.items()
        },
        using,
    )


def _added(kind: str, pks: Collection[int], using: str) -> None:
    """Write that readers see these frameworks or criteria from today on; the first ones were there from the start."""
    if not pks:
        return
    model = _CATALOGUE[kind]
    name = model._meta.model_name
    stored = MeaningChange.objects.using(using).filter(kind=ChangeKind.ADDED, **{f"{name}__isnull": False})
    on = timezone.localdate() if stored.exists() else None
    for batch in batched(sorted(pks), BATCH):
        there = set(stored.filter(**{f"{name}__in": batch}).values_list(name, flat=True))
        rows = model.objects.using(using).published().filter(pk__in=[pk for pk in batch if pk not in there])
        new = [
            MeaningChange(key=f"{name}/{row.pk}", kind=ChangeKind.ADDED, on=on, after=str(row)[:200], **{name: row})
            for row in rows.order_by("pk")
        ]
        _write(new, using)


def _rulings(pks: Collection[int], using: str) -> None:
    rulings = Ruling.objects.using(using).filter(pk__in=pks).select_related("level", "criterion").order_by("pk")
    former = MeaningChange.objects.using(using).filter(kind=ChangeKind.RULED, framework__rulings__in=pks)
    last = {
        pair: (after, is_open)
        for *pair_, after, is_open in former.order_by("pk").values_list(
            "framework_id", "criterion_id", "after", "is_disputed"
        )
        for pair in [tuple(pair_)]
    }
    keys = set(former.values_list("key", flat=True))
    new = []
    for ruling in rulings:
        value = own_value(ruling, ruling.criterion.unit)[:200]
        before, was_open = last.get((ruling.framework_id, ruling.criterion_id), ("", True))
        key = f"ruling/{ruling.framework_id}/{ruling.criterion_id}/{ruling.ruled_on}/{value or 'open'}"
        if key in keys and (before, was_open) == (value, ruling.is_open):
            continue
        new.append(
            MeaningChange(
                key=_free(key, keys),
                kind=ChangeKind.RULED,
                on=ruling.ruled_on,
                framework_id=ruling.framework_id,
                criterion_id=ruling.criterion_id,
                before=before,
                after=value,
                was_disputed=was_open,
                is_disputed=ruling.is_open,
                why=ruling.why,
            )
        )
    _write(new, using)


def _fact_checks(pks: Collection[int], using: str) -> None:
    """A first verdict is a change if the claim no longer counts by it, or cannot be checked; later ones always are."""
    former = MeaningChange.objects.using(using).filter(kind=ChangeKind.FACT_CHECK, claim__in=pks).order_by("pk")
    last = dict(former.values_list("claim_id", "after"))
    keys = set(former.values_list("key", flat=True))
    claims = Claim.objects.using(using).published().filter(pk__in=pks).order_by("pk")
    today = timezone.localdate()
    new = []
    for pk, verdict, on, note in claims.values_list("pk", "verdict", "verdict_on", "verdict_note"):
        before = last.get(pk, Verdict.UNCHECKED)
        if verdict == before or (pk not in last and verdict not in RANKED_LAST):
            continue
        day = on or today
        new.append(
            MeaningChange(
                key=_free(f"fact-check/{pk}/{day}/{verdict}", keys),
                kind=ChangeKind.FACT_CHECK,
                on=day,
                claim_id=pk,
                before=before,
                after=verdict,
                why=note,
            )
        )
    _write(new, using)


def _free(key: str, keys: Collection[str]) -> str:
    """A key, or the first one with a number that is not among others: on one day an answer may be given back again."""
    numbered = (f"{key}/{number}" for number in range(2, len(keys) + 3))
    return key if key not in keys else next(one for one in numbered if one not in keys)


def _write(changes: list[MeaningChange], using: str) -> None:
    """Write those whose key is new. Another process that writes the same one meanwhile does no harm."""
    stored = MeaningChange.objects.using(using)
    there = set(stored.filter(key__in=[change.key for change in changes]).values_list("key", flat=True))
    stored.bulk_create([change for change in changes if change.key not in there], ignore_conflicts=True)


CHANGES = Derived(
    "changes",
    {
        Ruling: Reach("rulings"),
        Claim: Reach("claims"),
        Framework: Reach("frameworks"),
        Criterion: Reach("criteria"),
    },
    refresh,
)
