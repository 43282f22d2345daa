"""The thread of notes beside a claim or an article: shown on its pages, and a form that adds one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext

from comparisons.admin.pages import PagesAdmin
from comparisons.editing.notes import add_note
from comparisons.models import Note, permissions


class NoteThreads(PagesAdmin):
    """Adds the thread of notes to the form of a record, and a page of its own that keeps a note that was refused."""

    def page_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.notes_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_notes"
        return [path("<path:object_id>/notes/", view, name=name), *super().page_urls()]

    def thread(self, request: HttpRequest, record: Any) -> dict[str, Any]:
        """What _notes.html shows of the notes about a record; one query."""
        return {
            "notes": list(Note.objects.about(record).select_related("author")),
            "url": reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_notes", args=[quote(record.pk)]),
            "next": request.get_full_path(),
            "may_write": request.user.has_perm(permissions.EDIT),
            "may_delete": request.user.has_perm(permissions.PUBLISH),
        }

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **options: Any) -> HttpResponse:
        record = options.get("obj")
        if record is not None:
            context["thread"] = self.thread(request, record)
        return super().render_change_form(request, context, *args, **options)

    def notes_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """GET shows the thread; POST adds a note and leads back to `next`, or says why not and keeps the text."""
        record = self.get_object(request, unquote(object_id))
        if not self.has_view_or_change_permission(request, record):
            raise PermissionDenied
        if record is None:
            if (page := self.gone(request, unquote(object_id))) is not None:
                return page
            raise Http404
        if request.method != "POST":
            return self.notes_page(request, record)
        text = request.POST.get("text", "")
        try:
            note = add_note(record, text, by=request.user)
        except ValidationError as error:
            return self.notes_page(request, record, text=text, problems=error.messages, status=400)
        self.log_addition(request, note, gettext("Note added."))
        # The page that follows forgets what the browser kept of a form once it says that it was saved.
        self.message_user(request, gettext("The note is added."), messages.SUCCESS)
        return HttpResponseRedirect(f"{self._way_back(request, record)}#notes")

    def notes_page(
        self, request: HttpRequest, record: Any, *, text: str = "", problems: Any = (), status: int = 200
    ) -> HttpResponse:
        change_url = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[quote(record.pk)])
        thread = {**self.thread(request, record), "text": text, "problems": problems}
        if request.method == "POST":
            thread["next"] = self._way_back(request, record)
        response = self.page(
            request,
            "admin/comparisons/notes.html",
            gettext("Notes"),
            record=record,
            thread=thread,
            change_url=change_url,
        )
        response.status_code = status
        return response

    def _way_back(self, request: HttpRequest, record: Any) -> str:
        """The page on which the note was written: one of the admin, and else the form of the record."""
        url = request.POST.get("next", "").partition("#")[0]
        is_ours = url_has_allowed_host_and_scheme(url, allowed_hosts=None) and url.startswith(reverse("admin:index"))
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        return url if is_ours else reverse(name, args=[quote(record.pk)])
