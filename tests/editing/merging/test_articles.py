"""Articles are merged: all that rests on one moves to the other, and nothing that was said is lost."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from comparisons.editing import merging as moving
from comparisons.editing.merging import Refused
from comparisons.models import (
    Article,
    Citation,
)
from tests.factories import (
    make_article,
    make_citation,
    make_claim,
    make_release,
)

from .builders import fresh, last_entry, leads

pytestmark = [pytest.mark.django_db, pytest.mark.crossing]


def test_all_that_rests_on_an_article_moves_with_it(rita: User) -> None:
    duplicate, kept = make_article("duplicate"), make_article("kept")
    claim, judged = make_claim(by=(duplicate,)), make_claim()
    judged.verdict_articles.add(duplicate)
    release = make_release(claim.framework, "1.0")
    release.articles.add(duplicate)
    follower = make_article("follower", follows=duplicate)
    moving.merge_articles(duplicate, kept, by=rita)
    assert claim.citations.get().article == kept
    assert list(judged.verdict_articles.all()) == list(release.articles.all()) == [kept]
    assert fresh(follower).follows == kept
    assert not Article.objects.filter(slug="duplicate").exists() and leads("article") == {"duplicate": "kept"}


def test_every_row_that_moved_says_so_in_its_history(rita: User) -> None:
    duplicate, kept = make_article("duplicate"), make_article("kept")
    claim = make_claim(by=(duplicate,))
    follower = make_article("follower", follows=duplicate)
    moving.merge_articles(duplicate, kept, by=rita)
    assert last_entry(claim.citations.get()) == ("~", "Merged from duplicate", "rita")
    assert last_entry(kept) == ("~", "Merged from duplicate", "rita")
    for moved in (claim, follower):
        assert last_entry(moved) == ("~", "Moved: article duplicate is now kept", "rita")
    [entry] = Article.history.filter(id=duplicate.pk, history_type="-")
    assert (entry.history_change_reason, entry.title) == ("Merged into kept", "Title of duplicate")


def test_history_of_a_claim_keeps_the_articles_of_its_verdict(rita: User) -> None:
    duplicate, kept, claim = make_article("duplicate"), make_article("kept"), make_claim()
    claim.verdict_articles.add(duplicate)
    moving.merge_articles(duplicate, kept, by=rita)
    assert [one.article for one in claim.history.first().verdict_articles.all()] == [kept]


def test_citations_at_one_place_both_stay(rita: User) -> None:
    duplicate, kept = make_article("duplicate"), make_article("kept")
    claim = make_claim(by=())
    make_citation(claim, kept, locator="§ 1", says="Once.")
    make_citation(claim, duplicate, "disputes", locator="§ 1", says="Not so.")
    moving.merge_articles(duplicate, kept, by=rita)
    found = list(claim.citations.order_by("pk").values_list("article__slug", "stance", "locator", "says"))
    assert found == [
        ("kept", "supports", "§ 1", "Once."),
        ("kept", "disputes", "§ 1, formerly duplicate", "Not so."),
    ]


def test_a_place_that_is_taken_too_is_numbered(rita: User) -> None:
    duplicate, kept = make_article("duplicate"), make_article("kept")
    claim = make_claim(by=())
    make_citation(claim, kept, locator="x" * 200, says="A")
    make_citation(claim, kept, locator="x" * (200 - len(", formerly duplicate")) + ", formerly duplicate", says="B")
    make_citation(claim, duplicate, locator="x" * 200, says="C")
    moving.merge_articles(duplicate, kept, by=rita)
    assert sorted(claim.citations.values_list("says", flat=True)) == ["A", "B", "C"]
    assert claim.citations.get(says="C").locator.endswith(", formerly duplicate (2)")


def test_what_is_the_same_word_for_word_is_kept_once(rita: User) -> None:
    duplicate, kept = make_article("duplicate"), make_article("kept")
    claim = make_claim(by=())
    for article in (duplicate, kept):
        make_citation(claim, article, says="Same.")
    moving.merge_articles(duplicate, kept, by=rita)
    assert claim.citations.get().article == kept
    assert Citation.history.filter(history_type="-").get().says == "Same."


def test_an_article_is_given_what_it_lacks_if_that_is_wanted(rita: User) -> None:
    duplicate = make_article("duplicate", url="https://example.org/a", url_opened=False, author="Ada")
    kept = make_article("kept", published_on=None, author="Ben")
    assert [offer.name for offer in moving.article_plan(duplicate, kept).offers] == ["url", "published_on"]
    moving.merge_articles(duplicate, kept, by=rita, take=["url", "published_on", "author", "slug"])
    kept = fresh(kept)
    assert (kept.url, kept.url_opened, kept.precision) == ("https://example.org/a", False, "day")
    assert (kept.author, kept.slug) == ("Ben", "kept")


def test_an_article_merged_into_its_own_rewrite_leaves_no_circle(rita: User) -> None:
    origin = make_article("origin")
    duplicate = make_article("duplicate", follows=origin)
    kept = make_article("kept", follows=duplicate)
    moving.merge_articles(duplicate, kept, by=rita)
    assert fresh(kept).follows == origin


def test_a_merge_that_would_close_a_circle_is_refused(rita: User) -> None:
    duplicate = make_article("duplicate")
    kept = make_article("kept", follows=make_article("between", follows=duplicate))
    with pytest.raises(Refused, match="in a circle"):
        moving.merge_articles(duplicate, kept, by=rita)
    assert fresh(duplicate) and not leads("article")


def test_what_would_close_a_circle_is_not_offered(rita: User) -> None:
    kept = make_article("kept")
    duplicate = make_article("duplicate", follows=make_article("between", follows=kept))
    assert "follows" not in [offer.name for offer in moving.article_plan(duplicate, kept).offers]
    with pytest.raises(Refused):
        moving.merge_articles(duplicate, kept, by=rita, take=["follows"])


def test_an_article_merged_into_the_one_it_follows_is_gone(rita: User) -> None:
    kept = make_article("kept")
    moving.merge_articles(make_article("duplicate", follows=kept), kept, by=rita)
    assert fresh(kept).follows is None
