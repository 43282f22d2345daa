"""Editors of the admin, and a way to fill its forms as a browser does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client


def make_user(name: str, *, role: str = "", **fields: Any) -> User:
    """role: "" for a superuser, else the group: "viewer", "editor" or "reviewer"."""
    user = User.objects.create_user(name, is_staff=True, is_superuser=not role, **fields)
    if role:
        user.groups.add(Group.objects.get(name=role))
    return user


def log_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def chief(db: None) -> Client:
    """A superuser's browser."""
    return log_in(make_user("chief"))


@pytest.fixture
def browser(db: None) -> Callable[..., Client]:
    """A browser of a new user: browser("edgar", role="editor")."""
    return lambda name, role="editor": log_in(make_user(name, role=role))
