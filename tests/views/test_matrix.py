"""Matrices: what a reader sees, what it costs, and what the parameters do."""

import datetime as dt

import pytest
from django.urls import reverse

from tests.factories import (
    make_article,
    make_citation,
    make_claim,
    make_comparison,
    make_criterion,
    make_framework,
    make_group,
    make_release,
    make_ruling,
    settle,
    unsettled,
)

pytestmark = pytest.mark.django_db
LEVELS = ("built-in", "partial", "none")


@unsettled()
def make_matrix(frameworks=2, criteria=2, claims=1):
    """Frameworks f1, f2 … and criteria c1, c2 … with one or more claims in every cell."""
    group = make_group("data")
    columns = [make_framework(f"f{i}", order=i) for i in range(1, frameworks + 1)]
    rows = [make_criterion(f"c{i}", levels=LEVELS, group=group, order=i) for i in range(1, criteria + 1)]
    for framework in columns:
        for criterion in rows:
            for _ in range(claims):
                make_claim(framework, criterion, level="built-in", polarity="pro")
    make_comparison("f1-vs-f2", tuple(columns[:8]), tuple(rows), title="F1 vs F2")
    return columns, rows


def page(client, address, **parameters):
    return client.get(address, parameters).content.decode()


PAGES = ["/comparisons/f1-vs-f2/", "/compare/f1-vs-f2/", "/matrix/"]
VIEWS = ["", "?article=seen", "?as_of=2026-11-20", "?article=seen&as_of=2026-11-20", "?only=differences&only=recheck"]


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("address", PAGES)
def test_a_matrix_takes_at_most_eleven_queries_at_any_size(client, django_assert_max_num_queries, address, view):
    make_matrix(frameworks=3, criteria=3, claims=2)
    make_article("seen")
    with django_assert_max_num_queries(11):
        assert client.get(address + view).status_code == 200


@pytest.mark.parametrize("address", PAGES)
def test_the_number_of_queries_does_not_grow(client, django_assert_num_queries, address):
    columns, _ = make_matrix(frameworks=2, criteria=2)
    queries = {"/comparisons/f1-vs-f2/": 10, "/compare/f1-vs-f2/": 6, "/matrix/": 4}[address]
    with django_assert_num_queries(queries):
        client.get(address)
    for framework in columns:
        for number in range(8):
            criterion = make_criterion(f"{framework.slug}-{number}", levels=LEVELS)
            make_claim(framework, criterion, level="none")
    settle()
    with django_assert_num_queries(queries):
        client.get(address)


@pytest.mark.parametrize("address", PAGES)
def test_every_cell_leads_to_its_dossier(client, address):
    make_matrix()
    html = page(client, address)
    for framework in ("f1", "f2"):
        for criterion in ("c1", "c2"):
            assert f'href="{reverse("comparisons:cell", args=[framework, criterion])}"' in html


def test_frameworks_stand_in_the_order_of_the_address(client):
    make_matrix(frameworks=3)
    html = page(client, "/compare/f3-vs-f1/")
    assert html.index(">F3<") < html.index(">F1<")


@pytest.mark.parametrize("slugs", ["nope", "f1-vs-f1", "f1-vs-nope", "-vs-f1", "f1-vs-"])
def test_an_address_that_names_a_framework_twice_or_none_is_not_found(client, slugs):
    make_matrix(frameworks=9, criteria=1)
    assert client.get(f"/compare/{slugs}/").status_code == 404


@pytest.mark.parametrize("count", [1, 9])
def test_an_address_of_one_or_of_nine_frameworks_leads_to_the_picker_with_these_ticked(client, count):
    make_matrix(frameworks=9, criteria=1)
    slugs = [f"f{n}" for n in range(1, count + 1)]
    response = client.get(f"/compare/{'-vs-'.join(slugs)}/", follow=True)
    html = response.content.decode()
    assert response.redirect_chain[0][0].startswith("/compare/?framework=f1")
    assert all(f'value="{slug}" checked' in html for slug in slugs)


def test_nine_frameworks_can_be_seen_in_the_whole_matrix_instead(client):
    make_matrix(frameworks=9, criteria=1)
    html = page(client, "/compare/", framework=[f"f{n}" for n in range(1, 10)])
    assert "9 frameworks are chosen" in html and "at most 8" in html
    assert 'href="/matrix/?framework=f1&amp;framework=f2' in html


def test_the_picker_sends_a_complete_choice_on(client):
    make_matrix(frameworks=3)
    response = client.get("/compare/", {"framework": ["f2", "f1"]})
    assert (response.status_code, response["Location"]) == (302, "/compare/f2-vs-f1/")


