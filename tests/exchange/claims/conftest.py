"""What the files of these tests name."""

from __future__ import annotations

import pytest

from tests.factories import make_article, make_criterion, make_framework


@pytest.fixture
def base(db: None) -> None:
    """What files of these tests name."""
    make_framework("django")
    make_framework("flask")
    make_criterion("orm", levels=("built-in", "addon", "none"))
    make_criterion("pace", "number")
    make_criterion("aim")
    make_article("docs")
    make_article("blog")
