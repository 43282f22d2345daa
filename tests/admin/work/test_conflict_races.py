"""Editors who save the same record at the same moment: one save wins, and the others are refused."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin

from comparisons.models import Claim, Release
from tests import factories as make
from tests.admin.forms import opened, send, with_citation
from tests.admin.users import log_in, make_user
from tests.threads import at_once

pytestmark = pytest.mark.crossing


def race(monkeypatch: pytest.MonkeyPatch, model: type[Any], jobs: list[Callable[[], int]]) -> list[int]:
    """Run the saves at the same time, all past the first check of the version; their statuses, in the order of jobs."""
    ready = threading.Barrier(len(jobs))
    model_admin = admin.site._registry[model]
    look = model_admin.check_version

    def look_and_wait(*args: Any) -> None:
        look(*args)
        ready.wait(timeout=20)

    monkeypatch.setattr(model_admin, "check_version", look_and_wait)
    return at_once(*jobs)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("changed", ["statement", "citations-0-says"])
def test_of_editors_who_save_at_the_same_moment_one_wins(monkeypatch: pytest.MonkeyPatch, changed: str) -> None:
    claim = make.make_claim(statement="As it was.")
    version = claim.version
    clients = [log_in(make_user(f"editor-{number}")) for number in range(4)]
    forms = [opened(client, claim) for client in clients]
    jobs = [
        lambda place=place: send(clients[place], claim, forms[place], **{changed: f"By {place}"}).status_code
        for place in range(4)
    ]
    statuses = race(monkeypatch, Claim, jobs)
    claim.refresh_from_db()
    winner = f"By {statuses.index(302)}"
    assert sorted(statuses) == [302, 409, 409, 409]
    assert claim.version == version + 1
    assert winner in (claim.statement, claim.citations.get().says)


@pytest.mark.django_db(transaction=True)
def test_of_a_save_and_a_citation_at_the_same_moment_one_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    claim, article = make.make_claim(), make.make_article()
    ada, ben = log_in(make_user("ada")), log_in(make_user("ben"))
    text, cited = opened(ada, claim), with_citation(opened(ben, claim), article)
    jobs = [
        lambda: send(ada, claim, text, statement="Ada's.").status_code,
        lambda: send(ben, claim, cited).status_code,
    ]
    statuses = race(monkeypatch, Claim, jobs)
    claim.refresh_from_db()
    assert sorted(statuses) == [302, 409]
    assert (claim.statement == "Ada's.") != claim.citations.filter(article=article).exists()


@pytest.mark.django_db(transaction=True)
def test_the_update_alone_refuses_what_the_first_look_let_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    release = make.make_release(make.make_framework(), "1.0")
    ada, ben = log_in(make_user("ada")), log_in(make_user("ben"))
    form = opened(ben, release)
    send(ada, release, opened(ada, release), note="Ada's")
    monkeypatch.setattr(admin.site._registry[Release], "check_version", lambda *args: None)
    assert send(ben, release, form, note="Ben's").status_code == 409
