"""The variables that every template has."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from comparisons.models import subject
from comparisons.proof.shown_samples import has_samples


def site(request: HttpRequest) -> dict[str, Any]:
    """The absolute addresses of the site and of this page, and what the site is about; at most two queries a second."""
    return {
        "site_url": settings.SITE_URL,
        "page_url": settings.SITE_URL + request.path,
        "subject": subject.current(),
        "may_challenge": settings.CHALLENGES,
        "has_samples": has_samples,
    }
