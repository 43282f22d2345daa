"""What readers find after records were renamed, merged or split."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from comparisons.editing import merging as moving
from comparisons.editing.merging import Split
from comparisons.history import changes, news
from comparisons.models import Claim
from tests.admin.users import make_user
from tests.factories import (
    make_article,
    make_citation,
    make_claim,
    make_criterion,
    make_framework,
    make_ruling,
    settle,
)

pytestmark = pytest.mark.django_db


def everywhere(client: Client) -> str:
    """What readers find of the claims: lists, search, the map of the site."""
    found = [client.get(address).content.decode() for address in (
        "/", "/matrix/", "/pros-cons/", "/articles/", "/criteria/", "/frameworks/", "/search/?q=statement",
        "/search/?q=title", "/sitemap-claims.xml", "/sitemap-articles.xml", "/sitemap-criteria.xml",
        "/sitemap-cells.xml", "/sitemap-frameworks.xml",
    )]  # fmt: skip
    return "".join(found)


@pytest.mark.django_db(transaction=True)
def test_only_the_present_record_is_shown_after_every_move(client: Client) -> None:
    chief = make_user("chief")
    framework, gone, kept = (
        make_framework("lost-fw", name="One", tagline="A", summary="A"),
        make_criterion("lost-crit", definition="A"),
        make_criterion("kept"),
    )
    article, copy = make_article("lost-article", title="Title A", publisher="A"), make_article("copy", title="Title B")
    claim = make_claim(framework, gone, text="So", key="lost-claim", polarity="pro", by=(article,))
    twin = make_claim(framework, kept, text="So", key="twin", polarity="pro", by=(copy,))
    settle()
    assert "lost-claim" in everywhere(client)
    moving.rename(framework, "first", by=chief)
    moving.merge_criteria(gone, kept, by=chief)
    moving.merge_articles(article, copy, by=chief)
    moving.merge_claims(Claim.objects.get(pk=claim.pk), Claim.objects.get(pk=twin.pk), by=chief)
    pages = everywhere(client) + client.get("/claims/twin/").content.decode()
    pages += client.get("/articles/copy/").content.decode() + client.get("/frameworks/first/kept/").content.decode()
    for lost in ("lost-fw", "lost-crit", "lost-article", "lost-claim", "Statement of lost"):
        assert lost not in pages
    assert "Statement of twin" in pages
    assert "https://crosscheck.example/claims/twin/" in pages
    for before, after in (
        ("/frameworks/lost-fw/lost-crit/", "/frameworks/first/kept/"),
        ("/claims/lost-claim/", "/claims/twin/"),
        ("/articles/lost-article/", "/articles/copy/"),
    ):
        assert client.get(before)["Location"] == after


@pytest.mark.django_db(transaction=True)
def test_a_split_is_seen_on_every_page(client: Client) -> None:
    chief = make_user("chief")
    old = make_criterion("old", name="Old", levels=("yes", "no"))
    claim = make_claim(make_framework("fw"), old, level="yes", key="moved", polarity="pro")
    new = type(old)(slug="new", name="New", question="What?", definition="This.", group=old.group)
    moving.split_criterion(old, new, Split(frozenset({claim.pk}), replaces=True), by=chief)
    assert client.get("/criteria/old/")["Location"] == "/criteria/new/"
    assert client.get("/frameworks/fw/old/")["Location"] == "/frameworks/fw/new/"
    assert "moved" in client.get("/pros-cons/?criterion=new").content.decode()
    assert "/criteria/old/" not in everywhere(client) and "/criteria/new/" in everywhere(client)


def test_the_history_of_a_claim_keeps_what_was_public(client: Client) -> None:
    """Names of articles, criteria and levels that were merged away stay in it, and what came along is told."""
    chief = make_user("chief")
    gone, kept = (
        make_criterion("gone", name="Former question", levels=("yes", "no")),
        make_criterion("kept", levels=("full", "none")),
    )
    gone.levels.filter(slug="yes").update(label="Former level")
    article, copy = make_article("a", title="Former source"), make_article("b", title="Present source")
    claim = make_claim(make_framework(), gone, level="yes", key="claim", by=(article,))
    _at(claim, 3)
    levels = {level.pk: new.pk for level, new in zip(gone.levels.all(), kept.levels.all(), strict=True)}
    moving.merge_criteria(gone, kept, by=chief, levels=levels)
    moving.merge_articles(article, copy, by=chief)
    twin = make_claim(claim.framework, kept, level="full", key="twin")
    make_citation(twin, make_article(), says="Came along.")
    moving.merge_claims(twin, Claim.objects.get(pk=claim.pk), by=chief)
    settle()
    page = client.get("/claims/claim/").content.decode()
    history = page[page.index('id="history"') :]
    for text in ("Former", "question", "Present", "Full", "Came along."):
        assert text in history, text


def _at(claim: Claim, days: int) -> None:
    """Let what is recorded so far have happened some days ago."""
    from datetime import timedelta

    day = timezone.now() - timedelta(days=days)
    claim.history.update(history_date=day)
    for citation in claim.citations.all():
        citation.history.update(history_date=day)


def test_what_only_moved_is_no_news_and_is_found_where_it_is_now() -> None:
    chief = make_user("chief")
    gone, kept = make_criterion("gone"), make_criterion("kept")
    claims = [make_claim(make_framework(f"fw{n}"), gone, key=f"claim-{n}") for n in range(3)]
    make_ruling(claims[0].framework, gone, text="So")
    settle()
    changes.rebuild()
    before = [(change.on, change.kind) for change in news.latest(9)]
    moving.merge_criteria(gone, kept, by=chief)
    moving.rename(Claim.objects.get(key="claim-1"), "renamed", by=chief)
    settle()
    changes.rebuild()
    after = news.latest(9)
    assert [(change.on, change.kind) for change in after] == before and len(before) == 1
    assert [change.href for change in after] == ["/frameworks/fw0/kept/"]
