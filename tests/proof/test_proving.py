"""What follows from running the program of a claim."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from comparisons.domain.vocabulary import AddressKind, ProofOutcome
from comparisons.editing.merging import renaming
from comparisons.models import Check, Claim, Proposal, Run
from comparisons.proof import environments, probes, proving, sandbox
from comparisons.proof.proving import Job, ProbeResult
from tests import factories as make
from tests.admin.users import make_user
from tests.proof.programs import probe, this_environment, write, write_for_criterion

pytestmark = pytest.mark.django_db


@pytest.fixture
def claim() -> Claim:
    one = make.make_framework("one", package_name="One")
    make.make_release(one, "2.0", dt.date(2026, 1, 1))
    make.make_release(one, "2.10", dt.date(2026, 2, 1))
    make.make_release(one, "3.0", dt.date(2999, 1, 1))
    criterion = make.make_criterion("level", levels=("built-in", "none"))
    return make.make_claim(one, criterion, level="built-in", key="claim")


def finding(claim: Claim, folder: Path, outcome: ProofOutcome, version: str = "2.10", **options: Any) -> ProbeResult:
    job = Job(Claim.objects.get(pk=claim.pk), probe(folder, "claim", "pass\n"), version, "One")
    return ProbeResult(job, outcome, options.pop("output", ""), 1.25, "one 2.10", "3.13.0")


def test_each_published_claim_is_run_with_the_newest_release_that_is_out(claim: Claim, tmp_path: Path) -> None:
    found = {"claim": probe(tmp_path, "claim", "pass\n"), "draft": probe(tmp_path, "draft", "pass\n")}
    make.make_claim(claim.framework, claim.criterion, level="none", key="draft", status="draft", published_at=None)
    assert [(job.probe.key, job.version) for job in proving.jobs(found)] == [("claim", "2.10")]


@pytest.mark.parametrize("verdict", ["wrong", "outdated"])
def test_a_claim_that_does_not_count_is_not_run(claim: Claim, tmp_path: Path, verdict: str) -> None:
    found = {"claim": probe(tmp_path, "claim", "pass\n")}
    assert proving.jobs(found)
    Claim.objects.update(verdict=verdict, verdict_note="It is not so.", verdict_on=timezone.localdate())
    assert proving.jobs(found) == []


@pytest.mark.parametrize(
    ("asked", "version"),
    [({}, None), ({"again": True}, "2.0"), ({"newest": True}, "2.10"), ({"version": "1.0"}, "1.0")],
)
def test_what_ran_today_is_left_out_unless_asked_for(
    claim: Claim, tmp_path: Path, asked: dict[str, Any], version: str | None
) -> None:
    proving.store(finding(claim, tmp_path, ProofOutcome.HOLDS, "2.0"))
    chosen = proving.jobs({"claim": probe(tmp_path, "claim", "pass\n")}, **asked)
    assert [job.version for job in chosen] == ([version] if version else [])


def test_a_program_that_was_changed_runs_again(claim: Claim, tmp_path: Path) -> None:
    proving.store(finding(claim, tmp_path, ProofOutcome.HOLDS))
    assert len(proving.jobs({"claim": probe(tmp_path, "claim", "assert True\n")})) == 1


def test_a_program_follows_a_claim_that_was_renamed_or_merged(claim: Claim, tmp_path: Path) -> None:
    found = {key: probe(tmp_path, key, "pass\n") for key in ("claim", "other")}
    renamed = renaming.rename(claim, "renamed", by=make_user("chief"))
    assert [(job.claim.key, job.probe.key) for job in proving.jobs(found, claims=["renamed"])] == [("renamed", "claim")]
    renaming.redirect(AddressKind.CLAIM, "other", renamed.key)  # as a merge does
    told = [(job.claim.key, job.probe.key) for job in proving.jobs(found)]
    assert told == [("renamed", "claim"), ("renamed", "other")]


def test_a_program_for_a_criterion_follows_it_to_its_new_address(claim: Claim, tmp_path: Path) -> None:
    write_for_criterion(tmp_path, "level", "pass\n")
    programs = probes.for_criteria(tmp_path)
    renaming.rename(claim.criterion, "depth", by=make_user("chief"))
    for asked in ([], ["depth"]):
        assert [job.claim.key for job in proving.jobs({}, programs, criteria=asked)] == ["claim"]


def test_a_program_for_a_criterion_is_told_framework_and_value(claim: Claim, tmp_path: Path) -> None:
    two = make.make_framework("two", package_name="Two")
    make.make_release(two, "1.0", dt.date(2026, 1, 1))
    make.make_claim(two, claim.criterion, level="none", key="other")
    make.make_claim(two, claim.criterion, key="silent", kind="pitfall", impact="Bad.", remedy="Good.", polarity="con")
    old = make.make_claim(two, claim.criterion, level="built-in", key="old", until_version="0.9")
    write_for_criterion(tmp_path, "level", "import sys\nassert sys.argv[1:] == ['two', 'none'], sys.argv\n")
    programs = probes.for_criteria(tmp_path)
    told = [(job.claim.key, job.arguments) for job in proving.jobs({}, programs)]
    assert told == [("claim", ("one", "built-in")), ("other", ("two", "none"))]
    assert [job.claim.key for job in proving.jobs({}, programs, frameworks=["two"], criteria=["level"])] == ["other"]
    with pytest.raises(proving.NothingToRun, match="missing, old"):
        proving.jobs({}, programs, claims=[old.key], criteria=["missing"])


def test_what_a_program_for_a_criterion_finds_is_a_run_of_the_claim(
    claim: Claim, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_for_criterion(tmp_path, "level", "import sys, _shared\nassert sys.argv[2] == _shared.FOUND\n")
    (tmp_path / "probes/criteria/_shared.py").write_text("FOUND = 'built-in'\n")
    monkeypatch.setattr(proving, "make", this_environment)
    for job in proving.jobs({}, probes.for_criteria(tmp_path)):
        proving.store(proving.run(job, tmp_path))
    stored = Run.objects.get()
    assert (stored.probe, stored.outcome, Check.objects.get().version) == ("criteria/level", "holds", "2.10")
    assert proving.jobs({}, probes.for_criteria(tmp_path)) == []


def test_a_claim_without_a_program_is_named(tmp_path: Path) -> None:
    with pytest.raises(proving.NothingToRun, match="missing"):
        proving.jobs({}, claims=["missing"])


def test_a_claim_that_holds_is_checked_by_a_machine(claim: Claim, tmp_path: Path) -> None:
    proving.store(finding(claim, tmp_path, ProofOutcome.HOLDS))
    proving.store(finding(claim, tmp_path, ProofOutcome.HOLDS))
    check = Check.objects.get()
    assert (check.claim, check.version, check.holds, check.by, check.checked_on) == (
        claim, "2.10", True, None, timezone.localdate(),
    )  # fmt: skip
    run = Run.objects.get()
    assert (run.outcome, run.milliseconds, run.others) == ("holds", 1250, ["one 2.10"])


def test_a_check_by_a_person_on_that_day_stays(claim: Claim, tmp_path: Path) -> None:
    make.make_check(claim, "2.10", timezone.localdate(), note="By hand.")
    proving.store(finding(claim, tmp_path, ProofOutcome.HOLDS))
    assert Check.objects.get().note == "By hand."


def test_a_claim_that_fails_stays_and_its_end_is_proposed_where_it_held_before(claim: Claim, tmp_path: Path) -> None:
    proving.store(finding(claim, tmp_path, ProofOutcome.HOLDS, "2.0"))
    proving.store(finding(claim, tmp_path, ProofOutcome.FAILS, output="AssertionError"))
    proposal = Proposal.objects.get()
    assert proposal.state["fields"]["until_version"] == "2.0"
    assert proposal.changed_by is None
    claim.refresh_from_db()
    assert (claim.until_version, claim.verdict) == ("", "unchecked")
    assert Check.objects.get().version == "2.0"


@pytest.mark.parametrize("outcome", [ProofOutcome.FAILS, ProofOutcome.CANNOT_RUN])
def test_a_claim_that_never_held_is_left_to_the_editors(claim: Claim, tmp_path: Path, outcome: ProofOutcome) -> None:
    proving.store(finding(claim, tmp_path, outcome))
    assert not Proposal.objects.exists()
    assert not Check.objects.exists()
    assert Run.objects.get().outcome == outcome


def test_a_run_of_a_text_that_was_changed_meanwhile_checks_nothing(claim: Claim, tmp_path: Path) -> None:
    came = finding(claim, tmp_path, ProofOutcome.HOLDS)
    claim.statement = "Another text."
    claim.save()
    proving.store(came)
    assert not Check.objects.exists()


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        ("pass\n", ProofOutcome.HOLDS),
        ("assert False\n", ProofOutcome.FAILS),
        ("import time; time.sleep(600)\n", ProofOutcome.CANNOT_RUN),
    ],
)
def test_the_outcome_is_how_the_program_ended(
    claim: Claim, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str, outcome: ProofOutcome
) -> None:
    monkeypatch.setattr(proving, "make", this_environment)
    job = Job(claim, probe(tmp_path, "claim", code), "2.10", "One")
    assert [one.outcome for one in proving.run_all([job], tmp_path, python="", seconds=2)] == [outcome]


def test_a_program_is_not_run_with_a_python_that_it_does_not_name(
    claim: Claim, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proving, "make", this_environment)
    job = Job(claim, dataclasses.replace(probe(tmp_path, "claim", "assert False\n"), python=">=4"), "2.10", "One")
    [found] = proving.run_all([job], tmp_path, python="")
    assert (found.outcome, found.output.partition(";")[0]) == (ProofOutcome.CANNOT_RUN, "It needs Python >=4")


def test_what_cannot_be_installed_says_nothing_about_the_claim(
    claim: Claim, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise environments.NotInstalled("no such version")

    monkeypatch.setattr(proving, "make", refuse)
    found = proving.run(Job(claim, probe(tmp_path, "claim", "pass\n"), "9", "One"), tmp_path)
    assert (found.outcome, found.output) == (ProofOutcome.CANNOT_RUN, "no such version")


def test_the_command_runs_stores_and_goes_on(
    claim: Claim, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, "claim", "assert False, 'it does not'\n")
    monkeypatch.setattr(proving, "make", this_environment)
    monkeypatch.setattr(sandbox, "has_bubblewrap", lambda: False)
    call_command("prove", folder=tmp_path)
    call_command("prove", folder=tmp_path)
    said = capsys.readouterr()
    assert "claim: fails. AssertionError: it does not" in said.out
    assert "0 programs were run" in said.out
    assert "reach the network" in said.err
    assert Run.objects.get().is_isolated is False


@pytest.mark.parametrize("wrong", [{"framework": ["none"]}, {"claim": ["none"]}, {"jobs": 0}])
def test_the_command_says_what_it_cannot_run(claim: Claim, tmp_path: Path, wrong: dict[str, Any]) -> None:
    with pytest.raises(CommandError):
        call_command("prove", folder=tmp_path, **wrong)
