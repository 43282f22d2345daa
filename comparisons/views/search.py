"""Search over everything: what answers it, results of every kind or of one, and suggestions while one types."""

from __future__ import annotations

from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from comparisons import filters
from comparisons.models import SearchEntry, remembered
from comparisons.search.find import MOST
from comparisons.search.find import search as find
from comparisons.search.suggestions import suggestions
from comparisons.search.terms import count

from .drawn_page import drawn_page
from .kept import kept
from .paging import Paging
from .search_answers import AnswerBox, answers_to
from .search_examples import examples
from .search_facets import narrowed
from .search_rows import Section, partial_rows, sections
from .sheets.records import search_sheet
from .takeaway import answer

#: Most words of a search; records of each kind on the page of all kinds, and on the page of one.
MOST_WORDS, BRIEF, SIZE = 10, 10, 50
#: The header by which htmx asks for the changing part, and the one by which it still needs the whole page.
PART, RESTORED = "HX-Request", "HX-History-Restore-Request"


def _read(data: QueryDict) -> filters.SearchFilter:
    """The parameters of a search. Raises BadQuery, also for too many words."""
    found = filters.SearchFilter.read(data)
    query: filters.QueryForm = found.form
    if count(query.params["q"]) > MOST_WORDS:
        query.refuse("q", query.texts["q"], _("Give at most %(most)d words.") % {"most": MOST_WORDS})
    return found


def _is_part(request: HttpRequest) -> bool:
    """Whether htmx asks for the changing part alone."""
    return request.headers.get(PART) == "true" and RESTORED not in request.headers


def _part_headers(request: HttpRequest) -> dict[str, str]:
    """What of the headers reaches the page."""
    return {"HTTP_HX_REQUEST": "true"} if _is_part(request) else {}


def _more(section: Section, only: str, addresses: dict[str, str]) -> str:
    """Where all results of a kind are, if the page of all kinds shows some of them; else ""."""
    return addresses[section.hits.kind] if not only and section.hits.total > section.shown else ""


@kept(filters.SearchFilter, _part_headers, (PART, RESTORED))
@require_safe
@vary_on_headers(PART, RESTORED)
def search(request: HttpRequest) -> HttpResponse:
    """What answers `q`, and the records with all its words: some of each kind, or with `kind=` all of one.

    Without the answer where `framework=`, `verdict=` or `strength=` narrows the records down. At most 44 queries,
    whatever is found; after a write, what is remembered of the records takes one more of each kind.
    """
    is_part = _is_part(request)
    try:
        found = _read(request.GET)
    except filters.BadQuery as error:
        if not is_part:
            raise
        context = {"bad": error.bad, "is_part": True}
        response = render(request, "comparisons/_search_results.html", context, status=400)
        response["Cache-Control"] = "no-store"
        return response
    query: filters.QueryForm = found.form
    text, only, page = " ".join(query.params["q"].split()), query.params["kind"], query.params["page"]
    today = timezone.localdate()
    results = find(text, exact=bool(query.params["exact"]))
    narrow = narrowed(found, results.hits, today)
    results = replace(results, hits=narrow.hits)
    chosen = [hits for hits in results.hits if hits.pks and only in (None, hits.kind)]
    size = SIZE if only else BRIEF
    total = sum(hits.total for hits in chosen)
    if page > 1 and not (only and total):
        raise Http404
    paging = Paging.of(total, size, page) if only else None
    box = AnswerBox() if only or narrow.chosen else answers_to(results.intent)
    shown = sections(results, chosen, (page - 1) * size, size, box.hrefs)
    partial = [] if only or narrow.chosen else partial_rows(results, box.hrefs)
    kinds = [
        (hits, SearchEntry.KINDS[hits.kind], request.path + query.setting("kind", hits.kind))
        for hits in results.hits
        if hits.pks
    ]
    addresses = {hits.kind: address for hits, _title, address in kinds}
    context = {
        "query": query,
        "kind": only,
        "text": text,
        "today": today,
        "results": results,
        "box": box,
        "sections": [(one, one.hits, one.title, _more(one, only, addresses)) for one in shown],
        "partial": partial,
        "kinds": kinds,
        "total": total,
        "shown": sum(section.shown for section in shown),
        "more": any(hits.more for hits in chosen),
        "most": MOST,
        "paging": paging,
        "narrow": narrow,
        "not_narrowed": query.string(**dict.fromkeys((*found.counted, "page"))),
        "everything": query.string(**dict.fromkeys((*found.counted, "kind", "page"))),
        "examples": remembered.of(examples) if not (text and (shown or box or partial)) else (),
        "is_part": is_part,
    }
    template = "comparisons/_search_results.html" if is_part else "comparisons/search.html"
    return answer(request, template, context, search_sheet, drawn_page)


@kept(filters.SuggestForm)
@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """Suggestions for what stands in the search field of a page, as a fragment for htmx; at most four queries.

    What cannot be searched for has no suggestions.
    """
    try:
        query = filters.SuggestForm.read(request.GET)
    except filters.BadQuery:
        text = ""
    else:
        text = " ".join(query.params["q"].split())
    found = suggestions(text)
    response = render(request, "comparisons/_suggestions.html", {"text": text, "suggestions": found})
    response["X-Robots-Tag"] = "noindex"
    return response
