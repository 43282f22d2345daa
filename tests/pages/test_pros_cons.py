"""What speaks for and against each framework."""

import pytest
from django.test import Client

from tests.factories import make_article, make_citation, make_claim, make_criterion, make_framework, settle

from .reading import HOSTILE, hide_claims, make_world, text_of

pytestmark = pytest.mark.django_db


def groups_of(client: Client, query: str = ""):
    """What is shown: (framework, polarity) to keys of claims."""
    groups = client.get(f"/pros-cons/{query}").context["groups"]
    return {
        (group["framework"] and group["framework"].slug, side["polarity"]): [
            claim.key for claim, _heard in side["claims"]
        ]
        for group in groups
        for side in group["sides"]
    }


def test_claims_stand_under_their_framework_for_and_against(client: Client) -> None:
    framework, criterion = make_framework("fw"), make_criterion()
    make_claim(framework, criterion, key="good", polarity="pro")
    make_claim(framework, criterion, key="bad", polarity="con")
    make_claim(framework, criterion, key="so-so", polarity="neutral")
    assert groups_of(client) == {("fw", "pro"): ["good"], ("fw", "con"): ["bad"]}


def test_what_most_sources_say_comes_first(client: Client) -> None:
    framework, criterion = make_framework("fw"), make_criterion()
    make_claim(framework, criterion, key="a-one", polarity="pro")
    make_claim(framework, criterion, key="b-two", polarity="pro", by=(make_article(), make_article()))
    assert groups_of(client)["fw", "pro"] == ["b-two", "a-one"]


def test_a_disputed_claim_says_who_disputes_it(client: Client) -> None:
    claim = make_claim(polarity="pro")
    make_citation(claim, make_article("critic", publisher="The Critic"), "disputes")
    page = text_of(client, "/pros-cons/")
    assert "Disputed by" in page
    assert '<a class="quiet" href="/articles/critic/">The Critic</a>' in page
    assert "1 supports, 1 disputes" in page


def test_a_claim_that_no_longer_counts_is_flagged(client: Client) -> None:
    make_claim(polarity="pro", verdict="outdated", verdict_note="See.", verdict_on="2026-01-01")
    assert '<span class="badge old">Outdated</span>' in text_of(client, "/pros-cons/")


def test_claims_about_no_single_framework_come_last(client: Client) -> None:
    make_claim(polarity="pro", key="a")
    claim = make_claim(polarity="con", key="b")
    claim.framework = None
    claim.save()
    assert list(groups_of(client))[-1] == (None, "con")
    assert "About no single framework" in text_of(client, "/pros-cons/")


def test_articles_of_one_publisher_are_one_source(client: Client) -> None:
    by = (make_article(publisher="Same"), make_article(publisher="Same"))
    make_claim(polarity="pro", by=by)
    assert "1 source</span>" in text_of(client, "/pros-cons/").replace("\n", "")


def test_one_framework_is_shown_whole_and_paged(client: Client) -> None:
    framework, criterion = make_framework("fw"), make_criterion()
    for number in range(41):
        make_claim(framework, criterion, key=f"c{number:02}", polarity="pro", by=())
    assert len(groups_of(client)["fw", "pro"]) == 8
    assert "All 41 for Fw" in text_of(client, "/pros-cons/")
    assert len(groups_of(client, "?framework=fw")["fw", "pro"]) == 40
    assert groups_of(client, "?framework=fw&page=2")["fw", "pro"] == ["c40"]
    assert client.get("/pros-cons/?framework=fw&page=3").status_code == 404


def test_five_frameworks_make_a_page(client: Client) -> None:
    make_world(7)
    assert len(groups_of(client)) == 10
    assert len(groups_of(client, "?page=2")) == 4
    assert client.get("/pros-cons/?page=3").status_code == 404


def test_a_framework_of_which_nothing_is_said_has_an_empty_page(client: Client) -> None:
    make_framework("fw")
    assert "No source on record speaks for it." in text_of(client, "/pros-cons/?framework=fw")


def test_an_empty_site_says_so(client: Client) -> None:
    assert "No claim speaks for or against anything yet" in text_of(client, "/pros-cons/")


@pytest.mark.parametrize("name", ["framework", "page"])
@pytest.mark.parametrize("value", [*HOSTILE, "0", "99999999999", "nobody"])
def test_what_cannot_be_used_is_refused_by_name(client: Client, name: str, value: str) -> None:
    if (name, value) == ("framework", "0"):
        value = "%00x"
    response = client.get(f"/pros-cons/?{name}={value}")
    assert response.status_code == 400


def test_hidden_claims_change_nothing(client: Client) -> None:
    make_world(2)
    addresses = ["/pros-cons/", "/pros-cons/?framework=fw0"]
    before = [text_of(client, address) for address in addresses]
    hide_claims()
    assert [text_of(client, address) for address in addresses] == before


@pytest.mark.parametrize("size", [1, 5])
@pytest.mark.parametrize("query", ["", "?framework=fw0"])
def test_it_takes_five_queries_at_any_size(client: Client, django_assert_num_queries, size: int, query: str) -> None:
    make_world(size)
    settle()
    with django_assert_num_queries(5):
        response = client.get(f"/pros-cons/{query}")
    assert not response.cookies and "Cookie" not in response.get("Vary", "")
