"""The dossier of a cell: what the sources say, and what it adds up to."""

import datetime as dt
import re

import pytest
from django.urls import reverse

from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def framework():
    return make.make_framework("alpha")


@pytest.fixture
def criterion():
    return make.make_criterion("orm", levels=("built-in", "partly", "none"))


def dossier(client, query=""):
    make.settle()
    response = client.get(f"/frameworks/alpha/orm/{query}")
    assert response.status_code == 200
    return response.content.decode()


def fill(framework, criterion, size):
    for number in range(size):
        claim = make.make_claim(framework, criterion, level="built-in" if number % 2 else "none")
        make.make_citation(claim, stance="disputes")
        wrong = {"verdict": "wrong", "verdict_note": "No.", "verdict_on": make.DAY}
        make.make_claim(framework, criterion, **wrong).verdict_articles.add(make.make_article())
    ruling = make.make_ruling(framework, criterion, level=criterion.levels.get(slug="none"))
    ruling.rejected.set(framework.claims.all()[:size])


def test_a_cell_shows_value_tally_strength_and_its_reasons(client, framework, criterion):
    own = make.make_article(kind="official-documentation", interest="own-project")
    make.make_claim(framework, criterion, level="built-in", by=(make.make_article(), own))
    html = dossier(client)
    assert "Built-In" in html and "2 sources, strong" in html
    assert "independent sources that say so: 2" in html and "<b>+2</b>" in html
    assert "borne out by the project" in html and "<b>+1</b>" in html


def test_old_evidence_and_our_reading_are_printed_as_steps_down(client, framework, criterion):
    claim = make.make_claim(framework, criterion, level="none", by=())
    make.make_citation(claim, make.make_article(published_on=dt.date(2019, 1, 1)), reading=True)
    html = dossier(client)
    assert "nothing newer than 2 years" in html and "unclear, and interpreted by us" in html
    assert html.count("<b>−1</b>") == 2
    assert "Our reading of an unclear passage" in html


def test_what_programs_found_is_said_once_for_each(client, framework, criterion):
    claim = make.make_claim(framework, criterion, level="none", key="claim")
    make.make_run(claim, "1.0")
    make.make_run(claim, "1.1", "fails")
    make.make_run(claim, "1.2", "cannot-run")
    make.make_run(claim, "1.0", probe="criteria/orm")
    html = dossier(client)
    assert "Fails in" in html and "Alpha 1.1" in html and "Alpha 1.2" not in html
    assert "criteria/orm.py" in html and html.count(f'href="{claim.get_absolute_url()}#proof"') == 2


def test_agreement_is_said_and_explained(client, framework, criterion):
    make.make_claim(framework, criterion, level="none")
    html = dossier(client)
    assert "Single source" in html and "One independent source gives this answer." in html


def test_a_no_is_told_apart_from_silence(client, framework, criterion):
    make.make_claim(framework, criterion, level="none")
    html = dossier(client)
    assert "A source says that it is not so." in html and "No source found yet:" not in html.split('id="h-marks"')[0]


def test_an_empty_cell_says_that_nobody_covers_it(client, framework, criterion):
    html = dossier(client)
    assert "No source found yet" in html and "This does not mean “no”" in html
    assert reverse("comparisons:criterion", args=["orm"]) in html


def test_a_cell_of_drafts_is_as_empty_as_any(client, framework, criterion):
    before = dossier(client)
    make.make_claim(framework, criterion, level="none", status="draft", published_at=None, statement="Secret.")
    assert dossier(client) == before


def test_claims_that_argue_without_a_value_say_so(client, framework, criterion):
    make.make_claim(framework, criterion)
    html = dossier(client)
    assert "No answer" in html and "none answers it" in html


