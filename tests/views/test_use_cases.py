"""Use cases: who recommends what, and where they clash."""

import pytest

from comparisons.evidence.recommendations import MOST_VOTES
from tests.factories import (
    make_article,
    make_citation,
    make_claim,
    make_comparison,
    make_criterion,
    make_framework,
    make_group,
    make_ruling,
    settle,
    unsettled,
)

pytestmark = pytest.mark.django_db
ANSWERS = ("recommended", "possible", "not-recommended")


def make_scenario(slug="use-shop", **fields):
    """A use case with three answers."""
    group = make_group(f"group-of-{slug}", holds_use_cases=True)
    return make_criterion(slug, levels=ANSWERS, group=group, **fields)


def recommend(framework, scenario, level="recommended", **fields):
    return make_claim(framework, scenario, level=level, kind="recommendation", **fields)


def page(client, address, **parameters):
    return client.get(address, parameters).content.decode()


@unsettled()
def make_many(size):
    scenario = make_scenario()
    for number in range(size):
        framework = make_framework(f"f{number}")
        recommend(framework, scenario)
        recommend(framework, scenario, level="not-recommended")


@pytest.mark.parametrize(("address", "queries"), [("/use-cases/", 5), ("/use-cases/use-shop/", 9)])
@pytest.mark.parametrize("size", [1, 12])
def test_queries_do_not_grow_with_frameworks(client, django_assert_num_queries, size, address, queries):
    make_many(size)
    with django_assert_num_queries(queries):
        assert client.get(address).status_code == 200


def test_a_scenario_names_the_frameworks_recommended_with_their_sources(client):
    article = make_article("the-source", title="The Source")
    recommend(make_framework("alpha"), make_scenario(), by=(article,))
    settle()
    html = page(client, "/use-cases/")
    assert "/frameworks/alpha/use-shop/" in html and "/articles/the-source/" in html


def test_a_list_shows_so_many_votes_for_each_answer_and_says_where_the_others_are(client):
    scenario = make_scenario()
    for number in range(MOST_VOTES + 1):
        recommend(make_framework(f"f{number:02}"), scenario)
    settle()
    html = page(client, "/use-cases/")
    assert html.count("/use-shop/") == MOST_VOTES + 2  # the scenario itself, and where more is said
    assert "More on its page" in html


@pytest.mark.crossing
def test_sources_are_numbered_in_one_order_whatever_the_database_gives_first(client):
    scenario, wanted = make_scenario(), list[str]()
    for number in range(9):
        framework = make_framework(f"f{number}", order=number)
        for level in ("recommended", "not-recommended"):
            recommend(framework, scenario, level, by=(make_article(f"{level}-{number}"),))
        wanted += [f"not-recommended-{number}", f"recommended-{number}"]
    settle()
    assert [source.slug for source in client.get("/use-cases/").context["sources"]] == wanted


def test_only_criteria_of_groups_that_hold_use_cases_are_scenarios(client):
    make_claim(make_framework("alpha"), make_criterion("routing", levels=("yes", "no")), level="yes")
    settle()
    assert "routing" not in page(client, "/use-cases/")
    assert client.get("/use-cases/routing/").status_code == 404


@pytest.mark.parametrize("address", ["/use-cases/", "/use-cases/use-shop/"])
def test_recommendations_that_are_not_published_are_not_shown(client, address):
    article = make_article(publisher="Hidden House", title="Hidden Title")
    recommend(make_framework("alpha"), make_scenario(), by=(article,), status="in-review", published_at=None)
    settle()
    html = page(client, address)
    assert "Hidden" not in html and "alpha" not in html


def test_a_recommendation_found_wrong_gives_no_vote_and_stays_on_the_page_of_the_scenario(client):
    scenario, framework = make_scenario(), make_framework("alpha")
    recommend(framework, scenario, statement="Take it.", verdict="wrong", verdict_note="No.", verdict_on="2026-11-01")
    recommend(framework, scenario, level="possible")
    settle()
    assert "/articles/" not in page(client, "/use-cases/").partition("by-answer")[2].partition("Possible</span>")[0]
    html = page(client, "/use-cases/use-shop/")
    assert "Take it." in html and "does not count" in html


def test_a_clash_is_marked_and_leads_to_both_sides(client):
    scenario, framework = make_scenario(), make_framework("alpha")
    recommend(framework, scenario)
    recommend(framework, scenario, level="not-recommended")
    settle()
    assert "/use-cases/use-shop/#alpha-use-shop" in page(client, "/use-cases/")
    html = page(client, "/use-cases/use-shop/")
    assert 'id="alpha-use-shop"' in html and "No ruling yet" in html


def test_a_ruled_clash_says_so_and_why(client):
    scenario, framework = make_scenario(), make_framework("alpha")
    recommend(framework, scenario)
    recommend(framework, scenario, level="not-recommended")
    make_ruling(framework, scenario, level=scenario.levels.get(slug="possible"), why="Both overstate it.")
    settle()
    assert "Disputed, ruled" in page(client, "/use-cases/")
    assert "Both overstate it." in page(client, "/use-cases/use-shop/")


def test_a_scenario_shows_what_each_source_says(client):
    claim = recommend(make_framework("alpha"), make_scenario(), by=())
    make_citation(claim, says="Good for shops.")
    make_citation(claim, stance="qualifies", says="Small ones only.")
    settle()
    html = page(client, "/use-cases/use-shop/")
    assert "Good for shops." in html and "Small ones only." in html and "partly agrees" in html


def test_picks_that_no_source_shares_are_remarked(client):
    scenario = make_scenario()
    recommend(make_framework("alpha"), scenario)
    recommend(make_framework("beta"), scenario)
    settle()
    assert "Sources recommend different ones" in page(client, "/use-cases/")


def test_use_cases_can_be_narrowed_to_frameworks(client):
    scenario = make_scenario()
    for slug in ("alpha", "beta"):
        recommend(make_framework(slug), scenario)
    settle()
    html = page(client, "/use-cases/", framework="beta")
    assert "/frameworks/beta/use-shop/" in html and "/frameworks/alpha/use-shop/" not in html


@pytest.mark.parametrize("query", ["framework=nope", "page=x", "page=-1"])
def test_bad_values_are_refused(client, query):
    make_scenario()
    assert client.get(f"/use-cases/?{query}").status_code == 400


def test_a_page_past_the_end_is_not_found(client):
    make_scenario()
    assert client.get("/use-cases/?page=2").status_code == 404
    assert client.get("/use-cases/use-shop/?page=2").status_code == 404


def test_a_comparison_leads_to_the_recommendations_for_its_frameworks(client):
    columns = (make_framework("alpha"), make_framework("beta"))
    make_comparison("alpha-vs-beta", columns, (make_criterion(),))
    assert "/use-cases/?framework=alpha&amp;framework=beta" in page(client, "/comparisons/alpha-vs-beta/")