def test_the_picker_keeps_a_choice_that_is_not_complete(client):
    make_matrix()
    html = page(client, "/compare/", framework="f2")
    assert 'value="f2" checked' in html
    assert "1 framework is chosen" in html


def test_a_cell_nobody_covers_is_not_a_no(client):
    make_matrix()
    make_framework("silent")
    html = page(client, "/compare/f1-vs-silent/")
    assert "No source yet" in html
    assert 'class="v n"' not in html.split("<tbody")[1].split("</tbody")[0]


def test_only_differences_leaves_rows_in_which_values_differ(client):
    (first, second), _ = make_matrix()
    third = make_criterion("c3", levels=LEVELS)
    make_claim(second, third, level="none")
    make_claim(first, third, level="built-in")
    settle()
    html = page(client, "/matrix/", only="differences")
    assert 'id="c-c3"' in html
    assert 'id="c-c1"' not in html


def test_only_disputed_leaves_rows_with_a_disputed_cell(client):
    (first, _), (_, second) = make_matrix()
    make_claim(first, second, level="none")
    settle()
    html = page(client, "/matrix/", only="disputed")
    assert 'id="c-c2"' in html
    assert 'id="c-c1"' not in html


def test_only_recheck_leaves_rows_that_a_feature_release_overtook(client):
    (first, _), (_row, _) = make_matrix()
    make_release(first, "2.0", dt.date.today())
    settle()
    html = page(client, "/matrix/", only="recheck")
    assert 'id="c-c1"' in html
    make_release(first, "2.0.1", dt.date.today())
    assert page(client, "/matrix/", only=["recheck", "disputed"]).count('id="c-') == 0


def test_the_same_rows_are_left_whether_cells_are_stored_or_assessed_anew(client):
    (first, second), rows = make_matrix(criteria=3)
    make_claim(first, rows[0], level="none")
    make_claim(second, rows[1], level="none")
    settle()
    for wish in ("differences", "disputed", "recheck"):
        stored = page(client, "/matrix/", only=wish)
        anew = page(client, "/matrix/", only=wish, as_of="2026-11-20")
        assert [f'id="c-c{n}"' in stored for n in (1, 2, 3)] == [f'id="c-c{n}"' in anew for n in (1, 2, 3)]


def test_one_article_shows_what_it_says_and_where_it_is_silent(client):
    (first, _), (row, _) = make_matrix()
    make_claim(first, row, level="none", by=(make_article("contrary"),))
    settle()
    html = page(client, "/compare/f1-vs-f2/", article="contrary", only="differences")
    assert "No row is left" in html
    html = page(client, "/compare/f1-vs-f2/", article="contrary")
    assert html.count("This source is silent") == 3
    assert html.count(">None<") == 1


def test_two_articles_stand_side_against_side(client):
    (first, _), (row, _) = make_matrix()
    make_claim(first, row, level="none", by=(make_article("contrary", title="Contrary"),))
    make_claim(first, row, level="partial", by=(make_article("middling", title="Middling"),))
    settle()
    html = page(client, "/compare/f1-vs-f2/", article=["contrary", "middling"], only="differences")
    assert 'colspan="2"' in html
    assert html.index(">None<") < html.index(">Partial<")
    assert html.count('id="c-') == 1


def test_a_third_article_is_refused(client):
    make_matrix()
    response = client.get("/matrix/", {"article": ["a", "b", "c"]})
    assert response.status_code == 400


def test_a_ruling_does_not_speak_for_a_single_article(client):
    (first, _), (row, _) = make_matrix()
    make_claim(first, row, level="none", by=(make_article("contrary"),))
    make_ruling(first, row, level=row.levels.get(slug="built-in"))
    settle()
    assert (
        "uled"
        not in page(client, "/compare/f1-vs-f2/", article="contrary")
        .partition('id="matrix"')[2]
        .partition("<tbody")[2]
        .split("</table")[0]
    )


def test_a_day_shows_what_had_been_published_by_then(client):
    (first, _), (row, _) = make_matrix()
    old = make_article("old", published_on=dt.date(2020, 1, 1))
    make_claim(first, row, level="none", by=(old,))
    settle()
    html = page(client, "/compare/f1-vs-f2/", as_of="2020-06-30")
    assert html.count(">None<") == 1
    assert html.count("Nothing published by then") == 3


def test_an_undated_article_is_left_out_of_an_earlier_day(client):
    (first, _), (row, _) = make_matrix()
    make_claim(first, row, level="none", by=(make_article(published_on=None),))
    settle()
    assert ">None<" not in page(client, "/compare/f1-vs-f2/", as_of="2026-11-20")


