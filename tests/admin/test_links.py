"""What an editor sees of the link checks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from comparisons.domain.vocabulary import LinkTrouble
from comparisons.links import stored as links
from comparisons.links.stored import ArticleLink, Finding
from comparisons.models import Article
from tests.factories import NOON, make_article

from .forms import change_url, list_url, opened, send


def checked(slug: str, *findings: Finding) -> Article:
    """An article whose address was checked once a day with these findings."""
    article = make_article(slug, url=f"https://example.org/{slug}")
    for day, finding in enumerate(findings):
        links.record(ArticleLink(article.pk, slug, article.url), finding, NOON + timedelta(days=day))
    return Article.objects.get(pk=article.pk)


def page(client: Client, article: Article) -> str:
    return client.get(change_url(article)).content.decode()


@pytest.mark.parametrize(
    ("finding", "text"),
    [
        (Finding(404), "404 Not Found"),
        (Finding(299), "299"),
        (Finding(trouble=LinkTrouble.NO_HOST), "No such host: The host name does not exist."),
        (Finding(trouble=LinkTrouble.ROBOTS), "Robots not allowed"),
    ],
)
def test_an_editor_reads_what_the_last_check_found(chief: Client, finding: Finding, text: str) -> None:
    assert text in page(chief, checked("one", finding))


def test_an_editor_reads_since_when_a_link_fails(chief: Client) -> None:
    text = page(chief, checked("one", *[Finding(404)] * 3))
    assert "Dead" in text and "20 Nov 2026" in text and "22 Nov 2026" in text
    assert ">None<" not in text


def test_a_link_that_was_never_checked_says_so(chief: Client) -> None:
    assert "Not checked" in page(chief, make_article("one", url="https://example.org/"))
    assert chief.get(list_url(Article, "add")).status_code == 200


def test_a_new_address_is_shown_and_not_taken_over(chief: Client) -> None:
    article = checked("one", Finding(200, moved_to="https://example.org/new?a=1&b=<b>"))
    text = page(chief, article)
    assert "https://example.org/new?a=1&amp;b=&lt;b&gt;" in text
    assert opened(chief, article)["url"] == ["https://example.org/one"]


def test_a_new_address_that_is_none_is_not_linked(chief: Client) -> None:
    article = checked("one", Finding(200, moved_to="https://user@evil.example/"))
    assert "evil.example" not in page(chief, article)


def test_an_editor_who_saves_after_a_check_hears_nothing_of_it(chief: Client) -> None:
    article = make_article("one", url="https://example.org/")
    form = opened(chief, article)
    links.record(ArticleLink(article.pk, "one", article.url), Finding(200), NOON)
    assert send(chief, article, form, title="Another title").status_code == 302
    stored = Article.objects.get(pk=article.pk)
    assert (stored.title, stored.link_health) == ("Another title", "ok")


def test_what_a_check_found_cannot_be_sent_by_a_form(chief: Client) -> None:
    article = checked("one", Finding(404))
    send(chief, article, opened(chief, article), link_health="ok", link_moved_to="https://example.org/x", note="So.")
    stored = Article.objects.get(pk=article.pk)
    assert (stored.note, stored.link_health, stored.link_check.moved_to) == ("So.", "unknown", "")


def test_an_editor_who_changes_the_address_starts_its_check_anew(chief: Client) -> None:
    article = checked("one", *[Finding(404)] * 3)
    send(chief, article, opened(chief, article), url="https://example.org/found-again")
    stored = Article.objects.get(pk=article.pk)
    assert (stored.link_health, stored.link_checked_at) == ("unchecked", None)
    assert stored.history.count() == 2


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("link_health__exact=dead", ["dead"]),
        ("link_health__exact=unknown", ["failing", "lost"]),
        ("link=broken", ["dead", "failing"]),
        ("link=moved", ["moved"]),
        ("link=look", ["lost"]),
        ("link=nonsense", ["dead", "failing", "fine", "lost", "moved", "never"]),
    ],
)
def test_the_list_finds_links_that_need_an_editor(chief: Client, asked: str, found: list[str]) -> None:
    checked("dead", *[Finding(404)] * 3)
    checked("failing", Finding(410))
    checked("fine", Finding(200))
    checked("lost", Finding(200, LinkTrouble.ELSEWHERE))
    checked("moved", Finding(200, moved_to="https://example.org/new"))
    make_article("never")
    rows = chief.get(f"{list_url(Article)}?{asked}").context["cl"].queryset
    assert sorted(rows.values_list("slug", flat=True)) == found


def test_the_history_of_an_article_is_silent_about_checks(chief: Client) -> None:
    article = checked("one", *[Finding(404)] * 3)
    article.note = "So."
    article.save()
    text = chief.get(change_url(article, "history")).content.decode()
    assert "link health" not in text.lower()


def test_a_new_address_is_offered_to_those_who_may_change_it(chief: Client) -> None:
    """A button puts it into the field of the address; saving the form stores it."""
    article = checked("one", Finding(301, moved_to="https://example.org/new?a=1&b=2"))
    assert 'data-put-in="id_url" data-value="https://example.org/new?a=1&amp;b=2"' in page(chief, article)


def test_a_new_article_shows_nothing_of_a_check(chief: Client) -> None:
    text = chief.get(list_url(Article, "add")).content.decode()
    assert "Link health" not in text and "Articles with this address" not in text and 'name="url"' in text
