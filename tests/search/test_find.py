"""A search finds the same records in the same order on either database: the suite runs on both."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comparisons.models import Article, Cell, Claim, Criterion, Framework, SearchEntry
from comparisons.search import engine, terms
from comparisons.search import index as search_index
from comparisons.search import names as search_names
from comparisons.search.engine import FEW
from comparisons.search.find import MOST, search
from tests.factories import make_article, make_claim, make_comparison, make_criterion, make_framework, make_group

from .found import found

pytestmark = [pytest.mark.django_db, pytest.mark.crossing]

CLAIMS = {
    "migrations": "Schema migrations are generated from the models.",
    "migrate": "It migrates the database on deployment.",
    "context": "The request context is pushed for every request.",
    "contexts": "A context may outlive one request in tests.",
    "node": "Node.js is needed to build the assets.",
    "nodejs": "NodeJS developers feel at home.",
    "cpp": "Hot loops can move to C++ extensions.",
    "csharp": "People who come from C# miss static types.",
    "letter": "Plan C is to write it by hand.",
    "realtime": "Real-time updates work over WebSockets.",
    "real": "Realtime dashboards need a broker.",
    "version": "Python 3.12 is the oldest version.",
    "numbers": "Of 3 sites, 12 were measured.",
    "cafe": "Le café sert des requêtes.",
    "apostrophe": "Flask's extensions don't share a release cycle.",
    "percent": "It saves 100% of nothing_at_all.",
    "markdown": "Use `select_related` **before** [measuring](https://example.org/profiling).",
    "cyrillic": "Документация переведена на русский.",
    "greek": "Η τεκμηρίωση είναι στα ελληνικά.",
    "emoji": "Deploys 🚀 in a minute.",
    "markup": "Templates escape <script> & friends.",
    "near": "NEAR and AND are words like OTHER ones, OR so.",
    "async": "Async views run in a thread of their own.",
}


@pytest.fixture
def corpus():
    """One framework and one criterion, a claim for each key, and a record of every other kind."""
    django = make_framework("django", name="Django", tagline="Batteries included", summary="With an **ORM**.")
    make_framework("fastapi", name="FastAPI", tagline="Typed and quick", summary="Needs no Django.")
    group = make_group("data", name="Data")
    criterion = make_criterion("storage", name="Storage", question="Where is it kept?", group=group)
    make_article("guide", title="A guide to Django", author="Ann Author", publisher="House of Pages")
    make_comparison("django-vs-fastapi", title="Django vs FastAPI", introduction="Both serve **JSON**.")
    for key, statement in CLAIMS.items():
        make_claim(django if key == "async" else None, criterion, key=key, statement=statement, by=())
    search_index.rebuild()
    search_names.rebuild()


SEARCHES = [
    ("migration", {"migrations", "migrate"}),
    ("migrations", {"migrations", "migrate"}),
    ("MIGRATING", {"migrations", "migrate"}),
    ("migrate deployments", {"migrate"}),
    ("deployment migrate", {"migrate"}),
    ("deploy", {"migrate", "emoji"}),
    ("request context", {"context", "contexts"}),
    ('"request context"', {"context"}),
    ("“request context”", {"context"}),
    ('"context request"', set()),
    ('"request context" pushed', {"context"}),
    ('"request context', {"context", "contexts"}),
    ('request" context', {"context", "contexts"}),
    ('""', set()),
    ('"', set()),
    ("node.js", {"node", "nodejs"}),
    ("nodejs", {"node", "nodejs"}),
    ("Node JS", {"node"}),
    ("node-js", {"node", "nodejs"}),
    ("C++", {"cpp"}),
    ("c#", {"csharp"}),
    ("plan c", {"letter"}),
    ("real-time", {"realtime", "real"}),
    ("realtime", {"realtime", "real"}),
    ("real time", {"realtime"}),
    ("3.12", {"version"}),
    ("python 3", {"version"}),
    ("cafe requetes", {"cafe"}),
    ("CAFÉ", {"cafe"}),
    ("cafe\u0301", {"cafe"}),
    ("don't", {"apostrophe"}),
    ("dont", {"apostrophe"}),
    ("don’t", {"apostrophe"}),
    ("100%", {"percent"}),
    ("%", set()),
    ("_", set()),
    ("nothing_at_all", {"percent"}),
    ("select_related", {"markdown"}),
    ("example.org", set()),
    ("документация", {"cyrillic"}),
    ("ελληνικα", {"greek"}),
    ("🚀", set()),
    ("🚀 minute", {"emoji"}),
    ("<script>", {"markup"}),
    ("NEAR(words)", {"near"}),
    ("AND OR", {"near"}),
    ("AND OR NOT", {"percent"}),
    ("near AND other", {"near"}),
    ("words*", {"near"}),
    ("words:statement", set()),
    ("^words -near", {"near"}),
    ("what is the broker for?", {"real"}),
    ("asyn", {"async"}),
    ("th", set()),
    ("thread asyn", {"async"}),
    ("asyn thread", {"async"}),
    ("json", {"django-vs-fastapi"}),
    ("ann house", {"guide"}),
    ("where kept", {"storage"}),
    ("orm", {"django"}),
    ("batteries", {"django"}),
    ("'; DROP TABLE x; --", set()),
    ("\\", set()),
    ("word " * 9 + "word", {"near"}),
]
assert len(SEARCHES) >= 40


def test_a_search_finds_the_expected_records(corpus, subtests):
    for text, expected in SEARCHES:
        with subtests.test(text=text):
            assert set(found(text)) == expected


def test_a_framework_comes_before_records_that_mention_it(corpus):
    assert found("django") == ["django", "fastapi", "django-vs-fastapi", "async", "guide"]


def test_the_kind_with_the_best_hit_comes_first(corpus):
    make_criterion("support", name="Support for threads")
    search_index.rebuild()
    assert found("thread") == ["support", "async"]
    assert [hits.kind for hits in search("storage").hits][:2] == ["criteria", "claims"]


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


MISSPELT = [
    ("djnago", "django"),
    ("asnyc", "async"),
    ("fastpai", "fastapi"),
    ("migratoins", "migrations"),
    ("jdango", "django"),
    ("djnago asnyc", "django async"),
    ("django asnyc", "django async"),
    ("Djnago, and “asnyc views”", "django, and “async views”"),
    ("broekr", "broker"),
    ("brekor", "broker"),  # the same letters
    ("djoo vwies", "django views"),  # the only name that begins so, and an ordinary error
    ("disagreemnts", "disagreements"),
    ("django qqqqqq asnyc", "django qqqqqq async"),
]


def test_a_misspelt_search_is_corrected_at_once(corpus, subtests):
    for typed, meant in MISSPELT:
        with subtests.test(typed=typed):
            results = search(typed)
            assert results.text == results.correction.text == meant


@pytest.mark.parametrize(
    "text",
    [
        "node",  # is held
        "asyn",  # begins a word that is held
        "qqqqqq",  # is like no word
        "better than django",  # is a word of ordinary questions
        "orn",  # is too short
        "djqx",  # begins like a name, and little else of it is right
        "djang0",  # holds a digit
        "fast api",  # is a name, however it is cut into words
    ],
)
def test_what_is_no_typing_error_is_left_as_it_is(corpus, text):
    results = search(text)
    assert (results.text, results.correction) == (text, None)


def test_a_search_for_what_was_typed_corrects_nothing(corpus):
    results = search("djnago", exact=True)
    assert (results.text, results.correction, results.total) == ("djnago", None, 0)


def missing(text):
    """The keys and slugs of partial matches, each with the words that they lack."""
    names = {"claims": Claim, "frameworks": Framework, "criteria": Criterion, "cells": Cell, "articles": Article}
    return [
        (getattr(names[hit.kind].objects.get(pk=hit.pk), "key" if hit.kind == "claims" else "slug"), hit.missing)
        for hit in search(text).partial
    ]


def test_records_that_hold_some_of_the_words_follow_with_what_they_lack(corpus):
    assert missing("broker dashboards qqqqqq") == [("real", ("qqqqqq",))]
    lacking = ("broker", "dashboards")
    found = missing("broker dashboards deployment")
    assert found == [("real", ("deployment",)), ("emoji", lacking), ("migrate", lacking)]


def test_what_misses_a_common_word_comes_before_what_misses_a_rare_one():
    criterion, framework = make_criterion(), make_framework()
    for number in range(12):
        make_claim(framework, criterion, key=f"common-{number}", statement="Commonplace.", by=())
    make_claim(framework, criterion, key="rare", statement="Rarity.", by=())
    search_index.rebuild()
    assert missing("commonplace rarity")[0] == ("rare", ("commonplace",))


@pytest.mark.parametrize("text", ["async", "words", "qqqqqq", '"words like"'])
def test_a_search_for_one_word_has_no_partial_matches(corpus, text):
    assert search(text).partial == ()


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


def test_postgresql_looks_words_up_instead_of_walking_through_all_entries_in_order(corpus, monkeypatch):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite looks words up anyway")
    monkeypatch.setattr("comparisons.search.engine.FEW", 0)
    with CaptureQueriesContext(connection) as queries:
        search("request context unheard")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")  # as seems best of many entries
        for query in queries:
            if "tsv @@" in query["sql"]:
                cursor.execute(f"EXPLAIN {query['sql']}")
                assert "Index Scan using comparisons_searchentry_pkey" not in str(cursor.fetchall())


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


@pytest.mark.parametrize("text", ["django", "asyn", '"request context"', "djnago", "a b c d e f g h i j"])
def test_a_search_takes_at_most_twelve_queries(corpus, django_assert_max_num_queries, text):
    with django_assert_max_num_queries(12):
        search(text)


def test_a_search_without_words_takes_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert search("🦄 %").total == 0
