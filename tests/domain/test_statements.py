"""The rules that judge a single source or statement by itself, as tables of cases."""

from __future__ import annotations

import pytest

from comparisons.domain.statements import METHOD_NEEDS, NOT_COUNTED, bears_out, stance_of, states_method, witness_of
from comparisons.domain.vocabulary import ArticleKind, Interest


@pytest.mark.parametrize(
    ("conditions", "stated"),
    [
        ({}, False),
        ({"hardware": "4 cores", "payload": "JSON"}, True),
        ({"hardware": "4 cores", "payload": ""}, False),
        ({"payload": "JSON", "server": "uvicorn", "date": "2026"}, False),
    ],
)
def test_a_method_is_stated_by_hardware_and_payload(conditions, stated):
    assert states_method(conditions) is stated


@pytest.mark.parametrize(
    ("kind", "interest", "bears"),
    [
        (ArticleKind.OFFICIAL_DOCUMENTATION, Interest.OWN_PROJECT, True),
        (ArticleKind.RELEASE_NOTES, Interest.OWN_PROJECT, True),
        (ArticleKind.OFFICIAL_DOCUMENTATION, Interest.COMMERCIAL, False),
        (ArticleKind.REPOSITORY, Interest.OWN_PROJECT, False),
        (ArticleKind.ARTICLE, Interest.OWN_PROJECT, False),
        (ArticleKind.MEASUREMENT, Interest.INDEPENDENT, True),
        (ArticleKind.BENCHMARK, Interest.INDEPENDENT, False),
    ],
)
def test_own_pages_and_measurements_bear_out(kind, interest, bears):
    assert bears_out(kind, interest) is bears


@pytest.mark.parametrize(
    ("publisher", "witness"), [("Pallets", "Pallets"), ("", "an-article"), ("  ", "an-article"), (" A ", "A")]
)
def test_a_witness_is_the_publisher_or_else_the_article(publisher, witness):
    assert witness_of(publisher, "an-article") == witness


def test_the_constants_of_statements_are_those_of_the_design():
    assert METHOD_NEEDS == ("hardware", "payload")
    assert {"wrong", "outdated"} == NOT_COUNTED


@pytest.mark.parametrize(
    ("stance", "article", "claim", "weighs"),
    [
        ("disputes", "measurement", "recommendation", "qualifies"),
        ("supports", "measurement", "recommendation", "supports"),
        ("disputes", "measurement", "capability", "disputes"),
        ("disputes", "article", "recommendation", "disputes"),
    ],
)
def test_our_own_measurements_never_dispute_a_recommendation(stance, article, claim, weighs):
    assert stance_of(stance, article, claim) == weighs
