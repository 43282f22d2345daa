"""Frameworks and criteria are drafts until a reviewer publishes them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from comparisons.editing import proposals
from comparisons.models import Criterion, Framework
from tests import factories as make
from tests.admin.forms import act, fields, list_url, opened, send

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
