"""Publishers are renamed and merged with all their articles, and cells follow."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied

from comparisons.editing import merging as moving
from comparisons.editing import proposals
from comparisons.editing.merging import Refused
from comparisons.editing.put_back import put_back
from comparisons.history.states import state_at
from comparisons.models import Article, Cell, Publisher, PublisherAlias, StaleVersion
from comparisons.models.publishers import publisher_of
from tests.admin.users import make_user
from tests.editing.test_concurrency import at_once
from tests.factories import make_article, make_claim, make_proposal, make_publisher, make_publisher_alias

from .builders import fresh, last_entry, problems

pytestmark = [pytest.mark.django_db, pytest.mark.crossing]


def test_a_rename_reaches_the_articles_and_keeps_the_former_name(rita: User) -> None:
    article, publisher = make_article("one", publisher="Acme"), make_publisher("Acme")
    moving.rename_publisher(publisher, "Acme Press", by=rita)
    assert fresh(article).publisher_name == "Acme Press" and fresh(article).version == article.version + 1
    assert last_entry(article) == ("~", "Publisher renamed: Acme is now Acme Press", "rita")
    assert [entry.publisher_id for entry in article.history.all()] == ["Acme Press", "Acme"]
    assert publisher_of("Acme") == publisher


def test_a_name_that_only_looks_different_is_kept_as_no_alias(rita: User) -> None:
    moving.rename_publisher(make_publisher("acme"), "Acme", by=rita)
    assert Publisher.objects.get().name == "Acme" and not PublisherAlias.objects.exists()


def test_a_publisher_takes_a_former_name_back(rita: User) -> None:
    publisher = moving.rename_publisher(make_publisher("Acme"), "Acme Press", by=rita)
    moving.rename_publisher(publisher, "Acme", by=rita)
    assert list(PublisherAlias.objects.values_list("name", flat=True)) == ["Acme Press"]


@pytest.mark.parametrize("name", ["", "OTHER", "x" * 121, "Alias of Other"])
def test_a_name_that_cannot_be_used_is_refused(rita: User, name: str) -> None:
    make_publisher_alias("Alias of Other", "Other")
    with pytest.raises(Refused):
        moving.rename_publisher(make_publisher("Acme"), name, by=rita)


def test_a_merge_moves_articles_and_other_names_and_fills_gaps(rita: User) -> None:
    article = make_article("one", publisher="Acme Inc")
    make_publisher_alias("Acme Books", "Acme Inc")
    duplicate = make_publisher("Acme Inc", url="https://acme.example/", note="Of the duplicate.")
    kept = make_publisher("Acme", note="Of the one that stays.")
    moving.merge_publishers(duplicate, kept, by=rita, take=["url", "note"])
    kept = Publisher.objects.get()
    assert (kept.name, kept.url, kept.note) == ("Acme", "https://acme.example/", "Of the one that stays.")
    assert fresh(article).publisher == kept
    assert last_entry(article) == ("~", "Publisher merged: Acme Inc is now Acme", "rita")
    assert {publisher_of(name) for name in ("Acme Inc", "ACME BOOKS")} == {kept}


@pytest.mark.django_db(transaction=True)
def test_two_publishers_that_are_merged_are_one_witness(transactional_db: None) -> None:
    chief = make_user("chief")
    make_claim(text="So", by=(make_article(publisher="Acme Inc"), make_article(publisher="Acme")))
    assert Cell.objects.get().points == 2
    moving.merge_publishers(make_publisher("Acme Inc"), make_publisher("Acme"), by=chief)
    assert Cell.objects.get().points == 1
    assert not [problem for problem in problems() if "publisher" in problem or "cell" in problem]


def test_the_plan_says_what_moves_and_which_claims_lose_a_witness(rita: User) -> None:
    make_claim(by=(make_article(publisher="Acme Inc"), make_article(publisher="Acme")))
    plan = moving.publisher_plan(make_publisher("Acme Inc"), make_publisher("Acme"))
    assert [(move.label, move.number) for move in plan.moves] == [("Articles", 1)]
    assert any(note.endswith("from then on: 1.") for note in plan.notes)


def test_only_those_who_may_merge_rename_and_merge_publishers() -> None:
    editor, one, other = make_user("editor", role="editor"), make_publisher("One"), make_publisher("Other")
    with pytest.raises(PermissionDenied):
        moving.rename_publisher(one, "New", by=editor)
    with pytest.raises(PermissionDenied):
        moving.merge_publishers(one, other, by=editor)


def test_an_earlier_state_is_put_back_with_the_name_of_today(rita: User) -> None:
    article = make_article("one", publisher="Acme", title="Before")
    Article.objects.get().save()
    moving.rename_publisher(make_publisher("Acme"), "Acme Press", by=rita)
    entry = article.history.last()
    assert put_back(fresh(article), state_at(entry), by=rita, saved_at=entry.history_date)
    assert fresh(article).publisher_name == "Acme Press"


def test_a_change_that_waits_is_approved_with_the_name_of_today(rita: User) -> None:
    article, author = make_article("one"), make_user("author", role="editor")
    proposal = make_proposal(article, author, publisher="Acme")
    moving.rename_publisher(make_publisher("Acme"), "Acme Press", by=rita)
    assert proposals.proposed(proposal).fields["publisher"] == "Acme Press"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(3))
def test_an_article_that_meets_a_rename_has_a_publisher_that_is_there(turn: int) -> None:
    chief, publisher = make_user("chief"), make_publisher("Acme")
    article = make_article("one", publisher="Acme")

    def write() -> Any:
        return make_article("two", publisher="Acme")

    ends = at_once(
        lambda: moving.rename_publisher(fresh(publisher), "Acme Press", by=chief),
        lambda: moving.rename_publisher(fresh(publisher), "Acme Books", by=chief),
        write,
    )
    refused = [end for end in ends[:2] if isinstance(end, Exception)]
    assert all(isinstance(end, StaleVersion) for end in refused), ends
    names = set(Publisher.objects.values_list("name", flat=True))
    assert {one.publisher_name for one in Article.objects.all()} <= names
    assert fresh(article).publisher_name == fresh(publisher).name
