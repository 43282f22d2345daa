"""The link to samples on kept pages: it is there as soon as readers see a framework that has some."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from comparisons.proof import shown_samples
from tests.factories import make_framework

pytestmark = [pytest.mark.django_db, pytest.mark.crossing]


def test_a_page_that_is_made_right_after_the_first_framework_with_samples_leads_to_them(
    store: None, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    monkeypatch.setattr(shown_samples, "written_for", lambda _folder: frozenset({"one"}))
    monkeypatch.setattr(shown_samples, "_kept", None)
    framework = make_framework("one", is_draft=True)

    def leads() -> bool:
        return 'href="/samples/"' in Client().get("/about/method/").content.decode()

    assert not leads()
    with django_capture_on_commit_callbacks(execute=True):
        framework.is_draft = False
        framework.save()
    assert leads(), "what was found a moment before is not used on"
