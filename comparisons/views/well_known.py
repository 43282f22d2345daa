"""Files that programs look for at a known address: robots.txt, security.txt and the manifest of the site."""

from __future__ import annotations

import datetime as dt
import json
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from comparisons.models import subject

from .kept import kept

#: Days for which security.txt is valid.
SECURITY_DAYS = 180


@kept()
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What crawlers may read, all but the admin and the endless results of search, and where the map is."""
    lines = ["User-agent: *", "Allow: /", "Disallow: /admin/", "Disallow: /search/?"]
    lines += ["", f"Sitemap: {settings.SITE_URL}{reverse('comparisons:sitemap')}"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@kept()
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


#: The ground of pages in the light scheme, which the start screen of a device is painted in.
GROUND = "#fcfbf8"


@kept()
@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """The name, icons and colours of the site for devices that keep a link to it. Source: W3C Web App Manifest."""
    icons = [
        ("icon-192", "192x192", "any"),
        ("icon-512", "512x512", "any"),
        ("icon-maskable-512", "512x512", "maskable"),
    ]
    name = subject.current().name
    found = {
        "name": name,
        "short_name": name,
        "start_url": reverse("comparisons:home"),
        "scope": reverse("comparisons:home"),
        "display": "browser",
        "background_color": GROUND,
        "theme_color": GROUND,
        "icons": [
            {"src": static(f"icons/{name}.png"), "sizes": sizes, "type": "image/png", "purpose": purpose}
            for name, sizes, purpose in icons
        ],
    }
    return HttpResponse(json.dumps(found), content_type="application/manifest+json")
