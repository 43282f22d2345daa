"""What the page of a claim shows of its proof: the program, what came out, and how to repeat it."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from django.utils.functional import cached_property
from django.utils.safestring import SafeString

from comparisons.domain.freshness import version_numbers
from comparisons.language.markdown import highlighted
from comparisons.models import Claim, Run

from . import probes

#: Runs that are listed.
MOST = 12


class Program(NamedTuple):
    """A program as a page shows it. is_changed: whether it is another one than the run that is shown was made with."""

    name: str
    code: SafeString
    lines: int
    requires: tuple[str, ...]
    is_changed: bool


class Proof:
    """The runs of a claim, the newest version first, and its program as it is in the fixtures today."""

    def __init__(self, claim: Claim, runs: list[Run], folder: Path):
        self.claim, self.folder = claim, folder
        self.runs = sorted(runs, key=lambda run: (version_numbers(run.version), run.ran_on), reverse=True)[:MOST]

    @property
    def newest(self) -> Run:
        """The run with the newest version that ended; if none did, the one with the newest version."""
        return next((run for run in self.runs if run.has_ended), self.runs[0])

    @property
    def held_before(self) -> bool:
        """Whether the claim held with a version before that of the newest run."""
        return any(run.outcome == "holds" for run in self.runs if run != self.newest)

    @cached_property
    def program(self) -> Program | None:
        """None if this installation has no such file, or a file that is no program of a claim."""
        try:
            found = probes.read(self.folder / probes.FOLDER / f"{self.newest.probe}.py")
        except (OSError, probes.InvalidProbe):
            return None
        return Program(
            found.path.name,
            highlighted(found.code),
            found.code.count("\n"),
            found.requires,
            found.digest != self.newest.digest,
        )


def proof_of(claim: Claim, folder: Path) -> Proof | None:
    """The proof of a claim; None if no program of it was ever run. One query."""
    runs = list(Run.objects.filter(claim=claim).newest_first())
    return Proof(claim, runs, folder) if runs else None
