"""The form for objections: what it takes, what it turns away, and what readers see before and after the answer."""

from __future__ import annotations

import html as markup
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone

from comparisons.editing import challenges
from comparisons.models import Challenge, Claim
from comparisons.views import challenge_guard as guard
from comparisons.views import limits
from comparisons.views.limits import counts
from tests import factories as make
from tests.conftest import made_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]

CLAIM, CELL, ARTICLE = "/challenge/claim/known/", "/challenge/cell/alpha/speed/", "/challenge/article/source/"
#: The form of each kind, and the page it is about.
FORMS = {CLAIM: "/claims/known/", CELL: "/frameworks/alpha/speed/", ARTICLE: "/articles/source/"}
each_form = pytest.mark.parametrize("path", FORMS)


@made_once
@make.unsettled()
def world() -> None:
    framework, criterion = make.make_framework("alpha"), make.make_criterion("speed", levels=("yes", "no"))
    make.make_claim(framework, criterion, level="yes", key="known", by=(make.make_article("source"),))


@pytest.fixture(autouse=True)
def nothing_counted() -> None:
    counts().clear()


def mark_of(path: str, age: float = 60) -> str:
    """The mark of a form that was opened so many seconds ago."""
    signer = signing.TimestampSigner(salt="challenge")
    signer.timestamp = lambda: signing.b62_encode(int(timezone.now().timestamp() - age))  # type: ignore[method-assign]
    return signer.sign(guard.new_mark(path).rsplit(":", 2)[0])


def send(path: str, client: Client | None = None, age: float = 60, **values: Any) -> Any:
    given = {"kind": "wrong", "text": "It is not so.", "mark": mark_of(path, age), **values}
    headers = {name: given.pop(name) for name in ("REMOTE_ADDR", "HTTP_SEC_FETCH_SITE") if name in given}
    return (client or Client(enforce_csrf_checks=True)).post(path, given, **headers)


def page(path: str) -> str:
    response = Client().get(path)
    assert response.status_code == 200, path
    return markup.unescape(response.content.decode())


@each_form
def test_an_objection_is_stored_and_nothing_of_it_is_shown(path: str) -> None:
    assert f'href="{path}"' in page(FORMS[path])
    response = send(path, text="Zebra <b>here</b>", source="https://zebra.example/1", mail="zebra@example.org")
    assert (response.status_code, response["Location"]) == (303, "/challenge/thanks/")
    stored = Challenge.objects.get()
    assert (stored.text, stored.source, stored.mail) == (
        "Zebra <b>here</b>",
        "https://zebra.example/1",
        "zebra@example.org",
    )
    assert stored.target_url == FORMS[path]
    for address in (FORMS[path], path, "/challenges/", "/challenge/thanks/", "/search/?q=zebra+here"):
        assert not re.search("zebra <b>|zebra.example|zebra@", page(address), re.IGNORECASE), address
    assert "1 objection open" in page(FORMS[path])


@each_form
def test_the_form_is_for_everybody_and_kept_by_nobody(path: str) -> None:
    for response in (Client().get(path), send(path, text="")):
        assert response["Cache-Control"] == "no-store" and response["X-Robots-Tag"] == "noindex"
        assert not response.cookies and "cookie" not in response.get("Vary", "").lower()
        form = response.content.decode().split('<form method="post"')[1].split("</form>")[0]
        assert "<script" not in form and "csrf" not in form
    assert Client().get(path).content != Client().get(path).content  # each form has a mark of its own
    assert Client().put(path).status_code == 405


@each_form
def test_what_cannot_be_taken_comes_back_as_it_was_written(path: str) -> None:
    response = send(path, text='"><script>x</script>', source="javascript:alert(1)", mail="no address", kind="misread")
    text = response.content.decode()
    assert response.status_code == 400 and not Challenge.objects.exists()
    assert "<script>x" not in text and "&lt;script&gt;x" in text and "Enter a valid email address." in text
    assert 'value="misread" checked' in text and text.count('aria-invalid="true"') == 2


HOSTILE = [
    {"text": ""},
    {"text": " \n\t "},
    {"text": "\u200b\u2060"},
    {"text": "x" * 2001},
    {"kind": "praise"},
    {"kind": ""},
    {"source": "ftp://example.org/"},
    {"source": "https://me:secret@example.org/"},
    {"source": "https://example.org/" + "x" * 500},
    {"mail": "a" * 250 + "@example.org"},
    {"mail": "a@example.org\nBcc: b@example.org"},
    {"website": "https://buy.example"},
    {"mark": ""},
    {"mark": "x" * 5000},
    {"mark": mark_of("/challenge/claim/other/")},
]


