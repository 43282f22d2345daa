"""The roles of the admin and what each may read and write, with one record of each kind to try it on."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group, User
from django.test import Client

from comparisons.models import (
    Article,
    Benchmark,
    Cell,
    Challenge,
    Check,
    Citation,
    Claim,
    Comparison,
    Criterion,
    CriterionGroup,
    DecisionRecord,
    FormerAddress,
    Framework,
    Level,
    Note,
    Proposal,
    Publisher,
    Release,
    Ruling,
    Run,
    StartingNeed,
    Subject,
)
from tests import factories as make
from tests.admin.users import log_in, make_user

ROLES = ("anonymous", "reader", "viewer", "editor", "reviewer", "superuser")
ALL = ROLES[2:]
WRITERS = ROLES[3:]
REVIEWERS = ROLES[4:]
CHIEFS = ROLES[5:]
NOBODY: tuple[str, ...] = ()

#: Who adds, changes and deletes records of each kind; everybody of the house reads them, people apart.
WRITES: dict[type[Any], tuple[str, ...]] = {
    Article: WRITERS,
    Benchmark: WRITERS,
    Claim: WRITERS,
    Criterion: WRITERS,
    CriterionGroup: WRITERS,
    Framework: WRITERS,
    Publisher: WRITERS,
    Release: WRITERS,
    StartingNeed: WRITERS,
    Comparison: REVIEWERS,
    Ruling: REVIEWERS,
    Subject: REVIEWERS,
    Citation: NOBODY,
    Level: NOBODY,
    Cell: NOBODY,
    Check: NOBODY,
    Note: NOBODY,
    Run: NOBODY,
    FormerAddress: NOBODY,
    Proposal: NOBODY,
    Challenge: NOBODY,
    DecisionRecord: NOBODY,
    User: CHIEFS,
    Group: CHIEFS,
}
#: Who deletes, where that is not who writes. Of frameworks and criteria, those that readers see.
DELETES = {
    FormerAddress: REVIEWERS,
    Check: WRITERS,
    Note: REVIEWERS,
    Subject: NOBODY,
    Framework: REVIEWERS,
    Criterion: REVIEWERS,
}
#: Who adds records, where that is not who writes: there is a subject already, and there is only one.
ADDS = {Subject: NOBODY}
#: What nobody exports: it stays among those who work here.
KEPT_HERE = (Note,)
READS = {model: CHIEFS if model in (User, Group) else ALL for model in WRITES}


def client_of(role: str) -> Client:
    """The browser of a user in that role. "reader": an account that may not open the admin."""
    if role == "anonymous":
        return Client()
    if role == "reader":
        return log_in(User.objects.create_user("reader"))
    return log_in(make_user(role, role="" if role == "superuser" else role))


@make.unsettled()
def fill() -> None:
    """Make at least one record of each kind."""
    criterion = make.make_criterion("speed", levels=("yes", "no"))
    framework = make.make_framework("flask")
    make.make_release(framework, "1.0")
    claim = make.make_claim(framework, criterion, level="yes", key="published")
    make.make_check(claim)
    make.make_note(claim)
    make.make_ruling(framework, criterion, level=criterion.levels.first()).accepted.add(claim)
    comparison = make.make_comparison("both", (framework, make.make_framework("django")), (criterion,))
    make.make_benchmark("test-of-speed")
    make.make_subject()
    make.make_former(framework, "flask-of-old")
    make.make_proposal(comparison, None, title="Another title")
    make.make_challenge(claim)
    make.make_run(claim)
    make.make_need(make.make_criterion(group=make.make_group(holds_use_cases=True)), criterion)
    make.make_decision()


def row_of(model: type[Any]) -> Any:
    return model.objects.order_by("pk").first()
