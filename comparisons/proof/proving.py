"""Run the probes of claims, store what came out, and draw what follows: a check, or a change for the editors."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from comparisons.domain.freshness import version_numbers
from comparisons.domain.vocabulary import ProofOutcome, Status
from comparisons.editing import proposals
from comparisons.models import Check, Claim, Proposal, Release, Run, StaleVersion

from . import sandbox
from .environments import NotInstalled, make
from .probes import Probe


class NothingToRun(Exception):
    """What was asked for cannot be run; the message says why."""


@dataclass(frozen=True)
class Job:
    """A probe that is to be run with a version of the framework of its claim."""

    claim: Claim
    probe: Probe
    version: str
    package: str


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
    probes: dict[str, Probe],
    *,
    frameworks: Collection[str] = (),
    claims: Collection[str] = (),
    version: str = "",
    newest: bool = False,
    again: bool = False,
) -> list[Job]:
    """What is to be run, ordered so that one environment follows another; four queries.

    frameworks, claims: only those about them; all if neither is given. version: of the framework; without it each probe
    runs with the version of its newest run, or with the newest release if it never ran or `newest` is asked for.
    again: also what ran today with the same program and version, which is how a stopped run goes on. Claims that
    readers do not see are left out. Raises NothingToRun for a claim without a probe.
    """
    if missing := sorted(set(claims) - probes.keys()):
        raise NothingToRun(_("No program proves %(claims)s.") % {"claims": ", ".join(missing)})
    found = Claim.objects.published().filter(key__in=claims or list(probes), framework__isnull=False)
    if frameworks:
        found = found.filter(framework__slug__in=frameworks)
    last = _last_runs(found)
    released = _newest_releases()
    chosen = []
    for claim in found.select_related("framework").order_by("key"):
        about, probe, run = claim.framework, probes[claim.key], last.get(claim.pk)
        if not about.package_name:
            continue
        wanted = version or ("" if newest or run is None else run.version) or released.get(about.pk, "")
        ran_today = run is not None and run.ran_on == timezone.localdate()
        is_done = ran_today and run is not None and (run.version, run.digest) == (wanted, probe.digest)
        if wanted and (again or not is_done):
            chosen.append(Job(claim, probe, wanted, about.package_name))
    return sorted(
        chosen, key=lambda job: (job.package, job.probe.requirements(job.package, job.version), job.probe.key)
    )


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
        made = make(environments, job.probe.requirements(job.package, job.version), python)
    except NotInstalled as error:
        return ProbeResult(job, ProofOutcome.CANNOT_RUN, str(error), 0)
    ended = sandbox.run(job.probe.path, made.interpreter, [made.path], seconds)
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


def _last_runs(claims: object) -> dict[int, Run]:
    """The newest run of each claim that could be run; one query."""
    runs = Run.objects.filter(claim__in=claims).exclude(outcome=ProofOutcome.CANNOT_RUN).newest_first()
    last: dict[int, Run] = {}
    for one in runs:
        last.setdefault(one.claim_id, one)
    return last


def _newest_releases() -> dict[int, str]:
    """The highest version of each framework that is out; one query."""
    rows = Release.objects.filter(released_on__lte=timezone.localdate()).order_by()
    newest: dict[int, str] = {}
    for framework, version in rows.values_list("framework_id", "version_number"):
        if version_numbers(version) > version_numbers(newest.get(framework, "")):
            newest[framework] = version
    return newest
