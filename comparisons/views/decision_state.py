"""The state of a decision record: what was asked, what came of it, and what has changed since.

A state is plain JSON, so that it outlives the records that it names. Its keys are those of `state_of`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from django.http import QueryDict
from django.utils.translation import gettext as _

from comparisons import filters
from comparisons.domain.matrix import Column
from comparisons.domain.vocabulary import Importance, Polarity
from comparisons.evidence.choosing import ChoiceOutcome, Question
from comparisons.language import labels, values
from comparisons.models import Claim
from comparisons.models.ranking import by_verdict

from . import choose_words
from .choose_parts import COLUMNS, ReasonCell, reasons_table, turns
from .choose_query import AskedChoice

#: Arguments for and against the first framework, and disputed answers, that a record names.
EACH, DISPUTED = 3, 12
#: The version of what a state holds.
VERSION = 1

State = dict[str, Any]


def state_of(query: filters.ChooseForm, day: date, title: str = "", context: str = "") -> State:
    """The result of a choice on a day; the queries of the page of a choice, and three more. Raises BadQuery."""
    asked = AskedChoice(query)
    result = asked.outcome
    choice = result.weighing
    musts = dict(query.params["must"])
    return {
        "version": VERSION,
        "day": day.isoformat(),
        "title": title,
        "context": context,
        "query": query.string(page=None, reasons_page=None, q=None, group=None, format=None),
        "claims": Claim.objects.published().count(),
        "musts": [_must(one, musts[one.line.slug], result) for one in asked.own if one.line.slug in musts],
        "weights": [
            {"name": group.name, "weight": str(group.weight), "questions": len(group.rows)}
            for group in reasons_table(result, asked, ()).groups
        ],
        "evidence": _evidence(query, asked),
        "frameworks": len(asked.columns),
        "remaining": [column.name for column in result.remaining],
        "verdict": choose_words.verdict(result),
        "certainty": choose_words.certainty(result),
        "ranking": [
            {
                "slug": result.column(one.framework).slug,
                "name": result.column(one.framework).name,
                "points": round(one.points, 1),
                "low": round(one.low, 1),
                "high": round(one.high, 1),
                "first": round(one.first, 3),
            }
            for one in choice.ranking
        ],
        "answers": _answers(result, asked),
        "aside": [
            {
                "slug": one.column.slug,
                "name": one.column.name,
                "why": [
                    {
                        "criterion": short.question.line.slug,
                        "name": short.question.line.name,
                        "value": choose_words.shortfall(short),
                        "claim": short.claim,
                    }
                    for short in one.shortfalls
                ],
            }
            for one in result.aside
        ],
        "consequences": _consequences(result, asked),
        "turns": [one.said for one in turns(query, result, asked)],
    }


def _must(question: Question, text: str, result: ChoiceOutcome) -> State:
    name = {"criterion": question.line.slug, "name": question.line.name}
    if question.is_number:
        bound = _("at most %(n)s %(unit)s") if question.wants_less else _("at least %(n)s %(unit)s")
        row = result.answers.figures.get(question.line.id)
        test = row.benchmark.title if row and row.benchmark else _("no benchmark")
        said = _("%(bound)s in “%(test)s”") % {"bound": bound % {"n": text, "unit": question.line.unit}, "test": test}
        return {**name, "answer": said}
    label = next(level.label for level in question.levels if level.slug == text)
    return {**name, "answer": _("%(label)s or better") % {"label": label} if len(question.enough(text)) > 1 else label}


def _evidence(query: filters.ChooseForm, asked: AskedChoice) -> list[str]:
    """The evidence that was left out, in words."""
    titles = dict(asked.sources)
    words = [_("Left out: %(what)s") % {"what": str(filters.LEAVE[word]).lower()} for word in query.params["leave"]]
    if query.params["trust"]:
        words.append(_("Only this source: %(title)s") % {"title": titles[query.params["trust"]]})
    if query.params["distrust"]:
        words.append(_("Without this source: %(title)s") % {"title": titles[query.params["distrust"]]})
    return words


def _answers(result: ChoiceOutcome, asked: AskedChoice) -> list[State]:
    """What the first frameworks answer to each question that weighs, with the points that it adds."""
    table = reasons_table(result, asked, result.weighing.ranking[:COLUMNS])
    return [
        {
            "criterion": row.question.line.slug,
            "name": row.question.line.name,
            "weight": str(group.weight),
            "group": group.name if group.is_group else "",
            "values": [
                _value(result, row.question, column, cell)
                for (column, _placing), cell in zip(table.columns, row.cells, strict=True)
            ],
        }
        for group in table.groups
        for row in group.rows
    ]


def _value(result: ChoiceOutcome, question: Question, column: Column, found: ReasonCell) -> State:
    is_disputed = bool(found.cell and found.cell.is_disputed)
    return {
        "slug": column.slug,
        "value": choose_words.answer(result, question, column),
        "points": round(found.points, 1),
        "is_known": found.is_known,
        "disputed": values.witness_sides(found.cell).rpartition(": ")[2] if is_disputed and found.cell else "",
        "is_ruled": is_disputed and not (found.cell and found.cell.is_open),
    }


def _consequences(result: ChoiceOutcome, asked: AskedChoice) -> State:
    """Claims for and against the first framework on what was asked, the best supported first; two queries."""
    leader = result.weighing.leader
    if leader is None:
        return {"pro": [], "con": []}
    claims = Claim.objects.published().filter(
        framework=leader, criterion__in=[question.line.id for question in asked.every], summary__is_shown=True
    )
    ordered = claims.order_by(by_verdict(), "-summary__witnesses", "key")
    return {
        str(polarity): [
            {"key": key, "statement": statement}
            for key, statement in ordered.filter(polarity=polarity).values_list("key", "statement")[:EACH]
        ]
        for polarity in (Polarity.PRO, Polarity.CON)
    }


def key_of(state: Mapping[str, Any]) -> str:
    """The key of the record with this state."""
    text = json.dumps(state, sort_keys=True, ensure_ascii=False)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


def by_weight(state: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What weighs most first: (label of the weight, names joined by commas)."""
    found: dict[str, list[str]] = {}
    for one in state["weights"]:
        found.setdefault(one["weight"], []).append(one["name"])
    return [
        (str(labels.label(weight)), ", ".join(found[weight]))
        for weight in reversed(Importance)
        if weight in found and weight != Importance.NONE
    ]


