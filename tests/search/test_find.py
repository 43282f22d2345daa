"""Search: the same records for the same words on either database, and an index that follows every write.

The suite runs on SQLite and on PostgreSQL; what is expected here is expected of both.
"""

import pytest
from django.core import serializers
from django.core.management import call_command
from django.db import transaction

from comparisons.maintenance import checks
from comparisons.models import (
    Article,
    Claim,
    Comparison,
    Criterion,
    CriterionGroup,
    Framework,
    Paragraph,
    SearchEntry,
    SearchWord,
)
from comparisons.search import index as search_index
from comparisons.search import terms
from comparisons.search.find import FEW, MOST, search
from tests.factories import NOON, make_article, make_claim, make_comparison, make_criterion, make_framework, make_group

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


def found(text):
    """What a search finds: slugs and keys by kind, in order; made-up frameworks and articles aside."""
    names = {
        "frameworks": dict(Framework.objects.values_list("pk", "slug")),
        "comparisons": dict(Comparison.objects.values_list("pk", "slug")),
        "criteria": dict(Criterion.objects.values_list("pk", "slug")),
        "claims": dict(Claim.objects.values_list("pk", "key")),
        "articles": dict(Article.objects.values_list("pk", "slug")),
    }
    return [names[hits.kind][pk] for hits in search(text).hits for pk in hits.pks]


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
    ("asyn thread", set()),
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


def test_a_search_finds_what_it_should(corpus, subtests):
    for text, expected in SEARCHES:
        with subtests.test(text=text):
            assert set(found(text)) == expected


def test_a_framework_stands_above_what_mentions_it(corpus):
    assert found("django") == ["django", "fastapi", "django-vs-fastapi", "guide", "async"]


def test_the_kind_of_the_nearest_record_stands_first(corpus):
    make_criterion("support", name="Support for threads")
    search_index.rebuild()
    assert found("thread") == ["support", "async"]
    assert [hits.kind for hits in search("storage").hits][:2] == ["criteria", "claims"]


def test_a_title_that_is_the_search_stands_above_one_that_holds_it():
    group = make_group()
    for name in ("Async drivers", "Async", "Support for async"):
        make_criterion(name.lower().replace(" ", "-"), name=name, group=group)
    make_criterion("other", name="Other", question="Is it async?", group=group)
    search_index.rebuild()
    assert found("async") == ["async", "async-drivers", "support-for-async", "other"]


def test_equal_claims_stand_newest_first():
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
    ("broekr", "broker"),
    ("qqqqqq", ""),
    ("django qqqqqq", ""),
    ("django broker", ""),
]


def test_a_typing_error_is_answered_by_what_was_meant(corpus, subtests):
    for typed, meant in MISSPELT:
        with subtests.test(typed=typed):
            results = search(typed)
            assert (results.total, results.suggestion) == (0, meant)


def test_what_is_found_is_not_corrected(corpus):
    assert search("node").suggestion == ""


@pytest.mark.parametrize("words", ["shared", "shared uncommon", "uncommon", '"shared words"', "shar"])
def test_many_hits_are_cut_to_the_same_ones_on_either_database(words, monkeypatch):
    """With limits as low as this PostgreSQL looks at blocks, which otherwise takes thousands of claims."""
    monkeypatch.setattr("comparisons.search.find.FEW", 3)
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


def test_the_limits_of_candidates_are_those_the_page_names():
    assert (MOST, FEW) == (500, 2000)


@pytest.mark.parametrize("text", ["django", "asyn", '"request context"', "djnago", "a b c d e f g h i j"])
def test_a_search_takes_at_most_three_queries(corpus, django_assert_max_num_queries, text):
    with django_assert_max_num_queries(3):
        search(text)


def test_a_search_without_words_asks_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert search("🦄 %").total == 0


