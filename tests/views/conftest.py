"""Most pages show what is, not what was: their worlds are made without a history, which is a fifth of the work."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.factories import (
    DAY,
    make_article,
    make_citation,
    make_claim,
    make_criterion,
    make_framework,
    make_group,
    unsettled,
)

WITH_HISTORY = (
    "test_address_word.py",
    "test_claim.py",
    "test_claim_revisions.py",
    "test_home.py",
    "test_metadata.py",
    "test_moves.py",
    "test_search.py",
)


@pytest.fixture(autouse=True)
def history(request: pytest.FixtureRequest, settings: Any) -> None:
    """Keep a history in the tests that read one."""
    settings.SIMPLE_HISTORY_ENABLED = request.path.name in WITH_HISTORY


@pytest.fixture
def pros_and_cons(db: None) -> None:
    make_pros_and_cons()


@unsettled()
def make_pros_and_cons() -> None:
    """Two frameworks, two criteria, five statements; one is disputed, one refuted, one a draft."""
    one, two = make_framework("one", name="One", order=1), make_framework("two", name="Two", order=2)
    speed = make_criterion("speed", name="Speed", group=make_group("run", name="Running", order=1))
    learning = make_criterion("learning", name="Learning", group=make_group("work", name="Working", order=2))
    old = make_article("old", title="Old", publisher="Old press", published_on=dt.date(2019, 1, 1))
    new = make_article("new", title="New", publisher="New press")
    third = make_article("third", title="Third")
    make_claim(one, speed, key="fast", statement="It is fast.", polarity="pro", by=(old, new, third))
    slow = make_claim(one, speed, key="slow", statement="It is slow at first.", polarity="con", by=(old,))
    make_citation(slow, new, stance="disputes")
    make_claim(two, learning, key="easy", statement="Easy to learn.", polarity="pro", kind="judgement", by=(new,))
    refuted = {"verdict": "wrong", "verdict_note": "Not so.", "verdict_on": DAY}
    make_claim(two, speed, key="huge", statement="Huge.", polarity="con", by=(new,), **refuted)
    make_claim(two, speed, key="hidden", statement="Hidden.", polarity="pro", status="draft", published_at=None)
    make_claim(two, speed, key="mild", statement="Mild.", polarity="neutral")