def test_what_does_not_count_stays_visible_and_set_apart(client, framework, criterion):
    make.make_claim(
        framework, criterion, level="none", statement="Refuted one.", verdict="wrong", verdict_note="See there.",
        verdict_on=make.DAY,
    )  # fmt: skip
    make.make_claim(framework, criterion, level="built-in", statement="Firm one.")
    html = dossier(client)
    assert html.index("Firm one.") < html.index("These do not count") < html.index("Refuted one.")
    assert "See there." in html and "1 source" in html


def test_what_is_known_to_the_month_or_the_year_is_shown_so(client, framework, criterion):
    month = make.make_article("month", published_on=dt.date(2021, 3, 1), precision="month")
    year = make.make_article("year", published_on=dt.date(2019, 1, 1), precision="year")
    make.make_claim(framework, criterion, level="none", by=(month, year))
    make.make_release(framework, "9.0", dt.date(2022, 5, 1), precision="month")
    html = dossier(client)
    assert "March 2021" in html and "May 2022" in html
    assert not re.search(r"\b1 (March|January|May) 20|20(21-03|19-01|22-05)-01", html)
    sheet = client.get(f"/frameworks/{framework.slug}/{criterion.slug}/?format=json").json()
    found = {one["published"] for row in sheet["rows"] for one in row["sources"]}
    assert (found, sheet["newest_evidence"]) == ({"2021-03", "2019"}, "2021-03")


def test_a_recheck_names_the_release(client, framework, criterion):
    make.make_claim(framework, criterion, level="none", by=(make.make_article(published_on=dt.date(2025, 1, 1)),))
    make.make_release(framework, "9.0", dt.date(2025, 6, 1))
    html = dossier(client)
    assert "May be outdated" in html and "9.0" in html and "came out in" in html and "June 2025" in html


def test_a_claim_shows_its_last_check_and_the_cell_is_clear(client, framework, criterion):
    old = make.make_article(published_on=dt.date(2025, 1, 1))
    claim = make.make_claim(framework, criterion, level="none", by=(old,))
    make.make_release(framework, "9.0", dt.date(2025, 6, 1))
    make.make_check(claim, "8.0", dt.date(2025, 5, 1))
    make.make_check(claim, "9.0", make.DAY, note="Tried *it*.")
    html = dossier(client)
    assert "Checked with 9.0 on" in html and "20 November 2026" in html and "<em>it</em>" in html
    assert "Checked with 8.0" not in html and "May be outdated" not in html.split('id="h-marks"')[0]


def test_readings_stand_side_against_side(client, framework, criterion):
    make.make_claim(framework, criterion, level="built-in", statement="It has one.")
    make.make_claim(framework, criterion, level="none", statement="It has none.")
    html = dossier(client)
    versus = html[html.index('class="versus"') : html.index('id="h-claims"')]
    assert "It has one." in versus and "It has none." in versus and "fulcrum" in versus
    assert "Disputed, 1 : 1." in html


def test_a_disputed_reading_shows_what_the_other_source_says(client, framework, criterion):
    claim = make.make_claim(framework, criterion, level="built-in")
    make.make_citation(claim, stance="disputes", says="It was taken out.")
    html = dossier(client)
    versus = html[html.index('class="versus"') : html.index('id="h-claims"')]
    assert "Disputes “<bdi>Built-In</bdi>”" in versus and "It was taken out." in versus


def test_a_ruling_shows_value_reason_why_date_and_both_sides(client, framework, criterion):
    one = make.make_claim(framework, criterion, level="built-in", statement="It has one.")
    other = make.make_claim(framework, criterion, level="none", statement="It has none.")
    hidden = make.make_claim(framework, criterion, status="draft", published_at=None, statement="Secret.")
    ruling = make.make_ruling(
        framework, criterion, level=one.level, reason="different-version", why="Since version 2.", ruled_on=make.DAY
    )
    ruling.rejected.set([one, hidden])
    ruling.accepted.set([other])
    html = dossier(client)
    part = html[html.index("<strong>Editors’ ruling</strong>") : html.index('id="h-claims"')]
    assert "Since version 2." in part and "The sources are about different versions." in part
    assert "20 November 2026" in part and one.get_absolute_url() in part and other.get_absolute_url() in part
    assert "Secret." not in html


