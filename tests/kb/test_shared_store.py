"""Two servers with one PostgreSQL and one Redis: what is committed is on both within a second."""

from __future__ import annotations

import os
import time

import pytest
import redis
from django.db import connection

from tests.conftest import SECOND_DOMAIN
from tests.serving import free_port, postgres_database, served, skip_unless_ci

pytestmark = [
    pytest.mark.crossing,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="its servers use PostgreSQL on either database"),
]
CACHE = os.environ.get("TEST_REDIS_URL") or "redis://127.0.0.1:6379/11"
#: Seconds after a commit from which on nobody sees what was before.
LIMIT = 1.0
#: Rename a framework in a process of its own; print its slug when that is committed.
RENAME = """
import time
from comparisons.models import Framework
row = Framework.objects.first()
row.name = "Renamed"
row.save()
print(time.time())
"""


def test_a_commit_is_on_every_server_within_a_second() -> None:
    try:
        redis.Redis.from_url(CACHE).ping()
    except redis.ConnectionError:
        skip_unless_ci("no Redis answers; name one in TEST_REDIS_URL")
    settings = {"CACHE_URL": CACHE, "SITE_URL": f"http://localhost:{free_port()}", "WEB_WORKERS": "1"}
    with (
        postgres_database() as url,
        served(url, SECOND_DOMAIN, **settings) as one,
        served(beside=one) as other,
    ):
        for site in (one, other):
            assert "Renamed" not in site.get("/task-queues/").text
        kept = one.get("/task-queues/", Accept_Encoding="br")
        assert other.get("/task-queues/", Accept_Encoding="br").headers["etag"] == kept.headers["etag"]
        committed = float(one.run(RENAME))
        for site in (other, one):
            while "Renamed" not in site.get("/task-queues/").text:
                assert time.time() < committed + LIMIT, "a server still shows what was before"
        assert other.get("/task-queues/", Accept_Encoding="br").headers["etag"] != kept.headers["etag"]
