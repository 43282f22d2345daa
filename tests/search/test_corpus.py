"""What newcomers type leads where they want to go: 535 searches of the project's own content, on either database."""

from pathlib import Path

import pytest
import yaml

from .hits import hits

pytestmark = [pytest.mark.django_db, pytest.mark.crossing, pytest.mark.usefixtures("content")]

#: Hits among which an expected one has to be, and how many of the searches in a hundred have to meet that.
FIRST, MOST_IN_A_HUNDRED = 3, 95
#: Searches that do not. Whoever mends one takes it out of here.
MISSED = {
    "is bottle still maintained",
    "iot",
}


def corpus():
    lines = yaml.safe_load((Path(__file__).parent / "corpus.yaml").read_text("utf-8"))
    return {str(query): expected for query, *expected in lines}


def test_the_corpus_is_large_and_names_each_search_once():
    lines = yaml.safe_load((Path(__file__).parent / "corpus.yaml").read_text("utf-8"))
    assert len({str(query) for query, *_ in lines}) == len(lines) >= 120


def test_searches_lead_where_they_should():
    expected = corpus()
    missed = {query for query, addresses in expected.items() if not set(hits(query)[:FIRST]) & set(addresses)}
    assert missed == MISSED
    assert len(missed) <= len(expected) * (100 - MOST_IN_A_HUNDRED) / 100
