"""A search finds the same records in the same order on either database: the suite runs on both."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comparisons.search import index as search_index
from comparisons.search import names as search_names
from comparisons.search.find import search
from tests.conftest import made_once
from tests.factories import make_article, make_claim, make_comparison, make_criterion, make_framework, make_group

from .found import found, missing

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


@made_once
def corpus():
    """One framework and one criterion, a claim for each key, and a record of every other kind."""
    django = make_framework("django", name="Django", tagline="Batteries included", summary="With an **ORM**.")
    make_framework("fastapi", name="FastAPI", tagline="Typed and quick", summary="Needs no Django.")
    group = make_group("data", name="Data")
    criterion = make_criterion("storage", name="Storage", question="Where is it kept?", group=group)
    make_article("guide", title="A guide to Django", author="Ann Author", publisher="House of Pages")
    make_comparison("django-vs-fastapi", (django,), title="Django vs FastAPI", introduction="Both serve **JSON**.")
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


def test_records_that_hold_some_of_the_words_follow_with_what_they_lack(corpus):
    assert missing("broker dashboards qqqqqq") == [("real", ("qqqqqq",))]
    lacking = ("broker", "dashboards")
    found = missing("broker dashboards deployment")
    assert found == [("real", ("deployment",)), ("emoji", lacking), ("migrate", lacking)]


@pytest.mark.parametrize("text", ["async", "words", "qqqqqq", '"words like"'])
def test_a_search_for_one_word_has_no_partial_matches(corpus, text):
    assert search(text).partial == ()


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


@pytest.mark.parametrize("text", ["django", "asyn", '"request context"', "djnago", "a b c d e f g h i j"])
def test_a_search_takes_at_most_twelve_queries(corpus, django_assert_max_num_queries, text):
    with django_assert_max_num_queries(12):
        search(text)