def test_an_open_ruling_reads_as_open(client, framework, criterion):
    make.make_claim(framework, criterion, level="built-in")
    make.make_claim(framework, criterion, level="none")
    make.make_ruling(framework, criterion, is_open=True, why="Too little is known.")
    html = dossier(client)
    assert "leave it open" in html and "Too little is known." in html


def test_each_citation_names_stance_words_place_article_and_address(client, framework, criterion):
    article = make.make_article("paper", url="https://paper.example/a?b=1&c=2")
    claim = make.make_claim(framework, criterion, by=())
    make.make_citation(claim, article, stance="qualifies", says="Only with *care*.", locator="Table 3")
    html = dossier(client)
    assert "partly agrees</span>" in html and "Only with <em>care</em>." in html and "<bdi>Table 3</bdi>." in html
    assert f'<a href="{article.get_absolute_url()}"' in html and "20 November 2026" in html
    assert 'href="https://paper.example/a?b=1&amp;c=2" rel="nofollow ugc noopener">paper.example' in html


def test_an_undated_source_says_so(client, framework, criterion):
    make.make_claim(framework, criterion, by=(make.make_article(published_on=None),))
    assert "undated" in dossier(client)


def test_figures_show_all_conditions(client, framework):
    criterion = make.make_criterion("speed", "number", unit="ms")
    make.make_claim(framework, criterion, kind="figure", number=5, number_high=9, hardware="One laptop")
    make.settle()
    html = client.get("/frameworks/alpha/speed/").content.decode()
    table = html[html.index("<table") : html.index("</table>")]
    assert "5 to 9 ms" in table and "One laptop" in table and table.count("not stated") == 6
    assert "1 figure that cannot be checked" in html


def test_hostile_text_is_harmless(client, framework, criterion):
    article = make.make_article(title="<script>alert(1)</script>", publisher="<b>x</b>")
    type(article).objects.filter(pk=article.pk).update(url="https://user@evil.example/")
    claim = make.make_claim(framework, criterion, statement="<script>alert(2)</script>" + "x" * 30_000, by=())
    make.make_citation(claim, article, says="[a](javascript:alert(3)) <img src=x onerror=alert(4)>", locator="<i>")
    html = dossier(client)
    assert "<script>alert" not in html and "<img src=x" not in html and 'href="javascript' not in html
    assert 'href="https://user@evil.example' not in html


def test_an_unknown_framework_or_criterion_is_not_found(client, framework, criterion):
    assert client.get("/frameworks/alpha/nothing/").status_code == 404
    assert client.get("/frameworks/nothing/orm/").status_code == 404


def test_many_claims_come_in_pages(client, framework, criterion):
    for number in range(51):
        make.make_claim(framework, criterion, key=f"claim-{number:03}", by=())
    html = dossier(client)
    assert html.count('class="claim-card') == 50 and "?page=2" in html
    assert dossier(client, "?page=2").count('class="claim-card') == 1
    assert client.get("/frameworks/alpha/orm/?page=3").status_code == 404
    assert client.get("/frameworks/alpha/orm/?page=0").status_code == 400


@pytest.mark.parametrize("size", [2, 20])
def test_a_dossier_takes_eleven_queries_at_any_size(client, framework, criterion, django_assert_num_queries, size):
    fill(framework, criterion, size)
    make.settle()
    with django_assert_num_queries(11):
        client.get("/frameworks/alpha/orm/")


def test_a_dossier_knows_no_reader(client, framework, criterion):
    make.settle()
    response = client.get("/frameworks/alpha/orm/")
    assert not response.cookies and "Cookie" not in response.headers.get("Vary", "")
