"""A file that was exported before somebody proposed a change, and is sent back."""

from __future__ import annotations

import json

import pytest

from comparisons.editing import proposals
from comparisons.exchange import tables
from comparisons.models import Article, Claim
from tests.factories import make_citation, make_claim, make_criterion

from .builders import as_json, imported, state


def proposed_by_hand(claim: Claim) -> None:
    """A change of a statement and a level, of what one citation says and of the place of another, with one more."""

    def edit() -> None:
        row = Claim.objects.get(pk=claim.pk)
        row.statement, row.level = "By hand.", claim.criterion.levels.get(slug="none")
        row.save()
        first, second = row.citations.order_by("pk")
        first.says = "Says by hand."
        first.save()
        second.locator = "Elsewhere"
        second.save()
        make_citation(row, Article.objects.get(slug="blog"), locator="New")

    proposals.propose_edit(claim, edit, by=None)


@pytest.fixture
def cited_twice(base: None) -> Claim:
    criterion = make_criterion("api", levels=("full", "none"))
    claim = make_claim(key="old", criterion=criterion, level="full", statement="Old.", by=())
    for slug in ("docs", "blog"):
        make_citation(claim, Article.objects.get(slug=slug), locator="Here")
    return claim


def exported() -> bytes:
    return as_json(*tables.claims_for_import(Claim.objects.order_by("pk")))


def test_an_export_leaves_a_change_as_it_is_that_waits_by_now(cited_twice: Claim) -> None:
    content = exported()
    proposed_by_hand(cited_twice)
    before = state()
    assert imported(content, "json").counts["unchanged"] == 1
    assert state() == before


def test_an_export_leaves_a_change_as_it_is_that_has_to_be_looked_at_first(cited_twice: Claim) -> None:
    proposed_by_hand(cited_twice)
    cited_twice.polarity = "pro"
    cited_twice.save()
    assert imported(exported(), "json").counts["unchanged"] == 1


def test_what_was_changed_in_an_older_export_is_put_on_top_of_the_change_that_waits(cited_twice: Claim) -> None:
    (row,) = json.loads(exported())
    proposed_by_hand(cited_twice)
    row["polarity"] = "pro"
    for citation in row["citations"]:
        citation["quote"] = "words"
    (item,) = imported(as_json(row), "json").items
    assert [(one.column, one.before, one.after) for one in item.changes] == [
        ("polarity", "neutral", "pro"),
        ("quote", "", "words"),
        ("quote", "", "words"),
    ]
    waits = proposals.waiting(cited_twice)
    assert waits is not None
    fields, parts = waits.state["fields"], [part["fields"] for part in waits.state["parts"]]
    assert (fields["statement"], fields["level"][-1], fields["polarity"]) == ("By hand.", "none", "pro")
    assert [(part["says"], part["locator"], part["quote"]) for part in parts] == [
        ("Says by hand.", "Here", "words"),
        ("Title of blog says so.", "Elsewhere", "words"),
        ("Title of blog says so.", "New", ""),
    ]
