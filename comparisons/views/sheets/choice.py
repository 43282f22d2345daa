"""A choice, and a comparison as it was on a day, as tables to take away."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from comparisons.domain.choosing import Placing
from comparisons.domain.editions import PastComparison
from comparisons.domain.matrix import Column
from comparisons.evidence.choosing import ChoiceOutcome, Question, SetAside
from comparisons.exchange.sheets import Entry, Sheet, SheetColumn
from comparisons.language import editions

from .. import choose_words
from .matrix import address, two_columns


def choice_sheet(context: dict[str, Any]) -> Sheet:
    """The ranking with the answer and the points of each question, then what has no rank, then what is set aside."""
    result: ChoiceOutcome = context["result"]
    weighed = [question for question in context["asked"] if result.weighing.weights.get(question.line.id)]
    columns = [
        SheetColumn("rank", _("Rank")),
        SheetColumn("framework", _("Framework")),
        SheetColumn("standing", _("Standing")),
        SheetColumn("points", _("Points of 100")),
        SheetColumn("least", _("At the least")),
        SheetColumn("most", _("At the most")),
        SheetColumn("first", _("First in so many of 100 readings")),
        SheetColumn("why", _("Why it is set aside")),
    ]
    for question in weighed:
        slug, name = question.line.slug, question.line.name
        columns += [SheetColumn(slug, name), SheetColumn(f"{slug} points", _("%s: points") % name)]
    ranked = {one.framework for one in context["placings"]}
    rows = [
        *(
            _ranked(rank, one, result, weighed)
            for rank, one in enumerate(context["placings"], start=context["paging"].first)
        ),
        *(
            _unranked(column, _("remains"), "", weighed)
            for column in result.remaining
            if not result.weighing.ranking and column.id not in ranked
        ),
        *(
            _unranked(one.column, _("set aside") if one.lacks_any else _("cannot tell"), _why(one), weighed)
            for one in (result.aside if context["paging"].page == context["paging"].pages else ())
        ),
    ]
    about = {
        "outcome": choose_words.verdict(result),
        "certainty": choose_words.certainty(result),
        "what_would_change_it": "; ".join(turn.said for turn in context["turns"]),
    }
    return Sheet(_("Which one fits your job?"), columns, rows, about)


def _ranked(rank: int, one: Placing, result: ChoiceOutcome, weighed: list[Question]) -> list[Any]:
    column = result.column(one.framework)
    told = (choose_words.exact(points) for points in (one.points, one.low, one.high, 100 * one.first))
    found = [rank, _named(column), _("ranked"), *told, ""]
    for question in weighed:
        said = choose_words.answer(result, question, column)
        where = address("cell", column.slug, question.line.slug)
        found += [
            Entry(said or _("not known"), where, {"value": said or None, "address": where}),
            choose_words.exact(result.weighing.points(column.id, question.line.id)),
        ]
    return found


def _unranked(column: Column, standing: str, why: str, weighed: list[Question]) -> list[Any]:
    return [None, _named(column), standing, None, None, None, None, why, *[None] * (2 * len(weighed))]


def _named(column: Column) -> Entry:
    return Entry(column.name, address("framework", column.slug), column.slug)


def _why(one: SetAside) -> str:
    words = []
    for short in one.shortfalls:
        said = choose_words.shortfall(short)
        told = _("%(name)s is “%(value)s”") if said else _("we cannot tell about %(name)s")
        words.append(told % {"name": short.question.line.name, "value": said})
    return "; ".join(words)


def edition_sheet(past: PastComparison, day: date) -> Sheet:
    """The matrix of a comparison as readers saw it at the end of a day."""
    columns = [SheetColumn("group", _("Group")), SheetColumn("criterion", _("Criterion"))]
    for column in past.columns:
        columns += two_columns(column.slug, column.name)
    rows: list[list[Any]] = []
    for row in past.rows:
        found: list[Any] = [row.group, Entry(row.name, address("criterion", row.slug), row.slug)]
        for column, cell in zip(past.columns, row.cells, strict=True):
            where, said = address("cell", column.slug, row.slug), editions.value(cell, row)
            evidence = editions.evidence(cell, day) if cell else ""
            states = [evidence, editions.standing(cell) if cell and (cell.is_disputed or cell.ruling) else ""]
            data = {
                "value": said if cell and cell.has_value else None,
                "silence": None if cell and cell.has_value else said,
                "agreement": (cell.agreement or None) if cell else None,
                "address": where,
            }
            found += [Entry(said, where, data), "; ".join(filter(None, states))]
        rows.append(found)
    return Sheet(past.title, columns, rows, {"as_of": day})
