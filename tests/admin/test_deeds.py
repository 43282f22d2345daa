"""Who may do what in the admin: everything that is done by POST, tried in every role."""

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

from .deeds import (
    Deed,
    added,
    alike,
    by_button,
    changed,
    claim_values,
    deleted,
    draft,
    exported,
    imported,
    judged,
    merged,
    own_claim_published,
    previewed,
    put_back,
    read_off,
    renamed,
    reordered,
    ruled,
    split,
    stepped,
)
from .rights import ALL, CHIEFS, NOBODY, REVIEWERS, ROLES, WRITERS, row_of

pytestmark = [pytest.mark.django_db, pytest.mark.crossing]


DEEDS = [
    Deed("add a claim", WRITERS, added(Claim, **claim_values())),
    Deed(
        "add an article",
        WRITERS,
        added(Article, title="New", slug="new", kind="article", interest="independent", url="https://example.org/new"),
    ),
    Deed("add a framework", WRITERS, added(Framework, name="New", slug="new", tagline="New", summary="New.")),
    Deed("add a group of criteria", WRITERS, added(CriterionGroup, name="New", slug="new")),
    Deed(
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
    Deed(
        "add a release",
        WRITERS,
        added(Release, framework=lambda: row_of(Framework).pk, version_number="2.0", released_on="2026-01-01"),
    ),
    Deed("change a claim", WRITERS, changed(Claim, statement="Changed.")),
    Deed("change an article", WRITERS, changed(Article, title="Changed")),
    Deed("change a framework", WRITERS, changed(Framework, tagline="Changed")),
    Deed("change a criterion", WRITERS, changed(Criterion, question="Changed?")),
    Deed("change a group of criteria", WRITERS, changed(CriterionGroup, description="Changed")),
    Deed("change a release", WRITERS, changed(Release, note="Changed")),
    Deed("change a comparison", REVIEWERS, changed(Comparison, introduction="Changed.")),
    Deed("change a ruling", REVIEWERS, changed(Ruling, why="Changed.")),
    Deed("change an order in the list", WRITERS, reordered),
    Deed("delete a draft", WRITERS, deleted(draft)),
    Deed("delete drafts in bulk", WRITERS, deleted(draft, in_bulk=True)),
    Deed("delete an article", WRITERS, deleted(make.make_article)),
    Deed("delete articles in bulk", WRITERS, deleted(make.make_article, in_bulk=True)),
    Deed("delete a framework", WRITERS, deleted(make.make_framework)),
    Deed("delete a criterion", WRITERS, deleted(make.make_criterion)),
    Deed("delete a group of criteria", WRITERS, deleted(make.make_group)),
    Deed("delete a ruling", REVIEWERS, deleted(lambda: row_of(Ruling))),
    Deed("delete rulings in bulk", REVIEWERS, deleted(lambda: row_of(Ruling), in_bulk=True)),
    Deed("delete a comparison", REVIEWERS, deleted(lambda: row_of(Comparison))),
    Deed("delete a published claim", NOBODY, deleted(lambda: row_of(Claim))),
    Deed("delete published claims in bulk", NOBODY, deleted(lambda: row_of(Claim), in_bulk=True)),
    Deed("delete a cited article", NOBODY, deleted(lambda: row_of(Article))),
    Deed("delete a cell", NOBODY, deleted(lambda: row_of(Cell))),
    Deed("delete a citation by itself", NOBODY, deleted(lambda: row_of(Citation))),
    Deed("delete a level by itself", NOBODY, deleted(lambda: Level.objects.order_by("pk").last())),
    Deed("send a claim to review", WRITERS, stepped("send_to_review", draft, "in-review")),
    Deed("publish a claim", REVIEWERS, stepped("publish", lambda: draft(status="in-review"), "published")),
    Deed("withdraw a claim", REVIEWERS, stepped("withdraw", make.make_claim, "withdrawn", confirmed="1", reason="So.")),
    Deed(
        "return a claim",
        REVIEWERS,
        stepped(
            "return_to_draft", lambda: draft(status="in-review"), "draft", confirmed="1", mark="unclear", note="So?"
        ),
    ),
    Deed("send a claim to review by button", WRITERS, by_button("send_to_review", draft, "in-review")),
    Deed("publish a claim by button", REVIEWERS, by_button("publish", lambda: draft(status="in-review"), "published")),
    Deed(
        "return a claim by button",
        REVIEWERS,
        by_button("return_to_draft", lambda: draft(status="in-review"), "draft", mark="unclear", note="So?"),
    ),
    Deed("withdraw a claim by button", REVIEWERS, by_button("withdraw", make.make_claim, "withdrawn", reason="So.")),
    Deed("give a verdict", REVIEWERS, judged),
    Deed("give a ruling", REVIEWERS, ruled),
    Deed("put an earlier state back", WRITERS, put_back),
    Deed("rename a record", REVIEWERS, renamed),
    Deed("merge articles", REVIEWERS, merged(make.make_article)),
    Deed("merge claims", REVIEWERS, merged(alike)),
    Deed("merge criteria", REVIEWERS, merged(make.make_criterion)),
    Deed("split a criterion", REVIEWERS, split),
    Deed("delete a former address", REVIEWERS, deleted(lambda: row_of(FormerAddress))),
    Deed("import claims", WRITERS, imported),
    Deed("export a list", ALL, exported),
    Deed("draw a claim from an article", WRITERS, read_off),
    Deed("preview a claim", ALL, previewed),
    Deed("publish what one wrote", CHIEFS, own_claim_published),
]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("deed", DEEDS, ids=str)
def test_a_deed_is_done_by_those_who_may(clients: dict[str, Client], deed: Deed, role: str) -> None:
    assert deed.do(clients[role]) == (role in deed.may)
