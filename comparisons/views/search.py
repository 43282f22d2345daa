"""Search over everything: results of every kind or of one, as a whole page or as the part that changes."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from comparisons import filters
from comparisons.models import SearchEntry
from comparisons.search.find import MOST, records
from comparisons.search.find import search as find
from comparisons.search.terms import count

from .paging import Paging

#: Most words of a search; records of each kind on the page of all kinds, and on the page of one.
MOST_WORDS, BRIEF, SIZE = 10, 20, 50
#: The header by which htmx asks for the changing part, and the one by which it still needs the whole page.
PART, RESTORED = "HX-Request", "HX-History-Restore-Request"


def _read(data: QueryDict) -> filters.QueryForm:
    """The parameters of a search. Raises BadQuery, also for too many words."""
    query: filters.QueryForm = filters.SearchFilter.read(data).form
    if count(query.params["q"]) > MOST_WORDS:
        query.refuse("q", query.texts["q"], _("Give at most %(most)d words.") % {"most": MOST_WORDS})
    return query


@require_safe
@vary_on_headers(PART, RESTORED)
def search(request: HttpRequest) -> HttpResponse:
    """The records with all words of `q`: some of each kind, or with `kind=` all of one. At most twelve queries."""
    is_part = request.headers.get(PART) == "true" and RESTORED not in request.headers
    try:
        query = _read(request.GET)
    except filters.BadQuery as error:
        if not is_part:
            raise
        context = {"bad": error.bad, "is_part": True}
        response = render(request, "comparisons/_search_results.html", context, status=400)
        response["Cache-Control"] = "no-store"
        return response
    text, only, page = " ".join(query.params["q"].split()), query.params["kind"], query.params["page"]
    results = find(text)
    chosen = [hits for hits in results.hits if hits.pks and only in (None, hits.kind)]
    size = SIZE if only else BRIEF
    total = sum(hits.total for hits in chosen)
    if page > 1 and not (only and total):
        raise Http404
    paging = Paging.of(total, size, page) if only else None
    context = {
        "query": query,
        "text": text,
        "results": results,
        "groups": [(hits, SearchEntry.KINDS[hits.kind], records(hits, (page - 1) * size, size)) for hits in chosen],
        "kinds": [(hits, SearchEntry.KINDS[hits.kind]) for hits in results.hits if hits.pks],
        "total": total,
        "more": any(hits.more for hits in chosen),
        "most": MOST,
        "paging": paging,
        "is_part": is_part,
    }
    template = "comparisons/_search_results.html" if is_part else "comparisons/search.html"
    return render(request, template, context)
