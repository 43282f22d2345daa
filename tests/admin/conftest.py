"""Editors of the admin, and a way to fill its forms as a browser does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

#: What a role may not do.
ROLES = {"editor": ("publish_claim", "judge_claim"), "reviewer": ()}


def make_user(name: str, *, role: str = "", **fields: Any) -> User:
    """role: "" for a superuser; "editor" may edit everything; "reviewer" may publish and judge as well."""
    user = User.objects.create_user(name, is_staff=True, is_superuser=not role, **fields)
    if role:
        granted = Permission.objects.filter(content_type__app_label="comparisons")
        user.user_permissions.set(granted.exclude(codename__in=ROLES[role]))
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
