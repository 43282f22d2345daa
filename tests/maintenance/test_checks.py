"""check_kb: every rule that spans rows has an example that breaks it, and names the record and what to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import models

from comparisons.maintenance import checks, rebuild
from comparisons.models import (
    Article,
    Cell,
    Claim,
    ClaimSummary,
    Comparison,
    Criterion,
    FormerAddress,
    Framework,
    Level,
    Paragraph,
    Ruling,
    SearchEntry,
)
from tests.factories import (
    make_article,
    make_citation,
    make_claim,
    make_comparison,
    make_criterion,
    make_former,
    make_framework,
    make_publisher_alias,
    make_release,
    make_ruling,
)

from .broken_figures import FIGURE_EXAMPLES
from .broken_needs import NEED_EXAMPLES

pytestmark, DAY = pytest.mark.django_db, "2026-11-20"


def raw(row: models.Model, **fields: Any) -> None:
    """Write past every rule of ours, as a stock loader does."""
    models.QuerySet(type(row)).filter(pk=row.pk).update(**fields)


def level_claim(**fields: Any) -> Claim:
    criterion = make_criterion("support", levels=("yes", "no"))
    return make_claim(make_framework("one"), criterion, level="yes", key="c", **fields)


def ruled(*sides: Claim, framework: Framework | None = None, **fields: Any) -> Ruling:
    claim = sides[0] if sides else make_claim()
    ruling = make_ruling(framework or claim.framework, claim.criterion, **{"is_open": True, **fields})
    ruling.accepted.set(sides)
    return ruling


def no_citation() -> None:
    make_claim(key="c", by=())


def no_support() -> None:
    make_citation(make_claim(key="c", by=()), stance="qualifies")


def text_on_level() -> None:
    raw(level_claim(), level=None, text="Yes")


def number_on_text() -> None:
    raw(make_claim(key="c"), number=5)


def level_on_text() -> None:
    raw(make_claim(key="c"), level=make_criterion(levels=("yes", "no")).levels.first())


def ruling_that_does_not_fit() -> None:
    claim = make_claim(make_framework("one"), make_criterion("support"))
    raw(ruled(claim), is_open=False, number=5)


def level_of_another() -> None:
    raw(level_claim(), level=make_criterion(levels=("x", "y")).levels.first())


def ruling_with_level_of_another() -> None:
    raw(ruled(level_claim()), is_open=False, level=make_criterion(levels=("x", "y")).levels.first())


def dispute() -> None:
    claim = level_claim()
    make_claim(claim.framework, claim.criterion, level="no")


def disputed_by_a_source() -> None:
    make_citation(level_claim(), stance="disputes")


def ruling_on_nothing() -> None:
    claim = level_claim()
    ruled(framework=claim.framework).accepted.clear()
    Ruling.objects.update(criterion=claim.criterion)


def ruling_on_claims_of_another_cell() -> None:
    ruling = ruled(level_claim())
    ruling.accepted.set([make_claim()])


def ruling_with_sides_swapped() -> None:
    claim = level_claim()
    make_ruling(claim.framework, claim.criterion, level=claim.level).rejected.set([claim])


def bare_verdict(verdict: str) -> Callable[[], None]:
    return lambda: raw(make_claim(key="c"), verdict=verdict, verdict_note="So.", verdict_on=DAY)


def no_question() -> None:
    make_criterion("support", question="Support")


def no_definition() -> None:
    make_criterion("support", definition=" ")


def one_level() -> None:
    make_criterion("support", levels=("yes",))


def levels_on_text() -> None:
    raw(make_criterion("support", levels=("yes", "no")), value_type="text")


def circle() -> None:
    first = make_article("first")
    raw(first, follows=make_article("second", follows=first))


def many_frameworks() -> None:
    make_comparison("all", tuple(make_framework() for _ in range(9)), (make_criterion(),))


def one_framework() -> None:
    make_comparison("all", (make_framework(),), (make_criterion(),))


def no_criterion() -> None:
    make_comparison("all", (make_framework(), make_framework()))


def misread_text() -> None:
    make_claim(key="c", text="False")


def misread_license() -> None:
    make_framework("one", license="True")


def address_with_user() -> None:
    raw(make_article("first"), url="https://user@example.org/")


def bad_release() -> None:
    raw(make_release(make_framework("one"), "1.0"), note="x" * 200)


def draft_in_a_ruling() -> None:
    claim = level_claim()
    ruled(claim, make_claim(key="hidden", status="draft", published_at=None))


def withdrawn_under_a_verdict() -> None:
    comparison = make_comparison("all", (make_framework(), make_framework()), (make_criterion(),))
    paragraph = Paragraph.objects.create(comparison=comparison, text="So.")
    hidden = make_claim(key="hidden", status="withdrawn", withdrawn_at=f"{DAY}T00:00Z", withdrawal_reason="Misread.")
    paragraph.claims.add(hidden)


#: name of the example: (makes it, the rule it breaks, the record that is named)
EXAMPLES: dict[str, tuple[Callable[[], None], str, str]] = {
    "a claim without citation": (no_citation, "claim-without-citation", "claim c"),
    "a claim that no source supports": (no_support, "claim-without-support", "claim c"),
    "a text where a level belongs": (text_on_level, "value-does-not-fit", "claim c"),
    "a number where a text belongs": (number_on_text, "value-does-not-fit", "claim c"),
    "a level where a text belongs": (level_on_text, "value-does-not-fit", "claim c"),
    "a ruling whose value does not fit": (ruling_that_does_not_fit, "value-does-not-fit", "ruling one/support"),
    "a level of another criterion": (level_of_another, "level-of-another-criterion", "claim c"),
    "a ruling for such a level": (ruling_with_level_of_another, "level-of-another-criterion", "ruling one/support"),
    "two values without a ruling": (dispute, "disputed-without-ruling", "cell one/support"),
    "a disputed value without a ruling": (disputed_by_a_source, "disputed-without-ruling", "cell one/support"),
    "a ruling without claims": (ruling_on_nothing, "ruling-without-claims", "ruling one/support"),
    "a ruling on other cells": (ruling_on_claims_of_another_cell, "ruling-without-claims", "ruling one/support"),
    "a ruling that rejects its value": (ruling_with_sides_swapped, "ruling-with-sides-swapped", "ruling one/support"),
    "holds, and no article": (bare_verdict("holds"), "verdict-without-article", "claim c"),
    "outdated, and no article": (bare_verdict("outdated"), "verdict-without-article", "claim c"),
    "wrong, and no article": (bare_verdict("wrong"), "verdict-without-article", "claim c"),
    "a question that does not ask": (no_question, "criterion-without-question", "criterion support"),
    "a blank definition": (no_definition, "criterion-without-definition", "criterion support"),
    "a single level": (one_level, "criterion-without-levels", "criterion support"),
    "levels of a text criterion": (levels_on_text, "criterion-with-levels", "criterion support"),
    "a circle of articles": (circle, "articles-in-a-circle", "article first"),
    "nine frameworks in a comparison": (many_frameworks, "comparison-size", "comparison all"),
    "one framework in a comparison": (one_framework, "comparison-size", "comparison all"),
    "a comparison without criteria": (no_criterion, "comparison-size", "comparison all"),
    "no, read as False": (misread_text, "misread-word", "claim c"),
    "yes, read as True": (misread_license, "misread-word", "framework one"),
    "an address with a user": (address_with_user, "invalid-field", "article first"),
    "a draft in a ruling": (draft_in_a_ruling, "broken-reference", "claim hidden"),
    "a former address of nothing": (
        lambda: FormerAddress.objects.create(kind="framework", key="old", now="one"),
        "former-address-leads-nowhere",
        "framework old",
    ),
    "a former address that a record has": (
        lambda: make_former(make_framework("one"), make_framework("two").slug),
        "former-address-in-use",
        "framework two",
    ),
    "a name given twice": (lambda: make_publisher_alias("ACME"), "publisher-alias-in-use", "other name ACME"),
    "a withdrawn claim under a verdict": (withdrawn_under_a_verdict, "broken-reference", "claim hidden"),
    **FIGURE_EXAMPLES,
    **NEED_EXAMPLES,
}


@pytest.mark.parametrize(("make", "rule", "record"), EXAMPLES.values(), ids=EXAMPLES)
def test_check_kb_reports(make, rule, record):
    make()
    rebuild.rebuild()
    assert (rule, record) in [(problem.rule, problem.record) for problem in checks.check_all()]


@pytest.mark.parametrize(
    ("spoil", "record"),
    [
        (lambda: Cell.objects.update(agreement="unanimous"), "cell one/support"),
        (lambda: Cell.objects.all().delete(), "cell one/support"),
        (lambda: Cell.objects.update(criterion=make_criterion("other")), "cell one/other"),
    ],
    ids=["wrong", "missing", "left over"],
)
def test_check_kb_reports_a_stale_cell(spoil, record):
    level_claim()
    rebuild.rebuild()
    spoil()
    assert ("stale-cell", record) in [(problem.rule, problem.record) for problem in checks.check_all()]


def test_check_kb_reports_a_stale_summary():
    claim = level_claim(polarity="pro")
    rebuild.rebuild()
    ClaimSummary.objects.update(witnesses=9)
    assert ("stale-summary", f"claim {claim.key}") in [(found.rule, found.record) for found in checks.check_all()]


def test_check_kb_reports_a_stale_entry_of_the_search():
    claim = level_claim()
    rebuild.rebuild()
    SearchEntry.objects.update(title="Another title")
    assert ("stale-search-entry", f"claims {claim.pk}") in [(found.rule, found.record) for found in checks.check_all()]


def test_check_kb_reports_a_stale_edition_of_a_comparison():
    make_comparison("both", (make_framework(), make_framework()), (make_criterion(),))
    rebuild.rebuild()
    Comparison.objects.update(title="Another title")
    assert ("stale-edition", "comparison both") in [(found.rule, found.record) for found in checks.check_all()]


#: Rules whose examples are the tests above.
STALE = {"stale-cell", "stale-summary", "stale-search-entry", "stale-edition", "broken-search-index"}


@pytest.mark.parametrize("check", checks.RULES, ids=lambda check: check.__name__)
def test_every_rule_has_an_example_that_breaks_it(check):
    broken = {rule for _make, rule, _record in EXAMPLES.values()} | STALE
    codes = [constant for constant in check.__code__.co_consts if constant in broken]
    assert codes, "give this rule an example above"


def test_every_code_of_a_rule_has_an_example():
    shapes = {c for check in checks.RULES for c in check.__code__.co_consts if isinstance(c, str) and c.count("-")}
    codes = {shape for shape in shapes if " " not in shape}
    assert codes == {rule for _make, rule, _record in EXAMPLES.values()} | STALE


def test_a_sound_knowledge_base_has_no_problem():
    claim = level_claim()
    make_claim(claim.framework, claim.criterion, level="no")
    ruled(claim)
    make_comparison("both", (claim.framework, make_framework()), (claim.criterion,))
    make_article(follows=make_article())
    rebuild.rebuild()
    assert checks.check_all() == []


def test_a_ruling_that_leaves_it_open_settles_a_dispute():
    dispute()
    ruled(Claim.objects.get(key="c"))
    rebuild.rebuild()
    assert checks.check_all() == []


def test_drafts_need_no_citation_yet():
    make_claim(by=(), status="draft", published_at=None)
    rebuild.rebuild()
    assert checks.check_all() == []


@pytest.mark.parametrize("size", [1, 10])
def test_a_check_of_a_framework_takes_as_many_queries_at_any_size(django_assert_max_num_queries, size):
    framework, other = make_framework(), make_framework()
    make_release(framework, "1.0")
    for _ in range(size):
        claim = make_claim(framework, make_criterion(levels=("yes", "no")), level="yes")
        ruled(claim)
        make_comparison("", (framework, other), (claim.criterion,))
    rebuild.rebuild()
    with django_assert_max_num_queries(137):
        assert checks.check_all() == []


def test_the_command_says_that_all_is_well(capsys):
    call_command("check_kb")
    assert "No problems found." in capsys.readouterr().out


def test_the_command_prints_every_problem_and_fails(capsys):
    no_citation()
    make_criterion("support", question="Support")
    rebuild.rebuild()
    with pytest.raises(CommandError, match="Problems found: 2"):
        call_command("check_kb")
    printed = capsys.readouterr().err
    assert "claim-without-citation: claim c: add the article" in printed
    assert "criterion-without-question: criterion support" in printed


def test_content_models_are_all_that_fixtures_hold():
    assert {Claim, Article, Criterion, Level, Framework, Ruling} <= set(checks.content_models())
    assert Cell not in checks.content_models()
