"""Choosing: what must be there and what weighs most, the ranking that comes of it, and what would turn it round."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from comparisons import filters
from comparisons.domain.vocabulary import Importance

from .choose_parts import ranked_rows, reasons_table, turns
from .choose_query import AskedChoice
from .choose_rows import finder, group_rows, question_rows, starting_sets
from .kept import kept
from .paging import Paging

#: Frameworks on a page of the ranking, and set aside that are named.
PLACES, ASIDE = 20, 60


@kept(filters.ChooseForm)
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Must-haves, weights and the ranking, at most eighteen queries at any size; its whole state is in the address."""
    query = filters.ChooseForm.read(request.GET)
    asked = AskedChoice(query)
    result = asked.outcome
    choice = result.weighing
    paging = Paging.of(len(choice.ranking), PLACES, query.params["page"])
    shown = paging.cut(choice.ranking)
    by_id = {column.id: column for column in result.answers.columns}
    ranked = ranked_rows(result, shown, paging.first)
    context = {
        "section": "choose",
        "query": query,
        "today": result.answers.today,
        "state": query.string(page=None, q=None, group=None),
        "is_bare": not query.string(),
        "frameworks": [by_id[column.id] for column in result.answers.columns],
        "narrowed": bool(query.params["framework"]),
        "rows": question_rows(query, asked.own, result),
        "groups": group_rows(query, asked.groups),
        "weights": list(Importance),
        "finder": finder(query, asked.found, asked.total_found, asked.groups, result),
        "starts": starting_sets(),
        "leave": [(word, label, word in query.params["leave"]) for word, label in filters.LEAVE.items()],
        "sources": asked.sources,
        "result": result,
        "paging": paging,
        "ranked": ranked,
        "aside": result.aside[:ASIDE],
        "more_aside": result.aside[ASIDE:],
        "reasons": reasons_table(result, asked, shown),
        "turns": turns(query, result, asked),
    }
    return render(request, "comparisons/choose.html", context)
