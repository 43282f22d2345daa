"""The page that gives a record another slug, and the history that lists its former addresses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, NamedTuple

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comparisons.admin.forms import ReadVersion
from comparisons.admin.pages import PageLink, PagesAdmin
from comparisons.editing import merging as moving
from comparisons.models import FormerAddress, StaleVersion, permissions
from comparisons.models.base import SLUG_LENGTH


class EarlierSlug(NamedTuple):
    """A former slug of a record, or that of a record merged into it, with the name and the history of that one."""

    key: str
    name: str
    url: str


class RenameWords(NamedTuple):
    """What the page says that renames a record.

    label: of the field. before: of what it is called so far. same: said if nothing would change. done: with (old, new).
    lead: above the field, with (object, name). note: below both names.
    """

    label: Any
    before: Any
    same: Any
    done: Any
    lead: Any
    note: Any


BY_SLUG = RenameWords(
    _("New slug"),
    _("Slug so far"),
    _("That is its slug already."),
    _("Renamed from “%(old)s” to “%(new)s”; the former address redirects here."),
    _("“%(object)s” is called “%(name)s” in addresses. After a rename, the former address redirects to the new one."),
    _(
        "Every address that names the record changes. Links to the former addresses, in paths and in parameters, "
        "redirect to the new ones (301)."
    ),
)


class RenameForm(forms.Form):
    slug = forms.CharField(max_length=SLUG_LENGTH)
    read_version = ReadVersion()

    def __init__(self, data: Any, *, label: Any, initial: Any):
        super().__init__(data, initial=initial)
        self.fields["slug"].label = label


class RenamingAdmin(PagesAdmin):
    """Records with an address, which is changed on a page that redirects the former one."""

    object_history_template: ClassVar[Any] = "admin/comparisons/merging/history.html"
    renaming = BY_SLUG

    def page_urls(self) -> list[URLPattern]:
        return [self.own_page("rename", self.rename_view), *super().page_urls()]

    def own_page(self, name: str, view: Callable[..., HttpResponse]) -> URLPattern:
        """The URL pattern of a page about one record."""
        wrapped: Callable[..., HttpResponse] = self.admin_site.admin_view(view)
        return path(f"<path:object_id>/{name}/", wrapped, name=f"comparisons_{self.opts.model_name}_{name}")

    def own_url(self, name: str, obj: Any) -> str:
        return reverse(f"admin:comparisons_{self.opts.model_name}_{name}", args=[quote(obj.pk)])

    def object_links(self, request: HttpRequest, obj: Any) -> list[PageLink]:
        links = super().object_links(request, obj)
        return [*links, *self.moving_links(obj)] if self.may_move(request, obj) else links

    def moving_links(self, obj: Any) -> list[PageLink]:
        return [PageLink(gettext("Rename…"), self.own_url("rename", obj))]

    def may_move(self, request: HttpRequest, obj: Any) -> bool:
        return request.user.has_perm(permissions.MERGE) and self.has_change_permission(request, obj)

    def record(self, request: HttpRequest, object_id: str) -> Any:
        """The record that a page is about; None if it was deleted. PermissionDenied for those who may not move it."""
        obj = self.get_object(request, unquote(object_id))
        if not self.may_move(request, obj):
            raise PermissionDenied(permissions.FOR_REVIEWERS)
        return obj

    def done(self, request: HttpRequest, obj: Any, text: str) -> HttpResponse:
        """Log what was done and redirect to the record."""
        self.log_change(request, obj, text)
        self.message_user(request, text, messages.SUCCESS)
        return HttpResponseRedirect(self.own_url("change", obj))

    def too_late(self, request: HttpRequest) -> str:
        return gettext(
            "Nothing was changed: somebody else has saved one of these records since this page was opened. "
            "Below is what would happen now."
        )

    def check_address(self, obj: Any, address: str) -> None:
        """Raise Refused if the record cannot have this address."""
        moving.check_slug(obj, address)

    def rename(self, request: HttpRequest, obj: Any, address: str) -> Any:
        """Rename a record and return it. Raises Refused and StaleVersion."""
        return moving.rename(obj, address, by=request.user)

    def rename_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask for the new slug, show both addresses, then rename."""
        obj = self.record(request, object_id)
        if obj is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined]
        stands, problems, status = obj.address, [], 200
        words = self.renaming
        initial = {"slug": stands, "read_version": obj.version}
        form = RenameForm(request.POST or None, label=words.label, initial=initial)
        confirmed = False
        if form.is_valid():
            slug, read = form.cleaned_data["slug"], self.model._default_manager.get(pk=obj.pk)
            read.version = form.cleaned_data["read_version"]
            try:
                if slug == stands:
                    raise moving.Refused([str(words.same)])
                if "confirm" in request.POST:
                    renamed = self.rename(request, read, slug)
                    return self.done(request, renamed, words.done % {"old": stands, "new": slug})
                self.check_address(read, slug)
                confirmed = True
            except moving.Refused as refused:
                problems = refused.reasons
            except StaleVersion:
                problems, status = [self.too_late(request)], 409
                form = RenameForm(None, label=words.label, initial={"slug": slug, "read_version": obj.version})
        context = {
            "object": obj,
            "form": form,
            "problems": problems,
            "confirmed": confirmed,
            "words": words,
            "lead": words.lead % {"object": obj, "name": obj.address},
            "before": obj.address,
            "after": form["slug"].value(),
        }
        title = gettext("Rename %(name)s") % {"name": self.opts.verbose_name}
        response = self.page(request, "admin/comparisons/merging/rename.html", title, **context)
        response.status_code = status
        return response

    def is_led_to(self, obj: Any) -> bool:
        """Whether a former address redirects to the record; one query."""
        return FormerAddress.objects.filter(kind=obj.address_kind, now=obj.address).exists()

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        obj = self.get_object(request, unquote(object_id))
        former = self.former(obj) if obj is not None and hasattr(self.model, "history") else []
        return super().history_view(request, object_id, {"former": former, **(extra_context or {})})

    def former(self, obj: Any) -> list[EarlierSlug]:
        """The former slugs of the record and those of records merged into it; two queries."""
        leading = FormerAddress.objects.filter(kind=obj.address_kind, now=obj.address)
        keys = list(leading.order_by("key").values_list("key", flat=True))
        states = self.model.history.filter(history_type="-", **{f"{self.model.address_field}__in": keys})
        merged = {state.instance.address: state.instance for state in states.order_by("history_date", "history_id")}
        return [
            EarlierSlug(key, str(merged[key]), self.own_url("history", merged[key]))
            if key in merged
            else EarlierSlug(key, "", "")
            for key in keys
        ]
