"""The permalink of a claim, and its revisions, each of which has an address of its own."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from comparisons.domain.vocabulary import ClaimKind, RulingState, Status
from comparisons.evidence import assessing
from comparisons.evidence.challenges import objections_to
from comparisons.evidence.claims import neighbours, rulings_naming, with_evidence, with_last_checks
from comparisons.history.diff import between
from comparisons.history.names import as_published
from comparisons.history.public import ALL_ROWS, past
from comparisons.models import Claim
from comparisons.models.claims import in_catalogue
from comparisons.models.proposals import under_review_since
from comparisons.proof.shown import proof_of
from comparisons.proof.shown_samples import ShownTask, showing

from .drawn_page import drawn_page
from .kept import kept
from .remembered_context import remembered_context

#: Claims on each of the two lists of related claims.
NEAR = 6


@kept()
@require_safe
def claim(request: HttpRequest, key: str) -> HttpResponse:
    """The permalink of a claim; at most eleven queries.

    Answers 410 once it is withdrawn, 404 before it is published.
    """
    context = remembered_context(claim, None, partial(_context, key), key)
    found = context["claim"]
    if found.status == Status.WITHDRAWN:
        return _withdrawn(request, found)
    context["proof"] = proof_of(found, Path(settings.FIXTURE_DIRS[0]))
    context["samples"] = _samples(found)
    return drawn_page(request, "comparisons/claim.html", context)


def _context(key: str) -> dict[str, Any]:
    """What the page of a claim shows, but for what is in files; of a withdrawn one, that alone. Raises Http404."""
    found = _public(key)
    if found.status == Status.WITHDRAWN:
        return {"claim": found}
    rulings = rulings_naming(found)
    here = (found.framework_id, found.criterion_id)
    settled = {here} if any((r.framework_id, r.criterion_id) == here and not r.is_open for r in rulings) else set()
    revisions, complete = past(found)
    near = neighbours(found, NEAR)
    with_last_checks([found])
    return {
        "section": "claims",
        "today": timezone.localdate(),
        "objections": objections_to(found),
        "card": with_evidence(found, assessing.Witnesses(), settled),
        "claim": found,
        "line": assessing.line_of(found.criterion),
        "rulings": [(ruling, RulingState.OPEN if ruling.is_open else RulingState.RULED) for ruling in rulings],
        "revisions": revisions,
        "is_complete": complete,
        "cited": revisions[0] if revisions and revisions[0].number else None,
        "near_here": [other for other in near if not other.elsewhere],
        "near_elsewhere": [other for other in near if other.elsewhere],
    }


@kept()
@require_safe
def claim_revision(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """A claim as readers saw it in one of its revisions, which never changes; at most seven queries.

    Names are those that records had then. Answers 404 for a number that no revision has yet, and otherwise as the
    permalink does.
    """
    context = remembered_context(claim_revision, None, partial(_revision, key, number), key, number)
    found = context["claim"]
    if found.status == Status.WITHDRAWN:
        return _withdrawn(request, found)
    return render(request, "comparisons/claim_revision.html", context)


def _revision(key: str, number: int) -> dict[str, Any]:
    """What the page of a revision shows; of a withdrawn claim, that alone. Raises Http404."""
    found = _public(key)
    if found.status == Status.WITHDRAWN:
        return {"claim": found}
    revisions, _complete = past(found, ALL_ROWS)
    revision = next((one for one in revisions if one.number == number), None)
    if revision is None:
        raise Http404
    is_newest = revision is revisions[0]
    revision, newest = as_published(revision, revisions[0])
    cited: list[Any] = [texts for part, texts in revision.state.items() if part is not None]
    return {
        "section": "claims",
        "claim": found,
        "revision": revision,
        "texts": {name: text for name, text in revision.state[None].items() if text and name != "statement"},
        "statement": revision.state[None]["statement"],
        "citations": [(texts, texts.slug) for texts in cited],
        "stances": [(texts.stance, None) for texts in cited],
        "newest": newest,
        "changes": () if is_newest else between(revision, newest),
        "is_newest": is_newest,
    }


def _samples(claim: Claim) -> list[ShownTask]:
    """The tasks whose samples show what a capability claim says."""
    if claim.framework is None or claim.kind != ClaimKind.CAPABILITY:
        return []
    return showing(Path(settings.FIXTURE_DIRS[0]), claim.framework.slug, claim.criterion.slug)


def _public(key: str) -> Claim:
    """A claim that readers see or have seen. Raises Http404."""
    shown = Claim.objects.select_related("framework", "criterion__group", "level", "benchmark__article")
    shown = shown.annotate(review_since=Subquery(under_review_since(Claim)))
    claim: Claim = get_object_or_404(
        shown.filter(in_catalogue(), status__in=(Status.PUBLISHED, Status.WITHDRAWN)), key=key
    )
    return claim


def _withdrawn(request: HttpRequest, claim: Claim) -> HttpResponse:
    withdrawal = {"withdrawn_at": claim.withdrawn_at, "reason": claim.withdrawal_reason}
    return render(request, "comparisons/claim_withdrawn.html", withdrawal, status=410)
