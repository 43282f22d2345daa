"""Most pages show what is, not what was: their worlds are made without a history, which is a fifth of the work."""

from __future__ import annotations

from typing import Any

import pytest

WITH_HISTORY = ("test_claim.py", "test_home.py", "test_metadata.py", "test_redirects.py", "test_search.py")


@pytest.fixture(autouse=True)
def history(request: pytest.FixtureRequest, settings: Any) -> None:
    """Keep a history in the tests that read one."""
    settings.SIMPLE_HISTORY_ENABLED = request.path.name in WITH_HISTORY
