"""Sets of pros and cons: counted as a plain query would count them, in order, and up to date after every write."""

from __future__ import annotations

import datetime as dt
import random
import threading

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comparisons.evidence import assessing
from comparisons.evidence.claims import cards_of
from comparisons.maintenance import checks
from comparisons.models import Article, Citation, Claim, ClaimSummary, Edition, Framework
from comparisons.pros_cons import index as facets
from comparisons.pros_cons import summaries
from tests.factories import (
    DAY,
    make_article,
    make_citation,
    make_claim,
    make_criterion,
    make_framework,
    make_group,
    make_ruling,
    settle,
)

pytestmark = pytest.mark.crossing

FACETS = ("framework", "group", "criterion", "polarity", "kind", "article", "verdict", "strength")
TODAY = dt.date(2026, 11, 20)
WORDS = ("cache", "cached", "router", "async", "Ästhetik", "100%")
VERDICTS = ("unchecked", "holds", "outdated", "opinion")


def index():
    return facets.current(timezone.localdate())


def count(**chosen):
    """How many claims meet a choice of single values."""
    words = chosen.pop("words", "")
    years = {name: chosen.pop(name, None) for name in ("year_from", "year_to")}
    return index().find(facets.Choice({name: [value] for name, value in chosen.items()}, **years, words=words)).total


def options(name, **chosen):
    found = index().find(facets.Choice({facet: [value] for facet, value in chosen.items()}))
    return {option.value: option.count for option in found.options(name)}


def make_world(seed, claims=14):
    """A few of everything, at random: drafts, neutral claims and claims about no framework included."""
    chance = random.Random(seed)  # noqa: S311 (not a secret)
    groups = [make_group(f"g{n}", order=n) for n in range(2)]
    criteria = [make_criterion(f"c{n}", group=groups[n % 2], order=n) for n in range(3)]
    frameworks = [make_framework(f"f{n}", order=n) for n in range(3)]
    dates = [dt.date(2020, 5, 1), dt.date(2024, 1, 1), dt.date(2026, 3, 1), None]
    articles = [make_article(f"a{n}", publisher=f"p{n % 3}", published_on=dates[n % 4]) for n in range(5)]
    for number in range(claims):
        status = chance.choice(["published"] * 5 + ["draft"])
        claim = make_claim(
            chance.choice(frameworks),
            chance.choice(criteria),
            key=f"k{number}",
            by=(),
            polarity=chance.choice(["pro", "con", "pro", "con", "neutral"]),
            kind=chance.choice(["capability", "judgement", "usage"]),
            statement=" ".join(chance.choices(WORDS, k=3)),
            status=status,
            published_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC) if status == "published" else None,
            verdict=(verdict := chance.choice(VERDICTS)),
            verdict_note="" if verdict == "unchecked" else "So.",
            verdict_on=None if verdict == "unchecked" else DAY,
        )
        if chance.random() < 0.2:
            Claim.objects.filter(pk=claim.pk).update(framework=None)
        for article in chance.sample(articles, chance.randrange(0, 4)):
            make_citation(claim, article, chance.choice(["supports", "supports", "qualifies", "disputes"]))


def plainly(choice, today):
    """The keys of the claims that meet a choice, asked of the database one by one."""
    found = set()
    for claim in Claim.objects.published().filter(polarity__in=["pro", "con"]).for_display():
        cited = [citation.article for citation in claim.citations.all()]
        if not cited:
            continue
        card = cards_of([claim], assessing.Witnesses())[0]
        has = {
            "framework": {claim.framework.slug} if claim.framework else set(),
            "group": {claim.criterion.group.slug},
            "criterion": {claim.criterion.slug},
            "polarity": {claim.polarity},
            "kind": {claim.kind},
            "verdict": {claim.verdict},
            "article": {article.slug for article in cited},
            "strength": {card.standing.strength(today)},
        }
        years = {article.published_on.year for article in cited if article.published_on}
        low, high = choice.year_from or 0, choice.year_to or 9999
        met = all(has[name] & set(values) for name, values in choice.chosen.items() if values)
        if choice.year_from or choice.year_to:
            met &= any(low <= year <= high for year in years)
        words = facets.words_of(claim.statement)
        *whole, last = facets.words_of(choice.words) or [""]
        if choice.words:
            met &= bool(last) and set(whole) <= set(words) and any(word.startswith(last) for word in words)
        if met:
            found.add(claim.key)
    return found


