"""What all forms of the admin share: a save that loses nobody's work, and clear refusals."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import IntegrityError, models
from django.db.models import ProtectedError, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from simple_history.admin import SimpleHistoryAdmin
from simple_history.models import DeletedObject
from simple_history.template_utils import HistoricalRecordContextHelper

from comparisons.models import StaleVersion
from comparisons.models.names import holds_name

from .forms import MOST_SENT, ListForm, ReadVersion, RememberingForm, SentRows, VersionedForm
from .pages import PagesAdmin, ReadOnlyAdmin, say_hints
from .selects import KnowingSelect, PickingForms
from .work import deleted
from .work.conflict import conflict
from .work.proposing import ProposingForms
from .work.states import state_view


class VersionedAdmin(PagesAdmin):
    """Edits rows that carry a version. A save that comes too late is answered by a page with both texts.

    The record and the rows edited beneath it share the version of the record: one UPDATE raises it, before any of
    those rows is written.
    """

    form = VersionedForm
    #: Fields with choices that are not on the form; the conflict page shows if somebody else changed them.
    conflict_fields: tuple[str, ...] = ()
    #: The field that names the record in addresses, and the field it is proposed from. Later it is changed only on the
    #: page that renames a record, which redirects the former address.
    address_field = address_from = ""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        try:
            return self.save_view(request, object_id, form_url, extra_context)
        except IntegrityError:
            # A record that the form refers to was deleted after the form was checked, as by a merge. Checked again,
            # the form says so and keeps what was entered.
            return self.save_view(request, object_id, form_url, extra_context)

    def save_view(
        self, request: HttpRequest, object_id: str | None, form_url: str, extra_context: dict[str, Any] | None
    ) -> HttpResponse:
        """Save a posted form, or show what is wrong with it."""
        if object_id is None:
            return super().changeform_view(request, object_id, form_url, extra_context)
        try:
            request.is_save = True  # type: ignore[attr-defined]
            self.check_version(request, object_id)
            return super().changeform_view(request, object_id, form_url, extra_context)
        except StaleVersion as stale:
            request.is_save = False  # type: ignore[attr-defined]
            return self.conflict_view(request, object_id, form_url, extra_context, stale.row)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The record; during a save, StaleVersion for one that was deleted meanwhile."""
        found = super().get_object(request, object_id, from_field)
        if found is None and getattr(request, "is_save", False) and deleted.was_there(self, request, object_id):
            raise StaleVersion(self.model(pk=object_id))
        return found

    def check_version(self, request: HttpRequest, object_id: str) -> None:
        """Refuse an outdated form before it is read: what it says about rows may no longer make sense.

        Only the UPDATE itself decides; this check spares an editor the errors of a form whose rows were deleted.
        """
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            return
        if ReadVersion().clean(request.POST.get("read_version")) != obj.version:
            raise StaleVersion(obj)
        for FormSet, inline in self.get_formsets_with_inlines(request, obj):
            if isinstance(
                inline, VersionedInline
            ):  # other rows are deleted only with their record, which has a version
                key = re.compile(rf"{FormSet.get_default_prefix()}-[0-9]+-{FormSet.model._meta.pk.name}")
                sent = {value for name, value in request.POST.items() if value and key.fullmatch(name)}
                rows = inline.get_queryset(request).filter(**{FormSet.fk.name: obj})
                if sent - {str(pk) for pk in rows.values_list("pk", flat=True)}:
                    raise StaleVersion(obj)

    def conflict_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str,
        extra_context: dict[str, Any] | None,
        stale: models.Model,
    ) -> HttpResponse:
        """Status 409: what each editor changed, above a form with the changes of both."""
        obj = self.get_object(request, unquote(object_id))
        if not self.has_change_permission(request, obj):
            raise PermissionDenied
        if obj is None:
            return self.deleted_view(request, unquote(object_id), extra_context)
        found = conflict(self, request, obj, stale, self.conflict_fields)
        request.POST = found.data  # type: ignore[assignment]
        request.refused = True  # type: ignore[attr-defined]
        extra_context = {**(extra_context or {}), "conflict": found, "subtitle": str(obj)}
        response = super().changeform_view(request, object_id, form_url, extra_context)
        response.status_code = 409
        return response

    def deleted_view(self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None) -> HttpResponse:
        """Status 410: the record was deleted meanwhile; the form for a new one, with all that was entered."""
        context = {**(extra_context or {}), "deletion": deleted.deletion(self, object_id) or _("It was deleted.")}
        response: HttpResponse
        if self.has_add_permission(request):
            request.POST = deleted.as_new(self, request)  # type: ignore[assignment]
            request.refused = True  # type: ignore[attr-defined]
            add_url = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_add")
            response = super().changeform_view(request, None, add_url, context)
        else:
            response = self.copy_page(request, **context)
        response.status_code = 410
        return response

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:
        form: Any = super().get_form(request, obj, change=change, **options)
        form.refused = getattr(request, "refused", False)
        return form

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **options: Any) -> Any:
        """Say why a form was not saved if nothing in it is wrong, instead of asking for corrections."""
        form, errors = context["adminform"].form, context.get("errors")
        if errors and len(errors) == 1 and isinstance(form, RememberingForm) and form.told:
            context |= {"told": form.told, "errors": []}
        return super().render_change_form(request, context, *args, **options)

    def get_changelist_form(self, request: HttpRequest, **options: Any) -> Any:
        return super().get_changelist_form(request, **{"form": ListForm, **options})

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Store a new record. A changed one is stored by save_related, which knows the rows beneath it too."""
        if not change:
            super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Iterable[Any], change: bool) -> None:
        formsets = list(formsets)
        beneath = any(formset.has_changed() for formset in formsets)
        if change and (beneath or form.has_changed()):
            self.before_change(request, form.instance, beneath)
            super().save_model(request, form.instance, form, change)
        super().save_related(request, form, formsets, change)
        say_hints(request, [form, *(one for formset in formsets for one in formset.forms)])

    def before_change(self, request: HttpRequest, obj: Any, beneath: bool) -> None:
        """Called before a changed record is stored. beneath: whether rows beneath it have changed too."""

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        try:
            return super().changelist_view(request, extra_context)
        except StaleVersion as stale:
            text = _(
                "Nothing was saved: somebody else has changed “%(row)s” since this list was opened. "
                "Below is the list as it is now."
            )
            self.message_user(request, text % {"row": stale.row}, messages.ERROR)
        except ProtectedError as error:
            self.message_user(request, _protected(error), messages.ERROR)
        return HttpResponseRedirect(request.get_full_path())

    def response_action(self, request: HttpRequest, queryset: QuerySet[Any], *args: Any, **options: Any) -> Any:
        chosen = request.POST.getlist(ACTION_CHECKBOX_NAME)
        if not all(one.isascii() and one.isdigit() and len(one) < 19 for one in chosen):
            raise SuspiciousOperation("what was chosen are no numbers of rows")  # a form that was not made here
        return super().response_action(request, queryset, *args, **options)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        try:
            return super().delete_view(request, object_id, extra_context)
        except ProtectedError as error:
            self.message_user(request, _protected(error), messages.ERROR)
            return HttpResponseRedirect(
                reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[quote(unquote(object_id))])
            )

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        found, counts, lacking, protected = super().get_deleted_objects(objs, request)
        # Levels, citations and cells are deleted with their record: nobody has permission to delete them alone.
        parts = {
            model._meta.verbose_name
            for model, model_admin in self.admin_site._registry.items()
            if isinstance(model_admin, ReadOnlyAdmin)
        }
        return found, counts, lacking - parts, protected

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = super().get_readonly_fields(request, obj)
        return [*fields, self.address_field] if self.keeps_address(request, obj) else fields

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return {self.address_field: [self.address_from]} if obj is None and self.address_field else {}

    def keeps_address(self, request: HttpRequest, obj: Any) -> bool:
        """Whether the address of this record cannot be changed on the form."""
        return bool(self.address_field) and obj is not None

    def view_on_site(self, obj: Any) -> str | None:
        """The page that readers see; None for a record without a page."""
        try:
            has_page = hasattr(obj, "get_absolute_url") and not getattr(obj, "is_draft", False)
            return obj.get_absolute_url() if has_page else None
        except NoReverseMatch:
            return None


def _protected(error: ProtectedError) -> str:
    rows = sorted(error.protected_objects, key=str)
    names = ", ".join(f"“{row}”" for row in rows[:5]) + ("…" if len(rows) > 5 else "")
    return _("Nothing was deleted, because these records must be kept: %(rows)s") % {"rows": names}


class _EditorsHistory(HistoricalRecordContextHelper):
    """Lists the changes that an editor made, without the version: it only counts saves."""

    def context_for_delta_changes(self, delta: Any) -> list[dict[str, Any]]:
        delta = type(delta)(
            [change for change in delta.changes if change.field != "version"],
            [field for field in delta.changed_fields if field != "version"],
            delta.old_record,
            delta.new_record,
        )
        return super().context_for_delta_changes(delta)

    def prepare_delta_change_value(self, change: Any, value: Any) -> Any:
        """A name that a record had then, as it was; nothing for a record that none was named."""
        is_name = holds_name(self.model._meta.get_field(change.field))
        if isinstance(value, DeletedObject) and (is_name or value.pk is None):
            return value.pk or ""
        return super().prepare_delta_change_value(change, value)


class History(SimpleHistoryAdmin):
    """Shows each earlier state of a row beside the present one, where it can be put back."""

    def get_historical_record_context_helper(self, request: HttpRequest, historical_record: Any) -> Any:
        return _EditorsHistory(self.model, historical_record)

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return state_view(self, request, unquote(object_id), version_id)


class HistoricAdmin(ProposingForms, VersionedAdmin, History):
    """Edits rows whose history is kept, and whose changes may have to wait for review."""


class Inline(PickingForms, admin.StackedInline):
    """Rows beneath a record, which are saved with it and share its version."""

    form = RememberingForm
    extra = 0
    max_num = MOST_SENT
    select = KnowingSelect

    def get_formset(self, request: HttpRequest, obj: Any = None, **options: Any) -> Any:
        found = super().get_formset(request, obj, absolute_max=MOST_SENT, **options)
        return type(found.__name__, (SentRows, found), {})


class VersionedInline(Inline):
    """Rows beneath a record that have a version of their own, and perhaps a page."""

    form = VersionedForm

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = [name for name in super().get_fields(request, obj) if name != "read_version"]
        return [*fields, "read_version"] if self.has_change_permission(request, obj) else fields
