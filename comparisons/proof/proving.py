"""Run the probes of claims, store what came out, and draw what follows: a check, or a change for the editors."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from comparisons.domain.freshness import version_numbers
from comparisons.domain.statements import NOT_COUNTED
from comparisons.domain.vocabulary import ClaimKind, ProofOutcome, Status
from comparisons.editing import proposals
from comparisons.models import Check, Claim, Criterion, Proposal, Release, Run, StaleVersion
from comparisons.models.addresses import Addressed, present_slugs
from comparisons.models.batches import BATCH, batched

from . import sandbox
from .environments import NotInstalled, make
from .probes import Probe


class NothingToRun(Exception):
    """What was asked for cannot be run; the message says why."""


@dataclass(frozen=True)
class Job:
    """A probe that is to be run with a version of the framework of its claim. arguments: what it is told."""

    claim: Claim
    probe: Probe
    version: str
    package: str
    arguments: tuple[str, ...] = ()

    @property
    def requirements(self) -> tuple[str, ...]:
        """What its environment holds, sorted."""
        about = self.claim.framework
        return self.probe.requirements(self.package, self.version, about.slug if about else "")


@dataclass(frozen=True)
class ProbeResult:
    """What came out of a job. packages: name and version on a line each."""

    job: Job
    outcome: ProofOutcome
    output: str
    seconds: float
    packages: str = ""
    python: str = ""


def jobs(
    probes: Mapping[str, Probe],
    by_criterion: Mapping[str, Probe] = MappingProxyType({}),
    *,
    frameworks: Collection[str] = (),
    claims: Collection[str] = (),
    criteria: Collection[str] = (),
    version: str = "",
    newest: bool = False,
    again: bool = False,
) -> list[Job]:
    """What is to be run, ordered so that one environment follows another; seven queries.

    probes: by claim. by_criterion: those for criteria, by their slugs. frameworks, claims, criteria: only what is about
    all of them that are given; criteria leave out the programs of single claims. version: of the framework; without it
    each probe runs with the version of its newest run, or with the newest release if it never ran or `newest` is asked
    for.
    again: also what ran today with the same program and version, which is how a stopped run goes on. Claims that
    readers do not see, and those judged wrong or outdated, are left out. A program that has the former address of a
    claim or a criterion is one of the record that it leads to. Raises NothingToRun for a claim or a criterion
    without a probe.
    """
    own_programs = _of_present(probes, Claim)
    by_criterion = {slug: found[0] for slug, found in _of_present(by_criterion, Criterion).items()}
    counted = Claim.objects.published().exclude(verdict__in=sorted(NOT_COUNTED))
    found = counted.filter(framework__isnull=False)
    if frameworks:
        found = found.filter(framework__slug__in=frameworks)
    if claims:
        found = found.filter(key__in=claims)
    own = found.none() if criteria else found.filter(key__in=list(own_programs))
    in_cells = _to_be_proved(found, criteria or list(by_criterion))
    joined = ("framework", "criterion", "level")
    pairs: list[tuple[Any, Probe, tuple[str, ...]]] = [
        (claim, probe, ()) for claim in own.select_related(*joined) for probe in own_programs[claim.key]
    ]
    for claim in in_cells.select_related(*joined) if by_criterion else ():
        probe, about, value = by_criterion.get(claim.criterion.slug), claim.framework.slug, _value_of(claim)
        if probe and value and about not in probe.without:
            pairs.append((claim, probe, (about, value)))
    missing = (
        set(claims) - own_programs.keys() - {claim.key for claim, *_rest in pairs} | set(criteria) - by_criterion.keys()
    )
    if missing:
        raise NothingToRun(_("No program proves %(claims)s.") % {"claims": ", ".join(sorted(missing))})
    last = _last_runs([claim.pk for claim, *_rest in pairs])
    released = _newest_releases()
    chosen = []
    for claim, probe, arguments in pairs:
        about, run = claim.framework, last.get((claim.pk, probe.key))
        if not about.package_name:
            continue
        wanted = version or ("" if newest or run is None else run.version) or released.get(about.pk, "")
        ran_today = run is not None and run.ran_on == timezone.localdate()
        is_done = ran_today and run is not None and (run.version, run.digest) == (wanted, probe.digest)
        if wanted and (again or not is_done):
            chosen.append(Job(claim, probe, wanted, about.package_name, arguments))
    return sorted(chosen, key=lambda job: (job.package, job.requirements, job.probe.key, job.claim.key))


def _of_present(probes: Mapping[str, Probe], model: type[Addressed]) -> dict[str, list[Probe]]:
    """Programs by the address that their record has now; the one that is called by it first. One query."""
    now = present_slugs(model) if probes else {}
    found: dict[str, list[Probe]] = {}
    for key in sorted(probes, key=now.__contains__):
        found.setdefault(now.get(key, key), []).append(probes[key])
    return found


def _to_be_proved(claims: Any, criteria: Collection[str]) -> Any:
    """Those claims under criteria that a program can prove: facts that have no end."""
    kinds = (ClaimKind.CAPABILITY, ClaimKind.FIGURE)
    return claims.filter(until_version="", criterion__slug__in=criteria, kind__in=kinds)


def _value_of(claim: Claim) -> str:
    """The value of a claim as a program is told it; empty if it has none."""
    if claim.level is not None:
        return claim.level.slug
    return f"{claim.number.normalize():f}" if claim.number is not None else claim.text


def run_all(
    chosen: list[Job], environments: Path, *, python: str, workers: int = 1, seconds: float = sandbox.TIME
) -> Iterator[ProbeResult]:
    """Run jobs, several at a time, and give each finding as it comes. Nothing is stored; ending it early is safe."""
    waiting, running = iter(chosen), set[Future[ProbeResult]]()
    with ThreadPoolExecutor(workers) as pool:
        try:
            while True:
                while len(running) < workers and (job := next(waiting, None)) is not None:
                    running.add(pool.submit(run, job, environments, python, seconds))
                if not running:
                    return
                done, running = wait(running, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in done)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def run(job: Job, environments: Path, python: str = sys.executable, seconds: float = sandbox.TIME) -> ProbeResult:
    """Run one job; python: the interpreter, by its path or version.

    Only a program that ended by itself holds or fails; one that could not be run says nothing.
    """
    try:
        made = make(environments, job.requirements, python)
    except NotInstalled as error:
        return ProbeResult(job, ProofOutcome.CANNOT_RUN, str(error), 0)
    if not job.probe.runs_on(made.python):
        said = _("It needs Python %(wanted)s; this is %(found)s.") % {"wanted": job.probe.python, "found": made.python}
        return ProbeResult(job, ProofOutcome.CANNOT_RUN, said, 0, python=made.python)
    ended = sandbox.run(job.probe.path, made.interpreter, [made.path, *job.probe.beside], seconds, job.arguments)
    if ended.code is None:
        outcome, output = ProofOutcome.CANNOT_RUN, ended.output + _("\nStopped after %(n)d s.") % {"n": seconds}
    else:
        outcome, output = ProofOutcome.FAILS if ended.code else ProofOutcome.HOLDS, ended.output
    packages = "\n".join(f"{name} {version}" for name, version in sorted(made.versions.items()))
    return ProbeResult(job, outcome, output.strip("\n"), ended.seconds, packages, made.python)


@transaction.atomic
def store(finding: ProbeResult) -> Run:
    """Store a finding as the run of its claim with that version, and what follows from it.

    A claim that holds is checked with the version, which clears its recheck. One that fails stays as it is: its run
    stands on the desk and, where it held with an earlier version, a change waits for review that lets it end there.
    """
    job, today = finding.job, timezone.localdate()
    stored, _is_new = Run.objects.update_or_create(
        claim=job.claim,
        probe=job.probe.key,
        version=job.version,
        defaults={
            "python": finding.python,
            "outcome": finding.outcome,
            "ran_on": today,
            "milliseconds": round(1000 * finding.seconds),
            "packages": finding.packages,
            "output": finding.output,
            "digest": job.probe.digest,
            "is_isolated": sandbox.has_bubblewrap(),
        },
    )
    claim = Claim.objects.select_for_update().get(pk=job.claim.pk)
    if claim.version != job.claim.version or claim.status != Status.PUBLISHED:
        return stored  # it says something else now; the run stays on record
    if finding.outcome == ProofOutcome.HOLDS:
        _check(claim, job.version)
    elif finding.outcome == ProofOutcome.FAILS:
        _propose_end(claim, job.version)
    return stored


def _check(claim: Claim, version: str) -> None:
    """Record that a machine checked a claim with a version; a check of the same text by a machine moves to today."""
    today = timezone.localdate()
    of_claim = Check.objects.filter(claim=claim, version=version)
    if of_claim.filter(checked_on=today).exists():
        return
    earlier = of_claim.of_present_texts().filter(by=None, holds=True, note=_note()).first()
    check = earlier or Check(claim=claim, version=version, note=_note())
    check.checked_on = today
    check.save()


def _note() -> str:
    return _("Proved by running its program.")


def _propose_end(claim: Claim, version: str) -> None:
    """Propose that a claim ends with the newest version before this one in which it held, if there is one."""
    held = [run.version for run in claim.runs.filter(outcome=ProofOutcome.HOLDS)]
    before = [one for one in held if version_numbers(one) < version_numbers(version)]
    if not before or claim.until_version or Proposal.objects.of(claim).waiting().exists():
        return

    def end() -> None:
        claim.until_version = max(before, key=version_numbers)
        claim.save()

    try:
        proposals.propose_edit(claim, end, by=None)
    except (StaleVersion, proposals.ProposalRefused):
        return  # somebody is at it already; the run stands on the desk


def _last_runs(claims: list[int]) -> dict[tuple[int, str], Run]:
    """The newest run of each claim and program that ended; a query for every batch."""
    last: dict[tuple[int, str], Run] = {}
    for batch in batched(claims, BATCH):
        for one in Run.objects.filter(claim__in=batch).exclude(outcome=ProofOutcome.CANNOT_RUN).newest_first():
            last.setdefault((one.claim_id, one.probe), one)
    return last


def _newest_releases() -> dict[int, str]:
    """The highest version of each framework that is out and was not taken back; one query."""
    rows = Release.objects.filter(released_on__lte=timezone.localdate(), is_yanked=False).order_by()
    newest: dict[int, str] = {}
    for framework, version in rows.values_list("framework_id", "version_number"):
        if version_numbers(version) > version_numbers(newest.get(framework, "")):
            newest[framework] = version
    return newest
