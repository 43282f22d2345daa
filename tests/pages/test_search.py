"""Search over names and statements."""

import pytest
from django.test import Client

from tests.factories import make_article, make_claim, make_comparison, make_criterion, make_framework

from .reading import SECRETS, hide_claims, make_world, text_of

pytestmark = pytest.mark.django_db


def found(client: Client, query: str) -> dict[str, int]:
    """How many records of each kind a search finds."""
    response = client.get("/search/", {"q": query})
    assert response.status_code == 200
    return {group.kind: group.total for group, _title in response.context["groups"]}


def test_no_words_show_the_form_alone(client: Client) -> None:
    page = text_of(client, "/search/")
    assert '<input class="input" id="q" name="q"' in page
    assert "<h2" not in page
    assert found(client, "   ") == {}


def test_each_kind_of_record_is_found_by_its_name(client: Client) -> None:
    framework, criterion = make_framework("fw", name="Walrus one"), make_criterion("c", name="Walrus two")
    article = make_article("a", title="Walrus three")
    make_claim(framework, criterion, by=(article,), statement="Swims.")
    make_comparison("cmp", title="Walrus four")
    assert found(client, "walrus") == {"frameworks": 1, "comparisons": 1, "criteria": 1, "claims": 1, "articles": 1}


def test_all_words_must_occur_wherever_they_stand(client: Client) -> None:
    framework, criterion = make_framework("fw", name="Walrus"), make_criterion("c", name="Swimming")
    make_claim(framework, criterion, statement="Dives deep.")
    assert found(client, "walrus dives") == {"claims": 1}
    assert found(client, "walrus flies") == {}


@pytest.mark.parametrize("sign", ["%", "_", "\\", '"', "'", "*", "🦤", "<b>", "&amp;", "?", "[", "("])
def test_signs_are_data(client: Client, sign: str) -> None:
    make_claim(statement="Nothing of the kind")
    assert "claims" not in found(client, sign)
    make_claim(statement=f"Holds {sign} inside")
    assert found(client, sign)["claims"] == 1


def test_matches_are_marked_and_text_stays_escaped(client: Client) -> None:
    make_framework("fw", name="Walrus <b>one</b>", tagline="A walrus & more")
    page = text_of(client, "/search/?q=walrus")
    assert "<mark>Walrus</mark> &lt;b&gt;one&lt;/b&gt;" in page
    assert "A <mark>walrus</mark> &amp; more" in page


def test_marking_a_sign_does_not_break_what_is_escaped(client: Client) -> None:
    make_framework("fw", name="a & b <i>")
    page = text_of(client, "/search/?q=%26")
    assert "a <mark>&amp;</mark> b &lt;i&gt;" in page


def test_what_was_typed_is_shown_as_text(client: Client) -> None:
    page = text_of(client, "/search/?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script>alert" not in page
    assert "Nothing for “&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;”" in page


def test_nothing_found_gives_a_hint(client: Client) -> None:
    assert "Try fewer words, or a part of one" in text_of(client, "/search/?q=xyzzy")


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("q=" + "x" * 201, "longer than 200 characters"),
        ("q=" + "x" * 7000, "longer than 200 characters"),
        ("q=" + "+".join(map(str, range(11))), "Give at most 10 words."),
        ("q=%ED%A0%80" + "x" * 200, "longer than 200 characters"),
        ("q=a&q=b", "Give at most 1 of them."),
        ("q=a&kind=users", "Use one of"),
        ("q=a&page=0", "whole number"),
        ("q=a&page=%D9%A1%D9%A2", "whole number"),
    ],
)
def test_what_cannot_be_searched_is_refused_with_a_reason(client: Client, query: str, message: str) -> None:
    response = client.get(f"/search/?{query}")
    assert response.status_code == 400
    assert message in response.content.decode()


def test_a_character_no_database_keeps_is_refused(client: Client) -> None:
    assert client.get("/search/?q=a%00b").status_code == 400


def test_invalid_bytes_are_harmless(client: Client) -> None:
    assert client.get("/search/?q=%ff%fe").status_code == 200


def test_ten_words_and_two_hundred_characters_are_fine(client: Client) -> None:
    assert client.get("/search/", {"q": " ".join(["abcdefghijklmnopqrs"] * 10)}).status_code == 200


def test_a_kind_is_cut_at_twenty_and_shown_whole_on_its_own(client: Client) -> None:
    for number in range(55):
        make_article(f"a{number:02}", title=f"Walrus {number:02}")
    response = client.get("/search/?q=walrus")
    group, _title = response.context["groups"][0]
    assert (group.total, len(group.records)) == (55, 20)
    assert "?q=walrus&amp;kind=articles" in response.content.decode()
    assert "Walrus</mark> 54" in text_of(client, "/search/?q=walrus&kind=articles&page=2")
    assert client.get("/search/?q=walrus&kind=articles&page=3").status_code == 404
    assert client.get("/search/?q=walrus&page=2").status_code == 404


def test_hidden_claims_are_not_found(client: Client) -> None:
    make_world(1)
    hide_claims()
    assert [found(client, word) for word in SECRETS] == [{}, {}, {}]


def test_search_pages_are_not_indexed(client: Client) -> None:
    assert '<meta name="robots" content="noindex">' in text_of(client, "/search/?q=a")


@pytest.mark.parametrize("size", [1, 5])
def test_it_takes_five_queries_at_any_size(client: Client, django_assert_num_queries, size: int) -> None:
    make_world(size)
    with django_assert_num_queries(5):
        response = client.get("/search/?q=f")
    assert not response.cookies and "Cookie" not in response.get("Vary", "")
