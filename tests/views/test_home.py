"""The front page: what this is, by example."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from comparisons.history import changes
from comparisons.models import Comparison
from tests.factories import (
    DAY,
    make_article,
    make_claim,
    make_criterion,
    make_framework,
    make_group,
    make_subject,
    settle,
)

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
    assert (totals["claims"], totals["articles"]) == (8, 8)
    assert (totals["disputed"], totals["open"], totals["ruled"]) == (4, 4, 0)


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


def test_key_criteria_of_the_featured_comparison_stand_on_the_front_page(client: Client) -> None:
    make_world(1)
    last = Comparison.objects.get(slug="featured").rows.order_by("order").last()
    last.is_key = True
    last.save()
    rows = client.get("/").context["featured"]["matrix"].rows
    assert [row.criterion.slug for row in rows] == [last.criterion.slug]


def test_the_title_and_the_nouns_come_from_the_subject(client: Client) -> None:
    make_world(1)
    make_subject(title="Sandwiches, compared", lead="By taste.", noun="sandwich", noun_plural="sandwiches")
    page = text_of(client, "/")
    assert "<h1>Sandwiches, compared</h1>" in page and "By taste." in page
    assert "First sandwich" in page and ">Sandwiches</a>" in page


def test_two_frameworks_can_be_compared_from_the_front_page(client: Client) -> None:
    make_world(2)
    page = text_of(client, "/")
    assert page.count('name="framework"') == 2
    first, second = client.get("/").context["pair"]
    response = client.get("/compare/", {"framework": [first, second]})
    assert response.url == f"/compare/{first}-vs-{second}/"


def test_use_cases_show_what_sources_recommend(client: Client) -> None:
    group = make_group(holds_use_cases=True)
    scenario = make_criterion("small-shop", levels=("yes", "no"), group=group)
    make_claim(make_framework("alpha", name="Alpha"), scenario, level="yes", kind="recommendation")
    make_claim(make_framework("beta", name="Beta"), scenario, level="no", kind="recommendation")
    settle()
    (use,) = client.get("/").context["uses"]
    assert [one.column.name for one in use["cells"]] == ["Alpha"]


def test_the_latest_changes_name_the_old_and_the_new_meaning_but_nobody(
    client: Client, django_user_model: type
) -> None:
    editor = django_user_model.objects.create(username="walrus")
    claim = make_claim(statement="It flies.", verdict="wrong", verdict_on=DAY, verdict_note="It swims.", author=editor)
    changes.refresh({"claims": [claim.pk]})
    page = text_of(client, "/")
    assert "<del>Unchecked</del>" in page and "<ins>Wrong</ins>" in page and "It swims." in page
    assert "walrus" not in page


def test_about_the_editors_stands_without_a_subject_and_says_what_it_says(client: Client) -> None:
    assert "have not introduced themselves" in text_of(client, "/about/editors/")
    make_subject(editors="**Two** people.", contact="editors@example.org", text_licence="CC0")
    page = text_of(client, "/about/editors/")
    assert "<strong>Two</strong> people." in page and 'href="mailto:editors@example.org"' in page and "CC0" in page


def test_hidden_claims_change_nothing(client: Client) -> None:
    make_world(2)
    before = text_of(client, "/")
    hide_claims()
    assert text_of(client, "/") == before


def test_markdown_and_markup_in_statements_stay_text(client: Client) -> None:
    statement = "**Bold** <script>alert(1)</script> R&D"
    claim = make_claim(statement=statement, verdict="wrong", verdict_on=DAY, verdict_note="No.")
    changes.refresh({"claims": [claim.pk]})
    page = text_of(client, "/")
    assert "<script>alert" not in page
    assert "R&amp;D" in page and "R&amp;amp;D" not in page


@pytest.mark.parametrize("size", [1, 6])
def test_it_takes_at_most_sixteen_queries_at_any_size(client: Client, size: int) -> None:
    make_world(size)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = client.get("/")
    assert len(queries) <= 17
    assert not response.cookies and "Cookie" not in response.get("Vary", "")


def test_lists_are_cut(client: Client) -> None:
    make_world(14)
    response = client.get("/")
    assert len(response.context["frameworks"]) == 15
    assert len(response.context["changes"]) <= 6
    assert len(response.context["open"]) == 4


def test_a_noun_of_another_script_leaves_the_numbers_beside_it_in_their_places(client: Client) -> None:
    make_claim()
    make_subject(noun="إطار", noun_plural="أطر")
    settle()
    html = client.get("/").content.decode()
    assert "<b>1</b> <bdi>إطار</bdi>, <b>1</b> question" in html and "1 <bdi>أطر</bdi></h2>" in html
