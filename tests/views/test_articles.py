"""Sources: the list, and one with all that was drawn from it."""

import datetime as dt

import pytest
from django.test import Client

from tests.factories import make_article, make_citation, make_claim, make_criterion, make_framework, settle

from .reading import HOSTILE, hide_claims, make_world, text_of

pytestmark = pytest.mark.django_db


def test_the_list_names_kind_interest_date_and_claims(client: Client) -> None:
    article = make_article(
        "talk-a", kind="talk", interest="commercial", published_on=dt.date(2024, 3, 1), precision="month"
    )
    make_claim(by=(article,))
    settle()
    page = text_of(client, "/articles/")
    assert "Talk" in page and "Commercial" in page
    assert '<time datetime="2024-03">March 2024</time>' in page
    assert '<td class="num">1</td>' in page


def test_filters_leave_what_fits_and_count_the_rest(client: Client) -> None:
    make_article("one", kind="talk")
    make_article("two", kind="survey", interest="commercial")
    page = text_of(client, "/articles/?kind=survey")
    assert "Title of two" in page and "Title of one" not in page
    assert "Talk (1)" in page and "Commercial (1)" in page and "Independent (0)" in page


@pytest.mark.parametrize("name", ["kind", "interest", "page"])
@pytest.mark.parametrize("value", HOSTILE)
def test_what_cannot_be_used_is_refused_by_name(client: Client, name: str, value: str) -> None:
    response = client.get(f"/articles/?{name}={value}")
    assert response.status_code == 400
    assert f"<code>{name}=" in response.content.decode()


@pytest.mark.parametrize(("page", "status"), [("1", 200), ("2", 404), ("0", 400), ("99999999999", 400)])
def test_pages_past_the_end_are_not_there(client: Client, page: str, status: int) -> None:
    article = make_article("one")
    assert client.get(f"/articles/?page={page}").status_code == status
    assert client.get(f"{article.get_absolute_url()}?page={page}").status_code == status


def test_unknown_names_are_dropped_from_links(client: Client) -> None:
    for number in range(51):
        make_article(f"a{number:02}")
    page = text_of(client, "/articles/?utm=x&kind=article")
    assert "?kind=article&amp;page=2" in page
    assert "utm" not in page


def test_a_source_says_who_when_and_with_what_interest(client: Client) -> None:
    article = make_article(
        "one", author="Ada", publisher="Paper", published_on=None, edition="5.2", note="Read with *care*."
    )
    page = text_of(client, article.get_absolute_url())
    assert "Ada" in page and "Paper" in page and "Undated." in page and "5.2" in page
    assert "No interest in the outcome is known." in page
    assert "<em>care</em>" in page


def test_the_original_is_linked_with_its_host_and_no_recommendation(client: Client) -> None:
    article = make_article("one", url="https://example.org/a?b=1&c=2", url_opened=False)
    page = text_of(client, article.get_absolute_url())
    assert 'href="https://example.org/a?b=1&amp;c=2" rel="nofollow ugc noopener"' in page
    assert "Read the original at example.org" in page
    assert "have not tested it yet" in page


def test_a_dead_link_is_told_and_the_archived_copy_offered(client: Client) -> None:
    copy = "https://archive.example/copy"
    article = make_article("one", url="https://example.org/", archive_url=copy, link_health="dead")
    page = text_of(client, article.get_absolute_url())
    assert "failed on 3 different days" in page
    assert "Read the archived copy at archive.example" in page and "Read the archived copy instead" in page
    assert f'href="{copy}" rel="nofollow ugc noopener"' in page
    lost = make_article("two", url="https://example.org/", link_health="dead")
    assert "No archived copy is known." in text_of(client, lost.get_absolute_url())


def test_a_link_that_answers_offers_no_copy_in_its_place(client: Client) -> None:
    article = make_article("one", url="https://example.org/", archive_url="https://a.example/", link_health="ok")
    page = text_of(client, article.get_absolute_url())
    assert "Read the archived copy" not in page and "No archived copy" not in page


