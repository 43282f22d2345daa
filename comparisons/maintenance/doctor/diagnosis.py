"""What an examination finds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

#: All is well; worth a look, though the site works; something is broken.
OK, LOOK, BAD = "ok", "look", "bad"


@dataclass(frozen=True)
class Diagnosis:
    """The state of one part of the site (OK, LOOK or BAD), what was found there, and what to do about it."""

    part: str
    state: str
    found: str
    remedy: str = ""

    def __str__(self) -> str:
        remedy = f" → {self.remedy}" if self.remedy else ""
        return f"{self.state:<6}{self.part:<12}{self.found}{remedy}"


#: An examination of one part.
Diagnoses = Iterator[Diagnosis]


def megabytes(size: float) -> str:
    """A size in bytes as it is read best: with a decimal below ten megabytes."""
    return f"{size / 1_000_000:,.1f} MB" if size < 10_000_000 else f"{size / 1_000_000:,.0f} MB"