choices = st.builds(
    facets.Choice,
    st.fixed_dictionaries(
        {
            "framework": st.lists(st.sampled_from(["f0", "f1", "f2"]), max_size=2, unique=True),
            "group": st.lists(st.sampled_from(["g0", "g1"]), max_size=1),
            "criterion": st.lists(st.sampled_from(["c0", "c1", "c2"]), max_size=2, unique=True),
            "polarity": st.lists(st.sampled_from(["pro", "con"]), max_size=1),
            "kind": st.lists(st.sampled_from(["capability", "judgement"]), max_size=2, unique=True),
            "verdict": st.lists(st.sampled_from(VERDICTS), max_size=2, unique=True),
            "article": st.lists(st.sampled_from([f"a{n}" for n in range(5)]), max_size=2, unique=True),
            "strength": st.lists(st.sampled_from(["strong", "fair", "thin"]), max_size=2, unique=True),
        }
    ),
    st.none() | st.sampled_from([2020, 2024, 2025]),
    st.none() | st.sampled_from([2025, 2026]),
    st.sampled_from(["", "", "cache", "CACH", "cache as", "ästh", "100%", "?"]),
)


@pytest.mark.django_db
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10_000), choice=choices)
def test_every_count_is_what_choosing_that_option_gives(seed, choice):
    with transaction.atomic():
        make_world(seed)
        settle()
        found = index().find(choice)
        keys = set(Claim.objects.filter(pk__in=found.page("strength", 50).claims).values_list("key", flat=True))
        assert keys == plainly(choice, timezone.localdate())
        for name in FACETS:
            for option in found.options(name):
                alone = [option.value] if option.is_chosen else [*choice.chosen[name], option.value]
                then = plainly(choice._replace(chosen={**choice.chosen, name: alone}), timezone.localdate())
                assert option.count == len(then - keys if option.adds else then), (name, option)
        transaction.set_rollback(True)


@pytest.mark.django_db
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10_000), sort=st.sampled_from(sorted(facets.SORTS)), size=st.integers(1, 4))
def test_pages_of_any_size_hold_every_claim_once_and_in_order(seed, sort, size):
    with transaction.atomic():
        make_world(seed)
        settle()
        found, after, walked = index().find(facets.Choice({})), None, []
        while True:
            page = found.page(sort, size, after)
            assert page.first == len(walked) + 1
            walked += page.claims
            if not page.has_more:
                break
            after = index().known.claims.index(walked[-1])
        assert walked == list(found.page(sort, 50).claims)
        assert len(walked) == len(set(walked)) == found.total
        transaction.set_rollback(True)


@given(st.sets(st.integers(0, 300)), st.lists(st.sets(st.integers(0, 300)), max_size=6), st.integers(0, 40))
def test_taking_the_first_is_sorting_and_cutting(places, slices, most):
    sets = [facets.Places(one) for one in slices]

    def key(place):
        return [place not in one for one in sets], place

    taken = facets.take(facets.Places(places), sets, most)
    assert set(taken) == set(sorted(places, key=key)[:most])


