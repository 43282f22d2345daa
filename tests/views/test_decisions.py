"""Decision records: kept without an account, within limits, never changed, and set beside what has changed since."""

import datetime as dt
import json
import re
from html import unescape

import pytest
from django.utils import timezone

from comparisons.models import DecisionRecord
from comparisons.views.limits import counts
from tests.conftest import made_once
from tests.factories import make_article, make_claim, make_criterion, make_framework, settle, unsettled

from .reading import text_of

pytestmark = pytest.mark.django_db
LEVELS = ("built-in", "addon", "none")
ASKED = {"must.forms": "addon", "weigh.login": "most"}
QUERY = "?must.forms=addon&weigh.login=most"
MARKUP = "<b>*Which* [one](javascript:x)?</b>"


@made_once
@unsettled()
def world():
    """f1 with forms and a disputed login, f2 with forms and no login, f3 without forms, f4 unknown."""
    columns = [make_framework(f"f{n}", name=f"Frame {n}", order=n) for n in (1, 2, 3, 4)]
    forms, login = (make_criterion(slug, levels=LEVELS) for slug in ("forms", "login"))
    for framework, level in zip(columns, ("built-in", "addon", "none"), strict=False):
        make_claim(framework, forms, level=level, key=f"{framework.slug}-forms")
    make_claim(
        columns[0], login, level="built-in", key="login-yes", polarity="pro", by=[make_article(), make_article()]
    )
    make_claim(columns[0], login, level="none", key="login-no", polarity="con")
    make_claim(columns[1], login, level="none", key="f2-login")
    return columns, forms, login


@pytest.fixture(autouse=True)
def nothing_counted() -> None:
    counts().clear()


def keep(client, **fields):
    return client.post("/choose/record/", {**ASKED, **fields})


def test_a_record_is_kept_and_led_to_and_tells_all_of_the_result(client, world):
    response = keep(client, title="A shop", context="It has to sell things.")
    assert response.status_code == 303 and not response.cookies
    html = text_of(client, response["Location"])
    for words in (
        "A shop",
        "It has to sell things.",
        "Addon or better",
        "Frame 1, whichever",
        "we cannot tell",
        "“None”",
    ):
        assert words in html
    assert 'href="/claims/f3-forms/"' in html and 'href="/claims/login-no/"' in html
    assert "shown as “Built-In”" in html
    assert "No answer used here has changed since" in html


def test_the_same_result_kept_twice_is_one_record(client, world):
    assert keep(client)["Location"] == keep(client)["Location"]
    assert keep(client, title="Another")["Location"] != keep(client)["Location"]
    assert DecisionRecord.objects.count() == 2


def test_what_has_changed_since_is_set_beside_what_was_kept(client, world):
    columns, forms, login = world
    address = keep(client)["Location"]
    make_claim(columns[1], login, level="built-in", by=[make_article() for _ in range(4)])
    make_claim(columns[3], forms, level="built-in")
    settle()
    html = text_of(client, address)
    assert "“None”, now “Built-In”" in html
    assert "place 2, 0.0 points" in html and "place 2, 100.0 points" in html
    assert "not among them" in html  # Frame 4 was set aside
    assert text_of(client, address + "?format=json") == text_of(client, address + "?format=json")
    assert json.loads(text_of(client, address + "?format=json"))["ranking"][1]["name"] == "Frame 2"


def test_a_record_whose_questions_are_gone_can_still_be_read(client, world):
    _columns, _forms, login = world
    address = keep(client)["Location"]
    login.refresh_from_db()
    login.is_draft = True
    login.save()
    html = text_of(client, address)
    assert "The same choice cannot be asked any more:" in html and "weigh.login=most" in html


def test_a_draft_shows_the_record_without_keeping_it(client, world):
    html = text_of(client, f"/choose/record/{QUERY}")
    assert "Not kept yet" in html and 'name="must.forms" value="addon"' in html
    assert DecisionRecord.objects.count() == 0


