"""The variables that every template has."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, str]:
    """The absolute addresses of the site and of this page."""
    return {"site_url": settings.SITE_URL, "page_url": settings.SITE_URL + request.path}
