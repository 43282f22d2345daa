"""The admin has the look and the name of the site."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib import admin
from django.test import Client

CSS = Path(settings.BASE_DIR) / "static" / "css"
STOCK_CSS = Path(admin.__file__).parent / "static" / "admin" / "css"


def variables(*sheets: Path) -> set[str]:
    """The custom properties that style sheets define."""
    return {name for sheet in sheets for name in re.findall(r"(--[a-z0-9-]+):", sheet.read_text())}


def test_no_token_has_the_name_of_a_variable_of_the_stock_admin() -> None:
    taken = variables(CSS / "tokens.css") & variables(*STOCK_CSS.glob("*.css"))
    assert taken == set(), "the stock admin's variables stand in no cascade layer, so they would replace ours"


@pytest.mark.parametrize("name", ["admin.css", "admin-pages.css"])
def test_the_admin_has_no_colours_of_its_own(name: str) -> None:
    colours = re.findall(r"#[0-9a-f]{3,8}\b(?![^{};]*\{)|light-dark\(|rgb\(", (CSS / name).read_text())
    assert colours == [], "colours are declared once, in tokens.css"


def test_pages_of_the_admin_bear_the_name_of_the_site_and_lead_to_it(chief: Client) -> None:
    text = chief.get("/admin/").content.decode()
    assert "<title>The desk | Crosscheck</title>" in text and "Django admin" not in text
    assert '<a href="/">View site</a>' in text


def test_the_login_bears_the_name_of_the_site() -> None:
    text = Client().get("/admin/login/").content.decode()
    assert "Crosscheck" in text and "<h1>Log in</h1>" in text and "Django" not in text