@pytest.mark.parametrize("is_kept", [False, True], ids=["draft", "kept"])
def test_the_page_leads_to_its_files(client, world, is_kept):
    path = keep(client)["Location"] if is_kept else f"/choose/record/{QUERY}"
    links = re.findall(r'href="(\?[^"]*format=[^"]*)"', client.get(path).content.decode())
    answers = [client.get(path.partition("?")[0] + unescape(link)) for link in links]
    assert [one["Content-Type"].partition(";")[0] for one in answers] == ["text/markdown", "application/json"]
    assert all("Statement of login-yes" in one.content.decode() for one in answers)


@pytest.mark.parametrize(
    "part",
    [
        "# A shop",
        "* Must have: Forms, Addon or better",
        "* Most: Login",
        "* Frame 1: 100.0 points, 50.0 to 100.0",
        "* Frame 3, set aside: Forms: None",
        "* Frame 4, set aside: Forms: we cannot tell",
        "## Decision Outcome",
        "* Good, because Statement of login-yes.",
        "* Bad, because Statement of login-no.",
        "* Frame 1, Login: “Built-In”, 2 give this answer, 1 says otherwise; open",
        "* Without “Forms” as a must, 2 frameworks come back",
        "| Login | Built-In (100) | None (0) |",
    ],
)
def test_the_markdown_has_each_part_of_an_architecture_decision(client, world, part):
    address = keep(client, title="A shop")["Location"]
    response = client.get(address + "?format=md")
    assert response["Content-Type"] == "text/markdown; charset=utf-8"
    assert part in response.content.decode()


def test_what_readers_write_is_data(client, world):
    address = keep(client, title=MARKUP, context=MARKUP)["Location"]
    assert "<b>*Which" not in text_of(client, address)
    assert "\\<b\\>\\*Which\\* \\[one\\](javascript:x)?" in text_of(client, address + "?format=md")


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"title": "x" * 121}, 400),
        ({"context": "x" * 601}, 400),
        ({"title": "a\x1bb"}, 400),
        ({"must.forms": "nonsense"}, 400),
        ({"must.nothing": "x"}, 400),
    ],
)
def test_what_cannot_be_kept_is_refused(client, world, fields, status):
    response = keep(client, **fields)
    assert response.status_code == status
    assert DecisionRecord.objects.count() == 0


def test_another_site_cannot_keep_records_through_its_readers(client, world):
    response = client.post("/choose/record/", ASKED, headers={"Sec-Fetch-Site": "cross-site"})
    assert response.status_code == 403
    assert DecisionRecord.objects.count() == 0


def test_one_address_keeps_so_many_records_in_an_hour(client, world, monkeypatch):
    monkeypatch.setattr("comparisons.views.decisions.AN_HOUR", 2)
    assert [keep(client, title=title).status_code for title in "abc"] == [303, 303, 429]
    assert client.post("/choose/record/", ASKED, REMOTE_ADDR="192.0.2.7").status_code == 303


def test_a_site_keeps_so_many_records_and_none_if_told_so(client, world, settings):
    settings.DECISION_RECORDS = 1
    address = keep(client)["Location"]
    assert keep(client)["Location"] == address
    assert keep(client, title="Another").status_code == 503
    settings.DECISION_RECORDS = 0
    assert keep(client).status_code == 404
    assert "Keep it under an address" not in text_of(client, f"/choose/record/{QUERY}")
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("path", ["/choose/r/nothing/", "/choose/r/a/"])
def test_an_unknown_record_is_not_found(client, world, path):
    assert client.get(path).status_code == 404


def test_records_are_not_for_search_engines(client, world):
    assert 'content="noindex, nofollow"' in text_of(client, keep(client)["Location"])


def test_a_record_costs_the_same_number_of_queries_at_any_size(client, world, django_assert_max_num_queries):
    address = keep(client)["Location"]
    _columns, forms, login = world
    for n in range(5):
        framework = make_framework(f"more{n}")
        make_claim(framework, forms, level="built-in")
        make_claim(framework, login, level="addon")
    settle()
    with django_assert_max_num_queries(16):
        assert client.get(address).status_code == 200
    assert DecisionRecord.objects.get().day == timezone.localdate() >= dt.date(2026, 1, 1)
