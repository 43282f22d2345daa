"""What a choice finds: counted as a plain query would count it, in order, and the same as from the database."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comparisons.evidence import assessing
from comparisons.evidence.claims import cards_of
from comparisons.filters import SORTS, ClaimFilter, words_of
from comparisons.models import Claim
from comparisons.pros_cons import current
from comparisons.pros_cons.choices import Choice, FoundClaims
from tests.factories import DAY, make_article, make_claim, make_criterion, make_framework, settle

from .world import VERDICTS, index, make_world

FACETS = ("framework", "group", "criterion", "polarity", "kind", "article", "verdict", "strength")


def facts(today):
    """What can be chosen of each published claim, asked of the database one by one: key, facets, years, words."""
    found = []
    for claim in Claim.objects.published().for_display():
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
        found.append((claim.key, has, years, words_of(claim.statement)))
    return found


def plainly(claims, choice):
    """The keys of those of these claims that meet a choice."""
    found = set()
    for key, has, years, words in claims:
        low, high = choice.year_from or 0, choice.year_to or 9999
        met = all(has[name] & set(values) for name, values in choice.chosen.items() if values)
        if choice.year_from or choice.year_to:
            met &= any(low <= year <= high for year in years)
        *whole, last = words_of(choice.words) or [""]
        if choice.words:
            met &= bool(last) and set(whole) <= set(words) and any(word.startswith(last) for word in words)
        if met:
            found.add(key)
    return found


choices = st.builds(
    Choice,
    st.fixed_dictionaries(
        {
            "framework": st.lists(st.sampled_from(["f0", "f1", "f2"]), max_size=2, unique=True),
            "group": st.lists(st.sampled_from(["g0", "g1"]), max_size=1),
            "criterion": st.lists(st.sampled_from(["c0", "c1", "c2"]), max_size=2, unique=True),
            "polarity": st.lists(st.sampled_from(["pro", "con", "neutral"]), max_size=1),
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
        found = FoundClaims(index(), choice)
        keys = set(Claim.objects.filter(pk__in=found.page("strength", 50).claims).values_list("key", flat=True))
        claims = facts(timezone.localdate())
        assert keys == plainly(claims, choice)
        for name in FACETS:
            for option in found.options(name):
                alone = [option.value] if option.is_chosen else [*choice.chosen[name], option.value]
                then = plainly(claims, choice._replace(chosen={**choice.chosen, name: alone}))
                assert option.count == len(then - keys if option.adds else then), (name, option)
        transaction.set_rollback(True)


@pytest.mark.crossing
@pytest.mark.django_db
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10_000), choice=choices, sort=st.sampled_from(sorted(SORTS)))
def test_the_rows_of_the_filters_are_the_claims_of_the_page(seed, choice, sort):
    parameters = QueryDict(mutable=True)
    for name, values in choice.chosen.items():
        parameters.setlist(name, values)
    more = {"year_from": choice.year_from, "year_to": choice.year_to, "q": choice.words, "sort": sort}
    parameters.update({name: str(value) for name, value in more.items() if value})
    with transaction.atomic():
        make_world(seed)
        settle()
        claims = ClaimFilter(parameters, today=timezone.localdate()).qs
        assert tuple(claims.values_list("pk", flat=True)) == FoundClaims(index(), choice).page(sort, 50).claims
        transaction.set_rollback(True)


@pytest.mark.django_db
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10_000), sort=st.sampled_from(sorted(SORTS)), size=st.integers(1, 4))
def test_pages_of_any_size_hold_every_claim_once_and_in_order(seed, sort, size):
    with transaction.atomic():
        make_world(seed)
        settle()
        found, after, walked = FoundClaims(index(), Choice({})), None, []
        while True:
            page = found.page(sort, size, after)
            assert page.first == len(walked) + 1
            walked += page.claims
            if not page.has_more:
                break
            after = index().claim_sets.claims.index(walked[-1])
        assert walked == list(found.page(sort, 50).claims)
        assert len(walked) == len(set(walked)) == found.total
        transaction.set_rollback(True)


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
        found = FoundClaims(index(), Choice({"polarity": [polarity], name: [f"{name[0]}2"]}))
        shown = found.options(name, 2)
        assert [option.count for option in shown if not option.is_chosen] == most
        assert f"{name[0]}2" in [option.value for option in shown if option.is_chosen]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["framework", "criterion", "article"])
def test_of_options_with_equal_counts_the_first_by_slug_are_shown(name):
    for slug in "zxwy":
        make_claim(make_framework(slug), make_criterion(slug), polarity="con", by=(make_article(slug),))
    settle()
    found = FoundClaims(index(), Choice({"polarity": ["con"]}))
    assert [option.value for option in found.options(name, 2)] == ["w", "x"]


@pytest.mark.django_db
def test_of_the_sources_of_one_claim_the_first_by_slug_are_shown():
    articles = [make_article(slug) for slug in "zxwy"]
    make_claim(polarity="con", by=tuple(articles))
    make_claim(polarity="pro", by=tuple(articles[:3]))
    settle()
    found = FoundClaims(index(), Choice({"polarity": ["pro"]}))
    assert [(option.value, option.count) for option in found.options("article", 2)] == [("w", 1), ("x", 1)]


@pytest.mark.django_db
def test_sources_beside_a_chosen_one_count_the_claims_that_they_would_add():
    articles = [make_article(f"a{number}") for number in range(8)]
    for number, article in enumerate(articles):
        for _ in range(number):
            make_claim(by=(article,))
    make_claim(by=(articles[0], articles[7]))
    settle()
    shown = FoundClaims(index(), Choice({"article": ["a0"]})).options("article", 2)
    assert [(option.value, option.count) for option in shown] == [("a0", 1), ("a7", 7), ("a6", 6)]


@pytest.mark.django_db
def test_options_come_in_the_order_of_the_site_whatever_was_made_first():
    for order in (2, 0, 1):
        framework = make_framework(f"f{order}", order=order)
        make_claim(framework, make_criterion(f"c{order}", order=order), polarity="pro")
    settle()
    found = FoundClaims(index(), Choice({}))
    assert [option.value for option in found.options("framework")] == ["f0", "f1", "f2"]
    assert [option.value for option in found.options("criterion")] == ["c0", "c1", "c2"]


@pytest.mark.django_db
def test_strength_follows_the_day_without_any_write():
    make_claim(polarity="pro", by=tuple(make_article(published_on=dt.date(2025, 1, 1)) for _ in range(2)))
    settle()
    fair = Choice({"strength": ["fair"]})
    assert FoundClaims(current.index(dt.date(2026, 12, 31)), fair).total == 1
    assert FoundClaims(current.index(dt.date(2027, 1, 2)), fair).total == 0


@pytest.mark.django_db
def test_claims_judged_wrong_come_after_those_that_count():
    three = tuple(make_article() for _ in range(3))
    wrong = make_claim(polarity="pro", by=three, verdict="wrong", verdict_note="So.", verdict_on=DAY)
    right = make_claim(polarity="pro")
    settle()
    assert FoundClaims(index(), Choice({})).page("strength", 9).claims == (right.pk, wrong.pk)


@pytest.mark.django_db
def test_newest_evidence_comes_first():
    made = [make_claim(polarity="pro", by=(make_article(published_on=dt.date(2019 + n, 1, 1)),)) for n in range(3)]
    settle()
    found = FoundClaims(index(), Choice({})).page("newest", 9)
    assert found.claims == tuple(claim.pk for claim in reversed(made))


@pytest.mark.django_db
def test_frameworks_and_criteria_come_in_the_order_of_the_site():
    first, second = make_framework("z", order=1), make_framework("a", order=2)
    low, high = make_criterion("y", order=1), make_criterion("b", order=2)
    one, two = make_claim(second, low, polarity="pro"), make_claim(first, high, polarity="pro")
    settle()
    found = FoundClaims(index(), Choice({}))
    assert found.page("framework", 9).claims == (two.pk, one.pk)
    assert found.page("criterion", 9).claims == (one.pk, two.pk)
