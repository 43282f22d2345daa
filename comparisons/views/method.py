"""The method: how the site weighs its evidence."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from comparisons.language.method import method as method_context
from comparisons.models import subject

from .kept import kept
from .remembered_context import remembered_context


@kept()
@require_safe
def method(request: HttpRequest) -> HttpResponse:
    """How a cell is computed, with the very constants and words that the code uses; no query."""

    def build() -> dict[str, Any]:
        today = timezone.localdate()
        told = method_context(today, subject.current().conditions)
        return {"section": "method", "today": today, "method": told}

    return render(request, "comparisons/method.html", remembered_context(method, None, build, sealed=("method",)))
