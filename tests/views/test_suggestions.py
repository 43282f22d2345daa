"""Did you mean: pages with nearly the address that was asked for, offered where there is none."""

from __future__ import annotations

import pytest
from django.db import DatabaseError
from django.test import Client

from comparisons.views import suggestions
from tests.factories import make_article, make_claim, make_criterion, make_framework

pytestmark = pytest.mark.django_db


@pytest.fixture
def catalogue() -> None:
    flask, fast = make_framework("flask", name="Flask"), make_framework("fastapi", name="FastAPI")
    make_framework("flaskish", name="Secret", is_draft=True)
    routing = make_criterion("routing", name="Routing")
    make_article("flask-in-2026", title="Flask in 2026")
    make_claim(flask, routing, key="flask-routes", statement="It *routes*.")
    make_claim(fast, routing, key="flask-rout", status="draft", published_at=None)


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/frameworks/flsk/", ["/frameworks/flask/"]),
        ("/frameworks/fast-api/", ["/frameworks/fastapi/"]),
        ("/framework/flask/", ["/frameworks/flask/"]),
        ("/flask/", ["/frameworks/flask/"]),
        ("/Flask/", ["/frameworks/flask/"]),
        ("/frameworks/flask/rooting/", ["/frameworks/flask/routing/", "/frameworks/flask/", "/criteria/routing/"]),
        ("/criteria/routin/", ["/criteria/routing/"]),
        ("/compare/flask-vs-fast-api/", ["/compare/flask-vs-fastapi/"]),
        ("/articles/flask-in-2025/", ["/articles/flask-in-2026/"]),
        ("/claims/flask-route/", ["/claims/flask-routes/"]),
        ("/frameworks/walrus/", []),
        ("/compare/walrus-vs-flask/", []),
        ("/wp-login.php", []),
        ("/a/b/c/d/", []),
        ("/", []),
        ("/frameworks/" + "f" * 200 + "/", []),
    ],
)
def test_pages_with_nearly_this_address_are_found(catalogue: None, path: str, found: list[str]) -> None:
    assert [one.href for one in suggestions.for_path(path)] == found


def test_the_page_offers_them(client: Client, catalogue: None) -> None:
    response = client.get("/frameworks/flsk/")
    page = response.content.decode()
    assert response.status_code == 404
    assert "Page not found" in page and "Did you mean" in page and 'href="/frameworks/flask/"' in page
    assert "Secret" not in page


def test_without_a_database_there_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(suggestions, "_near", fails)
    assert suggestions.for_path("/frameworks/flsk/") == []


@pytest.mark.parametrize("size", [1, 30])
def test_they_cost_two_queries_at_any_size(django_assert_num_queries, size: int) -> None:
    for number in range(size):
        make_framework(f"flask-{number}")
        make_criterion(f"routing-{number}")
    with django_assert_num_queries(2):
        suggestions.for_path("/frameworks/flask/routing/")
