"""Two records to merge, and the page that merges them."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.test import Client

from comparisons.models import Claim
from tests import factories as make
from tests.admin.forms import change_url, fields


def preview(client: Client, duplicate: Any, kept: Any) -> HttpResponse:
    return client.get(change_url(duplicate, "merge"), {"into": kept.pk})


def merge(
    client: Client, duplicate: Any, kept: Any, form: dict[str, Any] | None = None, **changes: Any
) -> HttpResponse:
    """Send the form of the preview as shown, with changes."""
    data = fields(preview(client, duplicate, kept), "merge_form") if form is None else form
    return client.post(f"{change_url(duplicate, 'merge')}?into={kept.pk}", {**data, **changes}, follow=True)


def twins() -> tuple[Claim, Claim]:
    framework, criterion = make.make_framework(), make.make_criterion()
    return make.make_claim(framework, criterion, key="duplicate"), make.make_claim(framework, criterion, key="kept")