def disputed(state: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The answers used that sources dispute: framework, criterion, value, sides and whether it is ruled."""
    names = {one["slug"]: one["name"] for one in state["ranking"]}
    return [
        {**value, "name": names[value["slug"]], "criterion": row["criterion"], "question": row["name"]}
        for row in state["answers"]
        for value in row["values"]
        if value["disputed"]
    ][:DISPUTED]


class RankedSince(NamedTuple):
    """A framework whose rank or points are others now. Both are None where it did, or does, not remain."""

    name: str
    before: tuple[int, float] | None
    now: tuple[int, float] | None


class AnswerSince(NamedTuple):
    """An answer that is another one now; "" for none."""

    name: str
    question: str
    slug: str
    criterion: str
    before: str
    now: str


class Since(NamedTuple):
    """What has changed since a record was kept. problems: why the same choice cannot be asked any more."""

    ranking: list[RankedSince]
    answers: list[AnswerSince]
    verdict: str
    problems: list[str]

    def __bool__(self) -> bool:
        return bool(self.ranking or self.answers or self.problems)


def since(state: Mapping[str, Any], today: date) -> Since:
    """Ask the same choice again, and say what is different."""
    try:
        query = filters.ChooseForm.read(QueryDict(state["query"].removeprefix("?")))
        now = state_of(query, today)
    except filters.BadQuery as error:
        return Since([], [], "", [f"{one.shown}: {one.message}" for one in error.bad])
    before, after = _ranks(state), _ranks(now)
    names = {one["slug"]: one["name"] for one in (*now["ranking"], *state["ranking"])}
    moved = [
        RankedSince(names[slug], before.get(slug), after.get(slug))
        for slug in names
        if before.get(slug) != after.get(slug)
    ]
    was, is_now = _by_place(state), _by_place(now)
    changed = [
        AnswerSince(names[slug], question, slug, criterion, value, is_now[slug, criterion][1])
        for (slug, criterion), (question, value) in was.items()
        if (slug, criterion) in is_now and is_now[slug, criterion][1] != value
    ]
    return Since(moved, changed, now["verdict"], [])


def _ranks(state: Mapping[str, Any]) -> dict[str, tuple[int, float]]:
    return {one["slug"]: (rank, one["points"]) for rank, one in enumerate(state["ranking"], start=1)}


def _by_place(state: Mapping[str, Any]) -> dict[tuple[str, str], tuple[str, str]]:
    """The name of the question and the value of each answer, by framework and criterion."""
    return {
        (value["slug"], row["criterion"]): (row["name"], value["value"])
        for row in state["answers"]
        for value in row["values"]
    }
