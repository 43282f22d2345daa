"""What is offered where an article is chosen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from comparisons.admin.work.reading import desk_url
from comparisons.models import Article
from tests import factories as make

from .forms import fields, list_url


def offered(client: Client, term: str = "", field: tuple[str, str] = ("citation", "article")) -> list[str]:
    asked = {"app_label": "comparisons", "model_name": field[0], "field_name": field[1], "term": term}
    return [row["text"] for row in client.get(reverse("admin:autocomplete"), asked).json()["results"]]


def test_articles_are_offered_newest_first_with_publisher_date_and_slug(chief: Client) -> None:
    make.make_article("old", title="Same", publisher="One", published_on=dt.date(2020, 1, 1), precision="year")
    make.make_article("read", title="Docs", published_on=None, read_on=dt.date(2026, 1, 2), publisher="Two")
    make.make_article("new", title="Same", publisher="Three", published_on=dt.date(2026, 10, 1), precision="month")
    make.make_article("never", title="Never", published_on=None, publisher="")
    assert offered(chief) == [
        "Same · Three · October 2026 · new", "Docs · Two · read 2 January 2026 · read", "Same · One · 2020 · old",
        "Never · undated · never",
    ]  # fmt: skip


def test_the_article_on_the_desk_is_offered_first_as_long_as_it_holds_the_words(chief: Client) -> None:
    old = make.make_article("old", title="Old", published_on=dt.date(2020, 1, 1))
    make.make_article("new", title="New")
    chief.get(desk_url(old.pk))
    for field in (("citation", "article"), ("claim", "verdict_articles"), ("article", "follows")):
        assert [text.split(" · ")[0] for text in offered(chief, field=field)] == ["Old", "New"]
    assert [text.split(" · ")[0] for text in offered(chief, "new")] == ["New"]


def test_a_new_article_goes_on_to_its_desk(browser: Callable[..., Client]) -> None:
    editor = browser("edgar")
    form = {**fields(editor.get(list_url(Article, "add")), "article_form"), "title": "Just out", "slug": "just-out"}
    make.make_publisher("P")
    form |= {"publisher": "P", "kind": "article", "interest": "independent", "published_on": "2026-11-01"}
    response = editor.post(list_url(Article, "add"), {**form, "precision": "day", "_save": "1"})
    assert (response.status_code, response.url) == (302, desk_url(Article.objects.get().pk))
