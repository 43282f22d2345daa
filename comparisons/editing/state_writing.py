"""Write a record with the rows beneath it as a state says, in one save."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from comparisons.domain.vocabulary import Status
from comparisons.history.reasons import ChangeReason
from comparisons.history.recording import set_reason
from comparisons.history.state_fields import PART_OF
from comparisons.history.states import NEW_KEYS, PartKey, State, all_values, deleted_names
from comparisons.models import Citation, Claim
from comparisons.models.names import holds_name
from comparisons.models.publishers import present_name

Values = Mapping[str, Any]


def set_fields(row: Any, state: State) -> None:
    """Give a record the fields of a state, without saving it. Raises ValidationError if they are not valid today."""
    model = type(row)
    if names := deleted_names(model, state):
        raise ValidationError(_("It names records that no longer exist: %(names)s.") % {"names": ", ".join(names)})
    _set_columns(row, state.fields)
    row.full_clean()
    _check_visible(
        key for owner, values in all_values(model, [state]) for name in _many(owner, values) for key in values[name]
    )


def save(row: Any, state: State, now: State, *, by: Any, reason: ChangeReason | None, keeps_keys: bool = False) -> None:
    """Save a record whose fields were set, with the rows beneath it. now: the state as it is stored.

    keeps_keys: give new rows the keys that they have in the state, for a write that is rolled back. Raises StaleVersion
    if the record was saved since it was read.
    """
    set_reason(row, by=by, reason=reason)
    row.save()
    for name in _many(type(row), state.fields):
        getattr(row, name).set(state.fields[name])
    for part in PART_OF:
        before = {pk: values for (model, pk), values in now.parts.items() if model is part}
        after = {pk: values for (model, pk), values in state.parts.items() if model is part}
        if before or after:
            _save_parts(row, part, before, after, by, keeps_keys)


def with_new_keys(row: Any, state: State, now: State) -> State:
    """The state of a record, where the rows that are not stored now get keys from NEW_KEYS on, in their order.

    The keys differ from those of other records, so that forms which are open on two proposals do not wait for each
    other.
    """
    number = NEW_KEYS + row.pk * 1_000
    parts: dict[PartKey, Values] = {}
    for (model, pk), values in state.parts.items():
        if (model, pk) not in now.parts:
            pk = number
            number += 1
        parts[model, pk] = values
    return State(state.fields, parts)


def _many(model: Any, values: Values) -> list[str]:
    return [name for name in values if model._meta.get_field(name).many_to_many]


def _set_columns(row: Any, values: Values) -> None:
    for name, value in values.items():
        column = row._meta.get_field(name)
        if not column.many_to_many:
            setattr(row, column.attname, present_name(value) if holds_name(column) else value)


def _check_visible(claims: Iterable[int]) -> None:
    """Raise ValidationError if a state names claims that readers do not see. claims: primary keys."""
    hidden = Claim.objects.filter(pk__in=list(claims)).exclude(status=Status.PUBLISHED)
    if hidden:
        raise ValidationError(
            [_("Readers do not see this claim: %(claim)s") % {"claim": claim} for claim in hidden.order_by("pk")]
        )


def _save_parts(
    row: Any, model: Any, now: Mapping[int, Values], then: Mapping[int, Values], by: Any, keeps_keys: bool
) -> None:
    """Give a record the rows of one model that it has in a state. now, then: their values by primary key.

    Citations whose place changes are deleted first: no two of them may cite one place of an article, even for a moment.
    """
    owner = PART_OF[model].owner
    stored = {one.pk: one for one in model._base_manager.filter(**{owner: row}).order_by("pk")}
    elsewhere = set(model._base_manager.filter(pk__in=then).exclude(**{owner: row}).values_list("pk", flat=True))
    stays = {pk for pk in stored if pk in then and not _changes_place(model, now.get(pk), then[pk])}
    for pk, one in stored.items():
        if pk not in stays:
            set_reason(one, by=by)
            one.delete()
    for pk, values in then.items():
        if pk in stays and now.get(pk) == values:
            continue
        is_new = pk >= NEW_KEYS or pk in elsewhere
        one = stored[pk] if pk in stays else model(pk=None if is_new and not keeps_keys else pk, **{owner: row})
        _set_columns(one, values)
        set_reason(one, by=by)
        one.clean_fields()
        one.clean()
        one.save(force_insert=pk not in stays)
        for name in _many(model, values):
            getattr(one, name).set(values[name])


def _changes_place(model: Any, now: Values | None, then: Values) -> bool:
    return model is Citation and now is not None and any(now[name] != then[name] for name in ("article", "locator"))
