"""What the tests of pros and cons share: how to read the page."""

from __future__ import annotations

import re
from html import unescape

ADDRESS = "/pros-cons/"


def page(client, query="", status=200):
    response = client.get(ADDRESS + query)
    assert response.status_code == status
    return response.content.decode()


def keys(html):
    """The statements of a page, in order."""
    return re.findall(r'<a class="plain" href="/claims/([^/]+)/"', html)


def counts(html, name):
    """What stands beside each option of a facet."""
    found = re.findall(
        rf'name="{name}" value="([^"]+)"[^>]*>(?:<bdi>)?[^<]*(?:</bdi>)?\s*<span class="n">(\+?\d+)', html
    )
    return dict(found)


def links(html, text):
    """Where links lead whose text begins so."""
    return [
        unescape(href) for href, inside in re.findall(r'<a [^>]*href="([^"]+)"[^>]*>([^<]*)', html) if text in inside
    ]
