"""Errors, robots.txt and security.txt."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.test import Client, RequestFactory

from comparisons.models import Subject, subject
from comparisons.views import errors, method
from tests.factories import make_claim

REQUEST = RequestFactory().get("/somewhere/")
BARE = {400: errors.bad_request, 403: errors.permission_denied, 500: errors.server_error}


def test_an_unknown_address_offers_a_search_for_its_words(client: Client) -> None:
    response = client.get("/compare/walrus+and-penguin/x/")
    page = response.content.decode()
    assert response.status_code == 404
    assert 'value="walrus and penguin"' in page
    assert "/compare/walrus+and-penguin/x/" in page


def test_an_address_is_shown_as_text(client: Client) -> None:
    page = client.get("/%3Cscript%3Ealert(1)%3C/script%3E/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize("path", ["/%F0%9F%A6%A4/", "/%25/", "/_/", "/%5C/", "/" + "x" * 5000 + "/", "/%D9%A1%D9%A2/"])
def test_strange_addresses_are_not_found(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert not response.cookies and "Cookie" not in response.get("Vary", "")


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["claims", "articles", "frameworks", "comparisons", "criteria"])
def test_what_is_not_there_is_not_found(client: Client, kind: str) -> None:
    assert client.get(f"/{kind}/no-such-thing/").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["draft", "in-review"])
def test_a_claim_that_is_not_published_looks_like_one_that_never_was(client: Client, state: str) -> None:
    make_claim(key="secretly", status=state, published_at=None)
    hidden, unknown = client.get("/claims/secretly/"), client.get("/claims/nobody/")
    assert hidden.status_code == unknown.status_code == 404
    assert hidden.content.decode().replace("secretly", "nobody") == unknown.content.decode()


@pytest.mark.parametrize("status", BARE)
def test_bare_error_pages_need_neither_database_nor_manifest(status: int, settings: Any) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
    }
    settings.STATIC_ROOT = "/nowhere"
    response = BARE[status](REQUEST)
    page = response.content.decode()
    assert response.status_code == status
    assert 'href="/static/css/components.css"' in page and page.count("<h1>") == 1


@pytest.mark.parametrize(("kept", "name"), [((float("-inf"), Subject(name="Queuecheck")), "Queuecheck"), (None, None)])
def test_pages_of_failures_say_the_name_of_the_site_as_far_as_it_is_known(
    client: Client, monkeypatch: pytest.MonkeyPatch, kept: Any, name: str | None
) -> None:
    def fails(*_: object, **_by_name: object) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(subject, "_kept", kept)
    monkeypatch.setattr(subject.Subject.objects, "filter", fails)
    monkeypatch.setattr(method, "method_context", fails)
    for response in (client.get("/about/method/"), errors.server_error(REQUEST)):
        page = response.content.decode()
        assert response.status_code in (500, 503) and "Crosscheck" not in page
        assert f"<span>{name or 'Home'}</span>" in page
        assert f" – {name or ''}" in page if name else " –" not in page.partition("</title>")[0]


def test_the_last_resort_is_plain_text(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(name: str) -> None:
        raise OSError(name)

    monkeypatch.setattr(errors.loader, "get_template", broken)
    response = errors.server_error(REQUEST)
    assert response.status_code == 500
    assert response["Content-Type"] == "text/plain; charset=utf-8"


def test_a_failure_shows_the_page_and_nothing_of_its_cause(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("the combination of the safe")

    monkeypatch.setattr(method, "method_context", fails)
    client.raise_request_exception = False
    response = client.get("/about/method/")
    assert response.status_code == 500
    assert "Something went wrong on our side" in response.content.decode()
    assert "combination" not in response.content.decode()


def test_a_refusal_shows_its_page(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(*_: object) -> None:
        raise PermissionDenied

    monkeypatch.setattr(method, "method_context", refuses)
    response = client.get("/about/method/")
    assert response.status_code == 403
    assert "This is not open to you" in response.content.decode()


@pytest.mark.parametrize(("origin", "is_shown"), [("http://testserver", True), ("https://evil.example", False)])
@pytest.mark.django_db
def test_a_form_without_its_token_is_told_what_happened_and_what_was_entered(origin: str, is_shown: bool) -> None:
    data = {"statement": "<b>Typed</b>", "initial-statement": "Before"}
    strict = Client(enforce_csrf_checks=True, headers={"origin": origin})
    response = strict.post("/admin/login/?next=/admin/", data)
    text = response.content.decode()
    assert response.status_code == 403 and "Nothing was saved" in text and "is kept in this browser" in text
    assert 'href="/admin/login/?next=/admin/"' in text and "Before" not in text
    assert ("&lt;b&gt;Typed&lt;/b&gt;" in text) == is_shown


@pytest.mark.django_db
def test_a_password_is_not_shown_again_on_a_form_without_its_token() -> None:
    strict = Client(enforce_csrf_checks=True, headers={"origin": "http://testserver"})
    response = strict.post("/admin/login/", {"username": "a", "password": "secret"})
    assert response.status_code == 403 and "secret" not in response.content.decode()


def test_robots_may_read_all_but_the_admin_and_results_of_the_search(client: Client) -> None:
    response = client.get("/robots.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode().splitlines() == [
        "User-agent: *",
        "Allow: /",
        "Disallow: /admin/",
        "Disallow: /search/?",
        "",
        "Sitemap: https://crosscheck.example/sitemap.xml",
    ]


def test_security_txt_names_whom_to_tell_and_is_valid_for_less_than_a_year(client: Client) -> None:
    lines = dict(line.split(": ", 1) for line in client.get("/.well-known/security.txt").content.decode().splitlines())
    assert lines["Contact"].startswith(("mailto:", "https:"))
    assert lines["Canonical"] == "https://crosscheck.example/.well-known/security.txt"
    left = dt.datetime.fromisoformat(lines["Expires"]) - dt.datetime.now(dt.UTC)
    assert dt.timedelta(days=30) < left < dt.timedelta(days=365)


def test_the_contact_can_be_set(client: Client, settings: Any) -> None:
    settings.SECURITY_CONTACT = "https://crosscheck.example/report"
    assert "Contact: https://crosscheck.example/report\n" in client.get("/.well-known/security.txt").content.decode()


@pytest.mark.parametrize("path", ["/", "/articles/", "/robots.txt", "/.well-known/security.txt", "/about/method/"])
def test_pages_are_only_read(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405