def test_documentation_counts_from_the_day_it_was_read(client):
    (first, _), (row, _) = make_matrix()
    docs = {"kind": "official-documentation", "published_on": None, "read_on": dt.date(2026, 11, 1)}
    make_claim(first, row, level="none", by=(make_article(**docs),))
    settle()
    assert ">None<" in page(client, "/compare/f1-vs-f2/", as_of="2026-11-10")


def test_transposing_puts_criteria_across(client):
    make_matrix()
    html = page(client, "/compare/f1-vs-f2/", transpose="1").partition('id="matrix"')[2]
    assert html.count('<th scope="row">') == 2
    assert '<th scope="col"><a href="/criteria/c1/">' in html


def test_groups_and_criteria_narrow_the_rows(client):
    make_matrix()
    make_claim(criterion=make_criterion("elsewhere", group=make_group("other")), text="Yes")
    settle()
    assert 'id="c-elsewhere"' not in page(client, "/matrix/", group="data")
    html = page(client, "/matrix/", criterion="elsewhere")
    assert 'id="c-elsewhere"' in html
    assert 'id="c-c1"' not in html


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("group", "nope"),
        ("criterion", "nope"),
        ("article", "nope"),
        ("framework", "nope"),
        ("only", "nope"),
        ("as_of", "yesterday"),
        ("as_of", "9999-12-31"),
        ("transpose", "yes"),
        ("density", "tight"),
        ("page", "0"),
        ("across", "x"),
        ("q", "a b c d e f g h i j k"),
        ("answer", "perhaps"),
        ("of", "nope"),
        ("columns_by", "nope"),
        ("place.f1", "first"),
    ],
)
def test_a_value_that_cannot_be_used_is_named_on_a_page_that_offers_the_way_on(client, name, value):
    make_matrix()
    response = client.get("/matrix/", {name: value, "group": ["data", value]} if name == "group" else {name: value})
    assert response.status_code == 400
    assert f"<code>{name}={value}</code>" in response.content.decode()
    assert response["Cache-Control"] == "no-store"


def test_all_parameters_work_together(client):
    make_matrix(frameworks=3)
    make_article("seen")
    response = client.get(
        "/matrix/?framework=f1&framework=f2&group=data&criterion=c1&only=differences&only=disputed&only=recheck"
        "&article=seen&as_of=2026-11-20&transpose=1&density=compact&across=1&page=1&unknown=1"
    )
    assert response.status_code == 200


def test_a_long_axis_is_paged_and_says_so(client, monkeypatch):
    monkeypatch.setattr("comparisons.views.matrix_parts.ACROSS", 2)
    monkeypatch.setattr("comparisons.views.matrix_parts.DOWN", 2)
    make_matrix(frameworks=3, criteria=3)
    html = page(client, "/matrix/")
    assert "Frameworks 1 to 2 of 3" in html
    assert "Rows 1 to 2 of 3" in html
    last = page(client, "/matrix/", across="2", page="2")
    assert '/frameworks/f3/c3/"' in last
    assert client.get("/matrix/?page=3").status_code == 404


def test_an_empty_knowledge_base_has_an_empty_matrix(client):
    response = client.get("/matrix/")
    assert response.status_code == 200
    assert "No row is left" in response.content.decode()


def test_a_curated_comparison_shows_its_verdict_and_sources(client):
    make_matrix()
    html = page(client, "/comparisons/f1-vs-f2/")
    assert "F1 vs F2" in html
    assert html.count("Behind 1 claim here.") == 4


def test_a_claim_that_is_no_longer_published_is_gone_from_a_verdict(client):
    (first, _), (row, _) = make_matrix()
    claim = make_claim(first, row, level="built-in", statement="Under the verdict.")
    comparison = first.comparisons.get()
    paragraph = comparison.verdict.create(order=1, text="It **depends**.")
    paragraph.claims.add(claim)
    assert "Under the verdict." in page(client, "/comparisons/f1-vs-f2/")
    claim.status = "draft"
    claim.save()
    html = page(client, "/comparisons/f1-vs-f2/")
    assert "Under the verdict." not in html
    assert "It <strong>depends</strong>." in html


def test_a_disputing_citation_marks_the_cell(client):
    (first, _), (row, _) = make_matrix()
    make_citation(first.claims.get(criterion=row), stance="disputes")
    settle()
    assert (
        page(client, "/compare/f1-vs-f2/")
        .partition('id="matrix"')[2]
        .partition("<tbody")[2]
        .split("</table")[0]
        .count("badge disputed")
        == 1
    )