@pytest.mark.parametrize("values", HOSTILE, ids=lambda values: next(iter(values)))
def test_what_is_hostile_or_empty_is_not_stored(values: dict[str, str]) -> None:
    response = send(CELL, **values)
    assert response.status_code == 400 and not Challenge.objects.exists()
    assert "It is not sent yet." in response.content.decode()


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("a\r\nb", "a\nb"),
        ("x\r\n" * 1000, ("x\n" * 1000).strip()),
        ("nul\x00 and bell\x07", "nul and bell"),
        ("e\u0301", "\u00e9"),
        ("\ufeffzero\u200bwidth", "zerowidth"),
        ("'; DROP TABLE comparisons_claim; --", "'; DROP TABLE comparisons_claim; --"),
        ("{{ 7 }}{% debug %}", "{{ 7 }}{% debug %}"),
    ],
)
def test_texts_are_stored_tidy(text: str, stored: str) -> None:
    assert send(CELL, text=text).status_code == 303
    assert Challenge.objects.get().text == stored


def test_a_form_is_not_sent_at_once_and_not_a_day_later() -> None:
    soon, late = send(CELL, age=1, text="Quick."), send(CELL, age=guard.LATEST + 5, text="Slow.")
    assert (soon.status_code, late.status_code) == (400, 400) and not Challenge.objects.exists()
    assert "faster than anybody writes" in soon.content.decode() and "Quick." in soon.content.decode()
    assert "open for too long" in late.content.decode() and "Slow." in late.content.decode()


def test_a_form_that_is_sent_twice_is_stored_once() -> None:
    mark = mark_of(CELL)
    assert [send(CELL, mark=mark).status_code for _ in range(3)] == [303, 303, 303]
    again = send(CELL, mark=mark, text="Something else.")
    assert again.status_code == 400 and "Something else." in again.content.decode()
    assert Challenge.objects.count() == 1


def test_a_form_is_no_form_for_anything_else() -> None:
    assert send(CELL, mark=mark_of(CLAIM)).status_code == 400


def test_one_address_is_stopped_after_some_attempts_and_others_are_not() -> None:
    answers = [send(CELL, text="", REMOTE_ADDR="203.0.113.5") for _ in range(guard.FROM_ONE + 1)]
    assert [one.status_code for one in answers] == [400] * guard.FROM_ONE + [429]
    assert answers[-1]["Retry-After"] == "3600" and answers[-1]["Cache-Control"] == "no-store"
    assert send(CELL, REMOTE_ADDR="203.0.113.6").status_code == 303


@pytest.mark.parametrize(
    ("other", "status"),
    [("2001:db8:1:2:ffff::9", 429), ("2001:db8:1:3::1", 303)],
)
def test_the_addresses_of_one_network_count_as_one(other: str, status: int) -> None:
    for number in range(guard.FROM_ONE):
        send(CELL, text="", REMOTE_ADDR=f"2001:db8:1:2::{number:x}")
    assert send(CELL, REMOTE_ADDR=other).status_code == status


def test_all_addresses_together_are_stopped_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "FROM_ALL", 3)
    found = [send(CELL, text="", REMOTE_ADDR=f"203.0.113.{number}").status_code for number in range(4)]
    assert found == [400, 400, 400, 429]


def test_the_cache_holds_no_address_of_a_sender(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[str] = []
    monkeypatch.setattr(limits.counts(), "add", lambda key, *rest: kept.append(key), raising=False)
    send(CELL, text="", REMOTE_ADDR="203.0.113.5")
    assert len(kept) == 2 and "203.0.113.5" not in "".join(kept)


@pytest.mark.parametrize("limit", ["ABOUT_ONE", "IN_ALL", "IN_AN_HOUR"])
def test_a_full_desk_takes_no_more_whatever_the_cache_remembers(monkeypatch: pytest.MonkeyPatch, limit: str) -> None:
    monkeypatch.setattr(challenges, limit, 2)
    found = []
    for _ in range(3):
        counts().clear()
        found.append(send(CELL))
    assert [one.status_code for one in found] == [303, 303, 429] and found[-1]["Retry-After"]
    assert Challenge.objects.count() == 2


def test_what_was_answered_long_ago_fills_no_desk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(challenges, "IN_ALL", 1)
    make.make_challenge(Claim.objects.get(), status="kept", answer="No.", sent_at=timezone.now() - timedelta(days=2))
    assert send(CELL).status_code == 303


def test_a_large_request_and_one_from_another_site_are_not_even_read() -> None:
    large = send(CELL, text="x" * 50_000)
    foreign = send(CELL, HTTP_SEC_FETCH_SITE="cross-site")
    assert (large.status_code, foreign.status_code) == (413, 403) and not Challenge.objects.exists()


def test_whoever_is_logged_in_is_a_reader_like_others(admin_client: Client) -> None:
    assert send(CELL, client=admin_client).status_code == 303
    assert Challenge.objects.get().answered_by is None


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/challenge/claim/draft/", 404),
        ("/challenge/claim/gone/", 404),
        ("/challenge/claim/nothing/", 404),
        ("/challenge/cell/alpha/nothing/", 404),
        ("/challenge/cell/hidden/speed/", 404),
        ("/challenge/cell/alpha/asked/", 404),
        ("/challenge/article/nothing/", 404),
        ("/challenge/cell/beta/speed/", 200),
    ],
)
def test_only_what_readers_see_can_be_objected_to(path: str, status: int) -> None:
    make.make_claim(key="draft", status="draft", published_at=None)
    make.make_claim(key="gone", status="withdrawn", withdrawn_at=make.NOON, withdrawal_reason="No.")
    make.make_framework("hidden", is_draft=True)
    make.make_framework("beta")
    make.make_criterion("asked", is_draft=True)
    assert Client().get(path).status_code == status
    assert send(path).status_code == (303 if status == 200 else 404)


