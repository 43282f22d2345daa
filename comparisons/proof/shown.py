"""What the page of a claim shows of its proof: the program, what came out, and how to repeat it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from django.utils.functional import cached_property
from django.utils.safestring import SafeString

from comparisons.domain.freshness import version_numbers
from comparisons.domain.vocabulary import ProofOutcome
from comparisons.language.markdown import highlighted
from comparisons.models import Claim, Run

from . import probes

#: Runs that are listed.
MOST = 12


class Program(NamedTuple):
    """A program as a page shows it. is_changed: whether it is another one than the run that is shown was made with.

    is_for_criterion: whether it is told the framework and the value of the claim.
    """

    name: str
    code: SafeString
    lines: int
    requires: tuple[str, ...]
    is_changed: bool
    is_for_criterion: bool


class Proof:
    """The runs of a claim, and its program as it is in the fixtures today.

    The newest version comes first; runs of a program of its own come before those of one for the whole criterion.
    """

    def __init__(self, claim: Claim, runs: list[Run], folder: Path):
        self.claim, self.folder = claim, folder
        ordered = sorted(runs, key=lambda run: (version_numbers(run.version), run.ran_on), reverse=True)
        self.runs = sorted(ordered[:MOST], key=lambda run: run.probe.startswith(f"{probes.CRITERIA}/"))

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
            found = probes.named(self.folder, self.newest.probe)
        except (OSError, probes.InvalidProbe):
            return None
        return Program(
            f"{found.key}.py",
            highlighted(found.code),
            found.code.count("\n"),
            found.requires,
            found.digest != self.newest.digest,
            found.is_for_criterion,
        )


def newest_runs(claims: Iterable[Claim]) -> list[Run]:
    """The run of each program of these claims with the newest version in which it ended, in their order; one query."""
    place = {claim.pk: number for number, claim in enumerate(claims)}
    runs = Run.objects.filter(claim__in=place).exclude(outcome=ProofOutcome.CANNOT_RUN).select_related("claim")
    newest: dict[tuple[int, str], Run] = {}
    for run in sorted(runs.newest_first(), key=lambda run: version_numbers(run.version), reverse=True):
        newest.setdefault((place[run.claim_id], run.probe), run)
    return [newest[key] for key in sorted(newest)]


def proof_of(claim: Claim, folder: Path) -> Proof | None:
    """The proof of a claim; None if no program of it was ever run. One query."""
    runs = list(Run.objects.filter(claim=claim).newest_first())
    return Proof(claim, runs, folder) if runs else None
