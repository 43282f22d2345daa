"""Export of any list of the admin: the rows that its filters and its search leave, in its order."""

from __future__ import annotations

import io
import logging
import tempfile
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comparisons.exchange import tables
from comparisons.models import Claim
from comparisons.models.snapshot import snapshot

logger = logging.getLogger(__name__)
#: Parameters of an export; all others are those of the list. Without underscores they would be filters.
FORMAT, FORM = "_format", "_form"
#: What a list can be written as: its own columns, or, of claims, what an import reads.
FORMS = {"fields": _("All fields of the list's records"), "import": _("Claims with citations, for an import")}
#: Bytes of an export that are kept in memory; more go to a file that nobody else sees.
IN_MEMORY = 2_000_000


class ExportingAdmin(admin.ModelAdmin):
    """Adds an export to a list. Who may see the list may export it."""

    def export_name(self) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_export"

    def export_urls(self) -> list[URLPattern]:
        return [path("export/", self.admin_site.admin_view(self.export_view), name=self.export_name())]

    def export_url(self, request: HttpRequest) -> str:
        """The address of the export of the list as it is asked for now."""
        query = request.GET.copy()
        for name in ("p", "all", "e", FORMAT, FORM):
            query.pop(name, None)
        url = reverse(f"admin:{self.export_name()}")
        return f"{url}?{query.urlencode()}" if query else url

    def export_columns(self) -> list[tables.TableColumn]:
        """What is written of each record; nothing that a list must not show."""
        return tables.columns_of(self.model)

    def export_view(self, request: HttpRequest) -> HttpResponse:
        """Ask for the format; with one, write the file."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        query = request.GET.copy()
        format, form = (query.pop(name, [""])[-1] for name in (FORMAT, FORM))
        request.GET = query  # type: ignore[assignment]
        try:
            rows = self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters:
            self.message_user(request, gettext("The list has no such filter; nothing was exported."), messages.ERROR)
            return HttpResponseRedirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"))
        forms = FORMS if self.model is Claim else {"fields": FORMS["fields"]}
        if format in tables.FORMATS and (form or "fields") in forms:
            return self.export_file(request, rows, format, form or "fields")
        return self.ask_for_export(request, query, rows, forms)

    def ask_for_export(
        self, request: HttpRequest, query: QueryDict, rows: Any, forms: dict[str, Any]
    ) -> TemplateResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": gettext("Export %(what)s") % {"what": self.opts.verbose_name_plural},
            "count": rows.count(),
            "is_filtered": bool({name for name in query if name not in ("o", "p")}),
            "pairs": [(name, value) for name, values in query.lists() for value in values],
            "formats": list(tables.FORMATS),
            "format_field": FORMAT,
            "form_field": FORM,
            "forms": list(forms.items()) if len(forms) > 1 else [],
        }
        return TemplateResponse(request, "admin/comparisons/export.html", context)

    def export_file(self, request: HttpRequest, rows: Any, format: str, form: str) -> HttpResponse:
        """Write all rows as they are at one moment, before the first byte is sent: no error ends half a file."""
        file: Any = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 (the response closes it)
        text = io.TextIOWrapper(file, "utf-8", newline="", write_through=True)
        with snapshot(rows.db):
            if form == "import":
                found = tables.claims_for_import(rows)
                names: Any = tables.IMPORT_COLUMNS[format]
                count = tables.write(text, format, names, tables.flat(found) if format == "csv" else found)
            else:
                columns = self.export_columns()
                names = [column.name for column in columns]
                count = tables.write(text, format, names, tables.records(rows, columns))
        text.detach()
        file.seek(0)
        logger.info("exported: %d of %s by %s", count, self.opts.label_lower, request.user.pk)
        name = f"{slugify(str(self.opts.verbose_name_plural))}-{timezone.localdate().isoformat()}.{format}"
        response: Any = FileResponse(file, as_attachment=True, filename=name)
        response["Content-Type"] = f"{tables.FORMATS[format]}; charset=utf-8"
        response["Cache-Control"] = "private, no-store"
        response["X-Content-Type-Options"] = "nosniff"
        return response
