"""No page of the admin fails on what is sent to it, whatever that is; who may send it is tested in test_rights.py."""

from __future__ import annotations

import os
from io import BytesIO
from typing import Any

import pytest
from django.test import Client

from .test_rights import pages

pytestmark = pytest.mark.django_db

#: Names that the forms of the admin read, and values that hardly any of them can use.
NAMES = (
    *("action", "_selected_action", "_save", "_continue", "version", "_version", "key", "slug", "status", "framework"),
    *("criterion", "level", "number", "published_on", "citations-TOTAL_FORMS", "citations-INITIAL_FORMS", "post"),
    *("citations-0-id", "levels-TOTAL_FORMS", "index", "step", "into", "new", "file", "token", "plan", "text"),
)
VALUES = ("", "0", "-1", "9" * 30, "1_000", "2026-02-30", "\0", "\ud800", "<b>", "é" * 3000, "[]", "null")
#: What pages are sent: one of these each, or all of them if EXAMPLES is set.
BODIES: list[dict[str, Any]] = [
    {"data": "[1, {}]", "content_type": "application/json"},
    {"data": b"\xff\xfe=%ff&a", "content_type": "application/x-www-form-urlencoded"},
    {"data": b"--b\r\nContent-Disposition: form-data; name=", "content_type": "multipart/form-data; boundary=b"},
    {"data": {name: ["a", "b"] for name in NAMES}},
    *({"data": {name: value.encode("utf-8", "surrogatepass") for name in NAMES}} for value in VALUES),
]
ALL = bool(os.environ.get("EXAMPLES"))
ANSWERS = {200, 302, 400, 403, 404, 405, 409, 410}


def some_pages() -> list[str]:
    """The addresses of every fourth page; of each if EXAMPLES is set."""
    return [url for url, _readers in pages().values()][:: 1 if ALL else 4]


def test_no_body_makes_a_page_of_the_admin_fail(clients: dict[str, Client]) -> None:
    addresses = some_pages()
    for turn in range(len(BODIES) if ALL else 1):
        for number, url in enumerate(addresses):
            body = BODIES[(number + turn) % len(BODIES)]
            assert clients["superuser"].post(url, **body).status_code in ANSWERS, (url, body)


def test_no_file_makes_a_page_of_the_admin_fail(clients: dict[str, Client]) -> None:
    for url in some_pages():
        files = {name: BytesIO(b"\0\xff") for name in NAMES}
        assert clients["superuser"].post(url, files).status_code in ANSWERS, url
