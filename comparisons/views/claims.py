"""The permalink of a claim."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from comparisons.domain.vocabulary import RulingState, Status
from comparisons.evidence import assessing
from comparisons.evidence.claims import neighbours, rulings_naming, with_evidence, with_last_checks
from comparisons.history.public import past
from comparisons.models import Claim

#: Claims on each of the two lists of related claims.
NEAR = 6


@require_safe
def claim(request: HttpRequest, key: str) -> HttpResponse:
    """The permalink of a claim; at most nine queries. Answers 410 once it is withdrawn, 404 before it is published."""
    shown = Claim.objects.select_related("framework", "criterion__group", "level", "benchmark__article")
    found: Claim = get_object_or_404(shown.filter(status__in=(Status.PUBLISHED, Status.WITHDRAWN)), key=key)
    if found.status == Status.WITHDRAWN:
        withdrawal = {"withdrawn_at": found.withdrawn_at, "reason": found.withdrawal_reason}
        return render(request, "comparisons/claim_withdrawn.html", withdrawal, status=410)
    rulings = rulings_naming(found)
    here = (found.framework_id, found.criterion_id)
    settled = {here} if any((r.framework_id, r.criterion_id) == here and not r.is_open for r in rulings) else set()
    revisions, complete = past(found)
    near = neighbours(found, NEAR)
    with_last_checks([found])
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
