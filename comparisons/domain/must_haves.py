"""What an answer has to be for a framework to be chosen from at all."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Must:
    """A must-have. levels: the slugs of those that meet it; else the figure must lie within the bounds given."""

    criterion: int
    levels: frozenset[str] = frozenset()
    at_least: Decimal | None = None
    at_most: Decimal | None = None

    def is_met(self, level: str | None, figure: Decimal | None) -> bool | None:
        """Whether an answer meets it; None where nothing tells. figure: of the benchmark that the row shows."""
        if self.at_least is None and self.at_most is None:
            return None if level is None else level in self.levels
        if figure is None:
            return None
        return (self.at_least is None or figure >= self.at_least) and (self.at_most is None or figure <= self.at_most)
