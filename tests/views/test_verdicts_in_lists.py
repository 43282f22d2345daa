"""Every list of claims says which are outdated, wrong or cannot be checked, and shows those last."""

import re

import pytest

from comparisons.models import Claim
from comparisons.search import index as search_index
from tests.factories import make_article, make_claim, make_criterion, make_framework, make_group, unsettled

pytestmark = pytest.mark.django_db

LISTS = {
    # name: address, kind of claim
    "search": ("/search/?q=statement", "capability"),
    "pros and cons": ("/pros-cons/", "judgement"),
    "profile of a framework": ("/frameworks/alpha/", "judgement"),
    "cell": ("/frameworks/alpha/use-shop/", "capability"),
    "use case": ("/use-cases/use-shop/", "recommendation"),
    "pitfalls": ("/pitfalls/", "pitfall"),
    "practices": ("/practices/", "practice"),
    "source": ("/articles/the-source/", "capability"),
    "permalink": ("/claims/other/", "capability"),
}
WORDS = {"wrong": "Wrong", "outdated": "Outdated", "cannot-be-checked": "Cannot be checked"}


def make_claims(verdict, kind, criterion=None):
    """Three claims of one cell, of which the first by its key has a verdict."""
    group = make_group("group", holds_use_cases=True)
    criterion = criterion or make_criterion("use-shop", levels=("recommended", "not-recommended"), group=group)
    framework, article = make_framework("alpha"), make_article("the-source")
    facts = {"verdict_note": "So it is.", "verdict_on": "2026-11-01"}
    fields = {"kind": kind, "polarity": "pro", "level": "recommended", "impact": "It breaks.", "remedy": "Mend it."}
    with unsettled():
        for key, more in (("first", {"verdict": verdict, **facts}), ("last", {}), ("other", {})):
            make_claim(framework, criterion, key=key, by=(article,), **fields, **more)
    search_index.rebuild()


def shown(client, address):
    """The page of a list, from the heading of its content on."""
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode().partition("</h1>")[2]


def has_badge(html, word):
    return re.search(rf'<span class="badge[^>]*>(<svg.*?</svg>)?{word}</span>', html) is not None


@pytest.mark.parametrize("verdict", WORDS)
@pytest.mark.parametrize(("address", "kind"), LISTS.values(), ids=LISTS)
def test_a_claim_that_does_not_count_has_a_badge_and_comes_last(client, address, kind, verdict):
    make_claims(verdict, kind)
    html = shown(client, address)
    assert has_badge(html, WORDS[verdict])
    assert html.index('"/claims/last/"') < html.index('"/claims/first/"')


@pytest.mark.parametrize("verdict", ["holds", "opinion", "unchecked"])
@pytest.mark.parametrize(("address", "kind"), LISTS.values(), ids=LISTS)
def test_other_verdicts_have_no_badge_and_change_no_order(client, address, kind, verdict):
    make_claims(verdict, kind)
    html = shown(client, address)
    assert not any(has_badge(html, word) for word in WORDS.values())
    if address != "/search/?q=statement" and "pros" not in address:
        assert html.index('"/claims/first/"') < html.index('"/claims/last/"')


@pytest.mark.parametrize("general", [True, False])
@pytest.mark.parametrize("kind", ["pitfall", "practice"])
def test_pitfalls_and_practices_draw_a_tally_that_is_read_out(client, kind, general):
    make_claims("unchecked", kind)
    if general:
        Claim.objects.update(framework=None, level=None)
    html = shown(client, f"/{kind}s/")
    assert "(1 supports)" in html
    assert '<span class="tally" aria-hidden="true"></span>' not in html and "()" not in html


@pytest.mark.parametrize(("address", "kind"), LISTS.values(), ids=LISTS)
def test_no_list_draws_an_empty_tally(client, address, kind):
    make_claims("unchecked", kind)
    html = shown(client, address)
    assert not re.search(r'<span class="tally[^>]*></span>', html) and '<span class="vh"> ()</span>' not in html


def test_no_claim_about_any_framework_hides_its_verdict(client):
    make_claims("wrong", "capability")
    Claim.objects.update(framework=None, level=None)
    for address in ("/criteria/use-shop/", "/use-cases/use-shop/"):
        html = shown(client, address)
        assert "Wrong</span>" in html and html.index('"/claims/last/"') < html.index('"/claims/first/"')
