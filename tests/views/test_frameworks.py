"""The list of frameworks and the profile of one."""

import re

import pytest
from django.urls import reverse

from comparisons.models import Criterion
from comparisons.views import frameworks
from tests import factories as make

pytestmark = pytest.mark.django_db


def page(client, path):
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


@make.unsettled()
def fill(size):
    """A framework with many claims, disputes, releases and peers."""
    framework = make.make_framework("alpha", order=0)
    for number in range(size):
        other = make.make_framework()
        make.make_release(framework, f"{number}.0")
        criterion = make.make_criterion(levels=("yes", "no"), beside_name=True)
        for level, polarity in (("yes", "pro"), ("no", "con")):
            make.make_claim(framework, criterion, level=level, polarity=polarity)
        make.make_claim(other, criterion, level="yes", polarity="pro")
        level = criterion.levels.get(slug="yes")
        make.make_ruling(framework, criterion, level=level)
    return framework


def test_the_list_shows_claims_disputes_coverage_and_the_newest_release(client):
    framework = fill(2)
    make.make_criterion()
    html = page(client, reverse("comparisons:framework_list"))
    row = html[html.index(">Alpha<") : html.index("</tr>", html.index(">Alpha<"))]
    assert framework.get_absolute_url() in html
    assert '<td class="num">4</td>' in row and '<td class="num">2</td>' in row
    assert "2 of 3 questions" in row and "1.0" in row


def test_the_list_counts_published_claims_only(client):
    make.make_claim(make.make_framework("alpha"), status="draft", published_at=None)
    make.settle()
    assert '<td class="num">1</td>' not in page(client, reverse("comparisons:framework_list"))


def test_an_empty_site_has_an_empty_list(client):
    assert "No framework has been entered yet" in page(client, reverse("comparisons:framework_list"))


def test_a_profile_shows_facts_with_links_that_are_safe(client):
    framework = make.make_framework("alpha", kind="Toolkit", license="MIT", homepage="https://alpha.example/x")
    html = page(client, framework.get_absolute_url())
    assert "Toolkit" in html and "MIT" in html
    assert '<a href="https://alpha.example/x" rel="nofollow ugc noopener">alpha.example</a>' in html


def test_a_profile_lists_the_claims_with_most_sources_first(client):
    framework = make.make_framework("alpha")
    make.make_claim(framework, polarity="pro", statement="Weak one.")
    make.make_claim(framework, polarity="pro", statement="Firm one.", by=(make.make_article(), make.make_article()))
    make.settle()
    html = page(client, framework.get_absolute_url())
    assert html.index("Firm one.") < html.index("Weak one.")
    assert "2 sources, fair" in html


def test_a_profile_shows_eight_of_a_side_and_links_to_all(client):
    framework = make.make_framework("alpha")
    for number in range(10):
        make.make_claim(framework, polarity="con", statement=f"Flaw {number}.")
    make.settle()
    html = page(client, framework.get_absolute_url())
    assert html.count("Flaw ") == 8
    assert f"{reverse('comparisons:claim_list')}?framework=alpha&amp;polarity=con" in html and "All 10" in html


def test_a_claim_that_a_source_disputes_carries_the_mark(client):
    framework = make.make_framework("alpha")
    make.make_citation(make.make_claim(framework, polarity="pro"), stance="disputes")
    make.settle()
    html = page(client, framework.get_absolute_url())
    item = html[html.index('<li class="pc-item">') :]
    assert "Disputed" in item[: item.index("</li>")]


@pytest.mark.parametrize("verdict", ["wrong", "outdated"])
def test_what_does_not_count_is_flagged_among_the_pros(client, verdict):
    framework = make.make_framework("alpha")
    make.make_claim(
        framework, polarity="pro", statement="Gone.", verdict=verdict, verdict_note="No.", verdict_on=make.DAY
    )
    make.settle()
    shown = page(client, framework.get_absolute_url())
    drawing = {"wrong": "i-wrong", "outdated": "i-old"}[verdict]
    assert "Gone." in shown
    assert f'<svg class="i" aria-hidden="true"><use href="#{drawing}"/></svg>{verdict.title()}' in shown


def test_disputes_lead_to_their_dossier_with_the_ruling(client):
    framework = fill(1)
    criterion = Criterion.objects.get()
    html = page(client, framework.get_absolute_url())
    part = html[html.index('id="h-dis"') : html.index("</section>", html.index('id="h-dis"'))]
    assert reverse("comparisons:cell", args=["alpha", criterion.slug]) in part
    assert "Disputed, ruled" in part and "Because." in part


