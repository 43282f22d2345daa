"""Notes beside claims and articles: who writes, reads and deletes them, and that they stay in the house."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from comparisons.editing import notes
from comparisons.editing.merging.articles import merge_articles
from comparisons.editing.merging.claims import merge_claims
from comparisons.exchange import tables
from comparisons.exchange.fixtures import layout
from comparisons.models import Claim, Note
from tests import factories as make
from tests.admin.forms import change_url, list_url, messages_of, text_of
from tests.admin.users import log_in, make_user

Browser = Callable[..., Client]


def add(client: Client, record: Any, text: str = "Ask Ada.", **more: str) -> Any:
    return client.post(change_url(record, "notes"), {"text": text, **more})


@pytest.fixture(params=[make.make_claim, make.make_article], ids=["claim", "article"])
def record(request: Any, db: None) -> Any:
    return request.param()


@pytest.mark.parametrize(
    ("role", "may_write", "may_delete"),
    [("", True, True), ("reviewer", True, True), ("editor", True, False), ("viewer", False, False)],
)
def test_a_note_is_read_by_all_written_by_editors_and_deleted_by_reviewers(
    browser: Browser, record: Any, role: str, may_write: bool, may_delete: bool
) -> None:
    client, old = browser("somebody", role), make.make_note(record, "An <old> note.")
    assert add(client, record).status_code == (302 if may_write else 403)
    assert list(Note.objects.about(record).values_list("text", "author__username")) == [
        ("An <old> note.", None), *([("Ask Ada.", "somebody")] if may_write else []),
    ]  # fmt: skip
    for page in ("change", "notes"):
        text = text_of(client.get(change_url(record, page)))
        assert "An &lt;old&gt; note." in text and ('id="note_form"' in text) == may_write, page
        assert (change_url(old, "delete") in text) == may_delete, page
    client.post(change_url(old, "delete"), {"post": "yes"})
    assert Note.objects.filter(pk=old.pk).exists() != may_delete


def test_a_note_stands_on_the_review_page_and_leads_back_to_it(rita: Client) -> None:
    claim = make.make_claim()
    back = f"{change_url(claim, 'review')}?work=unchecked"
    assert add(rita, claim, next=back)["Location"] == f"{back}#notes"
    assert "Ask Ada." in text_of(rita.get(back))


@pytest.mark.parametrize("url", ["", "//evil.example/admin/", "https://evil.example/", "/claims/", "/admin\\@x"])
def test_a_note_leads_to_no_other_site(rita: Client, url: str) -> None:
    claim = make.make_claim()
    assert add(rita, claim, next=url)["Location"] == f"{change_url(claim)}#notes"


@pytest.mark.parametrize(
    ("text", "words"), [("", "Write what"), (" \n\u200b ", "Write what"), ("x" * 2001, "2001 characters")]
)
def test_a_note_that_cannot_be_stored_says_why_and_is_kept(rita: Client, text: str, words: str) -> None:
    response = add(rita, make.make_claim(), text)
    assert response.status_code == 400 and words in text_of(response) and not Note.objects.exists()
    assert response.context["thread"]["text"] == text


def test_a_note_that_is_sent_twice_is_one(rita: Client) -> None:
    claim = make.make_claim()
    for _ in range(2):
        add(rita, claim, "Once.\r\nOnly.")
    assert Note.objects.get().text == "Once.\nOnly."


def test_a_note_is_escaped_and_its_links_are_links(rita: Client) -> None:
    claim = make.make_claim()
    add(rita, claim, "<script>alert(1)</script> https://example.org/\nSecond line.")
    text = text_of(rita.get(change_url(claim)))
    assert "&lt;script&gt;" in text and '<a href="https://example.org/" rel="nofollow">' in text
    assert "</a><br>Second line." in text


def test_a_note_needs_the_token_of_the_session(db: None) -> None:
    claim, client = make.make_claim(), Client(enforce_csrf_checks=True)
    client.force_login(make_user("chief"))
    assert add(client, claim).status_code == 403 and not Note.objects.exists()


def test_writing_asks_for_a_permission_by_itself(db: None) -> None:
    with pytest.raises(PermissionDenied):
        notes.add_note(make.make_claim(), "No.", by=make_user("vera", role="viewer"))


def test_who_wrote_and_who_deleted_a_note_stays_on_record(rita: Client, browser: Browser) -> None:
    claim = make.make_claim()
    add(browser("edgar"), claim)
    rita.post(change_url(Note.objects.get(), "delete"), {"post": "yes"})
    entries = Note.history.order_by("history_id").values_list("history_type", "history_user__username", "text")
    assert list(entries) == [("+", "edgar", "Ask Ada."), ("-", "rita", "Ask Ada.")]


def test_notes_move_with_what_is_merged(db: None) -> None:
    chief = make_user("chief")
    framework, criterion = make.make_framework(), make.make_criterion()
    for old, new, merge in (
        (make.make_claim(framework, criterion), make.make_claim(framework, criterion), merge_claims),
        (make.make_article(), make.make_article(), merge_articles),
    ):
        for one in (old, new):
            make.make_note(one, f"Of {one.pk}.")
        kept = merge(old, new, by=chief)  # type: ignore[operator]
        assert Note.objects.about(kept).count() == 2


def test_a_thread_takes_the_same_queries_at_any_length(record: Any) -> None:
    client, numbers = log_in(make_user("rita", role="reviewer")), []
    for more in (1, 6):
        for _ in range(more):
            make.make_note(record, author=make_user(f"user-{Note.objects.count()}", role="editor"))
        with CaptureQueriesContext(connection) as queries:
            client.get(change_url(record))
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]


def test_notes_are_in_no_export_no_fixture_and_no_room_that_readers_reach(chief: Client) -> None:
    """Pages, feeds and data files are walked with hidden notes in tests/views/test_every_address.py."""
    claim = make.make_claim()
    make.make_note(claim, "narwhals")
    assert chief.get(f"{list_url(Note)}export/").status_code == 302
    for model in (Claim, type(claim.citations.get().article)):
        assert "narwhals" not in str(list(tables.records(model.objects.all(), tables.columns_of(model))))
    assert "note" not in str(layout.FILES)
    root = Path(notes.__file__).parents[1]
    rooms = ("views", "api", "feeds", "exchange", "evidence", "search", "pros_cons", "proof")
    sources = [path.read_text() for room in rooms for path in (root / room).rglob("*.py")]
    assert not [text for text in sources if "models.team" in text or " Note," in text]


def test_a_note_that_is_added_is_said_to_be(rita: Client) -> None:
    """Else the browser would offer it once more as a text that was not saved."""
    claim = make.make_claim()
    response = rita.post(change_url(claim, "notes"), {"text": "Ask Ada."}, follow=True)
    assert "The note is added." in messages_of(response)
