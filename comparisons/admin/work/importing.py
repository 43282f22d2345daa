"""Import from files: upload them, see what would change, then import exactly that."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext, ngettext

from comparisons.admin.pages import PageLink, PagesAdmin
from comparisons.exchange import claims as importing
from comparisons.exchange.claims.limits import MAX_ROWS
from comparisons.exchange.claims.messages import MOST
from comparisons.exchange.claims.templates import TEMPLATES, template
from comparisons.exchange.workbooks import examples, reference
from comparisons.exchange.workbooks.kinds import KINDS as TABLES
from comparisons.models import ClaimImport
from comparisons.models.permissions import ADD, EDIT, FOR_EDITORS

from .import_form import ImportForm
from .import_previews import KINDS, ClaimsPreview, WorkbookPreview, most_problems, preview_of

#: Records on a page of the preview.
PER_PAGE = 50
#: From this many records on, the page says that the import takes a while.
MANY = 1_000
#: The most records that can be imported here; more need the command.
MOST_HERE = 10_000
#: The examples of everything; the writer of .xlsx is an extra.
WHOLE = {format: text for format, text in examples.FORMATS.items() if format != "xlsx" or find_spec("xlsxwriter")}


class ImportingAdmin(PagesAdmin):
    """Adds the pages of the import to the list of claims."""

    def page_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            *super().page_urls(),
            path("import/", view(self.import_view), name="comparisons_claim_import"),
            path("import/fields/", view(self.fields_view), name="comparisons_claim_import_fields"),
            path("import/template/<str:format>/", view(self.template_view), name="comparisons_claim_import_template"),
            path("import/<int:pk>/", view(self.import_preview_view), name="comparisons_claim_import_preview"),
        ]

    def list_links(self, request: HttpRequest) -> list[PageLink]:
        links = super().list_links(request)
        if may_import(request):
            links.append(PageLink(gettext("Import…"), reverse("admin:comparisons_claim_import")))
        return links

    def import_view(self, request: HttpRequest) -> HttpResponse:
        """Accept files and keep them for their preview."""
        require_import_permission(request)
        form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
        if request.method == "POST" and form.is_valid():
            kept = keep(request.user, form.cleaned_data)
            return HttpResponseRedirect(reverse("admin:comparisons_claim_import_preview", args=[kept.pk]))
        context = {
            "form": form,
            "most": MAX_ROWS,
            "waiting": ClaimImport.objects.waiting().filter(owner=request.user.pk).defer("content"),
            "templates": example_links(TEMPLATES),
            "examples": example_links(WHOLE),
        }
        return self.page(request, "admin/comparisons/claim/import.html", gettext("Import"), **context)

    def fields_view(self, request: HttpRequest) -> HttpResponse:
        """What each field of a table may hold."""
        require_import_permission(request)
        tables = [(kind.name, list(reference.entries(kind))) for kind in TABLES]
        template = "admin/comparisons/claim/import_fields.html"
        return self.page(request, template, gettext("Fields of an import"), tables=tables)

    def template_view(self, request: HttpRequest, format: str) -> HttpResponse:
        """An example file to fill in."""
        require_import_permission(request)
        if format in TEMPLATES:
            content: Any = template(format)
            kind, name = f"{TEMPLATES[format]}; charset=utf-8", f"claims.{format}"
        elif format in WHOLE:
            content, kind, name = examples.example(format), WHOLE[format], f"example.{format}"
        else:
            raise Http404
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
        return HttpResponse(content, content_type=kind, headers=headers)

    def import_preview_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show what the import would do; on POST do exactly that, or show what has changed meanwhile."""
        require_import_permission(request)
        if request.method not in ("GET", "HEAD", "POST"):
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
        kept = get_object_or_404(ClaimImport.objects.waiting(), pk=pk, owner=request.user.pk)
        if request.method == "POST" and "discard" in request.POST:
            kept.delete()
            self.message_user(request, gettext("The file is deleted; nothing was imported."), messages.INFO)
            return HttpResponseRedirect(reverse("admin:comparisons_claim_changelist"))
        preview = preview_of(kept, request.user)
        if request.method == "POST":
            if request.POST.get("fingerprint") == preview.plan.fingerprint and can_be_written(preview):
                try:
                    return self.write(request, kept, preview)
                except importing.Outdated:
                    preview = preview_of(kept, request.user)
            text = gettext("Nothing was imported yet. Below is what the import would do now; look at it again.")
            self.message_user(request, text, messages.WARNING)
        response = self.show(request, kept, preview)
        if request.method == "POST":
            response.status_code = 409
        return response

    def write(self, request: HttpRequest, kept: ClaimImport, preview: ClaimsPreview | WorkbookPreview) -> HttpResponse:
        preview.write()
        kept.delete()
        counts = preview.plan.counts
        text = gettext("Imported “%(name)s”: created %(created)d, changed %(changed)d, unchanged %(unchanged)d.")
        self.message_user(request, text % {"name": kept.name, **counts}, messages.SUCCESS)
        if review := preview.proposed:
            text = ngettext(
                "%(count)d of them is published: its change waits for review.",
                "%(count)d of them are published: their changes wait for review.",
                review,
            )
            self.message_user(request, text % {"count": review}, messages.WARNING)
        return HttpResponseRedirect(reverse("admin:comparisons_claim_changelist"))

    def show(self, request: HttpRequest, kept: ClaimImport, preview: ClaimsPreview | WorkbookPreview) -> HttpResponse:
        pages = Paginator(preview.items(), PER_PAGE)
        page = pages.get_page(request.GET.get("page"))
        problems, more_problems = most_problems(preview.problems)
        context = {
            "kept": kept,
            "plan": preview.plan,
            "size": preview.size,
            "command": preview.command,
            "counts": [(label, preview.plan.counts[kind]) for kind, label in KINDS.items()],
            "review": preview.proposed,
            "problems": problems,
            "more_problems": more_problems,
            "notes": preview.plan.notes[:MOST],
            "page": page,
            "pages": pages.get_elided_page_range(page.number),
            "items": [preview.shown(item) for item in page],
            "can_be_written": can_be_written(preview),
            "is_long": preview.size >= MANY,
            "most_here": MOST_HERE,
        }
        title = gettext("Import of “%(name)s”") % {"name": kept.name}
        return self.page(request, "admin/comparisons/claim/import_preview.html", title, **context)


def example_links(formats: dict[str, str]) -> list[tuple[str, str]]:
    """The name and the address of an example in each format."""
    return [(name.upper(), reverse("admin:comparisons_claim_import_template", args=[name])) for name in formats]


def may_import(request: HttpRequest) -> bool:
    return request.user.has_perms([ADD, EDIT])


def require_import_permission(request: HttpRequest) -> None:
    if not may_import(request):
        raise PermissionDenied(FOR_EDITORS)


def can_be_written(preview: ClaimsPreview | WorkbookPreview) -> bool:
    """Whether the import can be carried out here and now."""
    return preview.plan.is_sound and 0 < preview.size <= MOST_HERE


@transaction.atomic
def keep(user: Any, cleaned: dict[str, Any]) -> ClaimImport:
    """Keep what was sent until it is imported; delete expired files and the oldest of too many."""
    ClaimImport.objects.expired().delete()
    older = ClaimImport.objects.filter(owner=user).values_list("pk", flat=True)[ClaimImport.MOST - 1 :]
    ClaimImport.objects.filter(pk__in=list(older)).delete()
    kept = {name: cleaned[name] for name in ("name", "format", "content")}
    return ClaimImport.objects.create(owner=user, **kept)
