"""What a published claim said before, as readers may see it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comparisons.domain import vocabulary as v
from comparisons.evidence.assessing import value_of
from comparisons.language.labels import CONDITION_LABELS, label
from comparisons.models import Article, Citation, Claim, Criterion, Framework, Level

from . import diff
from .names import TITLES, RecordKey, StateTexts

#: Rows of the history that are read for a claim, and as many for its citations; older changes are left out. Whoever
#: asks for a revision by its number needs them all.
MOST_ROWS, ALL_ROWS = 120, 20_000

#: What the fields of claims and citations are called.
FIELD_LABELS: Mapping[str, Any] = {
    "statement": gettext_lazy("statement"),
    "framework": gettext_lazy("framework"),
    "criterion": gettext_lazy("criterion"),
    "kind": gettext_lazy("kind"),
    "polarity": gettext_lazy("polarity"),
    "value": gettext_lazy("value"),
    "since_version": gettext_lazy("since version"),
    "until_version": gettext_lazy("until version"),
    "impact": gettext_lazy("impact"),
    "remedy": gettext_lazy("remedy"),
    "verdict": gettext_lazy("fact check"),
    "verdict note": gettext_lazy("note of the fact check"),
    "article": gettext_lazy("article"),
    "stance": gettext_lazy("stance"),
    "says": gettext_lazy("wording"),
    "locator": gettext_lazy("locator"),
    "quote": gettext_lazy("quote"),
    "reading": gettext_lazy("mark “our reading”"),
    **{f"condition {name}": text for name, text in CONDITION_LABELS.items()},
}


def past(claim: Claim, most: int = MOST_ROWS) -> tuple[list[diff.Revision], bool]:
    """The public revisions of a published claim, newest first, and whether the record was read to its beginning.

    Two queries, and one for each kind of record that a state names and that has since been deleted. Only states that
    readers could see are compared; names of people are not read at all. most: rows of the history that are read of the
    claim, and as many of its citations. A revision has no number until its edit is over.
    """
    of_claim = list(
        Claim.history.filter(id=claim.pk)
        .select_related("level", "criterion", "framework")
        .order_by("-history_date", "-history_id")[: most + 1]
    )
    ever = Citation.history.filter(claim_id=claim.pk).order_by().values("id")
    of_citations = list(
        Citation.history.filter(id__in=ever)
        .select_related("article")
        .order_by("-history_date", "-history_id")[: most + 1]
    )
    complete = len(of_claim) <= most and len(of_citations) <= most
    _name_deleted_records([*of_claim, *of_citations])
    entries = [
        diff.StateEntry(row.history_date, None, _claim_state(row), row.status == v.Status.PUBLISHED)
        for row in reversed(of_claim[:most])
        if row.history_type != "-"
    ]
    entries += [
        diff.StateEntry(
            row.history_date,
            row.id,
            None if row.history_type == "-" or row.claim_id != claim.pk else _citation_state(row),
            fresh=row.history_type == "+" or row.history_step in (v.HistoryStep.MERGE, v.HistoryStep.SPLIT),
        )
        for row in reversed(of_citations[:most])
    ]
    found = diff.revisions(entries, complete=complete)
    is_over = bool(found) and found[0].is_over(timezone.now())
    if found and found[-1].is_first and claim.published_at:
        found[-1] = replace(found[-1], at=min(found[-1].at, claim.published_at))
    if found and not is_over:
        found[0] = replace(found[0], number=0)
    return found, complete


#: The records that states of claims and citations name, each with the field that holds its name.
_NAMED: dict[str, tuple[Any, str]] = {str(model._meta.model_name): (model, title) for model, title in TITLES.items()}


def _name_deleted_records(rows: Iterable[Any]) -> None:
    """Give states the names of records that were deleted since, from their history; most were merged into others."""
    rows = list(rows)
    for name, (model, title) in _NAMED.items():
        unnamed = [row for row in rows if getattr(row, f"{name}_id", None) and getattr(row, name) is None]
        if unnamed:
            keys = {getattr(row, f"{name}_id") for row in unnamed}
            states = model.history.filter(id__in=keys).order_by("history_date", "history_id")
            known = dict(states.values_list("id", title))
            for row in unnamed:
                key = getattr(row, f"{name}_id")
                setattr(row, name, model(pk=key, **{title: known.get(key, "")}))


def _records(row: Any, **models: Any) -> dict[str, RecordKey]:
    """The records that fields of a state name. models: by field, the kind of record."""
    keys = {field: (model, getattr(row, f"{model._meta.model_name}_id")) for field, model in models.items()}
    return {field: RecordKey(model, pk) for field, (model, pk) in keys.items() if pk is not None}


def _claim_state(row: Any) -> StateTexts:
    value = value_of(row.level.label if row.level else None, None, None, False, row.text)
    number = "" if row.number is None else f"{row.number.normalize():f}"
    if row.number_high is not None:
        number += f" – {row.number_high.normalize():f}"
    texts = {
        "statement": row.statement,
        "framework": row.framework.name if row.framework else "",
        "criterion": row.criterion.name if row.criterion else "",
        "kind": str(label(v.ClaimKind(row.kind))),
        "polarity": str(label(v.Polarity(row.polarity))),
        "value": str(value or number),
        "since_version": row.since_version,
        "until_version": row.until_version,
        **{f"condition {name}": getattr(row, name) for name in v.CONDITIONS},
        "impact": row.impact,
        "remedy": row.remedy,
        "verdict": str(label(v.Verdict(row.verdict))),
        "verdict note": row.verdict_note,
    }
    return StateTexts(texts, _records(row, framework=Framework, criterion=Criterion, value=Level))


def _citation_state(row: Any) -> StateTexts:
    texts = {
        "article": row.article.title if row.article else "",
        "stance": str(label(v.Stance(row.stance))),
        "says": row.says,
        "locator": row.locator,
        "quote": row.quote,
        "reading": _("our reading") if row.reading else "",
    }
    return StateTexts(texts, _records(row, article=Article), row.stance)
