"""Pages that other sites frame: without script, framable, dated, with a way back; and the code that frames them."""

from __future__ import annotations

import html as markup
import re
from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.utils import timezone

from kb.edge import PolicyHeaders
from tests import factories as make
from tests.conftest import made_once

from .reading import SECRETS, hide_claims, make_world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]

#: Each page that is framed, and the page it leads back to.
EMBEDS = {
    "/embed/cell/fw0/crit0/": "/frameworks/fw0/crit0/",
    "/embed/row/crit0/": "/criteria/crit0/",
    "/embed/comparison/featured/": "/comparisons/featured/",
}
each_embed = pytest.mark.parametrize("path", EMBEDS)


@made_once
def world() -> None:
    make_world(2)


def page(path: str) -> str:
    response = Client().get(path)
    assert response.status_code == 200, path
    return markup.unescape(response.content.decode())


@each_embed
def test_others_may_frame_it_and_it_can_do_nothing_there(path: str) -> None:
    response = Client().get(path)
    policy = response["Content-Security-Policy"]
    assert "frame-ancestors *" in policy and "default-src 'none'" in policy and "script-src" not in policy
    assert "form-action 'none'" in policy and not response.has_header("X-Frame-Options")
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin" and not response.cookies
    text = response.content.decode()
    assert not re.search(r"<script|<form|<button|\son[a-z]+=|\sstyle=", text)


@each_embed
def test_it_says_as_of_when_it_is_and_leads_back(path: str) -> None:
    text = page(path)
    assert f'<time datetime="{timezone.localdate().isoformat()}">' in text
    assert f'href="{EMBEDS[path]}"' in text and '<base target="_blank">' in text and "Framework 0" in text


@pytest.mark.parametrize("path", ["/", "/frameworks/fw0/crit0/", "/comparisons/featured/", "/embed/row/nothing/"])
def test_no_other_page_may_be_framed(path: str) -> None:
    response = Client().get(path)
    assert "frame-ancestors 'none'" in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "DENY"


def test_a_kept_page_is_as_framable_as_a_fresh_one() -> None:
    def kept(request: Any) -> Any:
        response = Client().get("/embed/row/crit0/")
        response["X-Frame-Options"] = "DENY"  # as Django's middleware adds it where the view is not asked
        return response

    assert not PolicyHeaders(kept)(RequestFactory().get("/")).has_header("X-Frame-Options")


@each_embed
def test_what_is_not_published_is_in_no_frame(path: str) -> None:
    hide_claims()
    assert not [word for word in SECRETS if word in page(path)]


@pytest.mark.parametrize(
    "path",
    ["/embed/cell/hidden/crit0/", "/embed/cell/fw0/asked/", "/embed/row/asked/", "/embed/comparison/nothing/"],
)
def test_drafts_cannot_be_framed(path: str) -> None:
    make.make_framework("hidden", is_draft=True)
    make.make_criterion("asked", is_draft=True)
    assert Client().get(path).status_code == 404


def test_a_row_shows_the_frameworks_that_are_named_in_their_order() -> None:
    text = page("/embed/row/crit0/?framework=fw1&framework=fw0")
    assert text.index("Framework 1") < text.index("Framework 0") and "Other" not in text


@pytest.mark.parametrize(
    "query", ["framework=nobody", "framework=%00x", "framework=" + "&framework=".join("abcdefghij")]
)
def test_a_framework_that_is_not_there_is_named_and_refused(query: str) -> None:
    assert Client().get(f"/embed/row/crit0/?{query}").status_code == 400


def test_a_row_of_many_frameworks_is_cut_and_leads_to_the_rest() -> None:
    for _ in range(20):
        make.make_framework()
    assert page("/embed/row/crit0/").count('<th scope="col">') == 8


def test_an_answer_that_nobody_gives_is_said() -> None:
    assert "No source found yet" in page("/embed/cell/other/crit0/")


@pytest.mark.parametrize("size", [1, 6])
@each_embed
def test_a_frame_takes_a_few_queries_at_any_size(django_assert_max_num_queries: Any, path: str, size: int) -> None:
    for number in range(size):
        benchmark = make.make_benchmark(f"more-{number}")
        make.make_figure(make.make_framework(), benchmark, number + 1)
    with django_assert_max_num_queries(6):
        page(path)


@pytest.mark.parametrize(
    ("path", "embed"),
    [("/frameworks/fw0/crit0/", "/embed/cell/fw0/crit0/"), ("/comparisons/featured/", "/embed/comparison/featured/")],
)
def test_a_page_offers_its_address_its_picture_and_the_code_to_paste(settings: Any, path: str, embed: str) -> None:
    text = page(path)
    assert f'value="{settings.SITE_URL}{path}"' in text
    assert f'<iframe src="{settings.SITE_URL}{embed}" title="' in text and "Picture to share" in text


def test_a_title_cannot_break_out_of_the_code_to_paste() -> None:
    make.make_comparison("hostile", (make.make_framework(),), title='"><script>alert(1)</script>')
    text = Client().get("/comparisons/hostile/").content.decode()
    code = text.split('id="share-embed"')[1].split("</textarea>")[0]
    assert "<script" not in code and markup.unescape(markup.unescape(code)).count("<script") == 1
    assert "<script" not in markup.unescape(code)


def test_a_row_is_one_question_and_not_questions(client: Client) -> None:
    html = client.get("/embed/row/crit0/").content.decode()
    assert "1 of 1 question. One tick for each source" in html
