"""Claims reviewed one after the other: the list that one came from, and the claims before and after this one in it."""

from __future__ import annotations

from copy import copy
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.contrib.admin.options import IncorrectLookupParameters, ModelAdmin
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comparisons.domain.vocabulary import Status
from comparisons.editing import worklists
from comparisons.editing.worklists import Worklist
from comparisons.models import Claim, permissions

#: The parameter that names a list of work, here as in the list of claims.
WORK = "work"
#: The parameter by which Django keeps the filters of the list that a form was opened from.
FILTERS = "_changelist_filters"
#: The claims of a filtered list through which one can go; of a longer list, the first ones.
MOST = 2_000


class ClaimQueue(NamedTuple):
    """The place of a claim in a list of work, or in the list of claims as it was filtered.

    is_asked: whether the address names the list.
    previous, next: the addresses of its neighbours, "" at either end. left: how many claims the list has now.
    """

    label: Any
    url: str
    left: int
    previous: str
    next: str
    is_asked: bool


def review_url(pk: int, key: str = "", filters: str = "") -> str:
    """The address of the review of a claim. key: of the list of work that one goes through; else filters of a list."""
    url = reverse("admin:comparisons_claim_review", args=[pk])
    asked = {WORK: key} if key else {FILTERS: filters} if filters else {}
    return f"{url}?{urlencode(asked)}" if asked else url


def worklist_named(key: str, user: Any) -> Worklist | None:
    """The list of claims of this name, if there is one for this user."""
    found = worklists.BY_KEY.get(key)
    return found if found is not None and found.model is Claim and found.is_for(user) else None


def key_of(request: HttpRequest) -> str:
    """The name of the list of work that one came from: a parameter, or one of the filters of the list before a form."""
    return request.GET.get(WORK) or QueryDict(request.GET.get("_changelist_filters", "")).get(WORK) or ""


def first_url(request: HttpRequest) -> str:
    """The review of the first claim of the list of work that is shown; "" if it is none, or empty."""
    worklist = worklist_named(key_of(request), request.user)
    rows = worklist.rows(request.user, timezone.localdate()) if worklist else Claim.objects.none()
    pk = rows.values_list("pk", flat=True).first()
    return review_url(pk, worklist.key) if worklist and pk else ""


def queue_around(request: HttpRequest, claim: Claim, admin: ModelAdmin[Claim]) -> ClaimQueue | None:
    """Where a claim stands in the list one came from; three queries if that is a list of work.

    Whoever opens a claim in review from elsewhere and may publish it is in the queue of all of them.
    """
    worklist = worklist_named(key_of(request), request.user)
    is_asked = worklist is not None
    if worklist is None and (filters := request.GET.get(FILTERS)):
        return _filtered(request, claim, admin, filters)
    if worklist is None and claim.status == Status.IN_REVIEW and request.user.has_perm(permissions.PUBLISH):
        worklist = worklists.BY_KEY["review"]
    if worklist is None:
        return None
    rows = worklist.rows(request.user, timezone.localdate())
    before = rows.filter(pk__lt=claim.pk).order_by("-pk").values_list("pk", flat=True).first()
    after = rows.filter(pk__gt=claim.pk).order_by("pk").values_list("pk", flat=True).first()
    return ClaimQueue(
        label=worklist.label,
        url=f"{reverse('admin:comparisons_claim_changelist')}?{urlencode({WORK: worklist.key})}",
        left=rows.count(),
        previous=review_url(before, worklist.key) if before else "",
        next=review_url(after, worklist.key) if after else "",
        is_asked=is_asked,
    )


def _filtered(request: HttpRequest, claim: Claim, admin: ModelAdmin[Claim], filters: str) -> ClaimQueue | None:
    """Where a claim stands in the list of claims with these filters; None if it is not there, or they make no sense."""
    asked, chosen = copy(request), QueryDict(filters, mutable=True)
    chosen.pop("p", None)  # of all its pages
    asked.GET = chosen  # type: ignore[assignment]
    try:
        shown = admin.get_changelist_instance(asked)
        pks = list(shown.queryset.values_list("pk", flat=True)[:MOST])
    except (IncorrectLookupParameters, SuspiciousOperation):
        return None
    if claim.pk not in pks:
        return None
    place = pks.index(claim.pk)
    before, after = pks[:place][-1:], pks[place + 1 :][:1]
    return ClaimQueue(
        label=_("Claims, as filtered"),
        url=f"{reverse('admin:comparisons_claim_changelist')}?{filters}",
        left=shown.result_count,
        previous=review_url(before[0], filters=filters) if before else "",
        next=review_url(after[0], filters=filters) if after else "",
        is_asked=True,
    )
