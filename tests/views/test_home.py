"""The front page: what this is, by example."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from comparisons.models import Claim, Comparison, Ruling
from tests.factories import make_article, make_claim, make_criterion, make_framework, make_ruling, settle

from .reading import hide_claims, make_world, text_of

pytestmark = pytest.mark.django_db


def test_an_empty_site_tells_its_operator_how_to_load_content(client: Client) -> None:
    page = text_of(client, "/")
    assert "python manage.py seed" in page
    assert "Latest changes" not in page


def test_the_facts_count_what_is_published(client: Client) -> None:
    make_world(2)
    response = client.get("/")
    totals = response.context["totals"]
    assert (totals["claims"], totals["citations"], totals["articles"]) == (8, 8, 8)
    assert (totals["disputed"], totals["open"], totals["empty"]) == (4, 4, 2)


def test_the_specimen_is_a_disputed_cell_with_a_bar_for_each_witness(client: Client) -> None:
    make_world(1)
    page = text_of(client, "/")
    assert page.count('<li class="up"><i></i>') == 1
    assert page.count('<li class="dn"><i></i>') == 1
    assert 'href="/frameworks/fw0/crit0/"' in page


def test_there_is_no_specimen_where_nothing_is_disputed(client: Client) -> None:
    make_claim(text="Yes")
    settle()
    page = text_of(client, "/")
    assert 'class="bars"' not in page
    assert "every dispute on record is ruled on" in page


def test_a_witness_more_than_can_be_drawn_does_not_break_the_specimen(client: Client) -> None:
    framework, criterion = make_framework(), make_criterion()
    make_claim(framework, criterion, text="Yes", by=tuple(make_article() for _ in range(12)))
    make_claim(framework, criterion, text="No")
    settle()
    page = text_of(client, "/")
    assert page.count("<i></i><span><b>") == 8
    assert "12 support, 1 disputes" in page


def test_the_featured_comparison_shows_rows_that_differ(client: Client) -> None:
    make_world(1)
    response = client.get("/")
    assert [row.criterion.slug for row in response.context["featured"]["matrix"].rows] == ["crit0"]
    assert 'href="/comparisons/featured/"' in response.content.decode()


def test_without_a_comparison_the_reader_is_sent_to_the_picker(client: Client) -> None:
    make_world(1)
    Comparison.objects.all().delete()
    assert "Compare any frameworks" in text_of(client, "/")


def test_the_log_names_publications_changes_and_rulings_but_nobody(client: Client, django_user_model: type) -> None:
    claim = make_claim(text="Yes", statement="First wording.")
    claim.statement = "Second wording."
    claim._history_user = django_user_model.objects.create(username="walrus")
    claim.save()
    make_ruling(claim.framework, claim.criterion, text="Yes", why="It is so.")
    settle()
    page = text_of(client, "/")
    assert "Second wording." in page and "First wording." not in page
    assert "changed" in page and "ruled on" in page and "It is so." in page
    assert "walrus" not in page


def test_a_ruling_on_a_cell_without_published_claims_is_not_in_the_log(client: Client) -> None:
    claim = make_claim(text="Yes", status="draft", published_at=None)
    make_ruling(claim.framework, claim.criterion, text="Yes", why="Not for readers yet.")
    settle()
    assert "Not for readers yet." not in text_of(client, "/")
    assert Ruling.objects.count() == 1


def test_hidden_claims_change_nothing(client: Client) -> None:
    make_world(2)
    before = text_of(client, "/")
    hide_claims()
    assert text_of(client, "/") == before


def test_a_claim_that_went_back_to_review_leaves_the_log(client: Client) -> None:
    claim = make_claim(statement="Seen once.", text="Yes")
    make_claim(text="Yes")
    settle()
    assert "Seen once." in text_of(client, "/")
    claim.status = "in-review"
    claim.save()
    assert "Seen once." not in text_of(client, "/")
    assert Claim.objects.published().count() == 1


def test_markdown_and_markup_in_statements_stay_text(client: Client) -> None:
    make_claim(statement="**Bold** <script>alert(1)</script> R&D", text="Yes")
    settle()
    page = text_of(client, "/")
    assert "<script>alert" not in page
    assert "R&amp;D" in page and "R&amp;amp;D" not in page


@pytest.mark.parametrize("size", [1, 6])
def test_it_takes_at_most_twelve_queries_at_any_size(client: Client, size: int) -> None:
    make_world(size)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = client.get("/")
    assert len(queries) <= 12
    assert not response.cookies and "Cookie" not in response.get("Vary", "")


def test_lists_are_cut(client: Client) -> None:
    make_world(14)
    response = client.get("/")
    assert len(response.context["frameworks"]) == 12
    assert len(response.context["changes"]) == 8
    assert len(response.context["open"]) == 5
