"""The content of the method page: the constants, words and rules of the assessment, and examples computed by it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from comparisons.domain import benchmarks, freshness, statements, strength
from comparisons.domain import vocabulary as v
from comparisons.domain.assessment import Assessment, assess
from comparisons.domain.statements import BenchmarkView, Decision, Number, Source, Statement
from comparisons.domain.strength import StrengthStep

from . import labels

#: The closed word lists that readers see, in the order of the method page: anchor, heading, list.
VOCABULARIES = (
    ("agreement", _("Agreement of the sources"), v.Agreement),
    ("strength", _("Degrees of strength"), v.Strength),
    ("rulings", _("Rulings"), v.RulingState),
    ("reasons", _("Why sources conflict"), v.Reason),
    ("verdicts", _("Results of fact checks"), v.Verdict),
    ("outcomes", _("Results of running a program"), v.ProofOutcome),
    ("silences", _("Kinds of “no answer”"), v.Silence),
    ("review-marks", _("Why a claim is sent back before it is published"), v.ReviewMark),
    ("stances", _("What a source says about a claim"), v.Stance),
    ("claim-kinds", _("Kinds of claim"), v.ClaimKind),
    ("polarity", _("For and against"), v.Polarity),
    ("article-kinds", _("Kinds of source"), v.ArticleKind),
    ("interest", _("Interest of the publisher"), v.Interest),
    ("link-health", _("Links to the original"), v.LinkHealth),
    ("link-trouble", _("Why a link gave no answer"), v.LinkTrouble),
    ("precision", _("How exactly a date is known"), v.Precision),
    ("value-types", _("How a question is answered"), v.ValueType),
    ("meanings", _("What an answer means"), v.Meaning),
    ("directions", _("Which end is better"), v.Direction),
    ("statistics", _("Statistics of a benchmark"), v.Statistic),
    ("likeness", _("Like for like"), v.Likeness),
    ("status", _("The life of a claim"), v.Status),
    ("changes", _("Changes of meaning"), v.ChangeKind),
    ("weights", _("Weights of a choice"), v.Importance),
    ("objections", _("What readers object"), v.ChallengeKind),
    ("objection-states", _("The life of an objection"), v.ChallengeStatus),
    ("verdict-lines", _("Lines of “In short”, on a comparison"), v.LineKind),
)
#: Versions of which the page says whether they are feature releases.
VERSIONS = ("6.1", "6.1.0", "6.1.2", "7.0rc1")


class Example(NamedTuple):
    """A made-up cell, and its assessment as of today."""

    case: str | Promise
    agreement: str
    counts: tuple[int, ...]
    tally: list[list[str | None]]
    strength: str
    reasons: tuple[StrengthStep, ...]


def method(today: date, conditions: Sequence[str] = v.CONDITIONS) -> dict[str, Any]:
    """Everything that the method page shows; no queries. conditions: those that figures have."""
    examples = [_example(case, cell, today) for case, cell in _cases(today)]
    moves = {step.code: step.by for example in examples for step in example.reasons}
    return {
        "strong_from": strength.STRONG_FROM,
        "fair_from": strength.FAIR_FROM,
        "thin_from": strength.THIN_FROM,
        "years_until_old": freshness.YEARS_UNTIL_OLD,
        "old_before": freshness.old_before(today),
        "method_needs": [labels.CONDITION_LABELS[name] for name in statements.METHOD_NEEDS if name in conditions],
        "conditions": [labels.CONDITION_LABELS[name] for name in conditions],
        "not_counted": [labels.label(word) for word in v.Verdict if word in statements.NOT_COUNTED],
        "proven": [labels.label(word) for word in v.Verdict if word in v.PROVEN_VERDICTS],
        "borne_out": [labels.label(word) for word in v.ClaimKind if word in strength.CAN_BE_BORNE_OUT],
        "own_pages": [labels.label(word) for word in v.ArticleKind if word in statements.OWN_PAGES],
        "level_from": benchmarks.LEVEL_FROM,
        "level_to": benchmarks.LEVEL_TO,
        "log_above": benchmarks.LOG_ABOVE,
        "tolerance": int(100 * benchmarks.TOLERANCE),
        "not_compared": [labels.label(word) for word in v.Verdict if word in benchmarks.NOT_COMPARED],
        "living": [labels.label(word) for word in v.ArticleKind if word in v.LIVING_KINDS],
        "steps": [(text, moves[code]) for code, text in labels.REASONS.items() if code != "witnesses"],
        "versions": [(version, freshness.is_feature_release(version)) for version in VERSIONS],
        "vocabularies": [
            (anchor, heading, [(word.value, labels.term(word)) for word in words])
            for anchor, heading, words in VOCABULARIES
        ],
        "examples": examples,
    }


def _says(
    key: str, value: str | Number | None, *witnesses: str, dated: date | None, borne_out: bool = False, **fields: Any
) -> Statement:
    sources = tuple(
        Source(article=f"{key}-{at}", witness=name, stance=v.Stance.SUPPORTS, dated=dated, bears_out=borne_out)
        for at, name in enumerate(witnesses)
    )
    return Statement(**{"key": key, "kind": v.ClaimKind.CAPABILITY, "sources": sources, "value": value, **fields})


def _cases(today: date) -> list[tuple[str | Promise, Assessment]]:
    new, old = today - timedelta(days=30), freshness.old_before(today) - timedelta(days=30)
    yes, no = "yes", "no"
    against = Source("d", "d", v.Stance.DISPUTES, new)
    three = _says("a", yes, "a", "b", "c", dated=new)
    two_to_one = [_says("a", yes, "a", "b", dated=new), _says("b", no, "c", dated=new)]
    wide, narrow = (
        BenchmarkView(width, name, name, 0, "", "", True, v.Likeness.FULL, new, width)
        for name, width in (("a", 9), ("b", 2))
    )
    method: dict[str, Any] = {
        "kind": v.ClaimKind.FIGURE,
        "states_method": True,
        "conditions": ("laptop",),
        "dated": new,
    }
    bare: dict[str, Any] = {"kind": v.ClaimKind.FIGURE, "states_method": False, "dated": new}
    return [
        (_("Three publishers say yes"), assess([three])),
        (_("One publisher says yes in two articles"), assess([_says("a", yes, "a", "a", dated=new)])),
        (_("Only the project's own documentation says yes"), assess([_says("a", yes, "a", dated=new, borne_out=True)])),
        (_("Two say yes, both long ago"), assess([_says("a", yes, "a", "b", dated=old)])),
        (_("Two say yes, one says no"), assess(two_to_one)),
        (_("The same, and the editors ruled for yes"), assess(two_to_one, Decision(yes))),
        (_("Three say yes, a fourth disputes it"), assess([_disputed(three, against)])),
        (_("Two say yes, in unclear passages that we interpreted"), assess([_unclear(two_to_one[0])])),
        (
            _("Two say yes, one says no, and the editors ruled for an answer of their own"),
            assess(two_to_one, Decision("x")),
        ),
        (
            _("Two figures of two benchmarks: that of the wider one is shown"),
            assess(
                [
                    _says("a", _number(3000), "a", benchmark=wide, **method),
                    _says("b", _number(8000), "b", benchmark=narrow, **method),
                ]
            ),
        ),
        (
            _("Two figures under like conditions, a twentieth apart"),
            assess([_says("a", _number(100), "a", **method), _says("b", _number(105), "b", **method)]),
        ),
        (
            _("Two figures under like conditions, a half apart"),
            assess([_says("a", _number(100), "a", **method), _says("b", _number(150), "b", **method)]),
        ),
        (
            _("Two give two figures, neither with its method"),
            assess([_says("a", _number(3000), "a", **bare), _says("b", _number(8000), "b", **bare)]),
        ),
        (_("Two give the text of a figure, without its method"), assess([_says("a", yes, "a", "b", **bare)])),
        (
            _("Three say yes, and it cannot be checked"),
            assess([_says("a", yes, "a", "b", "c", dated=new, verdict=v.Verdict.CANNOT_BE_CHECKED)]),
        ),
        (
            _("One says yes, and our fact check finds it wrong"),
            assess([_says("a", yes, "a", dated=new, verdict=v.Verdict.WRONG)]),
        ),
        (_("One comments without giving an answer"), assess([_says("a", None, "a", dated=new)])),
    ]


def _number(value: int) -> Number:
    return Number(Decimal(value), Decimal(value))


def _disputed(statement: Statement, source: Source) -> Statement:
    return replace(statement, sources=(*statement.sources, source))


def _unclear(statement: Statement) -> Statement:
    return replace(statement, sources=tuple(replace(source, reading=True) for source in statement.sources))


def _example(case: str | Promise, cell: Assessment, today: date) -> Example:
    head = cell.headline
    return Example(
        case=case,
        agreement=cell.agreement.value,
        counts=cell.counts,
        tally=[[tick.stance.value, tick.dated.isoformat() if tick.dated else None] for tick in cell.tally],
        strength=head.strength(today).value if head else "",
        reasons=head.reasons(today) if head else (),
    )
