"""A form that was sent after the session had ended: nothing of what was typed into it is lost."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from comparisons.views import errors
from kb import unsent

PASSWORD = "the right one"
pytestmark = pytest.mark.django_db


@pytest.fixture
def editor() -> User:
    return User.objects.create_superuser("editor", password=PASSWORD)


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of the page."""
    fields = re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', page)
    return {name: html.unescape(value) for name, value in fields}


def test_what_is_sent_after_the_session_has_ended_is_shown_at_the_login_and_sent_again_after_it(editor: Any) -> None:
    """Without script too; a login that fails carries it on."""
    strict = Client(enforce_csrf_checks=True)
    address = reverse("admin:comparisons_article_add") + "?kind=talk"
    token = hidden(strict.get("/admin/login/").content.decode())["csrfmiddlewaretoken"]
    typed = {"title": "Typed <b>& kept", "slug": "typed", "initial-kind": "x", "_save": "Save"}
    refused = strict.post(address, {**typed, "csrfmiddlewaretoken": token})
    page = refused.content.decode()
    assert refused.status_code == 403 and "Typed &lt;b&gt;&amp; kept" in page and "session has ended" in page

    def logged_in(page: str, password: str) -> Any:
        return strict.post("/admin/login/", {**hidden(page), "username": editor.username, "password": password})

    failed = logged_in(page, "wrong").content.decode()
    assert "Typed &lt;b&gt;&amp; kept" in failed
    again = logged_in(failed, PASSWORD).content.decode()
    assert f'action="{address}"' in again
    data = hidden(again)
    assert typed.items() <= data.items() and "password" not in data
    assert strict.post(address, data).status_code == 200  # the form with its errors, and not a refusal


@pytest.mark.parametrize("typed", [{"password1": "secret", "username": "ada"}, {"_save": "Save"}, {"title": ""}])
def test_passwords_and_empty_forms_lead_to_the_login_alone(client: Client, typed: dict[str, str]) -> None:
    assert client.post(reverse("admin:comparisons_article_add"), typed).status_code == 302


def test_what_is_too_long_to_be_sent_again_is_only_shown(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unsent, "MOST", 10)
    page = client.post(reverse("admin:comparisons_article_add"), {"title": "Rather long"}).content.decode()
    assert "Rather long" in page and "too long to be sent again" in page and 'name="unsent"' not in page


def test_fields_are_named_as_the_form_names_them(editor: Any) -> None:
    """At the login, at the next one, and on the page from which the form is sent again."""
    client = Client()
    typed = {
        "url_opened": "on",
        "published_on": "2026-05-01",
        "nobody_knows_it": "x",
        "citations-0-says": "It says so.",
        "citations-1-nobody_knows_it": "x",
    }
    page = client.post(reverse("admin:comparisons_article_add"), typed).content.decode()
    for shown in (
        page,
        client.post("/admin/login/", {**hidden(page), "username": "x", "password": "y"}).content.decode(),
    ):
        names = re.findall(r"<dt>(.*?)</dt>", shown)
        assert names == [
            "Address opened",
            "Published on",
            "Nobody knows it",
            "Citations 1: says",
            "Citations 2: nobody knows it",
        ]
    login = {**hidden(page), "username": editor.username, "password": PASSWORD}
    assert "<dt>Address opened</dt>" in client.post("/admin/login/", login).content.decode()


@pytest.mark.parametrize(
    ("path", "name", "label"),
    [
        ("/admin/comparisons/framework/add/", "license", "Licence"),
        ("/admin/comparisons/claim/add/", "license", "Licence"),  # as the only model with it
        ("/admin/comparisons/benchmark/add/", "kind", "Kind"),
        ("/admin/nothing/", "url", "Address"),
        ("", "archive_url", "Archived copy"),
        ("//", "text", "Text"),
    ],
)
def test_a_field_is_named_wherever_its_form_was_sent(path: str, name: str, label: str) -> None:
    assert errors.entered([(name, "x")], path) == [(label, "x")]
