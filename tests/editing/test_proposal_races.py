"""Proposals that are made, approved and overtaken at the same moment, in threads on a real database."""

from __future__ import annotations

from typing import Any

import pytest

from comparisons.editing import proposals
from comparisons.history import states
from comparisons.models import Claim, Proposal, StaleVersion
from tests import factories as make
from tests.admin.users import make_user
from tests.threads import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.crossing]
WRITERS = 4


def names(ends: list[Any]) -> list[str]:
    return sorted(type(end).__name__ for end in ends)


def test_of_reviewers_who_approve_at_once_one_does() -> None:
    claim = make.make_claim()
    found = make.make_proposal(claim, make_user("edgar", role="editor"), statement="New.")
    reviewers = [make_user(f"rita-{number}", role="reviewer") for number in range(WRITERS)]
    seen = [Proposal.objects.get(pk=found.pk) for _ in reviewers]
    pairs = zip(seen, reviewers, strict=True)
    ends = at_once(*(lambda p=proposal, r=reviewer: proposals.approve(p, by=r) for proposal, reviewer in pairs))
    assert names(ends) == ["Claim", *["ProposalRefused"] * (WRITERS - 1)]
    claim.refresh_from_db()
    assert (claim.statement, claim.version, claim.history.count()) == ("New.", 2, 2)


def test_of_a_save_and_an_approval_at_once_one_wins() -> None:
    claim = make.make_claim(statement="Old.")
    found = make.make_proposal(claim, make_user("edgar", role="editor"), statement="New.")
    reviewer = make_user("rita", role="reviewer")
    direct = Claim.objects.get(pk=claim.pk)
    direct.statement = "In place."
    ends = at_once(lambda: proposals.approve(found, by=reviewer), direct.save)
    claim.refresh_from_db()
    assert [isinstance(end, StaleVersion) for end in ends] == (
        [False, True] if claim.statement == "New." else [True, False]
    )
    assert claim.version == 2
    assert Proposal.objects.get().status == ("approved" if claim.statement == "New." else "open")


def test_of_an_edit_and_an_approval_of_one_proposal_at_once_one_wins() -> None:
    claim = make.make_claim(statement="Old.")
    editor, reviewer = make_user("edgar", role="editor"), make_user("rita", role="reviewer")
    found = make.make_proposal(claim, editor, statement="New.")
    base = states.whole(claim)
    newer = states.State({**base.fields, "statement": "Newer."}, base.parts)
    ends = at_once(
        lambda: proposals.approve(found, by=reviewer),
        lambda: proposals.store(claim, base, newer, by=editor, seen=found.version),
    )
    assert [isinstance(end, StaleVersion) for end in ends].count(True) == 1
    claim.refresh_from_db()
    waits = proposals.waiting(claim)
    assert (claim.statement, waits) == ("New.", None) or (claim.statement, waits.version) == ("Old.", found.version + 1)


def test_of_editors_who_propose_at_once_one_does() -> None:
    claim = make.make_claim(statement="Old.")
    editors = [make_user(f"edgar-{number}", role="editor") for number in range(WRITERS)]
    base = states.whole(claim)
    jobs = [
        lambda place=place, by=editor: proposals.store(
            claim, base, states.State({**base.fields, "statement": f"By {place}."}, base.parts), by=by
        )
        for place, editor in enumerate(editors)
    ]
    ends = at_once(*jobs)
    assert names(ends) == ["Proposal", *["StaleVersion"] * (WRITERS - 1)]
    winner = [type(end).__name__ for end in ends].index("Proposal")
    assert [str(author) for author in Proposal.objects.get().authors.all()] == [f"edgar-{winner}"]
