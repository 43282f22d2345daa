"""The method: how the site weighs its evidence."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from comparisons.language.method import method as method_context
from comparisons.models import subject

from .kept import kept


@kept()
@require_safe
def method(request: HttpRequest) -> HttpResponse:
    """How a cell is computed, with the very constants and words that the code uses; no query."""
    today = timezone.localdate()
    context = {"section": "method", "today": today, **method_context(today, subject.current().conditions)}
    return render(request, "comparisons/method.html", context)
