"""Browsers of users of the admin, in every role."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.core.management import call_command
from django.test import Client
from pytest_django import DjangoDbBlocker

from .rights import ROLES, client_of, fill
from .users import log_in, make_user


@pytest.fixture
def chief(db: None) -> Client:
    """A superuser's browser."""
    return log_in(make_user("chief"))


@pytest.fixture
def browser(db: None) -> Callable[..., Client]:
    """A browser of a new user: browser("edgar", role="editor")."""
    return lambda name, role="editor": log_in(make_user(name, role=role))


@pytest.fixture
def rita(browser: Callable[..., Client]) -> Client:
    """A reviewer's browser."""
    return browser("rita", role="reviewer")


@pytest.fixture(scope="module")
def clients(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, Client]]:
    """A browser of every role, with one record of each kind to act on."""
    with django_db_blocker.unblock():
        fill()
        yield {role: client_of(role) for role in ROLES}
        call_command("flush", verbosity=0, interactive=False)
