"""Guessing passwords gets slower and slower, is written down, and locks nobody out."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import caches
from django.test import Client

from kb import attempts
from kb.attempts import SLOWDOWNS, Attempt, Places

HOME, GUESSER, OTHER = "198.51.100.1", "203.0.113.9", "192.0.2.7"


class Clock:
    """A clock that is put forward."""

    now = 1_000_000.0

    def time(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    caches["counts"].clear()
    clock = Clock()
    monkeypatch.setattr(attempts, "time", clock)
    yield clock
    caches["counts"].clear()


@pytest.fixture
def editor() -> User:
    return User.objects.create_user("editor", password="the right one", is_staff=True)


def login(client: Client, password: str, name: str = "editor", address: str = GUESSER) -> Any:
    return client.post("/admin/login/", {"username": name, "password": password}, REMOTE_ADDR=address)


def fail(client: Client, times: int, **named: str) -> None:
    """Fail to log in so many times, each time as soon as possible."""
    for _ in range(times):
        assert login(client, "wrong", **named).status_code == 200
        caches["counts"].delete_many([key for key in _keys() if ":until:" in key])


def _keys() -> list[str]:
    cache = caches["counts"]
    return [key.split(":", 2)[2] for key in cache._cache]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("kind", "failures", "delay"),
    [
        ("account", 1, 0),
        ("account", 2, 0),
        ("account", 3, 1),
        ("account", 4, 2),
        ("account", 8, 32),
        ("account", 9, 60),
        ("account", 10**9, 60),
        ("browser", 3, 1),
        ("address", 9, 0),
        ("address", 10, 1),
        ("address", 30, 900),
    ],
)
@pytest.mark.any_database
def test_the_delay_grows_to_a_limit(kind: str, failures: int, delay: int) -> None:
    assert SLOWDOWNS[kind].delay(failures) == delay


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "address", "is_refused"),
    [
        ("editor", GUESSER, True),
        ("editor", OTHER, True),
        ("EDITOR", GUESSER, True),
        ("somebody", GUESSER, False),
        ("somebody", OTHER, False),
    ],
)
def test_failures_slow_down_their_account(editor: User, name: str, address: str, is_refused: bool) -> None:
    fail(Client(), 2)
    login(Client(), "wrong")
    assert login(Client(), "wrong", name, address).status_code == (429 if is_refused else 200)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "is_refused"),
    [(GUESSER, True), (OTHER, False), ("2001:db8:1:2::9", True), ("2001:db8:1:3::9", False)],
)
def test_failures_slow_down_their_address_whatever_the_account(editor: User, address: str, is_refused: bool) -> None:
    for own in (GUESSER, "2001:db8:1:2::8"):
        for number in range(10):
            login(Client(), "wrong", f"account{own}{number}", own)
    assert login(Client(), "the right one", address=address).status_code == (429 if is_refused else 302)


@pytest.mark.django_db
def test_a_refusal_says_how_long_to_wait_checks_nothing_and_keeps_the_name(
    editor: User, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail(Client(), 4)
    login(Client(), "wrong")
    clock.now += 1.5
    with monkeypatch.context() as patch:
        patch.setattr(User, "check_password", lambda *_: pytest.fail("a password was checked"))
        refused = login(Client(), "the right one")
    page = refused.content.decode()
    assert (refused.status_code, refused["Retry-After"]) == (429, "3")
    assert "the next one is possible in 3 seconds." in page and 'value="editor"' in page
    assert "the right one" not in page


@pytest.mark.django_db
def test_a_correct_password_after_the_delay_works_however_often_others_were_refused(editor: User, clock: Clock) -> None:
    fail(Client(), 20)
    login(Client(), "wrong")
    for _ in range(20):
        assert login(Client(), "wrong", address=OTHER).status_code == 429
    clock.now += SLOWDOWNS["account"].longest
    assert login(Client(), "the right one", address=HOME).status_code == 302


@pytest.mark.django_db
def test_a_browser_that_an_account_knows_is_not_slowed_down_by_strangers(editor: User) -> None:
    known = Client()
    assert login(known, "the right one", address=HOME).status_code == 302
    known.post("/admin/logout/")
    fail(Client(), 12)
    login(Client(), "wrong")
    assert login(Client(), "the right one").status_code == 429
    assert login(known, "the right one").status_code == 302


@pytest.mark.django_db
def test_a_known_browser_is_slowed_down_by_its_own_failures_and_a_cookie_is_good_for_one_account(editor: User) -> None:
    User.objects.create_user("second", password="the right one", is_staff=True)
    known = Client()
    login(known, "the right one", address=HOME)
    fail(known, 2)
    login(known, "wrong")
    assert login(known, "the right one").status_code == 429
    assert login(Client(), "wrong").status_code == 200, "others are not"
    fail(Client(), 2, name="second")
    login(Client(), "wrong", name="second")
    assert login(known, "the right one", name="second").status_code == 429
    known.cookies["known"] = "forged:second:x"
    assert login(known, "the right one", name="second").status_code == 429


@pytest.mark.django_db
def test_a_success_ends_the_series_of_the_account_and_not_that_of_the_address(editor: User) -> None:
    for _ in range(6):
        fail(Client(), 2)
        fail(Client(), 1, name="other")
        response = login(Client(), "the right one")
        if response.status_code != 302:
            break
        caches["counts"].delete_many([key for key in _keys() if ":until:" in key])
    assert Attempt.by("new", GUESSER, "").begin() == 2 ** (18 + 1 - SLOWDOWNS["address"].free)


@pytest.mark.django_db
def test_every_attempt_is_written_down_without_its_password(editor: User, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "kb.login")
    login(Client(), "wrong one")
    login(Client(), "wrong one", name="hunter2")
    login(Client(), "the right one", address=HOME)
    fail(Client(), 2)
    login(Client(), "wrong one")
    login(Client(), "wrong one")
    lines = [record.getMessage() for record in caplog.records if record.name == "kb.login"]
    assert lines[:3] == [
        f"Login failed: account 'editor' from {GUESSER}, next attempt in 0 s",
        f"Login failed: an unknown account from {GUESSER}, next attempt in 0 s",
        f"Login: account 'editor' from {HOME}",
    ]
    assert re.fullmatch(f"Login refused for 1 s: account 'editor' from {GUESSER}", lines[-1])
    assert "one'" not in caplog.text and "hunter2" not in caplog.text


@pytest.mark.any_database
@pytest.mark.parametrize(("threads", "most"), [(1, 1), (4, 1), (8, 2), (16, 4)])
def test_few_passwords_are_checked_at_once(threads: int, most: int) -> None:
    places = Places(threads)
    for is_known in (False, True):
        entered = [places.taken(is_known) for _ in range(most + 1)]
        assert [one.__enter__() for one in entered] == [True] * most + [False]
    for one in entered:
        one.__exit__(None, None, None)
    with places.taken(True) as has_room:
        assert has_room


@pytest.mark.django_db
def test_who_finds_no_room_is_told_to_try_again_and_nothing_is_counted(
    editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempts.PLACES, "strangers", threading.BoundedSemaphore(1))
    with attempts.PLACES.taken(False):
        answers = [login(Client(), "the right one") for _ in range(5)]
    assert {(answer.status_code, answer["Retry-After"]) for answer in answers} == {(503, "2")}
    assert "Others are logging in right now" in answers[0].content.decode()
    assert _keys() == []
    assert login(Client(), "the right one").status_code == 302


@pytest.mark.django_db
def test_the_cookie_of_a_known_browser_is_set_by_a_login_alone_and_is_no_login(editor: User) -> None:
    client = Client()
    assert "known" not in login(client, "wrong").cookies
    cookie = login(client, "the right one").cookies["known"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/admin/", True, "Lax")
    stranger = Client()
    stranger.cookies["known"] = cookie.value
    assert stranger.get("/admin/").status_code == 302