# The index follows every write


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """Run what follows a commit, at the end of a block."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def right():
    """At the end of the test the index is what a rebuild would make it."""
    yield
    assert list(search_index.stale()) == []


def publish(committed, key="one", **fields):
    with committed():
        return make_claim(key=key, **{"statement": "It is peculiar.", **fields})


@pytest.mark.parametrize("status", ["draft", "in-review", "withdrawn"])
def test_only_what_is_published_is_found_or_counted(committed, right, status):
    fields = {"published_at": None} if status != "withdrawn" else {"withdrawn_at": NOON, "withdrawal_reason": "No."}
    publish(committed, status=status, **fields)
    assert found("peculiar") == []
    assert not SearchWord.objects.filter(word="peculiar").exists()
    assert search("pecluiar").suggestion == ""


def test_a_saved_claim_is_found_by_its_new_words_only(committed, right):
    claim = publish(committed)
    claim.statement = "It is ordinary."
    with committed():
        claim.save()
    assert (found("peculiar"), found("ordinary")) == ([], ["one"])
    assert not SearchWord.objects.filter(word="peculiar").exists()


def test_a_withdrawn_claim_is_no_longer_found(committed, right):
    claim = publish(committed)
    claim.status, claim.withdrawn_at, claim.withdrawal_reason = "withdrawn", NOON, "A mistake."
    with committed():
        claim.save()
    assert found("peculiar") == []


def test_a_deleted_record_is_no_longer_found(committed, right):
    with committed():
        make_framework("gone", name="Gonewith")
    assert found("gonewith") == ["gone"]
    with committed():
        Framework.objects.filter(slug="gone").delete()
    assert found("gonewith") == []


def test_update_of_many_rows_is_followed(committed, right):
    publish(committed)
    with committed():
        Claim.objects.filter(key="one").update(statement="It is ordinary.")
    assert (found("peculiar"), found("ordinary")) == ([], ["one"])


def test_bulk_create_is_followed(committed, right):
    row = {"kind": "capability", "polarity": "pro", "status": "published", "published_at": NOON}
    with committed():
        row["criterion"] = make_criterion()
        Claim.objects.bulk_create([Claim(key=key, statement="Made in bulk.", **row) for key in ("a", "b")])
    assert found("bulk") == ["b", "a"]


def test_a_renamed_framework_is_followed_by_its_claims(committed, right):
    claim = publish(committed)
    with committed():
        claim.framework.name = "Zephyrine"
        claim.framework.save()
    assert found("zephyrine") == [claim.framework.slug, "one"]


def test_a_renamed_criterion_is_followed_by_its_claims(committed, right):
    claim = publish(committed)
    with committed():
        Criterion.objects.filter(pk=claim.criterion_id).update(name="Zephyrine")
    assert found("zephyrine") == [claim.criterion.slug, "one"]


def test_a_renamed_group_is_followed_by_its_criteria(committed, right):
    with committed():
        make_criterion("inner", group=make_group("outer", name="Outer"))
    with committed():
        group = CriterionGroup.objects.get(slug="outer")
        group.name = "Zephyrine"
        group.save()
    assert found("zephyrine") == ["inner"]


def test_a_verdict_is_part_of_its_comparison(committed, right):
    with committed():
        one, other = make_comparison("one"), make_comparison("other")
        paragraph = Paragraph.objects.create(comparison=one, order=1, text="Take the zephyrine one.")
    assert found("zephyrine") == ["one"]
    with committed():
        paragraph.comparison = other
        paragraph.save()
    assert found("zephyrine") == ["other"]
    with committed():
        paragraph.delete()
    assert found("zephyrine") == []


def test_loaddata_is_followed(committed, right, tmp_path):
    publish(committed)
    rows = [
        Claim.objects.get(key="one"),
        Article(slug="extra", title="Extraordinary", kind="talk", interest="commercial"),
    ]
    rows[0].statement = "It is ordinary."
    path = tmp_path / "rows.json"
    path.write_text(serializers.serialize("json", rows, use_natural_foreign_keys=True, use_natural_primary_keys=True))
    with committed():
        call_command("loaddata", path, verbosity=0)
    assert (found("peculiar"), found("ordinary"), found("extraordinary")) == ([], ["one"], ["extra"])


def test_what_is_rolled_back_is_not_found(committed, right):
    with committed(), pytest.raises(ZeroDivisionError), transaction.atomic():
        make_framework("never", name="Neverthere")
        1 / 0  # noqa: B018
    assert found("neverthere") == []


@pytest.mark.django_db(transaction=True)
def test_a_write_outside_of_any_transaction_is_followed():
    make_framework("bare", name="Barewrite")
    assert found("barewrite") == ["bare"]
    assert list(search_index.stale()) == []


@pytest.mark.parametrize("rows", [2, 12])
def test_upkeep_takes_as_many_queries_for_few_rows_as_for_many(committed, django_assert_num_queries, rows):
    claim = publish(committed)
    same = {"framework": claim.framework, "criterion": claim.criterion, "by": ()}
    claims = {make_claim(statement=f"It is number {number}.", **same).pk for number in range(rows)}
    with django_assert_num_queries(8):  # two of them hold the savepoint of the batch
        search_index.refresh({"claims": claims})


def test_rebuild_mends_whatever_is_wrong(committed, right):
    claim = publish(committed)
    SearchEntry.objects.filter(pk=search_index.key_of("claims", claim.pk)).update(words="xwrong", vocabulary="wrong")
    SearchEntry.objects.create(id=search_index.key_of("claims", 999), title="ghost", words="xghost", vocabulary="ghost")
    SearchWord.objects.all().delete()
    call_command("rebuild_search", verbosity=0)
    assert (found("peculiar"), found("ghost"), found("wrong")) == (["one"], [], [])


def test_a_stale_entry_is_a_broken_rule(committed):
    claim = publish(committed)
    SearchEntry.objects.filter(pk=search_index.key_of("claims", claim.pk)).delete()
    problems = [problem for problem in checks.check_all() if problem.rule == "stale-search-entry"]
    assert [problem.record for problem in problems] == [f"claims {claim.pk}", "words"]


@pytest.mark.django_db(transaction=True)
def test_the_migration_can_be_taken_back_and_made_again():
    make_framework("kept", name="Keptwell")
    call_command("migrate", "comparisons", "0001", verbosity=0)
    call_command("migrate", "comparisons", verbosity=0)
    search_index.rebuild()
    assert found("keptwell") == ["kept"]


# Words


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("Migrations migrate.", "[Migrations] [migrate]."),
        ("Node.js and nodejs", "[Node.js] and [nodejs]"),
        ("the C++ and C# parts", "the [C++] and C# parts"),
        ("<b>migration</b>", "<b>[migration]</b>"),
        ("asyncio", "[asyncio]"),
        ("", ""),
    ],
)
def test_marks_stand_around_the_words_that_were_looked_for(text, marked):
    wanted = terms.parse("migration node.js c++ async")
    stems = {stem for term in wanted for stem in term.stems}
    pieces = terms.marked(text, stems, wanted[-1].beginning)
    assert "".join(f"[{piece}]" if hit else piece for piece, hit in pieces) == marked


def test_a_passage_shows_the_first_hit_of_a_long_text():
    text = "word " * 200 + "needle " + "word " * 200
    passage = terms.passage(text, {"needl"})
    assert "needle" in passage and len(passage) <= terms.PASSAGE + 10
    assert passage.startswith("… ") and passage.endswith(" …")


@pytest.mark.parametrize(
    ("a", "b", "apart"),
    [
        ("django", "djnago", 1),
        ("async", "asnyc", 1),
        ("flask", "flsk", 1),
        ("orm", "form", 1),
        ("abc", "xyz", 3),
        ("a", "abcd", 3),
    ],
)
def test_distance_counts_letters_added_dropped_changed_and_swapped(a, b, apart):
    assert terms.distance(a, b, 2) == terms.distance(b, a, 2) == min(apart, 3)


def test_codes_hold_nothing_that_a_query_language_reads():
    for word in ("c++", "c#", "naïve", "документ", "日本語", "a'b", "\U0001d52c"):
        assert terms.code(word).isascii() and terms.code(word).isalnum()
