"""What every template may use."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, str]:
    """The outside address of the site, and of this page on it."""
    return {"site_url": settings.SITE_URL, "page_url": settings.SITE_URL + request.path}
