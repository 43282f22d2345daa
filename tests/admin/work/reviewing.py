"""Claims in review, and the buttons of their page."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.test import Client

from comparisons.models import Claim
from tests import factories as make
from tests.admin.forms import change_url


def in_review(**values: Any) -> Claim:
    return make.make_claim(**{"status": "in-review", "published_at": None, **values})


def take(client: Client, claim: Claim, step: str, **answers: Any) -> HttpResponse:
    """Press a button of the review page as it stands now."""
    version = Claim.objects.get(pk=claim.pk).version
    data = {"step": step, "read_version": version, **answers}
    return client.post(change_url(claim, "review"), data, follow=True)
