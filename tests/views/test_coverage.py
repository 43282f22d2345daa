"""Coverage: what is covered, and links to what is missing."""

import pytest

from tests.factories import make_article, make_claim, make_criterion, make_framework, make_group, settle

pytestmark = pytest.mark.django_db


def page(client, **parameters):
    return client.get("/about/coverage/", parameters).content.decode()


def test_each_cell_says_how_many_claims_count_and_leads_to_its_dossier(client):
    framework, criterion = make_framework("alpha"), make_criterion("crit")
    for _ in range(3):
        make_claim(framework, criterion)
    settle()
    assert '<td class="heat c2"><a href="/frameworks/alpha/crit/">3</a></td>' in page(client)


def test_an_empty_cell_leads_to_what_is_missing(client):
    make_framework("alpha")
    make_criterion("crit")
    html = page(client)
    assert '<td class="heat c0"><a href="/frameworks/alpha/crit/">0</a></td>' in html
    assert "1 of 1 on this page have none" in html


def test_sources_stand_by_the_number_of_claims_drawn_from_them(client):
    criterion = make_criterion("crit")
    much, little = make_article("much", title="Much"), make_article("little", title="Little")
    make_claim(criterion=criterion, by=(much, little))
    make_claim(criterion=criterion, by=(much,))
    settle()
    html = page(client, by="sources")
    assert html.index("Much") < html.index("Little")
    assert '<a href="/matrix/?criterion=crit&amp;article=much">2</a>' in html


def test_claims_that_are_not_published_do_not_count(client):
    framework, criterion = make_framework("alpha"), make_criterion("crit")
    make_claim(framework, criterion, by=(make_article("one"),), status="draft", published_at=None)
    settle()
    assert "heat c0" in page(client).partition("<table")[2]
    assert ">1</a>" not in page(client)


def test_a_source_that_only_drafts_cite_is_not_listed(client):
    criterion = make_criterion("crit")
    make_claim(criterion=criterion, by=(make_article("one"),), status="draft", published_at=None)
    make_claim(criterion=criterion, by=(make_article("two"),))
    settle()
    html = page(client, by="sources")
    assert "article=two" in html and "article=one" not in html


@pytest.mark.parametrize(("by", "queries"), [("", 4), ("sources", 4)])
@pytest.mark.parametrize("size", [1, 30])
def test_queries_do_not_grow(client, django_assert_num_queries, size, by, queries):
    for number in range(size):
        make_claim(make_framework(f"f{number}"), make_criterion(f"c{number}"))
    settle()
    with django_assert_num_queries(queries):
        assert client.get("/about/coverage/", {"by": by}).status_code == 200


def test_both_axes_come_a_page_at_a_time(client):
    make_criterion("crit")
    for number in range(25):
        make_framework(f"f{number:02}")
    assert "/frameworks/f24/crit/" not in page(client)
    assert "/frameworks/f24/crit/" in page(client, across=2)
    assert client.get("/about/coverage/?across=3").status_code == 404
    assert client.get("/about/coverage/?page=2").status_code == 404


def test_one_group_can_be_looked_at(client):
    make_framework("alpha")
    make_criterion("crit")
    make_criterion("other", group=make_group("else"))
    assert "/criteria/other/" in page(client, group="else") and "/criteria/crit/" not in page(client, group="else")


@pytest.mark.parametrize("query", ["by=nonsense", "across=x", "page=-1", "group=nothing"])
def test_bad_values_are_refused(client, query):
    assert client.get(f"/about/coverage/?{query}").status_code == 400
