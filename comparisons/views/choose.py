"""Choosing: what must be there and what weighs most, the ranking that comes of it, and what would turn it round."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from comparisons import filters
from comparisons.evidence.beside_names import signs_of

from .cards import can_rasterise
from .choose_parts import count_reasons, ranked_rows, reasons_table, turns
from .choose_query import AskedChoice
from .choose_rows import WEIGHTS, finder, group_rows, other_tests, question_rows
from .choose_starts import starting_sets
from .choose_words import verdict
from .kept import kept
from .paging import Paging
from .sheets.choice import choice_sheet
from .takeaway import answer, size

#: Frameworks on a page of the ranking, questions whose points are told at once, and set aside that are named.
PLACES, REASONS, ASIDE = 20, 40, 60
#: Frameworks without a rank that are shown with signs of life.
SIGNS = 100


@kept(filters.ChooseForm)
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Must-haves, weights and the ranking, at most 24 queries at any size; its whole state is in the address."""
    query = filters.ChooseForm.read(request.GET)
    asked = AskedChoice(query)
    result = asked.outcome
    choice = result.weighing
    paging = Paging.of(len(choice.ranking), size(query, PLACES), query.params["page"])
    shown = paging.cut(choice.ranking)
    by_id = {column.id: column for column in result.answers.columns}
    reasons = Paging.of(count_reasons(result), REASONS, query.params["reasons_page"])
    ranked = ranked_rows(result, shown, paging.first)
    asked_rows = question_rows(query, asked.own, result)
    offered = finder(query, asked.found, asked.total_found, asked.groups, result)
    named = [one.framework for one in shown] if ranked else [column.id for column in result.remaining[:SIGNS]]
    state = query.string(page=None, reasons_page=None, q=None, group=None, format=None)
    context = {
        "section": "choose",
        "query": query,
        "today": result.answers.today,
        "state": state,
        "outcome": verdict(result),
        "address": settings.SITE_URL + request.path + state,
        "picture": settings.SITE_URL + reverse("comparisons:choice_card") + state if can_rasterise() else "",
        "is_bare": not query.string(),
        "frameworks": [by_id[column.id] for column in result.answers.columns],
        "narrowed": bool(query.params["framework"] or query.params["released"]),
        "not_narrowed": query.string(page=None, reasons_page=None, framework=None, released=None),
        "released": [(word, label, word in query.params["released"]) for word, label in filters.RELEASED.items()],
        "signs": signs_of(named, result.answers.today),
        "rows": asked_rows,
        "groups": group_rows(query, asked.groups),
        "weights": WEIGHTS,
        "idle": asked.idle,
        "finder": offered,
        "other_tests": other_tests(query, [*asked_rows, *offered.rows]),
        "starts": starting_sets(query),
        "leave": [(word, label, word in query.params["leave"]) for word, label in filters.LEAVE.items()],
        "sources": asked.sources,
        "result": result,
        "paging": paging,
        "placings": shown,
        "asked": asked.every,
        "ranked": ranked,
        "aside": result.aside[:ASIDE],
        "more_aside": result.aside[ASIDE:],
        "reasons": reasons_table(result, asked, shown, reasons),
        "reasons_paging": reasons,
        "turns": turns(query, result, asked),
    }
    return answer(request, "comparisons/choose.html", context, choice_sheet)
