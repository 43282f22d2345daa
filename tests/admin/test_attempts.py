"""Each attempt to change something in the admin, in every role."""

from __future__ import annotations

import pytest
from django.test import Client

from comparisons.models import (
    Article,
    Cell,
    Citation,
    Claim,
    Comparison,
    Criterion,
    CriterionGroup,
    FormerAddress,
    Framework,
    Level,
    Release,
    Ruling,
)
from tests import factories as make

from .attempts import (
    Attempt,
    added,
    alike,
    answered,
    by_button,
    changed,
    checked,
    cited,
    claim_values,
    decided,
    deleted,
    draft,
    exported,
    imported,
    judged,
    merged,
    own_claim_published,
    previewed,
    proposed,
    put_back,
    put_back_proposed,
    read_off,
    renamed,
    reordered,
    ruled,
    split,
    stepped,
)
from .rights import ALL, CHIEFS, NOBODY, REVIEWERS, ROLES, WRITERS, row_of

pytestmark = pytest.mark.django_db
#: Who may do what is the same on every database; that what is allowed can be done there is tried in one role.
EVERY_ROLE = [pytest.param(role, marks=pytest.mark.crossing) if role == "reviewer" else role for role in ROLES]


ATTEMPTS = [
    Attempt("add a claim", WRITERS, added(Claim, **claim_values())),
    Attempt(
        "add an article",
        WRITERS,
        added(Article, title="New", slug="new", kind="article", interest="independent", url="https://example.org/new"),
    ),
    Attempt("add a framework", WRITERS, added(Framework, name="New", slug="new", tagline="New", summary="New.")),
    Attempt("add a group of criteria", WRITERS, added(CriterionGroup, name="New", slug="new")),
    Attempt(
        "add a criterion",
        WRITERS,
        added(
            Criterion,
            name="New",
            slug="new",
            question="New?",
            definition="New.",
            value_type="text",
            direction="none",
            group=lambda: row_of(CriterionGroup).pk,
        ),
    ),
    Attempt(
        "add a release",
        WRITERS,
        added(Release, framework=lambda: row_of(Framework).pk, version_number="2.0", released_on="2026-01-01"),
    ),
    Attempt("change a claim", CHIEFS, changed(Claim, statement="Changed.")),
    Attempt("change an article", REVIEWERS, changed(Article, title="Changed")),
    Attempt("change a framework", REVIEWERS, changed(Framework, tagline="Changed")),
    Attempt("change a criterion", REVIEWERS, changed(Criterion, question="Changed?")),
    Attempt("propose a change of a claim", ("editor", "reviewer"), proposed(Claim, statement="Changed.")),
    Attempt("propose a change of an article", ("editor",), proposed(Article, title="Changed")),
    Attempt("propose a change of a framework", ("editor",), proposed(Framework, tagline="Changed")),
    Attempt("propose a change of a criterion", ("editor",), proposed(Criterion, question="Changed?")),
    Attempt("approve a change", REVIEWERS, decided("approve", "approved")),
    Attempt("return a change", REVIEWERS, decided("return", "returned")),
    Attempt("take a change of others back", CHIEFS, decided("take-back", "taken-back")),
    Attempt("change a group of criteria", WRITERS, changed(CriterionGroup, description="Changed")),
    Attempt("change a release", WRITERS, changed(Release, note="Changed")),
    Attempt("change a comparison", REVIEWERS, changed(Comparison, introduction="Changed.")),
    Attempt("change a ruling", REVIEWERS, changed(Ruling, why="Changed.")),
    Attempt("change an order in the list", REVIEWERS, reordered),
    Attempt("delete a draft", WRITERS, deleted(draft)),
    Attempt("delete drafts in bulk", WRITERS, deleted(draft, in_bulk=True)),
    Attempt("delete an article", WRITERS, deleted(make.make_article)),
    Attempt("delete articles in bulk", WRITERS, deleted(make.make_article, in_bulk=True)),
    Attempt("delete a framework", REVIEWERS, deleted(make.make_framework)),
    Attempt("delete a criterion", REVIEWERS, deleted(make.make_criterion)),
    Attempt("delete a framework that is a draft", WRITERS, deleted(lambda: make.make_framework(is_draft=True))),
    Attempt("delete a criterion that is a draft", WRITERS, deleted(lambda: make.make_criterion(is_draft=True))),
    Attempt("delete a group of criteria", WRITERS, deleted(make.make_group)),
    Attempt("delete a ruling", REVIEWERS, deleted(lambda: row_of(Ruling))),
    Attempt("delete rulings in bulk", REVIEWERS, deleted(lambda: row_of(Ruling), in_bulk=True)),
    Attempt("delete a comparison", REVIEWERS, deleted(lambda: row_of(Comparison))),
    Attempt("delete a published claim", NOBODY, deleted(lambda: row_of(Claim))),
    Attempt("delete published claims in bulk", NOBODY, deleted(lambda: row_of(Claim), in_bulk=True)),
    Attempt("delete a cited article", NOBODY, deleted(lambda: row_of(Article))),
    Attempt("delete a cell", NOBODY, deleted(lambda: row_of(Cell))),
    Attempt("delete a citation by itself", NOBODY, deleted(lambda: row_of(Citation))),
    Attempt("delete a level by itself", NOBODY, deleted(lambda: Level.objects.order_by("pk").last())),
    Attempt("send a claim to review", WRITERS, stepped("send_to_review", draft, "in-review")),
    Attempt(
        "publish a claim", REVIEWERS, stepped("publish", lambda: draft(status="in-review"), "published", confirmed="1")
    ),
    Attempt(
        "withdraw a claim", REVIEWERS, stepped("withdraw", make.make_claim, "withdrawn", confirmed="1", reason="So.")
    ),
    Attempt(
        "return a claim",
        REVIEWERS,
        stepped(
            "return_to_draft", lambda: draft(status="in-review"), "draft", confirmed="1", mark="unclear", note="So?"
        ),
    ),
    Attempt("send a claim to review by button", WRITERS, by_button("send_to_review", draft, "in-review")),
    Attempt(
        "publish a claim by button", REVIEWERS, by_button("publish", lambda: draft(status="in-review"), "published")
    ),
    Attempt(
        "return a claim by button",
        REVIEWERS,
        by_button("return_to_draft", lambda: draft(status="in-review"), "draft", mark="unclear", note="So?"),
    ),
    Attempt("withdraw a claim by button", REVIEWERS, by_button("withdraw", make.make_claim, "withdrawn", reason="So.")),
    Attempt("give a verdict", REVIEWERS, judged),
    Attempt("record a check", WRITERS, checked),
    Attempt("delete a check", WRITERS, deleted(lambda: make.make_check(make.make_claim()))),
    Attempt("give a ruling", REVIEWERS, ruled),
    Attempt("answer an objection", REVIEWERS, answered),
    Attempt("put an earlier state back", REVIEWERS, put_back),
    Attempt("propose an earlier state", ("editor",), put_back_proposed),
    Attempt("rename a record", REVIEWERS, renamed),
    Attempt("merge articles", REVIEWERS, merged(make.make_article)),
    Attempt("merge claims", REVIEWERS, merged(alike)),
    Attempt("merge criteria", REVIEWERS, merged(make.make_criterion)),
    Attempt("split a criterion", REVIEWERS, split),
    Attempt("delete a former address", REVIEWERS, deleted(lambda: row_of(FormerAddress))),
    Attempt("import claims", WRITERS, imported),
    Attempt("export a list", ALL, exported),
    Attempt("draw a claim from an article", WRITERS, read_off),
    Attempt("cite an article on a claim that exists", WRITERS, cited),
    Attempt("preview a claim", ALL, previewed),
    Attempt("publish what one wrote", CHIEFS, own_claim_published),
]


@pytest.mark.parametrize("role", EVERY_ROLE)
@pytest.mark.parametrize("attempt", ATTEMPTS, ids=str)
def test_an_attempt_succeeds_for_those_who_may(clients: dict[str, Client], attempt: Attempt, role: str) -> None:
    assert attempt.do(clients[role]) == (role in attempt.may)
