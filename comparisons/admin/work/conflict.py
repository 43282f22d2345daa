"""Two editors on one record: who changed what, and a form with the changes of both.

Three values of each field are compared: as this editor read it, as somebody else saved it, and as this editor entered
it. A field that this editor did not touch takes the saved value; one that they changed keeps theirs. Rows beneath the
record (the citations of a claim) that either editor added are kept, and so is a row that one changed and the other
removed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from django import forms
from django.contrib.admin import ModelAdmin
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.boundfield import BoundField
from django.http import HttpRequest, QueryDict
from django.utils.formats import localize
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from comparisons.admin.forms import ReadVersion
from comparisons.language.cleaning import tidy


class Difference(NamedTuple):
    """A field or a row on which the two editors differ, as plain text; "" where it is empty or absent.

    entered: None for a field that is not on the form.
    """

    label: str
    read: str
    saved: str
    entered: str | None


class Conflict(NamedTuple):
    """The answer to a refused save. data: the POST that a form with the changes of both editors would send."""

    by: str
    at: dt.datetime | None
    differences: list[Difference]
    data: QueryDict


def conflict(
    admin: ModelAdmin[Any], request: HttpRequest, obj: models.Model, stale: models.Model, choices: Sequence[str] = ()
) -> Conflict:
    """Compare a refused POST with the record as it is now.

    obj: the record. stale: the row whose version was too old: the record, or a row beneath it. choices: fields with
    choices that are on no form, whose change by somebody else is shown all the same.
    """
    data = request.POST.copy()
    Form = admin.get_form(request, obj, change=True)
    mine, current = Form(request.POST, instance=obj), Form(instance=obj)
    differences = [*_unseen(request, obj, choices), *_fields(mine, current)]
    _merge_fields(data, mine, current)
    for FormSet, inline in admin.get_formsets_with_inlines(request, obj):
        prefix = FormSet.get_default_prefix()
        rows = inline.get_queryset(request)
        now = FormSet(instance=obj, prefix=prefix, queryset=rows)
        posted = FormSet(request.POST, instance=obj, prefix=prefix, queryset=rows)
        differences += _merge_rows(data, posted, now)
    return Conflict(*_last_save(stale), differences, data)


def _last_save(row: models.Model) -> tuple[str, dt.datetime | None]:
    """Who saved the row last, and when, as far as it is recorded."""
    if hasattr(row, "history"):
        entry = row.history.select_related("history_user").first()
        return (str(entry.history_user or ""), entry.history_date) if entry else ("", None)
    log = LogEntry.objects.filter(content_type__model=row._meta.model_name, object_id=str(row.pk))
    last = log.filter(content_type__app_label=row._meta.app_label).select_related("user").first()
    return (str(last.user), last.action_time) if last else ("", None)


def _unseen(request: HttpRequest, obj: Any, choices: Sequence[str]) -> Iterator[Difference]:
    """Changes of fields that are not on the form, such as the status of a claim."""
    version = ReadVersion().clean(request.POST.get("read_version"))
    read = obj.history.filter(version=version).first() if hasattr(obj, "history") and choices else None
    for name in choices if read else ():
        show = f"get_{name}_display"
        before, after = str(getattr(read, show)()), str(getattr(obj, show)())
        if before != after:
            yield Difference(capfirst(str(obj._meta.get_field(name).verbose_name)), before, after, None)


def _read(bound: BoundField) -> Any:
    """The raw value a field had when the form was opened."""
    return bound.field.hidden_widget().value_from_datadict(bound.form.data, bound.form.files, bound.html_initial_name)


def _value(field: forms.Field, raw: Any) -> Any:
    """A raw value in a comparable form: equal for equal meaning, however it was written."""
    try:
        value = field.to_python(raw)
    except ValidationError:
        value = ", ".join(map(str, raw)) if isinstance(raw, (list, tuple)) else raw
    if isinstance(field, forms.ModelMultipleChoiceField) and not isinstance(value, str):
        return sorted(map(str, value or ()))
    return tidy(value).strip() if isinstance(value, str) else value


def _text(field: forms.Field, raw: Any) -> str:
    """A raw value as an editor would read it."""
    value = _value(field, raw)
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return "\n".join(value)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        choices: Any = field.choices
        return str(dict(choices).get(value, value))
    return str(localize(value)) if isinstance(value, dt.date) else str(value)


def _shown(form: forms.BaseForm) -> Iterator[BoundField]:
    """The fields of a form that are visible to an editor."""
    for bound in form:
        if not bound.is_hidden and bound.name != forms.formsets.DELETION_FIELD_NAME:
            yield bound


def _fields(mine: forms.BaseForm, current: forms.BaseForm, heading: str = "") -> Iterator[Difference]:
    for bound in _shown(mine):
        read, saved, entered = _read(bound), current[bound.name].value(), bound.data
        values = [_value(bound.field, raw) for raw in (read, saved, entered)]
        if any(value != values[0] for value in values):
            label = capfirst(str(bound.label))
            texts = (_text(bound.field, raw) for raw in (read, saved, entered))
            yield Difference(f"{heading}: {label}" if heading else label, *texts)


def _whole(form: forms.BaseForm, *, as_read: bool = False) -> str:
    """All of a row as lines of text."""
    lines = []
    for bound in _shown(form):
        text = _text(bound.field, _read(bound) if as_read else bound.data if form.is_bound else bound.value())
        if text:
            lines.append(f"{capfirst(str(bound.label))}: {text}")
    return "\n".join(lines)


def _put(data: QueryDict, name: str, bound: BoundField, *, initial: bool = False) -> None:
    """Write the value of an unbound field into data, as a browser would send it."""
    value = bound.value()
    if isinstance(value, (list, tuple)):
        data.setlist(name, [str(item) for item in value])
    elif isinstance(bound.field, forms.BooleanField) and not initial:
        data.pop(name, None)
        if value:
            data[name] = "on"
    else:
        data[name] = "" if value is None else str(value)


def _merge_fields(data: QueryDict, mine: forms.BaseForm | None, current: forms.BaseForm) -> None:
    """Write the current values into data, except those that this editor changed; all of them now count as read."""
    for bound in current:
        if not isinstance(bound.field, ReadVersion):
            _put(data, bound.html_initial_name, bound, initial=True)
        if mine is None or bound.name not in mine.changed_data:
            _put(data, bound.html_name, bound)
        else:
            _carry(data, mine[bound.name], bound.html_name)


def _carry(data: QueryDict, bound: BoundField, name: str) -> None:
    """Write the entered value of a field into data, under another name."""
    entered: Any = bound.form.data
    sent = entered.getlist(bound.html_name)
    data.pop(name, None)
    if sent:
        data.setlist(name, sent)


def _merge_rows(data: QueryDict, posted: Any, now: Any) -> list[Difference]:
    """Replace a formset in data by the current rows with this editor's changes; return the differences, row by row."""
    prefix = now.prefix
    for name in [n for n in data if n.startswith((f"{prefix}-", f"initial-{prefix}-"))]:
        del data[name]
    pk_name = now.model._meta.pk.name
    entered = {form.data.get(form.add_prefix(pk_name)): form for form in posted.initial_forms}
    heading = capfirst(str(now.model._meta.verbose_name))
    differences = []
    for form in now.initial_forms:
        mine = entered.pop(str(form.instance.pk), None)
        label = f"{heading} “{form.instance}”"
        _merge_fields(data, mine, form)
        if mine is None:
            differences.append(Difference(_("%(row)s (added)") % {"row": label}, "", _whole(form), ""))
        elif _marked_deleted(mine):
            data[form.add_prefix(forms.formsets.DELETION_FIELD_NAME)] = "on"
            differences.append(
                Difference(_("%(row)s (you remove it)") % {"row": label}, _whole(mine, as_read=True), _whole(form), "")
            )
        else:
            differences += _fields(mine, form, label)
    place = len(now.initial_forms)
    for form in [*entered.values(), *posted.extra_forms]:
        removed = form.data.get(form.add_prefix(pk_name))
        kept = _is_touched(form) and not _marked_deleted(form)
        if kept:
            for bound in form:
                if bound.name not in (pk_name, forms.formsets.DELETION_FIELD_NAME):
                    _carry(data, bound, bound.html_name.replace(form.prefix, f"{prefix}-{place}", 1))
            place += 1
        if removed:
            read = _whole(form, as_read=True)
            label = _("%(row)s (removed by the other save)") % {"row": heading}
            differences.append(Difference(label, read, "", _whole(form)))
        elif kept:
            label = _("%(row)s (you add it)") % {"row": heading}
            differences.append(Difference(label, "", "", _whole(form)))
    for key, value in (("INITIAL_FORMS", len(now.initial_forms)), ("TOTAL_FORMS", place)):
        data[f"{prefix}-{key}"] = str(value)
    for key, value in (("MIN_NUM_FORMS", now.min_num), ("MAX_NUM_FORMS", now.max_num)):
        data[f"{prefix}-{key}"] = str(value)
    return differences


def _is_touched(form: forms.BaseForm) -> bool:
    """Whether this editor changed any visible field of a row."""
    return any(bound.name in form.changed_data for bound in _shown(form))


def _marked_deleted(form: forms.BaseForm) -> bool:
    return bool(form.data.get(form.add_prefix(forms.formsets.DELETION_FIELD_NAME)))
