"""The verdict of a comparison: its lines, how strong they are, and what readers may not see of them."""

from __future__ import annotations

from typing import Any

import pytest

from comparisons.domain.strength import weakest
from comparisons.domain.vocabulary import LineKind, Strength
from comparisons.evidence import assessing
from comparisons.evidence.verdicts import ComparisonVerdict, VerdictText, verdict_of
from comparisons.models import Claim, Comparison
from tests import factories as make

STRONG, FAIR, THIN = Strength.STRONG, Strength.FAIR, Strength.THIN


@pytest.mark.parametrize(
    ("strengths", "expected"),
    [([], None), ([STRONG], STRONG), ([STRONG, FAIR], FAIR), ([THIN, STRONG, FAIR], THIN)],
)
def test_what_rests_on_several_claims_is_as_strong_as_the_weakest(strengths, expected):
    assert weakest(strengths) == expected


def seen(comparison: Comparison) -> ComparisonVerdict:
    make.settle()
    members = list(comparison.columns.order_by("order").select_related("framework"))
    columns = [assessing.column(member.framework, place) for place, member in enumerate(members, start=1)]
    return verdict_of(comparison, members, columns)


def judged(sources: int, verdict: str = "unchecked", **fields: Any) -> Claim:
    articles = [make.make_article() for _ in range(sources)]
    if verdict != "unchecked":
        fields |= {"verdict": verdict, "verdict_on": make.DAY, "verdict_note": "It is."}
    return make.make_claim(by=articles, **fields)


def line(*claims: Claim, kind: str = "agreed", **fields: Any) -> VerdictText:
    comparison = make.make_comparison()
    row = comparison.lines.create(kind=kind, text="A line.", **fields)
    for claim in claims:
        row.claims.add(claim)
    (found,) = seen(comparison).agreed
    return found


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("claims", "strength", "witnesses"),
    [
        ([(3, "unchecked")], STRONG, 3),
        ([(3, "unchecked"), (1, "unchecked")], THIN, 4),
        ([(3, "unchecked"), (1, "wrong")], STRONG, 3),
        ([(1, "unchecked"), (3, "outdated")], THIN, 1),
        ([(3, "wrong")], None, 0),
    ],
)
def test_a_claim_that_does_not_count_lends_no_strength(claims, strength, witnesses):
    found = line(*(judged(*claim) for claim in claims))
    assert (found.strength(make.DAY), found.witnesses) == (strength, witnesses)


@pytest.mark.django_db
def test_claims_stand_in_the_order_in_which_they_were_named_and_what_does_not_count_last():
    wrong, second, first = judged(1, "wrong", key="w"), judged(1, key="b"), judged(1, key="a")
    assert [claim.key for claim in line(wrong, second, first).claims] == ["b", "a", "w"]


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["draft", "in-review", "withdrawn"])
def test_a_line_whose_claims_readers_cannot_see_is_not_shown(state):
    comparison = make.make_comparison()
    claim = judged(1)
    comparison.lines.create(kind="agreed", text="A line.").claims.add(claim)
    withdrawn = {"withdrawn_at": make.NOON, "withdrawal_reason": "Wrong."} if state == "withdrawn" else {}
    Claim.objects.filter(pk=claim.pk).update(status=state, **withdrawn)
    assert not seen(comparison)


@pytest.mark.django_db
def test_lines_stand_under_their_framework_by_kind():
    one, other, absent = make.make_framework(), make.make_framework(), make.make_framework()
    comparison = make.make_comparison(frameworks=(one, other))
    comparison.columns.filter(framework=one).update(headline="The first")
    for order, (kind, framework) in enumerate([("not-for", one), ("pick", one), ("twice", other), ("pick", absent)]):
        row = comparison.lines.create(kind=kind, framework=framework, text=f"{kind}.", order=order)
        row.claims.add(judged(1))
    first, second = seen(comparison).frameworks
    assert (first.headline, [kind for kind, _lines in first.groups]) == ("The first", [LineKind.PICK, LineKind.NOT_FOR])
    assert [kind for kind, _lines in second.groups] == [LineKind.TWICE]


@pytest.mark.django_db
@pytest.mark.parametrize("is_ruled", [False, True])
def test_a_line_says_whether_its_claims_are_disputed(is_ruled):
    criterion = make.make_criterion(levels=("yes", "no"))
    framework = make.make_framework()
    claim = make.make_claim(framework, criterion, level="yes")
    make.make_claim(framework, criterion, level="no")
    if is_ruled:
        make.make_ruling(framework, criterion, level=criterion.levels.get(slug="yes"))
    assert line(claim).dispute == ("ruled" if is_ruled else "none")


@pytest.mark.django_db
@pytest.mark.parametrize("size", [1, 12])
def test_a_verdict_takes_the_same_queries_at_any_size(django_assert_num_queries, size):
    comparison = make.make_comparison(frameworks=tuple(make.make_framework() for _ in range(2)))
    for order in range(size):
        comparison.lines.create(kind="agreed", text="A line.", order=order).claims.add(judged(2), judged(1))
        comparison.verdict.create(text="Text.", order=order).claims.add(judged(1))
    make.settle()
    members = list(comparison.columns.select_related("framework"))
    columns = [assessing.column(member.framework, place) for place, member in enumerate(members, start=1)]
    with django_assert_num_queries(7):
        verdict_of(comparison, members, columns)