def test_recommended_use_cases_are_listed(client):
    group = make.make_group("uses", holds_use_cases=True)
    framework = make.make_framework("alpha")
    make.make_claim(framework, make.make_criterion("shop", levels=("fits", "unfit"), group=group), level="fits")
    make.make_claim(framework, make.make_criterion("game", levels=("fits", "unfit"), group=group), level="unfit")
    make.settle()
    html = page(client, framework.get_absolute_url())
    part = html[html.index('id="h-use"') : html.index("</section>", html.index('id="h-use"'))]
    assert ">Shop<" in part and ">Game<" not in part


def test_a_criterion_without_a_claim_reads_as_covered_by_nobody(client):
    framework = make.make_framework("alpha")
    make.make_criterion("beta")
    html = page(client, framework.get_absolute_url())
    assert "No source found yet" in html and "0 of 1" in html


def test_many_criteria_come_a_page_at_a_time_and_by_group(client, monkeypatch):
    monkeypatch.setattr(frameworks, "CRITERIA", 3)
    make.make_framework("alpha")
    groups = make.make_group("first", order=1), make.make_group("second", order=2)
    for number in range(7):
        make.make_criterion(f"c{number}", group=groups[number > 3], order=number)
    shown = [re.findall(r'href="/criteria/(c\d)/"', page(client, f"/frameworks/alpha/?page={n}")) for n in (1, 2, 3)]
    assert shown == [["c0", "c1", "c2"], ["c3", "c4", "c5"], ["c6"]]
    html = page(client, "/frameworks/alpha/?group=second")
    assert re.findall(r'href="/criteria/(c\d)/"', html) == ["c4", "c5", "c6"]
    assert '<option value="second" selected>Second (3)</option>' in html
    assert client.get("/frameworks/alpha/?group=nothing").status_code == 400


def test_a_profile_says_how_many_groups_it_does_not_list(client, monkeypatch):
    monkeypatch.setattr(frameworks, "GROUPS", 1)
    make.make_framework("alpha")
    for name in ("one", "two", "three"):
        make.make_criterion(f"c-{name}", group=make.make_group(name))
    assert "2 more groups" in page(client, "/frameworks/alpha/")


def test_a_profile_links_to_comparisons_with_others(client):
    make.make_framework("beta")
    html = page(client, make.make_framework("alpha").get_absolute_url())
    assert reverse("comparisons:compare_frameworks", args=["alpha-vs-beta"]) in html


def test_drafts_and_withdrawn_claims_are_nowhere_on_a_profile(client):
    framework = make.make_framework("alpha")
    make.make_claim(framework, polarity="pro", statement="Secret.", status="draft", published_at=None)
    make.make_claim(
        framework, polarity="con", statement="Taken back.", status="withdrawn", withdrawn_at=make.NOON,
        withdrawal_reason="Twice.",
    )  # fmt: skip
    make.settle()
    html = page(client, framework.get_absolute_url())
    assert "Secret." not in html and "Taken back." not in html and "0, with 0 source passages" in html


def test_hostile_text_is_harmless(client):
    framework = make.make_framework(
        "alpha", name="<b>A</b>", tagline="<img src=x>", summary="<script>alert(1)</script>[x](javascript:alert(1))"
    )
    make.make_claim(framework, polarity="pro", statement="<script>alert(2)</script> [y](javascript:1)")
    make.settle()
    html = page(client, framework.get_absolute_url())
    assert "<script>alert" not in html and "<img src" not in html and 'href="javascript' not in html


def test_an_unknown_framework_is_not_found(client):
    assert client.get("/frameworks/nothing/").status_code == 404


@pytest.mark.parametrize("path", ["/frameworks/", "/frameworks/alpha/"])
def test_a_page_past_the_end_is_not_found_and_a_bad_one_refused(client, path):
    make.make_framework("alpha")
    assert client.get(f"{path}?page=2").status_code == 404
    assert client.get(f"{path}?page=two").status_code == 400
    assert client.get(f"{path}?unknown=1").status_code == 200


@pytest.mark.parametrize("size", [2, 20])
def test_the_list_takes_eight_queries_at_any_size(client, django_assert_num_queries, size):
    fill(size)
    with django_assert_num_queries(8):
        client.get("/frameworks/")


@pytest.mark.parametrize("size", [2, 20])
def test_a_profile_takes_fifteen_queries_at_any_size(client, django_assert_num_queries, size):
    framework, twin = fill(size), make.make_framework("twin")
    for _ in range(10):
        criterion = make.make_criterion(levels=("yes", "no"))
        for one in (framework, twin):
            make.make_claim(one, criterion, level="yes")
    make.settle()
    with django_assert_num_queries(15):
        client.get("/frameworks/alpha/")


@pytest.mark.parametrize("path", ["/frameworks/", "/frameworks/alpha/"])
def test_pages_know_no_reader(client, path):
    make.make_framework("alpha")
    response = client.get(path)
    assert not response.cookies and "Cookie" not in response.headers.get("Vary", "")
