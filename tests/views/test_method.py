"""The method page prints what the assessment itself uses."""

import datetime as dt
from enum import StrEnum

import pytest
from django.test import Client
from django.utils.html import conditional_escape

from comparisons.domain import freshness, strength
from comparisons.domain import vocabulary as v
from comparisons.language import labels, method

from .reading import text_of

TODAY = dt.date(2026, 11, 20)


def test_it_needs_no_database(client: Client) -> None:
    assert "How we compute answers and evidence" in text_of(client, "/about/method/")


def test_it_prints_the_constants(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strength, "STRONG_FROM", 77)
    monkeypatch.setattr(strength, "FAIR_FROM", 66)
    page = text_of(client, "/about/method/")
    assert "77 or more are strong, 66 are fair" in page


def test_age_is_told_in_years_and_as_a_day() -> None:
    told = method.method(TODAY)
    assert told["years_until_old"] == freshness.YEARS_UNTIL_OLD
    assert told["old_before"] == freshness.old_before(TODAY)


def test_every_word_of_every_list_is_explained(client: Client) -> None:
    lists = {words for words in vars(v).values() if isinstance(words, type) and issubclass(words, StrEnum)}
    lists -= {StrEnum, v.AddressKind, v.HistoryStep, v.ProposalStatus}  # no reader meets the words of these
    assert {words for _anchor, _heading, words in method.VOCABULARIES} == lists
    page = text_of(client, "/about/method/")
    for word in (word for words in lists for word in words):
        assert conditional_escape(labels.term(word).meaning) in page


def test_words_that_are_spelt_alike_keep_their_own_meaning() -> None:
    assert labels.label(v.Direction.NONE) == "No direction"
    assert labels.label(v.RulingState.NONE) == "No ruling"
    assert labels.label(v.LinkHealth.UNCHECKED) == "Not checked"


def test_every_reason_is_shown_with_the_step_it_makes() -> None:
    steps = method.method(TODAY)["steps"]
    assert len(steps) == len(labels.REASONS) - 1
    assert {by for _text, by in steps} == {1, -1}


def test_examples_are_what_the_assessment_says() -> None:
    examples = {str(one.case): one for one in method.method(TODAY)["examples"]}
    assert examples["Three publishers say yes"].strength == "strong"
    assert examples["One publisher says yes in two articles"].agreement == "single-source"
    assert examples["Two say yes, one says no"].counts == (2, 1)
    assert examples["The same, and the editors ruled for yes"].strength == "fair"
    assert examples["One comments without giving an answer"].strength == ""


def test_examples_do_not_age() -> None:
    one, other = (method.method(day)["examples"] for day in (TODAY, dt.date(2040, 2, 29)))
    assert [(e.agreement, e.strength) for e in one] == [(e.agreement, e.strength) for e in other]


def test_addresses_of_sections_do_not_repeat(client: Client) -> None:
    page = text_of(client, "/about/method/")
    ids = [part.split('"')[0] for part in page.split(' id="')[1:]]
    assert len(ids) == len(set(ids))
    assert {"agreement", "verdicts", "reasons"} <= set(ids)


def test_anonymous_and_cacheable(client: Client) -> None:
    response = client.get("/about/method/")
    assert not response.cookies and "Cookie" not in response.get("Vary", "")
