"""The pictures that previews of an address show."""

from __future__ import annotations

import struct
from xml.etree import ElementTree

import pytest

from comparisons.models import Claim, Comparison, Framework
from comparisons.views import cards
from tests.conftest import made_once
from tests.factories import (
    make_article,
    make_benchmark,
    make_claim,
    make_comparison,
    make_criterion,
    make_framework,
    make_group,
    unsettled,
)

pytestmark = pytest.mark.django_db
HOSTILE = '</script><a>&"'
ADDRESSES = [
    "/cards/site.png",
    "/cards/comparison/alpha-and-beta.png",
    "/cards/compare/beta-vs-alpha.png",
    "/cards/sample/articles-api.png",
    "/cards/framework/alpha.png",
    "/cards/criterion/crit.png",
    "/cards/use-case/use-shop.png",
    "/cards/cell/alpha/crit.png",
    "/cards/claim/claim-alpha.png",
    "/cards/benchmark/test.png",
    "/cards/article/source.png",
]


@made_once
@unsettled()
def pair():
    """Two frameworks in a comparison, with a claim, a source, a benchmark and a use case."""
    columns = (make_framework("alpha"), make_framework("beta"))
    criterion = make_criterion("crit", levels=("full", "some", "none"))
    for framework in columns:
        make_claim(framework, criterion, level="full", key=f"claim-{framework.slug}")
    make_framework("flask")  # there are files of samples in it
    make_article("source")
    make_benchmark("test")
    make_criterion("use-shop", levels=("yes", "no"), group=make_group("uses", holds_use_cases=True))
    make_comparison("alpha-and-beta", columns, (criterion,), title="Alpha and Beta")


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_kind_of_page_has_a_picture_of_the_size_that_previews_show(client, pair, address):
    response = client.get(address)
    assert response["Content-Type"] == "image/png"
    assert struct.unpack(">II", response.content[16:24]) == (1200, 630)
    assert response["Cache-Control"] == "public, max-age=3600"
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_picture_takes_at_most_four_queries(client, pair, address, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        client.get(address)


@pytest.mark.parametrize(
    "address",
    [
        "/cards/comparison/nope.png",
        "/cards/framework/nope.png",
        "/cards/cell/alpha/nope.png",
        "/cards/nope/alpha.png",
        "/cards/compare/alpha.png",
        "/cards/compare/alpha-vs-nope.png",
        "/cards/compare/alpha-vs-alpha.png",
        "/cards/sample/nope.png",
    ],
)
def test_there_is_no_picture_of_what_does_not_exist(client, pair, address):
    assert client.get(address).status_code == 404


def test_there_is_no_picture_of_what_is_not_published(client, pair):
    Claim.objects.filter(key="claim-alpha").update(status="draft", published_at=None)
    Framework.objects.filter(slug="alpha").update(is_draft=True)
    for address in ("/cards/claim/claim-alpha.png", "/cards/framework/alpha.png", "/cards/cell/alpha/crit.png"):
        assert client.get(address).status_code == 404


@pytest.mark.parametrize("text", [HOSTILE, "中文" * 40, "\u202eabc", "x" * 110, "مرحبا", "🦊" * 9])
def test_any_title_can_be_drawn(client, pair, text):
    Comparison.objects.update(title=text)
    assert client.get("/cards/comparison/alpha-and-beta.png").content[:4] == b"\x89PNG"


def test_text_in_a_picture_is_escaped(client, pair):
    Comparison.objects.update(title=HOSTILE)
    response = client.get("/comparisons/alpha-and-beta/card.svg")
    assert b"<a>" not in response.content
    assert ElementTree.fromstring(response.content).tag.endswith("svg")  # noqa: S314 (our own answer)


def test_a_picture_that_shows_the_same_is_drawn_once(client, pair, monkeypatch):
    drawn = []
    monkeypatch.setattr(cards, "_as_png", lambda svg: drawn.append(svg) or b"png")
    for _again in range(2):
        client.get("/cards/framework/beta.png")
    Framework.objects.filter(slug="beta").update(tagline="Something else")
    client.get("/cards/framework/beta.png")
    assert len(drawn) == 2


def test_without_the_extra_pages_name_no_picture_and_the_address_answers_with_svg(client, pair, monkeypatch):
    monkeypatch.setattr(cards, "can_rasterise", lambda: False)
    assert "og:image" not in client.get("/frameworks/alpha/").content.decode()
    assert client.get("/cards/framework/alpha.png")["Content-Type"] == "image/svg+xml"


def test_a_page_names_its_own_picture(client, pair):
    assert "/cards/cell/alpha/crit.png" in client.get("/frameworks/alpha/crit/").content.decode()
    assert "/cards/site.png" in client.get("/about/method/").content.decode()
