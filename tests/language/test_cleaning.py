"""Stored text holds nothing that no reader sees."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comparisons.language.cleaning import INVISIBLE, tidy, without_invisible
from comparisons.models import Criterion
from tests.factories import make_claim, make_criterion

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
PERSIAN = "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"
HINDI = "\u0915\u094d\u200d\u0937"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("web\u00adsocket", "websocket"),
        ("zero\u200bwidth", "zerowidth"),
        ("\ufeffbegins", "begins"),
        ("word\u2060joiner", "wordjoiner"),
        ("in\u200dthe\u200cmiddle\u200d", "inthemiddle"),
        ("at the \u200cedge\u200d of words", "at the edge of words"),
        ("e\u200c\u0301", "é"),
        ("\u3164", ""),
        (FAMILY, FAMILY),
        (PERSIAN, PERSIAN),
        (HINDI, HINDI),
        (f"{PERSIAN}\u200c.", f"{PERSIAN}."),
    ],
)
def test_characters_of_no_width_are_taken_out_where_no_script_needs_them(text, kept):
    assert tidy(text) == kept


ODD = st.characters() | st.sampled_from([*"ae\u0301\u0645 \n\u212b", "\u00ad", "\u200b", "\u200c", "\u200d", "\ufeff"])


@given(st.text(ODD, max_size=12))
def test_tidy_text_stays_as_it_is(text):
    assert tidy(tidy(text)) == tidy(text)


@given(st.text(ODD, max_size=12))
def test_nothing_without_width_is_left_for_comparing(text):
    assert not set(without_invisible(text)) & {"\u00ad", "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff"}


def test_visible_text_is_compared_as_it_is():
    assert without_invisible("Größe, C++ & 日本語") == "Größe, C++ & 日本語"
    assert " " not in INVISIBLE


@pytest.mark.django_db
def test_names_and_statements_are_stored_without_characters_of_no_width():
    claim, criterion = make_claim(statement="It is a\u200b state\u00adment."), make_criterion(name="Na\u2060me")
    for row in (claim, criterion):
        row.full_clean()
        row.save()
    assert type(claim).objects.get().statement == "It is a statement."
    assert Criterion.objects.get(pk=criterion.pk).name == "Name"
