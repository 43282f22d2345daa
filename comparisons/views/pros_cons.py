"""Claims: what speaks for and against, and the permalink of each."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from comparisons import filters
from comparisons.domain import vocabulary as v
from comparisons.domain.vocabulary import RulingState, Status
from comparisons.evidence import assessing
from comparisons.evidence.claims import neighbours, rulings_naming, with_evidence
from comparisons.history.public import past
from comparisons.language import labels
from comparisons.models import Claim, ClaimSummary
from comparisons.pros_cons import index as facets
from comparisons.pros_cons import lists

from .matrix import NO_SUCH

#: Pros and cons on a page, and options of a facet that has more of them.
SIZE, OPTIONS = 50, 12
#: Other claims named on each of the two lists of neighbours of a claim.
NEAR = 6
#: Years that can be asked for.
YEARS = filters.whole(1900, 2200)

#: Facets by parameter, in the order in which they are offered.
TITLES: dict[str, str | Promise] = {
    "framework": _("Framework"),
    "polarity": _("For or against"),
    "group": _("Group of criteria"),
    "criterion": _("Criterion"),
    "strength": _("Evidence"),
    "kind": _("Kind"),
    "verdict": _("Verdict"),
    "article": _("Source"),
}
#: The facets whose values are records, so that there may be many, and those that are words of a closed list.
RECORDS = ("framework", "group", "criterion", "article")
WORDS: dict[str, type[StrEnum]] = {
    "polarity": v.Polarity,
    "strength": v.Strength,
    "kind": v.ClaimKind,
    "verdict": v.Verdict,
}
SORTS: dict[str, str | Promise] = {
    "strength": _("Strength of evidence"),
    "newest": _("Newest evidence"),
    "framework": _("Framework"),
    "criterion": _("Criterion"),
}
assert SORTS.keys() == facets.SORTS.keys()  # noqa: S101


def _words(text: str) -> str:
    """Words to look for, at most ten."""
    if len(facets.words_of(text)) > 10:
        raise ValueError(_("Give at most ten words."))
    return text


CLAIMS = filters.Schema(
    *(
        filters.Parameter(
            name,
            filters.key if name in RECORDS else filters.one_of(*facets.CLOSED[name]),
            most=filters.MAX_VALUES,
        )
        for name in TITLES
    ),
    filters.Parameter("year_from", YEARS),
    filters.Parameter("year_to", YEARS),
    filters.Parameter("q", _words),
    filters.Parameter("sort", filters.one_of(*SORTS)),
    filters.Parameter("view", filters.one_of("list")),
    filters.Parameter("more", filters.one_of(*RECORDS), most=len(RECORDS)),
    filters.Parameter("after", filters.key),
    paging=("after",),
)


@require_safe
def claim_list(request: HttpRequest) -> HttpResponse:
    """What speaks for and against, filtered, counted and ordered; at most three queries, four with words."""
    asked = CLAIMS.read(request.GET)
    today = timezone.localdate()
    index = facets.current(today)
    found = index.find(_choice(asked, index))
    sort = asked["sort"] or "strength"
    page = found.page(sort, SIZE, _place(asked, index))
    items = lists.items(page.claims, index)
    chips = _chips(asked, index)
    context = {
        "section": "claims",
        "asked": asked,
        "today": today,
        "total": found.total,
        "of": index.total,
        "facets": _facets(asked, found, chips),
        "years": found.years(),
        "chips": [chip for every in chips.values() for chip in every],
        "advice": _advice(asked, found, chips) if not found.total else [],
        "sorts": [(word, label, word == sort) for word, label in SORTS.items()],
        "items": items,
        "groups": [] if asked["view"] else lists.grouped(items, found.all, index),
        "first": page.first,
        "last": page.first + len(page.claims) - 1,
        "next": items[-1].about.key if items and page.has_more else "",
    }
    return render(request, "comparisons/claim_list.html", context)


def _choice(asked: filters.Query, index: facets.Index) -> facets.Choice:
    """What a request asks for; refuses names that nothing has, and years the wrong way round."""
    for name in RECORDS:
        asked.refuse(name, [slug for slug in asked[name] if slug not in index.names[name]], NO_SUCH)
    first, last = asked["year_from"], asked["year_to"]
    if first and last and last < first:
        asked.refuse("year_to", [str(last)], _("It lies before the year to begin with."))
    return facets.Choice({name: asked[name] for name in TITLES}, first, last, asked["q"] or "")


def _place(asked: filters.Query, index: facets.Index) -> int | None:
    """The place of the claim after which the page begins; one query, if it is named."""
    key = asked["after"]
    if not key:
        return None
    rows = ClaimSummary.objects.filter(claim__key=key).values_list("place", flat=True)
    places = [place for place in rows if place in index.shown]
    asked.refuse("after", [] if places else [key], _("The list no longer holds the claim that this page went on from."))
    return places[0]


Chip = tuple[str, str, str]


def _chips(asked: filters.Query, index: facets.Index) -> dict[str, list[Chip]]:
    """What is chosen, by part of the choice: (title, value, the query string without it) each."""
    chips: dict[str, list[Chip]] = {
        name: [(str(title), _named(name, value, index), asked.without(name, value)) for value in asked[name]]
        for name, title in TITLES.items()
        if asked[name]
    }
    for part, name, title in (
        ("years", "year_from", _("Sources from")),
        ("years", "year_to", _("Sources until")),
        ("words", "q", _("Words")),
    ):
        if asked[name]:
            chips.setdefault(part, []).append((str(title), str(asked[name]), asked.without(name)))
    return chips


def _named(name: str, value: str, index: facets.Index) -> str:
    return _worded(name, value) if name in WORDS else index.names[name][value]


def _worded(name: str, value: str) -> str:
    return str(labels.label(WORDS[name](value))).capitalize()


def _facets(asked: filters.Query, found: facets.Found, chips: dict[str, list[Chip]]) -> list[dict[str, Any]]:
    """Every facet with its options; of many, those that most results have and a way to see the rest."""
    shown = []
    for name, title in TITLES.items():
        expanded = name in asked["more"]
        options = found.options(name, OPTIONS if name in RECORDS and not expanded else None)
        if name in RECORDS:
            options = [option for option in options if option.count or option.is_chosen]
        else:
            options = [replace(option, name=_worded(name, option.value)) for option in options]
        total = found.index.in_use[name]
        shown.append(
            {
                "name": name,
                "title": title,
                "options": options,
                "total": total,
                "is_cut": name in RECORDS and not expanded and total > OPTIONS,
                "is_expanded": expanded,
                "is_open": expanded or name in chips or name not in ("criterion", "kind", "verdict", "article"),
            }
        )
    return shown


def _advice(asked: filters.Query, found: facets.Found, chips: dict[str, list[Chip]]) -> list[dict[str, Any]]:
    """What to drop so that something is found: its chips, how many would match, and where."""
    parameters = {"years": ("year_from", "year_to"), "words": ("q",)}
    advice = []
    for parts, count in found.advice():
        dropped = {name: None for part in parts for name in parameters.get(part, (part,))}
        named = [f"{title}: {value}" for part in parts for title, value, _href in chips[part]]
        advice.append({"dropped": named, "count": count, "href": asked.string(**dropped, after=None)})
    return advice[:4]


@require_safe
def claim(request: HttpRequest, key: str) -> HttpResponse:
    """The permalink of a claim; at most eight queries. 410 once it is withdrawn, 404 before it is published."""
    shown = Claim.objects.select_related("framework", "criterion__group", "level")
    found: Claim = get_object_or_404(shown.filter(status__in=(Status.PUBLISHED, Status.WITHDRAWN)), key=key)
    if found.status == Status.WITHDRAWN:
        gone = {"withdrawn_at": found.withdrawn_at, "reason": found.withdrawal_reason}
        return render(request, "comparisons/claim_withdrawn.html", gone, status=410)
    rulings = rulings_naming(found)
    here = (found.framework_id, found.criterion_id)
    settled = {here} if any((r.framework_id, r.criterion_id) == here and not r.is_open for r in rulings) else set()
    revisions, complete = past(found)
    near = neighbours(found, NEAR)
    context = {
        "section": "claims",
        "today": timezone.localdate(),
        "card": with_evidence(found, assessing.Witnesses(), settled),
        "claim": found,
        "line": assessing.line_of(found.criterion),
        "rulings": [(ruling, RulingState.OPEN if ruling.is_open else RulingState.RULED) for ruling in rulings],
        "revisions": revisions,
        "is_complete": complete,
        "near_here": [other for other in near if not other.elsewhere],
        "near_elsewhere": [other for other in near if other.elsewhere],
    }
    return render(request, "comparisons/claim.html", context)
