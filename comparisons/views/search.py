"""Search over names and statements."""

from __future__ import annotations

import unicodedata

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from comparisons import query
from comparisons.searching import KINDS
from comparisons.searching import search as find

from .matrix import Window

#: Most words of a search, records of each kind beside others, and of one kind alone.
MOST_WORDS, BRIEF, SIZE = 10, 20, 50
TITLES = {
    "frameworks": _("Frameworks"),
    "comparisons": _("Comparisons"),
    "criteria": _("Criteria"),
    "claims": _("Claims"),
    "articles": _("Sources"),
}


def terms(text: str) -> list[str]:
    """The words of a search, each once. They are only ever data."""
    found = list(dict.fromkeys(unicodedata.normalize("NFC", text).split()))
    if len(found) > MOST_WORDS:
        raise ValueError(_("Give at most %(most)d words.") % {"most": MOST_WORDS})
    return found


SEARCH = query.Schema(
    query.Parameter("q", terms),
    query.Parameter("kind", query.one_of(*KINDS)),
    query.Parameter("page", query.whole(1, 10_000)),
    paging=("page",),
)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What all words of `q` occur in: some of each kind, or with `kind=` all of one. At most five queries."""
    asked = SEARCH.read(request.GET)
    words, kind, page = asked["q"] or [], asked["kind"], asked["page"] or 1
    size = SIZE if kind else BRIEF
    groups = find(words, [kind] if kind else KINDS, first=(page - 1) * size if kind else 0, size=size)
    total = sum(group.total for group in groups)
    if page > 1 and not (kind and total):
        raise Http404
    context = {
        "asked": asked,
        "words": words,
        "text": " ".join(words),
        "groups": [(group, TITLES[group.kind]) for group in groups if group.total],
        "window": Window.of(total, size, page) if kind else None,
        "total": total,
    }
    return render(request, "comparisons/search.html", context)
