"""A few writers killed in each run of the tests; `python -m tests.kill` kills more."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from .trial import trial
from .writer import KINDS


@pytest.mark.django_db(transaction=True)
@pytest.mark.crossing
def test_a_killed_writer_loses_nothing_and_leaves_nothing_by_half(second_domain: Path) -> None:
    chance = Random(6)  # noqa: S311
    for number, kind in enumerate(KINDS):
        trial(kind, f"token{number:04}", chance)
