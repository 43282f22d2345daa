"""What a process of the server has loaded: what readers need, and the rest when somebody asks for it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.serving import Site, sqlite_with_tables

pytestmark = pytest.mark.any_database

#: Loads the site as its server does, asks for pages, and prints the status of each and whether the admin is loaded.
_ASKING = """
import sys
from concurrent.futures import ThreadPoolExecutor
from kb import serve
site = serve.load()
from django.test import Client
def ask(path): return Client().get(path).status_code
def loaded(): return any(name.startswith("comparisons.admin") for name in sys.modules)
print(*map(ask, {public!r}), loaded())
with ThreadPoolExecutor(8) as clients:
    print(*set(clients.map(ask, ["/admin/login/"] * 8)), loaded())
print(*map(ask, {public!r}), ask("/admin/"), ask("/admin/comparisons/claim/"), ask("/admin/nothing/"))
"""
PUBLIC = ["/matrix/", "/frameworks/", "/search/?q=async", "/about/method/", "/api/v1/frameworks", "/nothing/"]


def test_the_admin_is_loaded_when_somebody_asks_for_it(tmp_path: Path) -> None:
    settings = {
        "DJANGO_SETTINGS_MODULE": "kb.settings",
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": sqlite_with_tables(tmp_path / "kb.sqlite3"),
        "CACHE_URL": "",
        "DEBUG": "1",
        "ALLOWED_HOSTS": "testserver",
    }

    assert Site(0, {**os.environ, **settings}).run(_ASKING.format(public=PUBLIC)).splitlines() == [
        "200 200 200 200 200 404 False",
        "200 True",
        "200 200 200 200 200 404 302 302 302",
    ]
