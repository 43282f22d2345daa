"""The Atom feeds, read by a feed parser: what they tell, what they keep to themselves, and how they are asked again."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from xml.etree import ElementTree

import feedparser
import pytest
from django.test import Client
from django.urls import reverse

from comparisons.history import changes, news
from comparisons.models import Claim, Comparison, Criterion, Framework, MeaningChange
from tests import factories as make
from tests.conftest import made_once

pytestmark = [pytest.mark.django_db, pytest.mark.crossing]

LATER = dt.date(2026, 11, 25)
ALL = "/feeds/"
ATOM = "{http://www.w3.org/2005/Atom}"
FEEDS = ["/feeds/frameworks/one/", "/feeds/criteria/first/", "/feeds/comparisons/both/", "/feeds/claims/told/"]


@made_once
def world() -> Claim:
    """Two frameworks, one of them compared on one of two criteria; a fact check, a ruling and what is new."""
    first, second = (make.make_criterion(slug, levels=("yes", "no")) for slug in ("first", "second"))
    one, other = make.make_framework("one"), make.make_framework("other")
    make.make_comparison("both", (one,), (first,))
    changes.rebuild()
    claim = make.make_claim(
        one, first, key="told", level="yes", statement="It *shines*.", verdict="wrong", verdict_on=make.DAY,
        verdict_note="See <b>x</b> & [y](https://y.example/).",
    )  # fmt: skip
    make.make_claim(other, second, key="elsewhere", verdict="outdated", verdict_on=make.DAY, verdict_note="Old.")
    make.make_ruling(one, first, level=claim.level, why="So it is.", ruled_on=LATER)
    changes.rebuild()
    return claim


def read(address: str, **headers: str) -> Any:
    response = Client().get(address, headers=headers)
    assert response.status_code == 200, address
    found = feedparser.parse(response.content, response_headers={"content-type": response["Content-Type"]})
    assert not found.bozo, found.get("bozo_exception")
    return found


def titles(address: str) -> list[str]:
    return [entry.title for entry in read(address).entries]


def test_an_entry_tells_old_value_new_value_reason_day_and_page(world: Claim, settings: Any) -> None:
    settings.SITE_URL = "https://kb.example"
    found = read(ALL)
    ruled, checked = found.entries[0], found.entries[-1]
    assert (ruled.title, ruled.link) == ("Ruled: One · First", "https://kb.example/frameworks/one/first/")
    assert re.sub("<[^>]+>", " ", ruled.summary).split() == ["Disputed", "→", "Yes", "So", "it", "is."]
    assert ruled.published[:10] == "2026-11-25" and ruled.tags[0].term == "ruled"
    assert checked.title == "Fact check: It shines."
    assert checked.summary.startswith("<p><del>Unchecked</del> → <ins><strong>Wrong</strong></ins></p>")
    assert "See &lt;b&gt;x&lt;/b&gt; &amp; y." in checked.summary
    assert found.feed.links[0].href == "https://kb.example/"
    assert found.feed.id == found.feed.links[1].href == "https://kb.example/feeds/"
    assert found.version == "atom10" and found.feed.author == "Crosscheck"


def test_each_feed_tells_what_concerns_it(world: Claim) -> None:
    told = ["Ruled: One · First", "Fact check: It shines."]
    assert sorted(titles(ALL)) == sorted([*told, "Fact check: Statement of elsewhere."])
    for address in FEEDS:
        assert titles(address) == told, address
    assert titles("/feeds/frameworks/other/") == titles("/feeds/criteria/second/")
    make.make_framework("third")
    added = make.make_criterion("added")
    changes.rebuild()
    Comparison.objects.get(slug="both").rows.create(criterion=added, order=9)
    assert {"New here: Third", "New here: Added"} < set(titles(ALL))
    assert titles("/feeds/comparisons/both/")[0] == "New here: Added"
    assert titles("/feeds/frameworks/third/") == ["New here: Third"]


def test_the_entries_are_those_of_the_front_page(world: Claim) -> None:
    assert sorted(titles(ALL)) == sorted(
        f"{kind}: {item.title.replace('*', '')}"
        for item in news.latest(20)
        for kind in [{"ruled": "Ruled", "fact-check": "Fact check"}[item.kind]]
    )


def test_ids_are_tag_uris_that_stay_and_no_entry_comes_twice(world: Claim) -> None:
    before = [entry.id for entry in read(ALL).entries]
    assert len(set(before)) == len(before) == 3
    assert all(re.fullmatch(r"tag:[\w.]+,2026-11-\d\d:[\w/.%-]+", one) for one in before)
    changes.rebuild()
    make.settle()
    Claim.objects.filter(pk=world.pk).update(verdict="holds", verdict_on=LATER)
    changes.rebuild()
    after = [entry.id for entry in read(ALL).entries]
    assert len(after) == 4 and set(before) < set(after)


def test_nothing_is_told_of_what_readers_do_not_see(world: Claim) -> None:
    for model, slug in ((Framework, "one"), (Criterion, "first")):
        model.objects.filter(slug=slug).update(is_draft=True)
        assert titles(ALL) == ["Fact check: Statement of elsewhere."]
        gone = [address for address in FEEDS if Client().get(address).status_code == 404]
        assert f"/feeds/{'frameworks' if model is Framework else 'criteria'}/{slug}/" in gone
        assert "/feeds/claims/told/" in gone
        assert all(titles(address) == [] for address in set(FEEDS) - set(gone))
        model.objects.filter(slug=slug).update(is_draft=False)
    Claim.objects.filter(pk=world.pk).update(status="draft", published_at=None)
    assert "Fact check: It shines." not in titles(ALL)
    assert Client().get("/feeds/claims/told/").status_code == 404


@pytest.mark.parametrize("address", [one.replace(one.split("/")[3], "nobody") for one in FEEDS])
def test_a_feed_of_nothing_is_not_found(address: str) -> None:
    assert Client().get(address).status_code == 404


@pytest.mark.parametrize(("address", "queries"), [(ALL, 1), *((address, 2) for address in FEEDS)])
def test_a_feed_takes_as_many_queries_at_any_size(
    world: Claim, django_assert_num_queries: Any, address: str, queries: int
) -> None:
    MeaningChange.objects.bulk_create(
        MeaningChange(
            key=f"many/{number}", kind="answer", on=make.DAY, framework=world.framework, criterion=world.criterion,
            before="No", after="Yes",
        )
        for number in range(60)
    )  # fmt: skip
    with django_assert_num_queries(queries):
        response = Client().get(address)
    assert len(feedparser.parse(response.content).entries) == 50


HOSTILE = ["<script>alert(1)</script>", "]]>", "&#0;", "\x0b\x1f\ufffe", "a" * 5000, "‮abc", "<![CDATA["]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_breaks_a_feed_or_gets_markup_into_it(world: Claim, text: str) -> None:
    Claim.objects.filter(pk=world.pk).update(statement=f"It is {text}.")
    MeaningChange.objects.filter(claim=world).update(why=f"Because {text}.")
    MeaningChange.objects.filter(kind="ruled").update(before=text[:200], why=text)
    raw = Client().get(ALL).content
    root = ElementTree.fromstring(raw)  # noqa: S314
    assert not [one for one in root.iter(f"{ATOM}summary") if "<script" in (one.text or "")]
    assert {one.get("type", "text") for one in root.iter(f"{ATOM}title")} == {"text"}
    assert len(read(ALL).entries) == 3


def test_readers_and_feed_readers_find_the_feeds(world: Claim, client: Client) -> None:
    make.settle()
    pages = {
        "/": ALL,
        world.framework.get_absolute_url(): FEEDS[0],
        world.criterion.get_absolute_url(): FEEDS[1],
        reverse("comparisons:comparison", args=["both"]): FEEDS[2],
        world.get_absolute_url(): FEEDS[3],
        reverse("comparisons:method"): ALL,
    }
    for page, address in pages.items():
        html = client.get(page).content.decode()
        alternates = re.findall(
            r'<link rel="alternate" type="application/atom\+xml" title="[^"]+" href="([^"]+)"', html
        )
        assert alternates == list(dict.fromkeys([address, ALL])), page
        assert (f'href="{address}" type="application/atom+xml">' in html) == (page != reverse("comparisons:method"))


def test_a_feed_without_entries_has_the_same_text_every_time(client: Client) -> None:
    make.make_framework("quiet")
    address = "/feeds/frameworks/quiet/"
    first = client.get(address)
    assert first["Last-Modified"] == "Sat, 01 Jan 2000 00:00:00 GMT"
    assert first.content == client.get(address).content and titles(address) == []
