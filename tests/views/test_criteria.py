"""The list of criteria, and one criterion across all frameworks."""

import re

import pytest
from django.urls import reverse

from comparisons.views import criteria
from tests import factories as make

pytestmark = pytest.mark.django_db


def page(client, path):
    make.settle()
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def fill(size):
    criterion = make.make_criterion("orm", levels=("built-in", "none"))
    for number in range(size):
        make.make_criterion()
        framework = make.make_framework(f"f{number}")
        claim = make.make_claim(framework, criterion, level="built-in")
        other = make.make_claim(framework, criterion, level="none")
        make.make_ruling(framework, criterion, level=claim.level).accepted.add(other)
        make.make_claim(framework, criterion, key=f"general-{number}")
        criterion.claims.filter(key=f"general-{number}").update(framework=None)
    return criterion


def test_the_list_groups_questions_with_their_coverage(client):
    fill(2)
    make.make_framework()
    html = page(client, "/criteria/")
    assert "What about orm?" in html and "2 of 3 answered, 2 disputed" in html
    assert reverse("comparisons:criterion", args=["orm"]) in html


def test_sources_without_an_answer_answer_a_question_on_no_page(client):
    criterion = fill(2)
    make.make_claim(make.make_framework("silent"), criterion)
    assert "2 of 3 answered" in page(client, "/criteria/")
    assert "2 of 3 frameworks answered" in page(client, "/criteria/orm/")
    assert "0 of 3 questions" in page(client, "/frameworks/")
    assert re.findall(r'<span class="n">(\d+)<', page(client, "/")) == ["1", "1", "0"]
    assert "0 of 3" in page(client, "/frameworks/silent/").partition("Questions that have an answer")[2]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["orm", "forms", "price"]),
        ("?group=money", ["price"]),
        ("?q=ORM", ["orm", "forms"]),
        ("?q=what+FORM", ["forms"]),
        ("?q=orm&group=money", []),
        ("?q=%25", []),
    ],
)
def test_the_list_is_searched_by_words_and_by_group(client, query, names):
    for place, name in enumerate(["orm", "forms"]):
        make.make_criterion(name, order=place)
    make.make_criterion("price", group=make.make_group("money", order=9))
    html = page(client, f"/criteria/{query}")
    assert re.findall(r'<a href="/criteria/(\w+)/"', html) == names


def test_a_search_says_how_many_it_found_of_how_many(client):
    for name in ("orm", "forms", "price"):
        make.make_criterion(name)
    assert "1 of 3 questions that we ask of every framework." in page(client, "/criteria/?q=price")
    assert "No question with “nothing”" in page(client, "/criteria/?q=nothing")


def test_a_group_that_does_not_exist_is_refused(client):
    assert client.get("/criteria/?group=nothing").status_code == 400


def test_the_list_comes_a_page_at_a_time_across_groups(client, monkeypatch):
    monkeypatch.setattr(criteria, "CRITERIA", 2)
    groups = [make.make_group(f"g{order}", order=order) for order in (0, 1)]
    for number in range(5):
        make.make_criterion(f"c{number}", group=groups[number // 3], order=number)
    make.make_group("empty")
    pages = [re.findall(r'<a href="/criteria/(\w+)/"', page(client, f"/criteria/?page={n}")) for n in (1, 2, 3)]
    assert pages == [["c0", "c1"], ["c2", "c3"], ["c4"]]


def test_a_criterion_of_a_large_group_names_ten_and_leads_to_the_others(client):
    for number in range(13):
        make.make_criterion(f"c{number:02}", order=number)
    html = page(client, "/criteria/c12/")
    part = html[html.index('id="h-group"') :]
    assert len(re.findall(r'href="/criteria/c\d\d/"', part)) == 10 and "All of “" in part


def test_a_criterion_shows_question_definition_and_scale(client):
    make.make_criterion("orm", levels=("built-in", "none"), question="Is there one?", definition="A *mapper*.")
    html = page(client, "/criteria/orm/")
    assert "Is there one?" in html and "A <em>mapper</em>." in html
    assert "Built-In" in html and "<dd>Yes</dd>" in html and "<dd>No</dd>" in html
    assert "No end of the scale is better in itself." in html


def test_every_framework_links_to_its_dossier(client):
    criterion = make.make_criterion("orm", levels=("built-in", "none"))
    make.make_claim(make.make_framework("alpha"), criterion, level="built-in")
    make.make_framework("beta")
    html = page(client, "/criteria/orm/")
    assert reverse("comparisons:cell", args=["alpha", "orm"]) in html and "1 source, thin" in html
    assert reverse("comparisons:cell", args=["beta", "orm"]) in html and "No source found yet" in html


def test_disagreements_show_both_sides_and_the_ruling(client):
    fill(1)
    html = page(client, "/criteria/orm/")
    part = html[html.index('id="h-dis"') : html.index('id="h-gen"')]
    assert "Built-In" in part and "None" in part and "Editors’ ruling" in part and "Because." in part


def test_an_unruled_disagreement_says_so(client):
    criterion = make.make_criterion("orm", levels=("built-in", "none"))
    alpha = make.make_framework("alpha")
    make.make_claim(alpha, criterion, level="built-in")
    make.make_claim(alpha, criterion, level="none")
    assert "No ruling yet" in page(client, "/criteria/orm/")


def test_claims_about_no_framework_are_listed(client):
    fill(1)
    html = page(client, "/criteria/orm/")
    assert reverse("comparisons:claim", args=["general-0"]) in html


def test_only_published_claims_are_read(client):
    criterion = make.make_criterion("orm")
    make.make_claim(make.make_framework("alpha"), criterion, key="unseen-one", status="draft", published_at=None)
    criterion.claims.update(framework=None)
    assert "unseen-one" not in page(client, "/criteria/orm/")


def test_neighbours_of_the_group_are_linked(client):
    make.make_criterion("orm")
    make.make_criterion("forms")
    make.make_criterion("price", group=make.make_group("money"))
    html = page(client, "/criteria/orm/")
    assert reverse("comparisons:criterion", args=["forms"]) in html
    assert reverse("comparisons:criterion", args=["price"]) not in html


def test_hostile_text_is_harmless(client):
    make.make_criterion("orm", name="<b>n</b>", question="<script>alert(1)</script>", definition="[x](javascript:1)")
    for path in ("/criteria/", "/criteria/orm/"):
        html = page(client, path)
        assert "<script>alert" not in html and "<b>n</b>" not in html and 'href="javascript' not in html


def test_an_unknown_criterion_is_not_found(client):
    assert client.get("/criteria/nothing/").status_code == 404


@pytest.mark.parametrize("path", ["/criteria/", "/criteria/orm/"])
def test_a_page_past_the_end_is_not_found_and_a_bad_one_refused(client, path):
    make.make_criterion("orm")
    assert client.get(f"{path}?page=2").status_code == 404
    assert client.get(f"{path}?page=-1").status_code == 400


@pytest.mark.parametrize("size", [2, 20])
@pytest.mark.parametrize(("path", "queries"), [("/criteria/", 4), ("/criteria/?q=orm", 5), ("/criteria/orm/", 9)])
def test_queries_do_not_grow(client, django_assert_num_queries, path, queries, size):
    fill(size)
    make.settle()
    with django_assert_num_queries(queries):
        client.get(path)


@pytest.mark.parametrize("path", ["/criteria/", "/criteria/orm/"])
def test_pages_know_no_reader(client, path):
    make.make_criterion("orm")
    response = client.get(path)
    assert not response.cookies and "Cookie" not in response.headers.get("Vary", "")
