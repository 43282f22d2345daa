"""What a check reports, and the list of rules that are checked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple


class Problem(NamedTuple):
    """A broken rule: the code of the rule, the record that breaks it, and what to do."""

    rule: str
    record: str
    message: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.record}: {self.message}"


Rule = Callable[[], Iterator[Problem]]
RULES: list[Rule] = []


def rule(check: Rule) -> Rule:
    """Add a function to the rules that `check_all` runs."""
    RULES.append(check)
    return check
