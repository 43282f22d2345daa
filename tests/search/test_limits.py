"""Searches over the rows that a test makes for itself: what comes first, and what is cut."""

import pytest
from django.db import connection

from comparisons.models import Claim, SearchEntry
from comparisons.search import engine, terms
from comparisons.search import index as search_index
from comparisons.search.engine import FEW
from comparisons.search.find import MOST, search
from tests.factories import make_claim, make_criterion, make_framework, make_group

from .found import found, missing

pytestmark = [pytest.mark.django_db, pytest.mark.crossing]


def test_a_title_equal_to_the_search_comes_before_one_that_contains_it():
    group = make_group()
    for name in ("Async drivers", "Async", "Support for async"):
        make_criterion(name.lower().replace(" ", "-"), name=name, group=group)
    make_criterion("other", name="Other", question="Is it async?", group=group)
    search_index.rebuild()
    assert found("async") == ["async", "async-drivers", "support-for-async", "other"]


def test_of_equal_claims_the_newest_comes_first():
    criterion, framework = make_criterion(), make_framework()
    for key in ("old", "newer", "newest"):
        make_claim(framework, criterion, key=key, statement="It is quick.")
    search_index.rebuild()
    assert found("quick") == ["newest", "newer", "old"]


def test_what_misses_a_common_word_comes_before_what_misses_a_rare_one():
    criterion, framework = make_criterion(), make_framework()
    for number in range(12):
        make_claim(framework, criterion, key=f"common-{number}", statement="Commonplace.", by=())
    make_claim(framework, criterion, key="rare", statement="Rarity.", by=())
    search_index.rebuild()
    assert missing("commonplace rarity")[0] == ("rare", ("commonplace",))


@pytest.mark.parametrize("few", [3, FEW])
@pytest.mark.parametrize("words", ["shared", "shared uncommon", "uncommon", '"shared words"', "shar"])
def test_many_hits_are_limited_to_the_same_ones_on_either_database(words, few, monkeypatch):
    """With a limit of 3, SQLite asks by section and PostgreSQL by blocks; else that would take thousands of claims."""
    monkeypatch.setattr("comparisons.search.engine.FEW", few)
    monkeypatch.setattr("comparisons.search.find.MOST", 5)
    criterion, framework = make_criterion(), make_framework("shared", name="Shared")
    for number in range(20):
        uncommon = "uncommon" if number % 4 == 0 else ""
        make_claim(framework, criterion, key=f"c{number}", statement=f"Of shared words {uncommon}", by=())
    search_index.rebuild()
    claims = next(hits for hits in search(words).hits if hits.kind == "claims")
    keys = [Claim.objects.get(pk=pk).key for pk in claims.pks]
    assert keys == (
        [f"c{n}" for n in (16, 12, 8, 4, 0)] if "uncommon" in words else [f"c{n}" for n in range(19, 14, -1)]
    )
    assert claims.more is ("uncommon" not in words)


def test_postgresql_searches_more_blocks_for_a_phrase_before_it_searches_all(monkeypatch, django_assert_num_queries):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite stops when it has enough hits")
    monkeypatch.setattr(engine, "FEWEST_BLOCKS", 1)
    monkeypatch.setattr(engine, "WIDER", 3)
    one, other = map(terms.code, ("one", "other"))
    first, count = SearchEntry.keys_of("claims")[0], 6_000
    SearchEntry.objects.bulk_create(
        SearchEntry(id=first + n, title="", vocabulary="", words=f"{other} {one}" if n % 4 else f"{one} {other}")
        for n in range(count)
    )
    known = engine.KnownWords({"one": count, "other": count}, [])
    with django_assert_num_queries(2):
        found = engine.entries([[[("one", "other")]]], known, 330, "default", kinds=["claims"])
    assert [key - first for key, _title in found["claims"]] == [4 * n for n in range(330)]


def test_the_limits_of_candidates_are_those_the_page_names():
    assert (MOST, FEW) == (500, 2000)


def test_a_search_without_words_takes_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert search("🦄 %").total == 0
