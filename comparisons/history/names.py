"""The names that records had when a revision of a claim was published, from their histories."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from comparisons.models import Article, Criterion, Framework, Level

from .diff import FieldTexts, Revision

#: The field that holds the name of each kind of record that states of claims and citations name.
TITLES: dict[Any, str] = {Article: "title", Criterion: "name", Framework: "name", Level: "label"}


class RecordKey(NamedTuple):
    """A record that a state names."""

    model: Any
    pk: int


class StateTexts(dict[str, str]):
    """The texts of a state by field, with what they were made from.

    records: the records whose names they hold, by field. stance: of a citation; "" for a claim. slug: that of the
    article of a citation on the day of a revision, once `as_published` has looked it up.
    """

    def __init__(self, texts: Mapping[str, str], records: Mapping[str, RecordKey], stance: str = "", slug: str = ""):
        super().__init__(texts)
        self.records, self.stance, self.slug = records, stance, slug


def as_published(*revisions: Revision) -> list[Revision]:
    """Revisions with the names that records had at the time of each; at most one query for each kind of record.

    The states of a revision hold the present names, so that a new name is no change of the claim. A record whose
    history began later has its oldest name. A name without a history stays as it is.
    """
    wanted: dict[Any, set[int]] = defaultdict(set)
    for revision in revisions:
        for texts in revision.state.values():
            for key in getattr(texts, "records", {}).values():
                wanted[key.model].add(key.pk)
    known: dict[RecordKey, list[tuple[datetime, str, str]]] = defaultdict(list)
    for model, pks in wanted.items():
        entries = model.history.filter(id__in=pks).exclude(history_type="-").order_by("history_date", "history_id")
        for pk, at, name, slug in entries.values_list("id", "history_date", TITLES[model], "slug"):
            known[RecordKey(model, pk)].append((at, name, slug))
    return [
        replace(revision, state={part: _named(texts, known, revision.at) for part, texts in revision.state.items()})
        for revision in revisions
    ]


def _named(
    texts: FieldTexts, known: Mapping[RecordKey, Sequence[tuple[datetime, str, str]]], day: datetime
) -> FieldTexts:
    if not isinstance(texts, StateTexts):
        return texts
    names: dict[str, str] = {}
    slug = ""
    for field, key in texts.records.items():
        if entries := known.get(key, ()):
            past = [entry for entry in entries if entry[0] <= day] or [entries[0]]
            _at, names[field], own = past[-1]
            slug = own if key.model is Article else slug
    return StateTexts({**texts, **names}, texts.records, texts.stance, slug)