@given(st.sets(st.integers(0, 300), min_size=1), st.lists(st.sets(st.integers(0, 300)), max_size=6))
def test_what_comes_after_a_claim_is_what_sorts_after_it(places, slices):
    sets = [facets.Places(one) for one in slices]

    def key(place):
        return [place not in one for one in sets], place

    at = min(places)
    later = facets.beyond(facets.Places(places), sets, at)
    assert set(later) == {place for place in places if key(place) > key(at)}


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["framework", "article"])
def test_of_many_options_those_with_the_highest_counts_are_shown(name):
    criterion = make_criterion()
    for number in range(8):
        article, framework = make_article(f"a{number}"), make_framework(f"f{number}")
        for _ in range(number + 1):
            make_claim(framework, criterion, polarity="con", by=(article,))
        make_claim(framework, criterion, polarity="pro", by=(article,))
    settle()
    for polarity, most in (("con", [8, 7]), ("pro", [1, 1])):
        found = index().find(facets.Choice({"polarity": [polarity], name: [f"{name[0]}2"]}))
        shown = found.options(name, 2)
        assert [option.count for option in shown if not option.is_chosen] == most
        assert f"{name[0]}2" in [option.value for option in shown if option.is_chosen]


# ── Strength and order ───────────────────────────────────────────────


@pytest.mark.django_db
def test_strength_follows_the_day_without_any_write():
    make_claim(polarity="pro", by=tuple(make_article(published_on=dt.date(2025, 1, 1)) for _ in range(2)))
    settle()
    fair = facets.Choice({"strength": ["fair"]})
    assert facets.current(dt.date(2026, 12, 31)).find(fair).total == 1
    assert facets.current(dt.date(2027, 1, 2)).find(fair).total == 0


@pytest.mark.django_db
def test_claims_judged_wrong_come_after_those_that_count():
    three = tuple(make_article() for _ in range(3))
    wrong = make_claim(polarity="pro", by=three, verdict="wrong", verdict_note="So.", verdict_on=DAY)
    right = make_claim(polarity="pro")
    settle()
    assert index().find(facets.Choice({})).page("strength", 9).claims == (right.pk, wrong.pk)


@pytest.mark.django_db
def test_newest_evidence_comes_first():
    made = [make_claim(polarity="pro", by=(make_article(published_on=dt.date(2019 + n, 1, 1)),)) for n in range(3)]
    settle()
    found = index().find(facets.Choice({})).page("newest", 9)
    assert found.claims == tuple(claim.pk for claim in reversed(made))


@pytest.mark.django_db
def test_frameworks_and_criteria_come_in_the_order_of_the_site():
    first, second = make_framework("z", order=1), make_framework("a", order=2)
    low, high = make_criterion("y", order=1), make_criterion("b", order=2)
    one, two = make_claim(second, low, polarity="pro"), make_claim(first, high, polarity="pro")
    settle()
    found = index().find(facets.Choice({}))
    assert found.page("framework", 9).claims == (two.pk, one.pk)
    assert found.page("criterion", 9).claims == (one.pk, two.pk)


# ── Always as of the latest write ────────────────────────────────────


@pytest.fixture
def claim(transactional_db):
    """A published pro in a database that commits; the index has been read before."""
    claim = make_claim(make_framework("one"), make_criterion("speed"), key="fast", polarity="pro", statement="Fast.")
    assert count() == 1
    index().words.find("fast")
    return claim


def elsewhere(write):
    """Do something as another process would: the index of this one is left as it was."""
    held = facets._held
    write()
    facets._held = held


WRITES = {
    "a claim is added": (lambda c: make_claim(c.framework, polarity="con"), {"polarity": "con"}, 1),
    "a claim changes sides": (lambda c: save(c, polarity="con"), {"polarity": "con"}, 1),
    "a claim turns neutral": (lambda c: save(c, polarity="neutral"), {}, 0),
    "a claim is no longer published": (lambda c: save(c, status="draft"), {}, 0),
    "a bulk update": (lambda c: Claim.objects.filter(pk=c.pk).update(kind="usage"), {"kind": "usage"}, 1),
    "other words": (lambda c: save(c, statement="Rapid."), {"words": "rap"}, 1),
    "former words": (lambda c: save(c, statement="Rapid."), {"words": "fast"}, 0),
    "another verdict": (lambda c: save(c, verdict="opinion", verdict_on=DAY), {"verdict": "opinion"}, 1),
    "a citation is added": (lambda c: make_citation(c, make_article("x")), {"article": "x"}, 1),
    "a second witness": (lambda c: make_citation(c), {"strength": "fair"}, 1),
    "its only citation goes": (lambda c: Citation.objects.all().delete(), {}, 0),
    "an article is dated anew": (lambda c: redate(2019), {"year_to": 2019}, 1),
    "a framework is renamed": (lambda c: Framework.objects.update(slug="two"), {"framework": "two"}, 1),
    "a criterion moves": (lambda c: save(c.criterion, group=make_group("new")), {"group": "new"}, 1),
}


