"""Put an earlier state of a record back as one new save. Nothing in the history is changed; putting back adds to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from comparisons.domain.vocabulary import Status
from comparisons.history import reasons
from comparisons.history.recording import set_reason
from comparisons.history.states import State, deleted_names, present
from comparisons.models import Citation, Claim, StaleVersion

from . import steps


@transaction.atomic
def put_back(row: Any, state: State, *, by: Any, saved_at: datetime) -> bool:
    """Save a record as it was, with its citations if it is a claim: one new save, under the rules of an edit.

    row: the record as its editor saw it. saved_at: when the state was saved, for the history. Returns whether anything
    changed. Raises StaleVersion if the record was saved since it was seen, ValidationError if the state is not valid
    today.
    """
    model = type(row)
    if not model._base_manager.filter(pk=row.pk, version=row.version).exists():
        raise StaleVersion(row)
    now = present(row)
    if now == state:
        return False
    if names := deleted_names(model, state):
        raise ValidationError(_("It names records that no longer exist: %(names)s.") % {"names": ", ".join(names)})
    many = {name: value for name, value in state.fields.items() if model._meta.get_field(name).many_to_many}
    for name, value in state.fields.items():
        if name not in many:
            setattr(row, model._meta.get_field(name).attname, value)
    row.full_clean()
    _check_visible([key for keys in many.values() for key in keys])
    if isinstance(row, Claim):
        steps.prepare_edit(row, by=by, citations=now.citations != state.citations)
    set_reason(row, by=by, reason=reasons.put_back(saved_at))
    row.save()
    for name, keys in many.items():
        getattr(row, name).set(keys)
    if isinstance(row, Claim):
        _put_citations_back(row, now.citations, state.citations, by)
    return True


def _check_visible(claims: list[Any]) -> None:
    """Raise ValidationError if a state names claims that readers do not see. claims: primary keys."""
    hidden = Claim.objects.filter(pk__in=claims).exclude(status=Status.PUBLISHED)
    if hidden:
        raise ValidationError(
            [_("Readers do not see this claim: %(claim)s") % {"claim": claim} for claim in hidden.order_by("pk")]
        )


def _put_citations_back(
    claim: Claim, now: Mapping[int, Mapping[str, Any]], then: Mapping[int, Mapping[str, Any]], by: Any
) -> None:
    """Give a claim the citations it had. now, then: their values by primary key.

    Citations whose place changes are deleted first: no two of them may cite one place of an article, even for a moment.
    """
    elsewhere = set(Citation.objects.filter(pk__in=then.keys()).exclude(claim=claim).values_list("pk", flat=True))
    stays = {pk for pk in now if pk in then and all(now[pk][key] == then[pk][key] for key in ("article", "locator"))}
    for citation in Citation.objects.filter(claim=claim).exclude(pk__in=stays):
        set_reason(citation, by=by)
        citation.delete()
    for pk, values in then.items():
        if now.get(pk) == values:
            continue
        row = Citation(pk=None if pk in elsewhere else pk, claim=claim)
        for name, value in values.items():
            column: Any = Citation._meta.get_field(name)
            setattr(row, column.attname, value)
        row._state.adding = pk not in stays
        set_reason(row, by=by)
        row.clean_fields()
        row.save(force_insert=pk not in stays)
