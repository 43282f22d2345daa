"""The admin looks like the site, and speaks its words."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings
from django.test import Client

CSS = Path(settings.BASE_DIR) / "static" / "css"


def tokens(name: str) -> dict[str, str]:
    """The colours that a style sheet defines for light and dark, by name; the first definition counts."""
    found: dict[str, str] = {}
    for token, value in re.findall(r"(--[a-z0-9-]+): (light-dark\([^;]*\));", (CSS / name).read_text()):
        found.setdefault(token, value)
    return found


def test_the_colours_of_the_admin_are_those_of_the_site() -> None:
    site, admin = tokens("components.css"), tokens("admin.css")
    assert len(admin) > 10 and admin == {name: site.get(name) for name in admin}


def test_pages_of_the_admin_bear_the_name_of_the_site_and_lead_to_it(chief: Client) -> None:
    text = chief.get("/admin/").content.decode()
    assert "<title>The desk | Crosscheck</title>" in text and "Django admin" not in text
    assert '<a href="/">View site</a>' in text


def test_the_login_bears_the_name_of_the_site() -> None:
    text = Client().get("/admin/login/").content.decode()
    assert "Crosscheck" in text and "<h1>Log in</h1>" in text and "Django" not in text