def save(row, **fields):
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()


def redate(year):
    Article.objects.update(published_on=dt.date(year, 1, 1))


@pytest.mark.parametrize("where", ["here", "in another process"])
@pytest.mark.parametrize(("write", "chosen", "expected"), WRITES.values(), ids=WRITES)
def test_the_next_page_knows_of_every_write(claim, write, chosen, expected, where):
    if where == "here":
        write(claim)
    else:
        elsewhere(lambda: write(claim))
    assert count(**chosen) == expected
    assert not list(summaries.stale())


def test_a_ruling_raises_what_it_settles(claim):
    for _ in range(2):
        make_citation(claim)
    make_citation(claim, stance="disputes")
    assert count(strength="fair") == 1
    make_ruling(claim.framework, claim.criterion, text="Yes")
    assert count(strength="strong") == 1


def test_a_write_that_is_rolled_back_leaves_no_trace(claim):
    with transaction.atomic():
        make_claim(polarity="con")
        summaries.rebuild()
        assert count() == 2
        transaction.set_rollback(True)
    assert count() == 1


def test_an_index_of_another_history_is_read_anew(claim):
    claims = list(ClaimSummary.objects.all())
    make_claim(polarity="con")
    assert count() == 2
    ClaimSummary.objects.exclude(pk__in=[row.pk for row in claims]).delete()
    Edition.objects.update(stamp="restored", trail=["restored"])
    assert count() == 1


def test_threads_that_read_while_others_write_see_whole_editions(claim):
    seen, problems = [], []

    def read():
        try:
            found = index().find(facets.Choice({}))
            seen.append(found.total)
            assert sum(option.count for option in found.options("polarity")) == found.total
        except Exception as error:
            problems.append(error)
        finally:
            connection.close()

    for number in range(4):
        make_claim(claim.framework, claim.criterion, key=f"more-{number}", polarity="con")
        threads = [threading.Thread(target=read) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert (problems, sorted(set(seen))) == ([], [2, 3, 4, 5])


def test_a_page_that_nothing_has_changed_for_reads_one_row(claim, django_assert_num_queries):
    index()
    with django_assert_num_queries(1):
        index()


def test_one_change_is_taken_in_with_as_many_queries_as_thousand(claim, django_assert_max_num_queries):
    elsewhere(lambda: [make_citation(claim) for _ in range(30)])
    with django_assert_max_num_queries(9):
        index()


@pytest.mark.django_db
def test_a_summary_that_went_stale_is_reported_and_mended():
    claim = make_claim(key="k", polarity="pro")
    settle()
    ClaimSummary.objects.update(points=3)
    assert ("stale-summary", "claim k") in [(problem.rule, problem.record) for problem in checks.check_all()]
    settle()
    assert ClaimSummary.objects.get(claim=claim).points == 1


@pytest.mark.django_db
def test_places_are_dense_and_never_given_away():
    first = make_claim(polarity="pro")
    settle()
    save(first, status="draft")
    second = make_claim(polarity="pro")
    settle()
    assert list(ClaimSummary.objects.order_by("place").values_list("place", "claim", "is_shown")) == [
        (0, first.pk, False),
        (1, second.pk, True),
    ]


@pytest.mark.django_db
def test_a_rebuild_changes_nothing_that_was_right():
    make_world(3)
    settle()
    rows = list(ClaimSummary.objects.order_by("place").values(*summaries.DERIVED, "place", "claim"))
    settle()
    assert list(ClaimSummary.objects.order_by("place").values(*summaries.DERIVED, "place", "claim")) == rows
