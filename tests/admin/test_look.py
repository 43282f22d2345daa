"""The admin has the look and the name of the site."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from comparisons.models import Article, Benchmark, Cell, Release
from tests import factories as make

from .forms import change_url, list_url

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


def test_days_known_to_the_month_are_shown_as_a_month(chief: Client, rita: Client) -> None:
    article = make.make_article(published_on=dt.date(2026, 3, 1), precision="month", url="https://example.org/")
    framework = make.make_framework("flask")
    make.make_release(framework, "3.0", dt.date(2026, 3, 1), precision="month")
    claim = make.make_claim(framework, level="yes", criterion=make.make_criterion(levels=("yes", "no")), by=(article,))
    make.make_benchmark(article=article, measured_on=dt.date(2026, 3, 1), precision="month")
    article.title = "Another"
    article.save()
    state = reverse("admin:comparisons_article_simple_history", args=[article.pk, article.history.last().pk])
    cell = reverse("admin:comparisons_ruling_rule", args=["flask", claim.criterion.slug])
    other = change_url(make.make_article(), "merge")
    for url in (
        change_url(claim, "review"), cell, state, f"{other}?into={article.pk}",
        *(list_url(model) for model in (Article, Release, Benchmark)),
    ):  # fmt: skip
        text = chief.get(url).content.decode()
        assert "March 2026" in text and "1 March 2026" not in text and "1 Mar 2026" not in text, url


def test_the_page_of_a_cell_explains_it(chief: Client) -> None:
    criterion = make.make_criterion(levels=("yes", "no"))
    framework = make.make_framework("flask")
    make.make_claim(framework, criterion, level="yes")
    make.make_claim(framework, criterion, level="no")
    make.settle()
    text = chief.get(change_url(Cell.objects.get())).content.decode()
    for words in ("Disputed", "1 : 1", "To change it, change those"):
        assert words in text
    assert "[[" not in text and "&quot;" not in text
