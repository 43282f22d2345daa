"""The preview of a claim that is being written: what it would look like, and what it would change."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from comparisons.domain.matrix import CellView, Line
from comparisons.domain.vocabulary import CONDITIONS, Agreement, ClaimKind, RulingState, Silence, Stance
from comparisons.editing.duplicates import SimilarClaim, likely
from comparisons.editing.preview import cell_with, hints
from comparisons.evidence.assessing import line_of
from comparisons.language import values
from comparisons.language.labels import choices, label
from comparisons.models import Article, Citation, Claim, Criterion, Framework, Level
from comparisons.models.values import value_problems

#: Citations of a form that a preview reads.
MOST_CITATIONS = 50


class _Draft(forms.Form):
    """Reads a form that is half filled in: nothing is required, and invalid values are left out."""

    framework = forms.ModelChoiceField(Framework.objects.all(), required=False)
    criterion = forms.ModelChoiceField(Criterion.objects.select_related("group"), required=False)
    level = forms.ModelChoiceField(Level.objects.select_related("criterion"), required=False)
    kind = forms.ChoiceField(choices=choices(ClaimKind), required=False)
    statement = forms.CharField(required=False)
    number = forms.DecimalField(required=False, max_digits=16, decimal_places=4)
    number_high = forms.DecimalField(required=False, max_digits=16, decimal_places=4)
    approximate = forms.BooleanField(required=False)
    text = forms.CharField(required=False, max_length=200)


def draft_of(data: QueryDict, stored: Claim | None = None) -> tuple[Claim, list[Citation]]:
    """The claim and the citations that a form describes, not saved; at most four queries.

    stored: the claim that the form changes; fields that are not on the form are taken from it.
    """
    form = _Draft(data)
    form.is_valid()
    read = {**dict.fromkeys(["framework", "criterion", "level", "number", "number_high"]), **form.cleaned_data}
    claim = Claim(pk=stored.pk, key=stored.key, verdict=stored.verdict) if stored else Claim()
    for name, value in read.items():
        setattr(claim, name, value)
    for name in CONDITIONS:
        setattr(claim, name, data.get(name, "").strip())
    claim.kind = claim.kind or ClaimKind.CAPABILITY
    return claim, _citations_of(data, claim)


def _citations_of(data: QueryDict, claim: Claim) -> list[Citation]:
    total = data.get("citations-TOTAL_FORMS", "")
    rows = []
    for place in range(min(int(total), MOST_CITATIONS) if re.fullmatch("[0-9]{1,4}", total) else 0):
        names = ("article", "stance", "reading", "DELETE")
        values = {name: data.get(f"citations-{place}-{name}", "") for name in names}
        if re.fullmatch("[0-9]{1,18}", values["article"]) and not values["DELETE"]:
            rows.append(values)
    articles = Article.objects.in_bulk({int(row["article"]) for row in rows}) if rows else {}
    return [
        Citation(
            claim=claim,
            article=articles[int(row["article"])],
            stance=row["stance"] if row["stance"] in set(Stance) else Stance.SUPPORTS.value,
            reading=bool(row["reading"]),
        )
        for row in rows
        if int(row["article"]) in articles
    ]


@dataclass(frozen=True)
class Fact:
    """One property of a cell in words, as it is and as it would become."""

    name: str
    before: str
    after: str

    @property
    def changes(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True)
class Preview:
    """What an editor sees of a claim before it is saved.

    facts: None for a claim without a cell. criterion: how it is answered, as JSON for the script of the form.
    said: a summary in one sentence, for screen readers.
    """

    claim: Claim
    facts: list[Fact] | None
    cited: bool
    duplicates: list[SimilarClaim]
    problems: list[str]
    criterion: str
    said: str


def preview_of(claim: Claim, citations: Sequence[Citation], today: date) -> Preview:
    """What a claim would look like and change; at most six queries, and nothing is written."""
    criterion = claim.criterion if claim.criterion_id else None
    change = cell_with(claim, citations) if criterion and claim.framework_id else None
    facts = None
    if change and criterion:
        line = line_of(criterion)
        before, after = (_facts(cell, line, today) for cell in change)
        facts = [Fact(str(name), before.get(name, ""), after.get(name, "")) for name in {**before, **after}]
    found = likely(claim) if criterion else []
    problems = [str(text) for texts in value_problems(claim).values() for text in texts]
    problems += hints(claim.statement)
    said = []
    if facts:
        value = facts[0]
        said.append(
            gettext("The cell would read: %(value)s.") % {"value": value.after}
            if any(fact.changes for fact in facts)
            else gettext("The cell would stay as it is.")
        )
    if found:
        said.append(ngettext("%d likely duplicate.", "%d likely duplicates.", len(found)) % len(found))
    return Preview(claim, facts, bool(citations), found, problems, _answered(criterion), " ".join([*said, *problems]))


def _facts(cell: CellView | None, line: Line, today: date) -> dict[Any, str]:
    """What a cell shows, in words by label."""
    if cell is None:
        return {_("Value"): str(label(Silence.NOBODY))}
    if cell.has_value:
        value, note = values.headline(cell, line), values.headline_note(cell, line)
        shown = f"{value} ({note})" if note else value
    else:
        shown = values.no_value(cell)
    agreement, strength = str(label(Agreement(cell.agreement))), cell.strength(today)
    facts = {_("Value"): shown, _("Agreement"): " ".join(filter(None, [agreement, values.reading_counts(cell)]))}
    if strength:
        facts[_("Strength")] = str(label(strength))
    facts[_("Sources")] = values.sources(cell.witnesses)
    if cell.ruling != RulingState.NONE:
        facts[_("Ruling")] = str(label(RulingState(cell.ruling)))
    return facts


def _answered(criterion: Criterion | None) -> str:
    """How a criterion is answered, as JSON: its value type, unit, question and levels; one query for levels."""
    if criterion is None:
        return "{}"
    levels = criterion.levels.order_by("order", "pk").values_list("pk", "label")
    return json.dumps(
        {
            "pk": criterion.pk,
            "name": criterion.name,
            "question": criterion.question,
            "type": criterion.value_type,
            "unit": "%" if criterion.unit == "percent" else criterion.unit,
            "levels": [[pk, name] for pk, name in levels] if criterion.value_type == "level" else [],
        }
    )
