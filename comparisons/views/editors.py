"""Who edits this site, how, and under which licences: the words of the subject's record."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from .kept import kept


@kept()
@require_safe
def about_editors(request: HttpRequest) -> HttpResponse:
    """About the editors; without a record it says only what holds on every site; no query of its own."""
    return render(request, "comparisons/editors.html", {"section": "editors"})