@each_form
def test_one_setting_takes_the_forms_away_and_leaves_the_answers(settings: Any, path: str) -> None:
    make.make_challenge(Claim.objects.get(), status="kept", answer="It stays.", text="Not so.")
    settings.CHALLENGES = False
    assert Client().get(path).status_code == send(path).status_code == 404
    assert f'href="{path}"' not in page(FORMS[path])
    assert "It stays." in page("/challenges/") and "It stays." in page("/claims/known/")


def test_an_answered_objection_is_shown_with_both_texts_and_the_revision() -> None:
    claim = Claim.objects.get()
    make.make_challenge(
        claim,
        text="Not so.\n<i>Really</i>",
        source="https://blog.example/a",
        status="changed",
        answer="*Mended.*",
        revision=3,
    )
    for address in ("/claims/known/", "/challenges/"):
        text = Client().get(address).content.decode()
        assert "Not so.<br>&lt;i&gt;Really&lt;/i&gt;" in text and "<em>Mended.</em>" in text, address
        assert "see revision 3" in text and "#history" in text
        assert '<a href="https://blog.example/a" rel="nofollow ugc noopener">blog.example</a>' in text
    assert "objections open" not in page("/claims/known/")


def test_words_that_editors_do_not_show_and_what_is_set_aside_are_nowhere() -> None:
    claim = Claim.objects.get()
    make.make_challenge(
        claim, text="Zebra", source="https://zebra.example/", status="kept", answer="Stays.", is_quoted=False
    )
    make.make_challenge(claim, text="Quagga", status="set-aside", answer="Okapi")
    for address in ("/claims/known/", "/challenges/"):
        text = page(address)
        assert "Stays." in text and "not shown" in text
        assert not re.search("zebra|quagga|okapi", text, re.IGNORECASE), address


def test_the_list_shows_answers_about_what_readers_see_only() -> None:
    hidden = make.make_framework("hidden", is_draft=True)
    draft = make.make_claim(key="draft", status="draft", published_at=None)
    for target in (draft, (hidden, make.make_criterion("other")), draft.citations.get().article):
        make.make_challenge(target, status="kept", answer="Zebra")
    assert "Zebra" not in page("/challenges/")


@pytest.mark.parametrize("size", [1, 15])
def test_the_list_takes_two_queries_at_any_size(django_assert_num_queries: Any, size: int) -> None:
    claim = Claim.objects.get()
    for _ in range(size):
        for target in (claim, (claim.framework, claim.criterion), claim.citations.get().article):
            make.make_challenge(target, status="kept", answer="So.")
    with django_assert_num_queries(2):
        assert Client().get("/challenges/").status_code == 200


@pytest.mark.parametrize("size", [1, 15])
@each_form
def test_the_page_of_a_thing_reads_its_objections_in_one_query(
    django_assert_max_num_queries: Any, path: str, size: int
) -> None:
    claim = Claim.objects.get()
    target = {CLAIM: claim, CELL: (claim.framework, claim.criterion), ARTICLE: claim.citations.get().article}[path]
    for _ in range(size):
        make.make_challenge(target)
        make.make_challenge(target, status="kept", answer="So.")
    with django_assert_max_num_queries(11):
        text = page(FORMS[path])
    assert f"{size} objection" in text and text.count("answered on") == min(size, 5)
