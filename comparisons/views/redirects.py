"""Redirects from former addresses: of records that were renamed or merged, and of a subject with another noun.

Those of records are looked up only when a page is not found or a parameter names no record. So other pages cost no
query more, and a record with a slug always comes before a former address. An address that would lead to a claim that
was never published does not redirect.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import reduce
from operator import or_
from typing import Any
from urllib.parse import quote

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponsePermanentRedirect, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_safe

from comparisons.domain.vocabulary import AddressKind, Status
from comparisons.models import FormerAddress, subject
from comparisons.models.addresses import addressed
from comparisons.models.base import JOINT, KEY
from comparisons.models.claims import in_catalogue

#: The kind of record that each part of a path names, by the name of the URL pattern. A part may join frameworks.
PATHS: dict[str, dict[str, AddressKind]] = {
    "article": {"slug": AddressKind.ARTICLE},
    "card_article": {"slug": AddressKind.ARTICLE},
    "card_cell": {"slug": AddressKind.FRAMEWORK, "criterion": AddressKind.CRITERION},
    "card_claim": {"slug": AddressKind.CLAIM},
    "card_compare": {"slugs": AddressKind.FRAMEWORK},
    "card_comparison": {"slug": AddressKind.COMPARISON},
    "card_criterion": {"slug": AddressKind.CRITERION},
    "card_framework": {"slug": AddressKind.FRAMEWORK},
    "card_use-case": {"slug": AddressKind.CRITERION},
    "cell": {"slug": AddressKind.FRAMEWORK, "criterion": AddressKind.CRITERION},
    "challenge_article": {"slug": AddressKind.ARTICLE},
    "challenge_cell": {"slug": AddressKind.FRAMEWORK, "criterion": AddressKind.CRITERION},
    "challenge_claim": {"key": AddressKind.CLAIM},
    "claim": {"key": AddressKind.CLAIM},
    "claim_revision": {"key": AddressKind.CLAIM},
    "compare_frameworks": {"slugs": AddressKind.FRAMEWORK},
    "comparison": {"slug": AddressKind.COMPARISON},
    "comparison_card": {"slug": AddressKind.COMPARISON},
    "comparison_edition": {"slug": AddressKind.COMPARISON},
    "criterion": {"slug": AddressKind.CRITERION},
    "embed_cell": {"slug": AddressKind.FRAMEWORK, "criterion": AddressKind.CRITERION},
    "embed_comparison": {"slug": AddressKind.COMPARISON},
    "embed_row": {"slug": AddressKind.CRITERION},
    "feed_claim": {"key": AddressKind.CLAIM},
    "feed_comparison": {"slug": AddressKind.COMPARISON},
    "feed_criterion": {"slug": AddressKind.CRITERION},
    "feed_framework": {"slug": AddressKind.FRAMEWORK},
    "framework": {"slug": AddressKind.FRAMEWORK},
    "use_case": {"slug": AddressKind.CRITERION},
}
#: Addresses of a revision lead to the record itself: after a merge the number would name another text.
REVISIONS = {"claim_revision": "claim"}
#: The kind of record that each parameter names, on every page that takes it.
PARAMETERS: dict[str, AddressKind] = {
    "after": AddressKind.CLAIM,
    "article": AddressKind.ARTICLE,
    "columns_by": AddressKind.CRITERION,
    "distrust": AddressKind.ARTICLE,
    "criterion": AddressKind.CRITERION,
    "framework": AddressKind.FRAMEWORK,
    "group": AddressKind.GROUP,
    "of": AddressKind.FRAMEWORK,
    "trust": AddressKind.ARTICLE,
}
#: The kind of record that names a part of these parameters: "must.x=…".
KEYED: dict[str, AddressKind] = {
    "must": AddressKind.CRITERION,
    "weigh": AddressKind.CRITERION,
    "weigh_group": AddressKind.GROUP,
}
#: Most names that are looked up for one request; no page takes more.
MOST = 200

#: Seconds for which a redirect from a former address may be kept: something else may get that address one day.
KEPT = 3600

Name = tuple[AddressKind, str]


def permanent(address: str) -> HttpResponsePermanentRedirect:
    """A redirect to the present address."""
    return HttpResponsePermanentRedirect(address, headers={"Cache-Control": f"public, max-age={KEPT}"})


@require_safe
def renamed(request: HttpRequest, under: str, word: str = "", rest: str = "") -> HttpResponsePermanentRedirect:
    """Lead from an address with an earlier word for what is compared to that with the present one; no query.

    under: what stands before the word. rest: what stands after it, and stays, with the query string.
    """
    query = request.META.get("QUERY_STRING", "")
    return permanent(f"/{under}{subject.nouns().address}/{quote(rest)}" + (f"?{query}" if query else ""))


def present(names: Iterable[Name]) -> dict[Name, str]:
    """The present slugs of those of these (kind, slug) pairs that are former ones; one query, none without a name."""
    models = addressed()
    by_kind: dict[AddressKind, list[str]] = {}
    for kind, slug in list(dict.fromkeys(names))[:MOST]:
        if len(slug) <= 120 and re.match(KEY.regex, slug):
            by_kind.setdefault(kind, []).append(slug)
    if not by_kind:
        return {}
    wanted = []
    for kind, slugs in by_kind.items():
        model = models[kind]
        rows = model._default_manager.order_by()
        field = model.address_field
        seen = _seen(kind, rows)
        leads = Exists(seen.filter(**{field: OuterRef("now")})) & ~Exists(rows.filter(**{field: OuterRef("key")}))
        wanted.append(Q(leads, kind=kind, key__in=slugs))
    rows = FormerAddress.objects.filter(reduce(or_, wanted)).values_list("kind", "key", "now")
    return {(AddressKind(kind), key): now for kind, key, now in rows}


def _seen(kind: AddressKind, rows: Any) -> QuerySet[Any]:
    """The records of a kind that have a page."""
    if kind == AddressKind.CLAIM:
        return rows.filter(in_catalogue(), status__in=(Status.PUBLISHED, Status.WITHDRAWN))
    return rows.published() if hasattr(rows, "published") else rows  # groups have no drafts


def address(request: HttpRequest) -> str | None:
    """The present address of a request that uses former slugs, with its parameters; None if it uses none.

    One query, none for a page that names no record.
    """
    match = request.resolver_match
    if match is None or match.app_name != "comparisons":
        return None
    kinds = PATHS.get(str(match.url_name), {})
    parts = {name: match.kwargs[name].split(JOINT) if name == "slugs" else [match.kwargs[name]] for name in kinds}
    names = [(kinds[name], slug) for name, slugs in parts.items() for slug in slugs]
    names += [(kind, slug) for name, kind in PARAMETERS.items() for slug in request.GET.getlist(name)]
    names += [key for key in map(_keyed, request.GET) if key]
    found = present(names)
    if not found:
        return None
    given = {} if match.url_name in REVISIONS else match.kwargs
    name = REVISIONS.get(str(match.url_name), match.url_name)
    path = reverse(f"comparisons:{name}", kwargs={**given, **_path(parts, kinds, found)})
    query = _query(request, found)
    return f"{path}?{query}" if query else path


def _path(
    parts: Mapping[str, list[str]], kinds: Mapping[str, AddressKind], found: Mapping[Name, str]
) -> dict[str, str]:
    """The parts of a path with present slugs. A record that has come up twice is named once."""
    return {
        name: JOINT.join(dict.fromkeys(found.get((kinds[name], slug), slug) for slug in slugs))
        for name, slugs in parts.items()
    }


def _query(request: HttpRequest, found: Mapping[Name, str]) -> str:
    """The query string with present slugs; unchanged if it holds no former one."""
    changed: QueryDict = request.GET.copy()
    for name, kind in PARAMETERS.items():
        if any((kind, slug) in found for slug in request.GET.getlist(name)):
            slugs = (found.get((kind, slug), slug) for slug in request.GET.getlist(name))
            changed.setlist(name, list(dict.fromkeys(slugs)))
    for name in request.GET:
        if (key := _keyed(name)) in found and key is not None:
            changed.setlist(f"{name.partition('.')[0]}.{found[key]}", changed.pop(name))
    return request.META.get("QUERY_STRING", "") if changed == request.GET else changed.urlencode()


def _keyed(name: str) -> Name | None:
    """The record that the name of a parameter holds: "must.x" the criterion x."""
    start, dot, slug = name.partition(".")
    return (KEYED[start], slug) if dot and start in KEYED else None
