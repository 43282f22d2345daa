"""The list of claims is searched as the site is: words in any form, misspelt ones too, the best hit first."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from comparisons.editing.claim_search import ClaimHits
from comparisons.models import Claim
from comparisons.search import index
from tests import factories as make

from .test_lists import listed


@pytest.fixture
def claims(db: None) -> None:
    flask = make.make_framework("flask", name="Flask")
    sessions = make.make_criterion("sessions", name="Sessions")
    make.make_claim(flask, sessions, key="a-draft", statement="Cookies are signed.", status="draft", published_at=None)
    article = make.make_article(title="On cookies", publisher="Pallets")
    make.make_claim(flask, sessions, key="by-title", statement="It is so.", by=(article,))
    make.make_claim(flask, sessions, key="signed", statement="A signed cookie holds it.")
    make.make_claim(key="other", statement="Nothing of the kind.")
    make.make_claim(make.make_framework(is_draft=True), key="of-draft", statement="A cookie of a draft.")
    index.rebuild()


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("signed cookies", ["signed", "a-draft"]),
        ("signing cookie flask", ["signed", "a-draft"]),
        ("cookeis", ["signed", "by-title", "of-draft", "a-draft"]),
        ("pallets", ["by-title"]),
        ("of-draft", ["of-draft"]),
        ("by-tit", ["by-title"]),
        ("othing of the ki", ["other"]),
        ('"holds it" sessions', ["signed"]),
        ("%", []),
    ],
)
def test_claims_of_any_status_are_found_the_best_first(
    chief: Client, claims: None, words: str, found: list[str]
) -> None:
    keys = [claim.key for claim in listed(chief, Claim, q=words)]
    assert keys[: len(found)] == found if found else keys == []


def test_ranked_hits_come_in_their_order_before_those_that_are_not_ranked(
    chief: Client, claims: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    pks = dict(Claim.objects.values_list("key", "pk"))
    longer = make.make_claim(id=10 * pks["a-draft"], key="longer", statement="Its digits begin as those of the draft.")
    ranked = ClaimHits((longer.pk, pks["by-title"], pks["a-draft"]), more=True)
    monkeypatch.setattr("comparisons.admin.claims.find_claims", lambda _text: ranked)
    keys = [claim.key for claim in listed(chief, Claim, q="i")]
    assert keys == ["longer", "by-title", "a-draft", "of-draft", "other", "signed"]


def test_a_filter_narrows_the_hits_and_a_chosen_order_stays(chief: Client, claims: None) -> None:
    keys = [claim.key for claim in listed(chief, Claim, q="cookies", status__exact="draft")]
    assert keys == ["a-draft"]
    by_status = [claim.key for claim in listed(chief, Claim, q="cookies", o="2.1")]
    assert set(by_status) == {"signed", "by-title", "a-draft", "of-draft"} and by_status[0] == "a-draft"


def test_an_autocomplete_of_claims_offers_the_best_hit_first(chief: Client, claims: None) -> None:
    asked = {"app_label": "comparisons", "model_name": "ruling", "field_name": "accepted", "term": "signed cookies"}
    results = chief.get(reverse("admin:autocomplete"), asked).json()["results"]
    assert results[0]["id"] == str(Claim.objects.get(key="signed").pk)


def test_what_was_searched_for_instead_of_misspelt_words_is_said(chief: Client, claims: None) -> None:
    url = reverse("admin:comparisons_claim_changelist")
    assert "Searched for “cookies" in chief.get(url, {"q": "cookeis"}).content.decode()
    assert "Searched for" not in chief.get(url, {"q": "signed cookies"}).content.decode()
