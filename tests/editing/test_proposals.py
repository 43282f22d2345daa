"""Proposals: made by an edit that is rolled back, approved by writing the same state, and seen by no reader."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Subquery

from comparisons.editing import proposals
from comparisons.editing.proposals import ProposalRefused
from comparisons.history import states
from comparisons.history.state_json import as_json, from_json
from comparisons.models import Claim, Level, StaleVersion
from tests import factories as make
from tests.admin.users import make_user

pytestmark = pytest.mark.django_db


def fresh(row: Any) -> Any:
    return type(row)._base_manager.get(pk=row.pk)


@pytest.fixture
def edgar() -> Any:
    return make_user("edgar", role="editor")


@pytest.fixture
def rita() -> Any:
    return make_user("rita", role="reviewer")


@pytest.fixture
def chief() -> Any:
    return make_user("chief")


def comparison() -> Any:
    frameworks = (make.make_framework(), make.make_framework())
    found = make.make_comparison(frameworks=frameworks, criteria=(make.make_criterion(),))
    found.verdict.create(order=1, text="Both.").claims.add(make.make_claim())
    return found


def ruling() -> Any:
    claim = make.make_claim(text="So")
    found = make.make_ruling(claim.framework, claim.criterion, text="So")
    found.rejected.add(claim)
    return found


RECORDS: dict[str, tuple[Callable[[], Any], str, str]] = {
    "claim": (make.make_claim, "statement", "Said otherwise."),
    "article": (make.make_article, "title", "Another title"),
    "framework": (lambda: make.make_release(make.make_framework(), "1.0").framework, "tagline", "Another line"),
    "criterion": (lambda: make.make_criterion(levels=("yes", "no")), "question", "Really?"),
    "ruling": (ruling, "why", "For another reason."),
    "comparison": (comparison, "title", "Another title"),
}


@pytest.mark.parametrize("kind", RECORDS)
def test_a_proposal_leaves_the_record_as_it_is(kind: str, edgar: Any) -> None:
    made, name, value = RECORDS[kind]
    row = made()
    before = states.whole(row)
    found = make.make_proposal(row, edgar, **{name: value})
    assert states.whole(fresh(row)) == before and fresh(row).version == row.version
    assert proposals.proposed(found).fields[name] == value


@pytest.mark.parametrize("kind", RECORDS)
def test_approving_a_proposal_equals_having_made_the_edit(kind: str, edgar: Any, rita: Any) -> None:
    made, name, value = RECORDS[kind]
    row = made()
    before = states.whole(row)
    approved = proposals.approve(make.make_proposal(row, edgar, **{name: value}), by=rita)
    after = states.whole(fresh(approved))
    assert after == states.State({**before.fields, name: value}, before.parts)
    assert fresh(row).version == row.version + 1
    entry = row.history.latest()
    assert (entry.history_step, entry.history_user, entry.history_change_reason) == (
        "approved",
        rita,
        "written by edgar",
    )


@pytest.mark.parametrize("kind", RECORDS)
def test_a_state_survives_being_stored(kind: str) -> None:
    row = RECORDS[kind][0]()
    state = states.whole(row)
    assert from_json(type(row), as_json(type(row), state)) == state


@pytest.mark.parametrize(
    ("kind", "role", "waits"),
    [
        ("claim", "editor", True),
        ("claim", "reviewer", True),
        ("claim", "", False),
        *((kind, "editor", True) for kind in RECORDS if kind != "claim"),
        *((kind, "reviewer", False) for kind in RECORDS if kind != "claim"),
    ],
)
def test_who_has_to_propose(kind: str, role: str, waits: bool) -> None:
    assert proposals.must_propose(RECORDS[kind][0](), make_user("somebody", role=role)) is waits


@pytest.mark.parametrize("status", ["draft", "in-review"])
def test_a_claim_that_is_not_published_is_edited_at_once(status: str, edgar: Any) -> None:
    assert not proposals.must_propose(make.make_claim(status=status, published_at=None), edgar)


def test_everybody_who_wrote_in_a_proposal_is_barred_from_approving_it(edgar: Any, rita: Any) -> None:
    claim = make.make_claim()
    found = make.make_proposal(claim, rita, statement="By Rita.")
    base = states.whole(claim)
    state = states.State({**base.fields, "statement": "By Rita and Edgar."}, base.parts)
    stored = proposals.store(claim, base, state, by=edgar, seen=found.version)
    assert stored is not None and set(stored.authors.all()) == {edgar, rita}
    with pytest.raises(ProposalRefused, match="somebody else has to approve"):
        proposals.approve(stored, by=rita)
    assert proposals.approve(stored, by=make_user("rob", role="reviewer")).statement == "By Rita and Edgar."
    assert fresh(claim).author == edgar


def test_a_superuser_may_approve_their_own_and_the_history_says_so(chief: Any) -> None:
    claim = make.make_claim()
    proposals.approve(make.make_proposal(claim, chief, statement="New."), by=chief)
    assert "one of its own authors" in claim.history.latest().history_change_reason


def test_an_editor_approves_and_returns_nothing(edgar: Any) -> None:
    found = make.make_proposal(make.make_claim(), make_user("other", role="editor"), statement="New.")
    with pytest.raises(PermissionDenied):
        proposals.approve(found, by=edgar)
    with pytest.raises(PermissionDenied):
        proposals.send_back(found, by=edgar, note="No.")
    with pytest.raises(ProposalRefused, match="only its authors"):
        proposals.take_back(found, by=edgar)


def test_a_record_that_was_saved_since_is_not_overwritten(edgar: Any, rita: Any) -> None:
    claim = make.make_claim()
    found = make.make_proposal(claim, edgar, statement="Proposed.")
    later = fresh(claim)
    later.polarity = "pro"
    later.save()
    with pytest.raises(StaleVersion):
        proposals.approve(found, by=rita)
    assert fresh(claim).statement != "Proposed." and fresh(found).status == "open"


def test_a_verdict_given_meanwhile_stays_and_holds_up_nothing(edgar: Any, rita: Any) -> None:
    claim = make.make_claim()
    found = make.make_proposal(claim, edgar, statement="Proposed.")
    later = fresh(claim)
    later.verdict, later.verdict_on = "opinion", make.DAY
    later.save()
    approved = fresh(proposals.approve(found, by=rita))
    assert (approved.statement, approved.verdict) == ("Proposed.", "opinion")


def test_a_proposal_that_was_saved_since_it_was_read_is_not_approved(edgar: Any, rita: Any) -> None:
    claim = make.make_claim()
    seen = make.make_proposal(claim, edgar, statement="Proposed.")
    base = states.whole(claim)
    state = states.State({**base.fields, "statement": "Something else."}, base.parts)
    proposals.store(claim, base, state, by=edgar, seen=seen.version)
    with pytest.raises(StaleVersion):
        proposals.approve(seen, by=rita)


def test_what_nobody_supports_any_more_is_not_approved(edgar: Any, rita: Any) -> None:
    claim = make.make_claim()
    found = proposals.propose_edit(claim, lambda: claim.citations.all().delete(), by=edgar)
    assert found is not None
    with pytest.raises(ValidationError, match="No citation supports"):
        proposals.approve(found, by=rita)
    assert claim.citations.count() == 1


def test_a_returned_proposal_waits_for_its_authors(edgar: Any, rita: Any) -> None:
    claim = make.make_claim()
    found = make.make_proposal(claim, edgar, statement="Proposed.")
    with pytest.raises(ValidationError, match="Say what is wrong"):
        proposals.send_back(found, by=rita, note=" ")
    proposals.send_back(found, by=rita, note="Name the version.")
    found = fresh(found)
    assert (found.status, found.note, found.decided_by) == ("returned", "Name the version.", rita)
    with pytest.raises(ProposalRefused, match="does not wait"):
        proposals.approve(found, by=rita)
    proposals.take_back(found, by=edgar)
    assert proposals.waiting(claim) is None


def test_of_one_record_one_change_waits_at_a_time(edgar: Any, rita: Any) -> None:
    claim = make.make_claim()
    make.make_proposal(claim, edgar, statement="Proposed.")
    with pytest.raises(ProposalRefused, match="waits for review already"):
        make.make_proposal(claim, rita, statement="Too.")


def test_versions_go_on_over_all_proposals_for_one_record(edgar: Any) -> None:
    claim = make.make_claim()
    first = make.make_proposal(claim, edgar, statement="Proposed.")
    proposals.take_back(first, by=edgar)
    assert make.make_proposal(claim, edgar, statement="Again.").version > first.version


def test_an_edit_that_changes_nothing_is_no_proposal(edgar: Any) -> None:
    claim = make.make_claim()
    assert proposals.propose_edit(claim, lambda: fresh(claim).save(), by=edgar) is None


def test_a_change_that_is_undone_is_taken_back_and_its_text_is_kept(edgar: Any, rita: Any) -> None:
    claim = make.make_claim()
    found = make.make_proposal(claim, edgar, statement="Proposed.")
    base = states.whole(fresh(claim))
    assert proposals.store(claim, base, base, by=rita, seen=found.version) is None
    found = fresh(found)
    assert (found.status, found.decided_by, found.state["fields"]["statement"]) == ("taken-back", rita, "Proposed.")


def test_a_proposal_follows_a_renamed_and_a_merged_record(edgar: Any, rita: Any) -> None:
    claim, article = make.make_claim(), make.make_article("other")
    found = proposals.propose_edit(claim, lambda: make.make_citation(claim, article), by=edgar)
    assert found is not None
    type(article).objects.filter(pk=article.pk).update(slug="renamed")
    make.make_former(fresh(article), "other")
    proposals.approve(found, by=rita)
    assert claim.citations.filter(article=article).exists()


def test_what_names_a_deleted_record_is_not_approved(edgar: Any, rita: Any) -> None:
    claim, article = make.make_claim(), make.make_article()
    found = proposals.propose_edit(claim, lambda: make.make_citation(claim, article), by=edgar)
    assert found is not None
    article.delete()
    with pytest.raises(ValidationError, match="no longer exist"):
        proposals.approve(found, by=rita)


def test_the_proposal_for_a_deleted_record_is_closed(edgar: Any) -> None:
    article = make.make_article()
    found = make.make_proposal(article, edgar, title="New")
    article.delete()
    assert (fresh(found).status, fresh(found).note) == ("taken-back", "The record was deleted.")


def test_levels_are_changed_added_and_removed_with_their_criterion(edgar: Any, rita: Any) -> None:
    criterion = make.make_criterion(levels=("yes", "partly", "no"))

    def edit() -> None:
        criterion.levels.get(slug="partly").delete()
        Level.objects.filter(slug="no").update(label="Never")
        Level.objects.create(criterion=criterion, slug="new", label="New", meaning="neutral", order=9)

    found = proposals.propose_edit(criterion, edit, by=edgar)
    assert found is not None and [level.slug for level in criterion.levels.all()] == ["yes", "partly", "no"]
    proposals.approve(found, by=rita)
    assert list(criterion.levels.values_list("slug", "label")) == [("yes", "Yes"), ("no", "Never"), ("new", "New")]


def test_a_claim_bars_everybody_who_wrote_in_it_since_it_was_last_approved(rita: Any, edgar: Any, chief: Any) -> None:
    from comparisons.editing import steps

    claim = make.make_claim(status="draft", published_at=None, written_by=edgar, author=edgar)
    for person in (rita, chief):
        claim = fresh(claim)
        claim.statement += "."
        assert steps.prepare_edit(claim, by=person, citations=False)
        claim.save()
    steps.send_to_review([fresh(claim)], by=edgar)
    assert [reason for _claim, reason in steps.publish([fresh(claim)], by=rita).refused] == [
        "somebody else has to publish what you wrote"
    ]
    assert steps.publish([fresh(claim)], by=make_user("rob", role="reviewer")).done
    assert not claim.contributors.exists()


def test_the_notice_names_since_when_a_change_is_under_review(edgar: Any, rita: Any) -> None:
    from comparisons.models.proposals import under_review_since

    claim = make.make_claim()
    seen = Claim.objects.annotate(since=Subquery(under_review_since(Claim)))
    assert seen.get(pk=claim.pk).since is None
    found = make.make_proposal(claim, edgar, statement="Proposed.")
    assert isinstance(seen.get(pk=claim.pk).since, dt.datetime)
    proposals.send_back(found, by=rita, note="No.")
    assert seen.get(pk=claim.pk).since is None
