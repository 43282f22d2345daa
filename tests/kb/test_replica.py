"""Readers use the replica while it is up to date; editors, and whoever has just written, use the primary."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import DatabaseError, OperationalError, connection, connections
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from kb import health, replica

from .test_settings import KEY
from .test_settings import settings as settings_with

pytestmark = pytest.mark.any_database


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> Iterator[replica.ReadReplica]:
    """The middleware in front of a page that says which database it was made from."""

    def page(request: HttpRequest) -> HttpResponse:
        assert request.path != "/fails/"
        if request.path == "/new/" and connections["default"] is connections["replica"]:
            return HttpResponse("not there yet", status=404)
        if request.path == "/nowhere/":
            return HttpResponse(connections["default"] is connections["replica"], status=404)
        assert connection.alias == "default", "Django refuses subqueries of a connection by another name"
        return HttpResponse("replica" if connections["default"] is connections["replica"] else "default")

    monkeypatch.setitem(settings.DATABASES, "replica", {})
    monkeypatch.setattr(connections, "replica", connections["default"].copy("replica"), raising=False)
    monkeypatch.setattr(type(connections), "__getitem__", _found(type(connections).__getitem__))
    monkeypatch.setattr(connections["replica"], "ensure_connection", lambda: None)
    middleware = replica.ReadReplica(page)
    monkeypatch.setattr(middleware.lag, "is_small", lambda: True)
    yield middleware


def _found(original: Any) -> Any:
    def get(self: Any, alias: str) -> Any:
        return self.__dict__["replica"] if alias == "replica" else original(self, alias)

    return get


@pytest.mark.parametrize(
    ("method", "path", "cookie", "used"),
    [
        ("GET", "/matrix/", "", "replica"),
        ("HEAD", "/", "", "replica"),
        ("GET", "/", "session=x; theme=wrote", "replica"),
        ("GET", "/", "wrote=1", "default"),
        ("GET", "/admin/", "", "default"),
        ("POST", "/challenge/", "", "default"),
    ],
)
def test_only_readers_who_only_read_use_the_replica(
    two: replica.ReadReplica, method: str, path: str, cookie: str, used: str
) -> None:
    request = RequestFactory().generic(method, path, headers={"cookie": cookie})
    assert two(request).content.decode() == used
    assert (connection.alias, connections["replica"].alias) == ("default", "replica")
    assert "COOKIES" not in request.__dict__, "a page would see the cookies of its reader"


def test_what_the_replica_does_not_have_yet_is_looked_for_on_the_primary(two: replica.ReadReplica) -> None:
    assert two(RequestFactory().get("/new/")).content == b"default"
    missing = two(RequestFactory().get("/nowhere/"))
    assert (missing.status_code, missing.content) == (404, b"True")
    two.lag.has_primary = False
    assert two(RequestFactory().get("/new/")).status_code == 404, "nobody waits for a primary that is away"


def test_readiness_says_that_the_primary_is_away(two: replica.ReadReplica, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "problems", lambda: [])
    two.get_response = health.readyz
    request = RequestFactory().get("/readyz")
    assert b"primary" not in two(request).content
    two.lag.has_primary = False
    assert two(request).status_code == 200 and b"The primary does not answer" in two(request).content


def test_the_primary_is_back_after_an_error(two: replica.ReadReplica) -> None:
    with pytest.raises(AssertionError):
        two(RequestFactory().get("/fails/"))
    assert connection.alias == "default"


def test_the_primary_is_used_when_the_replica_cannot_be_reached(
    two: replica.ReadReplica, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise OperationalError

    monkeypatch.setattr(connections["replica"], "ensure_connection", refuse)
    assert two(RequestFactory().get("/")).content == b"default"


@pytest.mark.parametrize(("method", "path"), [("POST", "/admin/claim/1/"), ("GET", "/admin/"), ("POST", "/challenge/")])
def test_an_editor_who_wrote_is_remembered_for_longer_than_the_replica_may_be_behind(
    two: replica.ReadReplica, method: str, path: str
) -> None:
    cookies = two(RequestFactory().generic(method, path)).cookies
    assert ("wrote" in cookies) == (method == "POST" and path.startswith("/admin/"))
    assert all(one["max-age"] > settings.REPLICA_MAX_LAG for one in cookies.values())


def test_without_a_replica_there_is_no_middleware() -> None:
    with pytest.raises(MiddlewareNotUsed):
        replica.ReadReplica(HttpResponse)


#: (second, where the primary is, where the replica is, whether readers may use it); None: it does not answer.
HISTORY: list[tuple[int, int | None, int | None, bool]] = [
    (0, 100, 90, False),
    (1, 200, 100, True),
    (5, 300, 200, True),
    (9, 400, 200, False),
    (11, 500, 500, True),
    (12, 600, None, False),
    (13, 600, 600, False),
    (22, 600, 600, True),
    (23, None, 600, True),
    (33, 900, 600, False),
]


def test_a_replica_is_used_while_it_holds_what_was_committed_five_seconds_ago(monkeypatch: pytest.MonkeyPatch) -> None:
    second = 0
    at: dict[str, int | None] = {}

    def place(alias: str, question: str) -> int:
        if (found := at[alias]) is None:
            raise DatabaseError
        return found

    monkeypatch.setattr(replica, "place", place)
    lag = replica.Lag(5, lambda: second)
    for second, primary, follower, used in HISTORY:
        at |= {"default": primary, "replica": follower}
        assert lag.is_small() == used, f"second {second}"
    assert lag.has_primary
    at["default"], second = None, 50
    lag.is_small()
    assert not lag.has_primary


def test_a_replica_is_bounded_when_it_stands_still(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replica, "place", lambda alias, question: {"default": 1, "replica": 0}[alias])
    lag = replica.Lag(5, iter(range(1000)).__next__)
    assert not any(lag.is_small() for _ in range(1000))
    assert len(lag.ahead) < 20


@pytest.mark.django_db
@pytest.mark.crossing
def test_the_places_of_two_servers_can_be_compared() -> None:
    if connection.vendor == "postgresql":
        assert 0 < replica.place("default", replica._PRIMARY_AT) <= replica.place("default", replica._REPLICA_AT)


def test_a_pool_keeps_the_connections_instead_of_django() -> None:
    shown = settings_with(
        "[(d['CONN_MAX_AGE'], d['OPTIONS']['pool']['max_size'], d['HOST']) for d in s.DATABASES.values()]",
        SECRET_KEY=KEY,
        DATABASE_URL="postgres://kb@127.0.0.1/kb",
        REPLICA_URL="postgres://kb@127.0.0.2/kb",
        DATABASE_POOL="8",
    )
    assert shown == "[(0, 8, '127.0.0.1'), (0, 8, '127.0.0.2')]"
