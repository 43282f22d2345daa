"""Files that programs look for at a known address: robots.txt and security.txt."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

#: Days for which security.txt is valid.
SECURITY_DAYS = 180


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What crawlers may read, all but the admin and the endless results of search, and where the map is."""
    lines = ["User-agent: *", "Allow: /", "Disallow: /admin/", "Disallow: /search/?"]
    lines += ["", f"Sitemap: {settings.SITE_URL}{reverse('comparisons:sitemap')}"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Whom to tell of a weakness. Source: RFC 9116."""
    contact = settings.SECURITY_CONTACT or f"mailto:security@{urlsplit(settings.SITE_URL).hostname}"
    midnight = timezone.now().astimezone(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    expires = midnight + dt.timedelta(days=SECURITY_DAYS)
    lines = [
        f"Contact: {contact}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        f"Canonical: {settings.SITE_URL}{request.path}",
        "Preferred-Languages: en",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
