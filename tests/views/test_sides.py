"""The sides of a disagreement: the accepted one comes first and is never taken for the mistaken one."""

import importlib
import re
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from tests.factories import (
    make_article,
    make_citation,
    make_claim,
    make_criterion,
    make_framework,
    make_ruling,
    settle,
    unsettled,
)

pytestmark = pytest.mark.django_db
ADDRESSES = ("/frameworks/alpha/orm/", "/disagreements/", "/criteria/orm/")


@unsettled()
def make_dispute(stands="yes", is_open=False):
    """Three sources say no, one says yes; a ruling accepts one of them, or leaves it open."""
    framework, criterion = make_framework("alpha"), make_criterion("orm", levels=("yes", "no"))
    no = make_claim(framework, criterion, key="says-no", level="no", by=tuple(make_article() for _ in range(3)))
    yes = make_claim(framework, criterion, key="says-yes", level="yes")
    value = {"is_open": True} if is_open else {"level": criterion.levels.get(slug=stands)}
    ruling = make_ruling(framework, criterion, why="It is so.", **value)
    accepted, rejected = (yes, no) if stands == "yes" else (no, yes)
    ruling.accepted.add(accepted)
    ruling.rejected.add(rejected)
    return ruling


def text_of(client, address):
    html = client.get(address).content.decode()
    main = html.partition("</h1>")[2]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


@pytest.mark.parametrize("stands", ["yes", "no"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_the_accepted_side_comes_first_whichever_has_more_sources(client, address, stands):
    make_dispute(stands)
    text = text_of(client, address)
    assert text.index("Accepted") < text.index("Rejected")
    sources = {"yes": "1 (independent )?source", "no": "3 (independent )?sources"}[stands]
    assert re.search(rf"{sources} Accepted", text)


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_open_ruling_accepts_and_rejects_nothing(client, address):
    make_dispute(is_open=True)
    text = text_of(client, address)
    assert "Accepted" not in text and "Rejected" not in text


def test_an_open_ruling_names_its_sides_by_their_values(client):
    make_dispute(is_open=True)
    ruling = text_of(client, "/frameworks/alpha/orm/").partition("leave it open")[2]
    assert "Yes Statement of says-yes." in ruling and "No Statement of says-no." in ruling


def test_a_ruling_names_the_claims_of_each_side(client):
    make_dispute()
    ruling = text_of(client, "/frameworks/alpha/orm/").partition("Answer that stands:")[2]
    assert "Accepted Yes Statement of says-yes. Rejected No Statement of says-no." in ruling


@pytest.mark.parametrize(
    ("key", "words"), [("says-yes", "The ruling accepts this claim."), ("says-no", "The ruling rejects this claim.")]
)
def test_the_permalink_says_on_which_side_a_claim_is(client, key, words):
    make_dispute()
    assert words in text_of(client, f"/claims/{key}/")


def test_who_disputes_the_accepted_value_is_rejected(client):
    ruling = make_dispute()
    make_citation(ruling.accepted.get(), stance="disputes")
    settle()
    assert re.search(r"Disputes “ *Yes *” , 1 independent source Rejected", text_of(client, "/frameworks/alpha/orm/"))


@pytest.mark.parametrize(
    ("value", "accepted", "rejected", "expected"),
    [
        ({"text": "One"}, ["One"], ["Two"], False),
        ({"text": "One"}, ["Two"], ["One"], True),
        ({"text": "One"}, ["One", "Two"], ["One"], False),
        ({"text": "Own words"}, ["One"], ["Two"], False),
        ({"is_open": True}, ["Two"], ["One"], False),
        ({"text": "One"}, [], ["One"], True),
        ({"text": "One"}, [""], [""], False),
    ],
)
def test_sides_are_swapped_if_only_rejected_claims_give_the_value(value, accepted, rejected, expected):
    framework, criterion = make_framework(), make_criterion()
    ruling = make_ruling(framework, criterion, **value)
    sides = ([make_claim(framework, criterion, text=text) for text in texts] for texts in (accepted, rejected))
    assert ruling.has_sides_swapped(*sides) is expected


@pytest.mark.parametrize(("stands", "keys"), [("yes", ["says-yes"]), ("no", ["says-no"])])
def test_the_migration_finds_the_accepted_side_by_the_ruled_value(stands, keys):
    """Sides were once named in any order."""
    ruling = make_dispute()
    ruling.level = ruling.criterion.levels.get(slug=stands)
    ruling.save()
    migration = importlib.import_module("comparisons.migrations.0013_ruling_sides")
    migration.exchange_sides(apps, SimpleNamespace(connection=connection))
    assert list(ruling.accepted.values_list("key", flat=True)) == keys
    assert ruling.rejected.count() == 1