def test_an_address_that_is_no_web_address_is_not_linked(client: Client) -> None:
    article = make_article("one", url="https://user@evil.example/", archive_url="https://a@evil.example/")
    page = text_of(client, article.get_absolute_url())
    assert "evil.example" not in page
    assert "No address is known." in page


def test_a_rewrite_names_what_it_follows_and_is_named_there(client: Client) -> None:
    origin = make_article("origin")
    rewrite = make_article("rewrite", follows=origin)
    assert "not counted as a second source" in text_of(client, rewrite.get_absolute_url())
    assert "count as the same source" in text_of(client, origin.get_absolute_url())


def test_the_facts_tell_shared_from_said_here_only(client: Client) -> None:
    article, framework, criterion = make_article("one"), make_framework(), make_criterion()
    make_claim(framework, criterion, by=(article, make_article()), text="Yes")
    make_claim(framework, criterion, by=(article,), text="No")
    make_claim(by=(article,), text="Yes")
    settle()
    facts = client.get(article.get_absolute_url()).context["facts"]
    assert facts == {"drawn": 3, "shared": 1, "alone": 2, "disputed": 2}


def test_the_track_record_counts_verdicts_on_what_it_supports(client: Client) -> None:
    article = make_article("one")
    given = {"verdict_note": "Because.", "verdict_on": dt.date(2026, 1, 1)}
    make_claim(by=(article,), verdict="holds", **given)
    make_claim(by=(article,), verdict="outdated", **given)
    make_citation(make_claim(verdict="holds", **given), article, "disputes")
    record = client.get(article.get_absolute_url()).context["record"]
    assert record["total"] == 2
    assert [(one["word"], one["count"], one["share"]) for one in record["verdicts"]] == [
        ("holds", 1, 50),
        ("outdated", 1, 50),
    ]


def test_each_passage_leads_to_its_claim_and_says_where_it_stands(client: Client) -> None:
    article = make_article("one")
    make_citation(make_claim(key="some-claim"), article, "qualifies", says="Only on *Tuesdays*.", locator="Section 3")
    page = text_of(client, article.get_absolute_url())
    assert 'href="/claims/some-claim/"' in page
    assert "Only on <em>Tuesdays</em>." in page and "Section 3" in page
    assert 'class="stance ql"' in page


def test_a_source_leads_to_the_matrix_as_it_sees_it(client: Client) -> None:
    article = make_article("one")
    assert 'href="/matrix/?article=one"' in text_of(client, article.get_absolute_url())


def test_a_source_of_nothing_says_so(client: Client) -> None:
    assert "Nothing has been drawn from it yet" in text_of(client, make_article("one").get_absolute_url())


def test_hidden_claims_change_neither_list_nor_source(client: Client) -> None:
    article = make_article("one")
    make_claim(by=(article,), text="Yes")
    settle()
    addresses = ["/articles/", "/articles/one/"]
    before = [text_of(client, address) for address in addresses]
    hide_claims(article=article)
    assert [text_of(client, address) for address in addresses] == before


@pytest.mark.parametrize("size", [1, 5])
def test_the_list_takes_four_queries_at_any_size(client: Client, django_assert_num_queries, size: int) -> None:
    make_world(size)
    with django_assert_num_queries(4):
        response = client.get("/articles/")
    assert not response.cookies and "Cookie" not in response.get("Vary", "")


@pytest.mark.parametrize("size", [1, 30])
def test_a_source_takes_seven_queries_at_any_size(client: Client, django_assert_num_queries, size: int) -> None:
    article = make_article("one")
    for _ in range(size):
        make_claim(by=(article,))
    with django_assert_num_queries(7):
        client.get("/articles/one/")


def test_a_source_with_more_than_a_page_of_passages_is_paged(client: Client) -> None:
    article, framework, criterion = make_article("one"), make_framework(), make_criterion()
    for number in range(41):
        make_claim(framework, criterion, by=(article,), key=f"c{number:02}")
    assert "/claims/c40/" not in text_of(client, "/articles/one/")
    assert "/claims/c40/" in text_of(client, "/articles/one/?page=2")
