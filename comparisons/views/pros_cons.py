"""The page of pros and cons: filtered, counted and ordered."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from comparisons import filters
from comparisons.filters import RECORDS, ClaimFilter, Option
from comparisons.models import ClaimSummary, remembered
from comparisons.pros_cons import current, lists
from comparisons.pros_cons.choices import Choice, FoundClaims
from comparisons.pros_cons.index import Index

from .kept import kept
from .sheets.claims import pros_cons_sheet
from .takeaway import answer, size

#: Pros and cons on a page; options shown of a facet with more of them, and of one that is shown with many.
SIZE, OPTIONS, MANY = 50, 12, 200
#: Facets that stay folded until something is chosen in them.
FOLDED = ("criterion", "kind", "verdict", "article")
#: The parameters of the parts of a choice that are not facets.
PARAMETERS = {"years": ("year_from", "year_to"), "words": ("q",)}
#: The parameters that change no count: the pages of a list, however it is sorted and shown, count once.
UNCOUNTED = ("sort", "view", "after")


@kept(ClaimFilter)
@require_safe
def claim_list(request: HttpRequest) -> HttpResponse:
    """All pros and cons that meet the filters, a page at a time; at most three queries, four with words."""
    today = timezone.localdate()
    chosen = ClaimFilter.read(request.GET, today=today)
    query = chosen.form
    index = current.index(today)
    for name in RECORDS:
        query.require(name, index.names[name])
    found = FoundClaims(index, _choice(query))
    sort = query.params["sort"]
    page = found.page(sort, size(query, SIZE), _place(query, index))
    items = lists.items(page.claims, index)
    chips = _chips(query, index)
    asked = (query.string(**dict.fromkeys(UNCOUNTED)), index.as_of)
    is_file = bool(query.params["format"])  # which shows the claims alone
    context = {
        "section": "claims",
        "query": query,
        "today": today,
        "total": found.total,
        "of": index.total,
        "facets": [] if is_file else remembered.made((_facets, asked), partial(_facets, query, found, chips)),
        "years": found.years(),
        "chips": [chip for part in chips.values() for chip in part],
        "advice": _advice(query, found, chips) if not found.total else [],
        "sorts": [(word, one.title, word == sort) for word, one in filters.SORTS.items()],
        "items": items,
        "groups": [] if is_file or query.params["view"] else lists.grouped(items, found.all, index),
        "first": page.first,
        "last": page.first + len(page.claims) - 1,
        "next": items[-1].about.key if items and page.has_more else "",
    }
    return answer(request, "comparisons/claim_list.html", context, pros_cons_sheet)


def _choice(query: filters.QueryForm) -> Choice:
    """The choice that the parameters make."""
    params = query.params
    facets = {name: params[name] for name in ClaimFilter.base_filters}
    return Choice(facets, params["year_from"], params["year_to"], params["q"])


def _place(query: filters.QueryForm, index: Index) -> int | None:
    """The place of the claim after which the page begins, if one is given; one query."""
    key = query.params["after"]
    if not key:
        return None
    rows = ClaimSummary.objects.filter(claim__key=key).values_list("place", flat=True)
    places = [place for place in rows if place in index.shown]
    if not places:
        query.refuse("after", [key], _("The list no longer holds the claim that this page went on from."))
    return places[0]


class Chip(NamedTuple):
    """A chosen value. href: the query string without it."""

    title: str
    value: str
    href: str


def _chips(query: filters.QueryForm, index: Index) -> dict[str, list[Chip]]:
    """The chosen values, by part of the choice."""
    chips: dict[str, list[Chip]] = {}
    for name in ClaimFilter.base_filters:
        for value in query.params[name]:
            chip = Chip(str(ClaimFilter.title(name)), str(index.names[name][value]), query.without(name, value))
            chips.setdefault(name, []).append(chip)
    for part, names in PARAMETERS.items():
        for name in names:
            if value := query.params[name]:
                chip = Chip(str(query.fields[name].label), str(value), query.without(name))
                chips.setdefault(part, []).append(chip)
    return chips


@dataclass(frozen=True)
class ShownFacet:
    """A facet as the page shows it.

    total: how many options it has, or how many with the name that is looked for; is_cut: whether it is shown with few.
    can_be_searched: whether even with many it cannot show all, so that options are looked for by name.
    """

    name: str
    title: str
    options: list[Option]
    total: int
    is_cut: bool
    is_expanded: bool
    is_open: bool
    can_be_searched: bool = False
    find: str = ""

    @property
    def is_long(self) -> bool:
        """Whether it has more options than a page shows."""
        return self.total > MANY


def _facets(query: filters.QueryForm, found: FoundClaims, chips: dict[str, list[Chip]]) -> list[ShownFacet]:
    """Every facet with its options; if there are many, those with the highest counts."""
    shown = []
    for name in ClaimFilter.base_filters:
        is_expanded = name in query.params["more"]
        has_many = name in RECORDS
        total = found.index.in_use[name]
        can_be_searched = has_many and is_expanded and total > MANY
        find = query.params[f"find_{name}"] if can_be_searched else ""
        if find:
            options = found.options(name, named=find)
            total = len(options)
            options = sorted(options, key=lambda option: (not option.is_chosen, -option.count))[:MANY]
        else:
            options = found.options(name, None if not has_many else MANY if is_expanded else OPTIONS)
        if has_many:
            options = [option for option in options if option.count or option.is_chosen]
        shown.append(
            ShownFacet(
                name,
                str(ClaimFilter.title(name)),
                options,
                total,
                is_cut=has_many and not is_expanded and total > OPTIONS,
                is_expanded=is_expanded,
                is_open=is_expanded or name in chips or name not in FOLDED,
                can_be_searched=can_be_searched,
                find=find,
            )
        )
    return shown


def _advice(query: filters.QueryForm, found: FoundClaims, chips: dict[str, list[Chip]]) -> list[dict[str, Any]]:
    """Which filters to drop so that something is found: their chips, the number of matches, the query string."""
    advice = []
    for parts, count in found.advice():
        left_out = {name: None for part in parts for name in PARAMETERS.get(part, (part,))}
        dropped = [f"{chip.title}: {chip.value}" for part in parts for chip in chips[part]]
        advice.append({"dropped": dropped, "count": count, "href": query.string(**left_out, after=None)})
    return advice[:4]
