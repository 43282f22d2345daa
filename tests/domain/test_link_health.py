"""What the tries of an address say about it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comparisons.domain.link_health import DAYS_UNTIL_DEAD, Failures, Outcome, judge, outcome
from comparisons.domain.vocabulary import LinkHealth, LinkTrouble

DAY = date(2026, 11, 20)


@pytest.mark.parametrize("status", [200, 204, 206, 226, 304, 416])
def test_a_page_that_is_there_answers(status: int) -> None:
    assert outcome(status) is Outcome.ANSWERED


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_that_is_not_there_fails(status: int) -> None:
    assert outcome(status) is Outcome.FAILED


@pytest.mark.parametrize("trouble", [LinkTrouble.NO_HOST, LinkTrouble.REFUSED])
def test_a_host_that_is_not_there_fails(trouble: LinkTrouble) -> None:
    assert outcome(None, trouble) is Outcome.FAILED


@pytest.mark.parametrize("status", [103, 300, 301, 400, 401, 402, 403, 405, 406, 408, 429, 451, 500, 502, 503, 999])
def test_what_refuses_or_fails_for_now_is_unclear(status: int) -> None:
    assert outcome(status) is Outcome.UNCLEAR


@pytest.mark.parametrize("trouble", sorted(set(LinkTrouble) - {LinkTrouble.NO_HOST, LinkTrouble.REFUSED}))
def test_every_other_trouble_is_unclear(trouble: LinkTrouble) -> None:
    assert outcome(None, trouble) is Outcome.UNCLEAR
    assert outcome(404, trouble) is Outcome.UNCLEAR, "with a trouble the status says nothing"


def after(*tries: tuple[int, Outcome]) -> tuple[LinkHealth, Failures]:
    """The state after tries on these days, counted from DAY."""
    health, failures = LinkHealth.UNCHECKED, Failures()
    for day, found in tries:
        health, failures = judge(found, failures, DAY + timedelta(days=day))
    return health, failures


F, U, A = Outcome.FAILED, Outcome.UNCLEAR, Outcome.ANSWERED


@pytest.mark.parametrize(
    ("tries", "health"),
    [
        ([(0, F)], "unknown"),
        ([(0, F), (0, F), (0, F), (0, F)], "unknown"),
        ([(0, F), (1, F), (1, F)], "unknown"),
        ([(0, F), (1, F), (2, F)], "dead"),
        ([(0, F), (7, F), (30, F)], "dead"),
        ([(0, F), (1, U), (2, F), (3, F)], "dead"),
        ([(0, F), (1, F), (2, A), (3, F), (4, F)], "unknown"),
        ([(0, F), (1, F), (2, F), (3, U)], "unknown"),
        ([(0, F), (1, F), (2, F), (3, U), (4, F)], "dead"),
        ([(0, F), (1, F), (2, F), (3, A)], "ok"),
        ([(0, U), (1, U), (2, U), (3, U)], "unknown"),
        ([(2, F), (1, F), (0, F)], "unknown"),  # a clock that was put back
    ],
)
def test_an_address_is_dead_after_failures_on_three_days_without_an_answer(
    tries: list[tuple[int, Outcome]], health: str
) -> None:
    assert after(*tries)[0] == health


def test_failures_know_their_days() -> None:
    assert after((0, F), (3, F), (3, F))[1] == Failures(2, DAY, DAY + timedelta(days=3))
    assert after((0, F), (1, A))[1] == Failures()


@given(st.lists(st.tuples(st.integers(0, 5), st.sampled_from(Outcome))))
def test_dead_is_said_only_of_what_just_failed_and_failed_on_enough_days(tries: list[tuple[int, Outcome]]) -> None:
    health, _failures = after(*tries)
    since = tries[max((n for n, (_day, found) in enumerate(tries) if found is A), default=-1) + 1 :]
    failed = {day for day, found in since if found is F}
    if health is LinkHealth.DEAD:
        assert tries[-1][1] is F
        assert len(failed) >= DAYS_UNTIL_DEAD
    if tries and tries[-1][1] is A:
        assert health is LinkHealth.OK
