"""What an editor entered comes back when the database could not be written, and can be sent again."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import InternalError, OperationalError, connection
from django.test import Client
from django.urls import reverse

from comparisons.models import CriterionGroup
from comparisons.views.errors import READ_ONLY
from tests.admin.users import log_in, make_user

pytestmark = [pytest.mark.django_db]


class RefusedByServer(Exception):
    sqlstate = READ_ONLY


@contextmanager
def writes_fail(error: Exception, cause: Exception | None = None) -> Iterator[None]:
    """Let every write end in this error."""

    def refuse(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(("INSERT", "UPDATE", "DELETE")):
            raise error from cause
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        yield


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (OperationalError("database is locked"), None),
        (OperationalError("database or disk is full"), None),
        (OperationalError("attempt to write a readonly database"), None),
        (OperationalError("canceling statement due to statement timeout"), None),
        (InternalError("cannot execute UPDATE in a read-only transaction"), RefusedByServer()),
    ],
)
def test_what_could_not_be_saved_is_given_back_and_can_be_sent_again(error: Exception, cause: Exception | None) -> None:
    editor = log_in(make_user("chief"))
    address = reverse("admin:comparisons_criteriongroup_add")
    entered = {"name": "Speed & <size>", "slug": "speed", "order": "1", "order_of_tags": "b"}
    with writes_fail(error, cause):
        answer = editor.post(address, entered)
    page = answer.content.decode()
    assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (503, "30", "no-store")
    assert "Nothing was saved" in page and "Speed &amp; &lt;size&gt;</dd>" in page
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page)
    assert dict(fields) == {name: html.escape(value) for name, value in entered.items()}
    editor.post(address, {name: html.unescape(value) for name, value in fields})
    assert CriterionGroup.objects.get().name == "Speed & <size>"


def test_a_password_is_never_given_back() -> None:
    entered = {"username": "chief", "password": "correct horse battery"}
    make_user(**{"name": "chief", "password": entered["password"]})
    with writes_fail(OperationalError("database is locked")):
        answer = Client().post(reverse("admin:login"), entered)
    assert answer.status_code == 503
    assert b"correct horse" not in answer.content


@pytest.mark.parametrize("error", [InternalError("the index is damaged"), ValueError("a mistake")])
def test_an_error_of_another_kind_is_not_taken_for_a_busy_database(error: Exception) -> None:
    editor = log_in(make_user("chief"))
    editor.raise_request_exception = False
    with writes_fail(error):
        answer = editor.post(reverse("admin:comparisons_criteriongroup_add"), {"name": "Speed", "slug": "speed"})
    assert answer.status_code != 503
