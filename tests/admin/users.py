"""Users of the admin, and their browsers."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group, User
from django.test import Client


def make_user(name: str, *, role: str = "", **fields: Any) -> User:
    """A new user. role: a group ("viewer", "editor" or "reviewer"), or "" for a superuser."""
    user = User.objects.create_user(name, is_staff=True, is_superuser=not role, **fields)
    if role:
        user.groups.add(Group.objects.get(name=role))
    return user


def log_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client
