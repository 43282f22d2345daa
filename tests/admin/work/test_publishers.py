"""Publishers in the admin: chosen by articles, counted in their list, renamed and merged in two steps."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from comparisons.models import Article, Publisher, PublisherAlias
from tests import factories as make
from tests.admin.forms import change_url, fields, list_url, messages_of, send, text_of

from .merging import merge

Browser = Callable[..., Client]


def test_the_list_counts_articles_and_claims(rita: Client) -> None:
    one, two = make.make_article(publisher="Acme"), make.make_article(publisher="Acme")
    make.make_claim(by=(one, two))
    make.make_publisher("Nobody")
    text = text_of(rita.get(list_url(Publisher)))
    assert '?publisher=Acme">2</a></td><td class="field-claims_count">1</td>' in text
    assert '?publisher=Nobody">0</a></td><td class="field-claims_count">0</td>' in text


@pytest.mark.parametrize("word", ["acme", "books"])
def test_the_form_of_an_article_offers_publishers_by_all_their_names(rita: Client, word: str) -> None:
    make.make_publisher_alias("Books and More", "Acme")
    make.make_publisher("Other")
    named = {"app_label": "comparisons", "model_name": "article", "field_name": "publisher", "term": word}
    found = json.loads(rita.get(reverse("admin:autocomplete"), named).content)["results"]
    assert found == [{"id": "Acme", "text": "Acme"}]


@pytest.mark.parametrize(
    ("name", "status"), [("Acme", 302), ("", 302), ("Nobody", 200), ("0\u200f", 200), ("x" * 300, 200)]
)
def test_an_article_is_saved_with_a_publisher_that_there_is(chief: Client, name: str, status: int) -> None:
    make.make_publisher("Acme")
    article = make.make_article("one", publisher="First")
    form = fields(chief.get(change_url(article)), "article_form")
    assert chief.post(change_url(article), {**form, "publisher": name}).status_code == status
    assert Article.objects.get().publisher_name == (name if status == 302 else "First")


def test_another_publisher_is_added_in_a_window_beside_the_form(browser: Browser) -> None:
    editor = browser("edgar")
    text = text_of(editor.get(list_url(Article, "add")))
    assert "/publisher/add/?_to_field=name&amp;_popup=1" in text
    url = f"{list_url(Publisher, 'add')}?_to_field=name&_popup=1"
    form = fields(editor.get(url), "publisher_form")
    response = editor.post(url, {**form, "name": "New Press", "_popup": "1", "_to_field": "name"})
    assert "&quot;value&quot;: &quot;New Press&quot;" in response.content.decode()


def test_the_form_of_an_article_opens_its_publisher_by_name(rita: Client) -> None:
    publisher = make.make_publisher("Acme & Co")
    url = f"{list_url(Publisher)}Acme%20&%20Co/change/?_to_field=name&_popup=1"
    form = {**fields(rita.get(url), "publisher_form"), "note": "Mine."}
    Publisher.objects.get().save()
    assert rita.post(url, form).status_code == 409
    fresh = {**fields(rita.get(url), "publisher_form"), "note": "Mine."}
    assert rita.post(url, fresh).status_code == 200
    publisher.refresh_from_db()
    assert publisher.note == "Mine."


def test_a_name_that_is_there_in_another_spelling_is_refused(rita: Client) -> None:
    make.make_publisher("Acme")
    form = fields(rita.get(list_url(Publisher, "add")), "publisher_form")
    text = text_of(rita.post(list_url(Publisher, "add"), {**form, "name": "ACME"}))
    assert "Readers cannot tell “ACME” from the publisher “Acme”" in text


def test_other_names_are_kept_with_their_publisher(rita: Client) -> None:
    publisher = make.make_publisher("Acme")
    form = fields(rita.get(change_url(publisher)), "publisher_form")
    two = {"aliases-TOTAL_FORMS": "2", "aliases-0-name": "Acme Inc", "aliases-1-name": "acme inc"}
    assert "cannot tell “acme inc” from another name here" in text_of(send(rita, publisher, form, **two))
    send(rita, publisher, form, **{**two, "aliases-1-name": "Acme Books"})
    assert list(PublisherAlias.objects.values_list("name", flat=True)) == ["Acme Books", "Acme Inc"]


def test_a_publisher_is_renamed_in_two_steps(rita: Client) -> None:
    article = make.make_article(publisher="Acme")
    url = change_url(article.publisher, "rename")
    shown = rita.post(url, {**fields(rita.get(url), "rename_form"), "slug": "Acme Press"})
    assert "Name so far" in text_of(shown) and Publisher.objects.get().name == "Acme"
    done = rita.post(url, fields(shown, "rename_form"), follow=True)
    assert "the former name still finds it" in messages_of(done)
    article.refresh_from_db()
    assert article.publisher_name == "Acme Press"
    history = text_of(rita.get(change_url(article, "history")))
    assert "Publisher renamed: Acme is now Acme Press" in history and "Deleted publisher" not in history


def test_two_publishers_are_merged_after_a_preview(rita: Client) -> None:
    article = make.make_article(publisher="Acme Inc")
    duplicate, kept = make.make_publisher("Acme Inc", note="A note."), make.make_publisher("Acme")
    assert "There is no record with this name" in text_of(rita.get(change_url(duplicate, "merge"), {"slug": "Nobody"}))
    assert "it is another name of it now" in messages_of(merge(rita, duplicate, kept))
    article.refresh_from_db()
    kept.refresh_from_db()
    assert (article.publisher_name, kept.note) == ("Acme", "A note.")


def test_two_who_edit_an_article_see_both_publishers(chief: Client) -> None:
    article = make.make_article("one", publisher="First")
    make.make_publisher("Mine")
    form = fields(chief.get(change_url(article)), "article_form")
    stored = Article.objects.get()
    stored.publisher = make.make_publisher("Theirs")
    stored.save()
    response = send(chief, article, form, publisher="Mine")
    assert response.status_code == 409
    assert all(name in text_of(response) for name in ("First", "Theirs", "Mine"))
