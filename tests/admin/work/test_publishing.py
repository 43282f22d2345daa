"""Frameworks and criteria are drafts until a reviewer publishes them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.test import Client

from comparisons.editing import proposals
from comparisons.models import Criterion, Framework
from tests import factories as make
from tests.admin.forms import act, change_url, fields, list_url, opened, send, text_of

Browser = Callable[..., Client]


def test_a_new_framework_is_a_draft(rita: Client) -> None:
    form = fields(rita.get(list_url(Framework, "add")), "framework_form")
    values = {"name": "New", "slug": "new", "tagline": "New.", "summary": "New."}
    assert rita.post(list_url(Framework, "add"), {**form, **values}).status_code == 302
    assert Framework.objects.get().is_draft


@pytest.mark.parametrize("make_draft", [make.make_framework, make.make_criterion], ids=["framework", "criterion"])
def test_a_reviewer_publishes_a_draft_and_an_editor_does_not(
    browser: Browser, rita: Client, make_draft: Callable[..., Framework | Criterion]
) -> None:
    row = make_draft(is_draft=True)
    for client, is_draft in ((browser("edgar"), True), (rita, False)):
        act(client, type(row), "publish", row)
        row.refresh_from_db()
        assert row.is_draft is is_draft


def test_a_draft_is_edited_at_once(browser: Browser) -> None:
    framework = make.make_framework(is_draft=True)
    editor = browser("edgar")
    send(editor, framework, opened(editor, framework), tagline="Another line")
    framework.refresh_from_db()
    assert framework.tagline == "Another line" and proposals.waiting(framework) is None


@pytest.mark.parametrize("make_row", [make.make_framework, make.make_criterion], ids=["framework", "criterion"])
def test_an_editor_deletes_drafts_and_nothing_that_readers_see(
    browser: Browser, rita: Client, make_row: Callable[..., Framework | Criterion]
) -> None:
    editor, draft, seen, other = browser("edgar"), make_row(is_draft=True), make_row(), make_row()
    rows = {ACTION_CHECKBOX_NAME: [draft.pk, seen.pk], "action": "delete_selected"}
    page = editor.post(list_url(type(seen)), rows)
    assert f"<li>“{seen}”, which readers see</li>" in text_of(page) and 'name="post"' not in text_of(page)
    assert editor.post(list_url(type(seen)), {**rows, "post": "yes"}).status_code == 403
    assert editor.post(change_url(seen, "delete"), {"post": "yes"}).status_code == 403
    assert change_url(seen, "delete") not in text_of(editor.get(change_url(seen)))
    assert editor.post(change_url(draft, "delete"), {"post": "yes"}).status_code == 302
    assert set(type(seen).objects.all()) == {seen, other}
    assert rita.post(change_url(seen, "delete"), {"post": "yes"}).status_code == 302
    assert set(type(seen).objects.all()) == {other}
