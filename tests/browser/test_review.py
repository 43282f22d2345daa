"""A review in a real browser without JavaScript. The accessibility of its pages is tested in test_admin.py."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.serving import Site

from .conftest import DESKTOP, Window

#: Logs a reviewer in, and changes a claim so that it waits for review.
PREPARE = """
import json
import re
from django.contrib.auth.models import Group, User
from django.test import Client
from comparisons.editing import proposals
from comparisons.models import Claim
edgar, rita = (User.objects.create_user(name, is_staff=True) for name in ("an-editor", "a-reviewer"))
edgar.groups.add(Group.objects.get(name="editor"))
rita.groups.add(Group.objects.get(name="reviewer"))
claim = Claim.objects.published().filter(framework__isnull=False).order_by("pk").first()
def edit():
    changed = Claim.objects.get(pk=claim.pk)
    changed.statement += " So it is said."
    changed.save()
proposal = proposals.propose_edit(claim, edit, by=edgar)
client = Client()
client.force_login(rita)
first = claim.history.order_by("history_id").first()
print(json.dumps({"session": client.cookies["session"].value, "claim": claim.pk, "entry": first.history_id,
    "proposal": proposal.get_absolute_url()}))
"""


@pytest.fixture(scope="module")
def prepared(site: Site) -> dict[str, Any]:
    return json.loads(site.run(PREPARE).strip().splitlines()[-1])


@pytest.fixture(scope="module")
def reviewer(browser: Browser, site: Site, prepared: dict[str, Any]) -> Iterator[Window]:
    context = browser.new_context(viewport=DESKTOP, java_script_enabled=False)
    context.add_cookies([{"name": "session", "value": prepared["session"], "url": site.address}])
    yield Window(context.new_page(), site)
    context.close()


def test_a_change_is_approved_and_put_back_without_scripts(reviewer: Window, prepared: dict[str, Any]) -> None:
    claim = f"/admin/comparisons/claim/{prepared['claim']}"
    reviewer.open(prepared["proposal"])
    assert reviewer.page.locator("del, ins").count() > 0
    reviewer.page.get_by_role("button", name="Approve").click()
    expect(reviewer.page.locator("dl.facts").first).to_contain_text("Approved")
    reviewer.open(f"{claim}/history/{prepared['entry']}/")
    reviewer.page.get_by_role("button", name="Make this the present text").click()
    expect(reviewer.page).not_to_have_url(re.compile("/history/"))
    reviewer.open(f"{claim}/review/")
    assert "So it is said." in reviewer.page.locator(".statement").inner_text()
    reviewer.open(f"{claim}/change/")
    assert "So it is said." not in reviewer.page.locator("#id_statement").input_value()
