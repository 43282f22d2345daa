"""A framework or criterion that is a draft leaves no trace on any public page, and appears once it is published."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from comparisons.editing.publishing import publish_drafts
from comparisons.maintenance import checks, rebuild
from comparisons.models import Cell, Claim, Criterion, Framework
from tests import factories as make
from tests.admin.users import make_user

from .reading import make_world
from .test_every_address import PATTERNS, addresses

#: A word that stands in drafts, and in what is said about them, alone.
SECRET = "axolotl"


@make.unsettled()
def drafts() -> tuple[Framework, Criterion]:
    """A draft framework and a draft criterion, each with published claims, rulings and places in a comparison."""
    framework = make.make_framework(SECRET, is_draft=True, name="Axolotl", order=0)
    criterion = make.make_criterion(f"{SECRET}s", levels=("yes", "no"), is_draft=True, name="Axolotls")
    others = Framework.objects.published().first(), Criterion.objects.published().first()
    shown = Claim.objects.order_by("pk").first()
    assert shown is not None
    comparison = make.make_comparison("with-drafts", (framework, others[0]), (criterion, others[1]))
    paragraph = comparison.verdict.create(order=1, text="So it is.")
    for at in ((framework, others[1]), (others[0], criterion), (framework, criterion)):
        level = at[1].levels.first()
        for polarity in ("pro", "con"):
            claim = make.make_claim(
                *at, level=level, polarity=polarity, kind="recommendation", statement=f"Of the {SECRET}.",
                key=f"{SECRET}-{polarity}-{at[0].pk}-{at[1].pk}",
            )  # fmt: skip
            make.make_citation(claim, shown.citations.first().article, says=SECRET)
            paragraph.claims.add(claim)
        ruling = make.make_ruling(*at, level=level, why=f"Because of the {SECRET}.")
        ruling.rejected.add(claim, shown)
    general = make.make_claim(
        criterion=criterion, statement=f"Of any {SECRET}.", key=f"{SECRET}-general", kind="practice"
    )
    Claim.objects.filter(pk=general.pk).update(framework=None)
    measured = make.make_criterion(f"{SECRET}-speed", value_type="number", is_draft=True)
    better = make.make_benchmark(f"{SECRET}-test", title="Axolotl test", criterion=measured)
    make.make_benchmark("public-test", criterion=make.make_criterion("speed", value_type="number"), replaced_by=better)
    make.make_comparison(f"{SECRET}-comparison", (framework,), (criterion,), title="Axolotl comparison")
    make.make_release(framework, "9.0")
    make.make_former(framework, "salamander")
    return framework, criterion


@pytest.mark.django_db
def test_no_public_address_shows_a_trace_of_a_draft(client: Client) -> None:
    make_world(2)
    framework, criterion = drafts()
    visible = Framework.objects.published().first()
    urls = [url for pattern in PATTERNS for url in addresses(str(pattern.name)) if SECRET not in url]
    urls += [reverse("comparisons:search") + f"?q={word}" for word in ("other", "so it is", "framework")]
    found = {url for url in urls if SECRET in client.get(url).content.decode(errors="replace").lower()}
    assert found == set()
    hidden = [
        framework.get_absolute_url(),
        criterion.get_absolute_url(),
        reverse("comparisons:cell", args=[framework.slug, Criterion.objects.published().first().slug]),
        reverse("comparisons:cell", args=[visible.slug, criterion.slug]),
        reverse("comparisons:compare_frameworks", args=[f"{framework.slug}-vs-{visible.slug}"]),
        reverse("comparisons:framework", args=["salamander"]),
        reverse("comparisons:comparison", args=[f"{SECRET}-comparison"]),
        reverse("comparisons:benchmark", args=[f"{SECRET}-test"]),
        reverse("comparisons:card_benchmark", args=[f"{SECRET}-test"]),
        *(claim.get_absolute_url() for claim in Claim.objects.filter(key__startswith=SECRET)),
    ]
    assert {client.get(url).status_code for url in hidden} == {404}
    for page in (reverse("comparisons:matrix"), reverse("comparisons:choose")):
        response = client.get(f"{page}?benchmark={SECRET}-test")
        assert response.status_code == 400 and "Axolotl" not in response.content.decode()
    searched = (
        client.get(reverse("comparisons:search") + f"?q={word}").content.decode().replace(word, "")
        for word in (SECRET, "nowhere")
    )
    assert next(searched) == next(searched), "a search for the word of a draft finds no more than one for any word"


@pytest.mark.django_db(transaction=True)
def test_publishing_a_draft_shows_it_with_all_that_is_said_about_it(client: Client) -> None:
    make_world(1)
    framework, criterion = drafts()
    reviewer = make_user("rita", role="reviewer")
    assert publish_drafts([framework, criterion], by=reviewer) == [framework, criterion]
    assert publish_drafts([framework, criterion], by=reviewer) == []
    for row in (framework, criterion, *Claim.objects.filter(key__startswith=SECRET)):
        assert client.get(row.get_absolute_url()).status_code == 200
    assert client.get(reverse("comparisons:cell", args=[framework.slug, criterion.slug])).status_code == 200
    assert f"{SECRET}-pro-" in client.get(reverse("comparisons:claim_list")).content.decode()
    assert not list(checks.cells_are_what_claims_add_up_to())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("model", [Framework, Criterion])
@pytest.mark.parametrize("raw", [False, True])
def test_what_becomes_a_draft_leaves_no_answer_behind_and_gets_it_back(client: Client, model: Any, raw: bool) -> None:
    make_world(1)
    rebuild.rebuild()
    row = model.objects.published().first()
    cells = Cell.objects.filter(**{model._meta.model_name: row})
    before = cells.count()
    for is_draft in (True, False):
        row.is_draft = is_draft
        row.save_base(raw=raw)
        assert cells.count() == (0 if is_draft else before)
        assert [str(one) for rule in checks.DERIVED_RULES.values() for one in rule()] == []
    assert before
