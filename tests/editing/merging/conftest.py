"""People who may merge."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from tests.admin.conftest import make_user


@pytest.fixture
def chief(db: None) -> User:
    return make_user("chief")


@pytest.fixture
def rita(db: None) -> User:
    return make_user("rita", role="reviewer")
