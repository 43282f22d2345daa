"""Import of claims from a file: upload it, see what would change, then import exactly that."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from comparisons.admin.pages import PageLink, PagesAdmin
from comparisons.exchange import claims as importing
from comparisons.exchange.claims.limits import MAX_BYTES, MAX_ROWS
from comparisons.exchange.claims.messages import MOST, problem_text, unknown_text
from comparisons.exchange.claims.templates import TEMPLATES, template
from comparisons.history.diff import Piece, word_diff
from comparisons.models import ClaimImport
from comparisons.models.permissions import ADD, EDIT

SUFFIXES = {"csv": "csv", "tsv": "csv", "txt": "csv", "yaml": "yaml", "yml": "yaml", "json": "json"}
#: Claims on a page of the preview.
PER_PAGE = 50
#: From this many claims on, the page says that the import takes a while.
MANY = 1_000
#: The most claims that can be imported here; more need the command.
MOST_HERE = 10_000


class ImportForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        max_length=200,
        help_text=_("CSV, YAML or JSON in UTF-8, up to 10 MB, not compressed."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.yaml,.yml,.json"}),
    )
    format = forms.ChoiceField(
        label=_("Format"),
        required=False,
        choices=[("", _("As the file name says")), *((name, name.upper()) for name in importing.FORMATS)],
    )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        file = cleaned.get("file")
        if file is None:
            return cleaned
        cleaned["format"] = cleaned.get("format") or SUFFIXES.get(file.name.rpartition(".")[2].lower(), "")
        if not cleaned["format"]:
            self.add_error("format", _("The file name does not show the format; choose one."))
        elif file.size > MAX_BYTES:
            self.add_error("file", _("The file is larger than 10 MB; split it into parts."))
        else:
            self.check_content(file.read(), cleaned)
        return cleaned

    def check_content(self, content: bytes, cleaned: dict[str, Any]) -> None:
        try:
            importing.read(content, cleaned["format"])
        except importing.Unreadable as error:
            unit = gettext("row") if cleaned["format"] == "csv" else gettext("line")
            self.add_error("file", problem_text(error.problem, unit))
        cleaned["content"] = content


class ImportingAdmin(PagesAdmin):
    """Adds the pages of the import to the list of claims."""

    def page_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            *super().page_urls(),
            path("import/", view(self.import_view), name="comparisons_claim_import"),
            path("import/template/<str:format>/", view(self.template_view), name="comparisons_claim_import_template"),
            path("import/<int:pk>/", view(self.import_preview_view), name="comparisons_claim_import_preview"),
        ]

    def list_links(self, request: HttpRequest) -> list[PageLink]:
        links = super().list_links(request)
        if may_import(request):
            links.append(PageLink(gettext("Import…"), reverse("admin:comparisons_claim_import")))
        return links

    def import_view(self, request: HttpRequest) -> HttpResponse:
        """Accept a file and keep it for its preview."""
        require_import_permission(request)
        form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
        if request.method == "POST" and form.is_valid():
            kept = keep(request.user, form.cleaned_data)
            return HttpResponseRedirect(reverse("admin:comparisons_claim_import_preview", args=[kept.pk]))
        context = {
            "form": form,
            "most": MAX_ROWS,
            "waiting": ClaimImport.objects.waiting().filter(owner=request.user.pk).defer("content"),
            "templates": [
                (name.upper(), reverse("admin:comparisons_claim_import_template", args=[name])) for name in TEMPLATES
            ],
        }
        return self.page(request, "admin/comparisons/claim/import.html", gettext("Import claims"), **context)

    def template_view(self, request: HttpRequest, format: str) -> HttpResponse:
        """An example file to fill in."""
        require_import_permission(request)
        if format not in TEMPLATES:
            raise Http404
        return HttpResponse(
            template(format),
            content_type=f"{TEMPLATES[format]}; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="claims.{format}"', "Cache-Control": "no-store"},
        )

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
        plan = importing.plan(importing.read(bytes(kept.content), kept.format, kept.name))
        if request.method == "POST":
            if request.POST.get("fingerprint") == plan.fingerprint and can_be_written(plan):
                try:
                    return self.write(request, kept, plan)
                except importing.Outdated:
                    plan = importing.plan(importing.read(bytes(kept.content), kept.format, kept.name))
            text = gettext("Nothing was imported yet. Below is what the import would do now; look at it again.")
            self.message_user(request, text, messages.WARNING)
        response = self.show(request, kept, plan)
        if request.method == "POST":
            response.status_code = 409
        return response

    def write(self, request: HttpRequest, kept: ClaimImport, plan: importing.ImportPlan) -> HttpResponse:
        importing.apply(plan, by=request.user)
        kept.delete()
        counts = plan.counts
        text = gettext("Imported “%(name)s”: created %(created)d, changed %(changed)d, unchanged %(unchanged)d.")
        self.message_user(request, text % {"name": kept.name, **counts}, messages.SUCCESS)
        review = sum(item.is_proposed for item in plan.items)
        if review:
            text = ngettext(
                "%(count)d of them is published: its change waits for review.",
                "%(count)d of them are published: their changes wait for review.",
                review,
            )
            self.message_user(request, text % {"count": review}, messages.WARNING)
        return HttpResponseRedirect(reverse("admin:comparisons_claim_changelist"))

    def show(self, request: HttpRequest, kept: ClaimImport, plan: importing.ImportPlan) -> HttpResponse:
        pages = Paginator(plan.writes, PER_PAGE)
        page = pages.get_page(request.GET.get("page"))
        unit = gettext(plan.file.unit)
        problems = [problem_text(problem, unit) for problem in plan.problems[:MOST]]
        context = {
            "kept": kept,
            "plan": plan,
            "counts": [(label, plan.counts[kind]) for kind, label in KINDS.items()],
            "review": sum(item.is_proposed for item in plan.items),
            "unknown": [unknown_text(unknown, unit) for unknown in plan.unknown[:MOST]],
            "more_unknown": max(0, len(plan.unknown) - MOST),
            "problems": problems,
            "notes": plan.notes[:MOST],
            "more_problems": max(0, len(plan.problems) - MOST),
            "page": page,
            "pages": pages.get_elided_page_range(page.number),
            "items": [shown(item) for item in page],
            "unit": unit,
            "can_be_written": can_be_written(plan),
            "is_long": len(plan.writes) >= MANY,
            "most_here": MOST_HERE,
        }
        title = gettext("Import of “%(name)s”") % {"name": kept.name}
        return self.page(request, "admin/comparisons/claim/import_preview.html", title, **context)


KINDS = {"created": _("created"), "changed": _("changed"), "unchanged": _("unchanged"), "refused": _("refused")}


def may_import(request: HttpRequest) -> bool:
    return request.user.has_perms([ADD, EDIT])


def require_import_permission(request: HttpRequest) -> None:
    if not may_import(request):
        raise PermissionDenied


def can_be_written(plan: importing.ImportPlan) -> bool:
    """Whether the import can be carried out here and now."""
    return plan.is_sound and 0 < len(plan.writes) <= MOST_HERE


@transaction.atomic
def keep(user: Any, cleaned: dict[str, Any]) -> ClaimImport:
    """Keep a file until it is imported; delete expired files and the oldest of too many."""
    ClaimImport.objects.expired().delete()
    older = ClaimImport.objects.filter(owner=user).values_list("pk", flat=True)[ClaimImport.MOST - 1 :]
    ClaimImport.objects.filter(pk__in=list(older)).delete()
    name = cleaned["file"].name[-100:]
    return ClaimImport.objects.create(owner=user, name=name, format=cleaned["format"], content=cleaned["content"])


def shown(item: importing.PlannedClaim) -> dict[str, Any]:
    """One claim of the preview: what happens to it, and the words removed and added in each field."""
    return {
        "item": item,
        "what": KINDS[item.kind],
        "changes": [
            (f"{change.label}: {change.column}" if change.label else change.column, pieces(item, change))
            for change in item.changes
        ],
    }


def pieces(item: importing.PlannedClaim, change: importing.ColumnChange) -> tuple[Piece, ...]:
    """The word difference of two texts; both values if they are short; only the text of a new claim."""
    before, after = change.before, change.after
    if item.kind == "created":
        return (Piece("same", after),)
    if " " in before and " " in after:
        return word_diff(before, after)
    return tuple(Piece(kind, text) for kind, text in (("del", before), ("ins", after)) if text)
