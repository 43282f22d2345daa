"""Check claims again: which claims a recheck has to look at, and the record that somebody did."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from comparisons.domain.assessment import assess
from comparisons.domain.freshness import FeatureRelease, is_feature_release, still_holds, version_numbers
from comparisons.domain.vocabulary import Status
from comparisons.evidence import assessing
from comparisons.evidence.assessing import Levels, Pair
from comparisons.evidence.rechecks import recheck_basis
from comparisons.language.cleaning import tidy
from comparisons.models import Article, Check, Citation, Claim, Proposal, Release, Ruling
from comparisons.models.permissions import EDIT

from .proposals import speak_for_new_day
from .steps import StepResult, demand


class CellToCheck(NamedTuple):
    """The claims that have to be checked before a cell is clear, and the newest release that makes it due, if any."""

    claims: list[Claim]
    release: FeatureRelease | None


def cells_to_check(pairs: Collection[Pair]) -> dict[Pair, CellToCheck]:
    """What has to be checked in these cells; at most nine queries for any number of them, none for none.

    If no recheck is due in a cell, these are all claims behind its headline.
    """
    if not pairs:
        return {}
    today = timezone.localdate()
    here, of_claim = Q(), Q()
    for framework, criterion in pairs:
        here |= Q(framework=framework, criterion=criterion)
        of_claim |= Q(claim__framework=framework, claim__criterion=criterion)
    levels: Levels = {}
    found = assessing.statements(Citation.objects.filter(of_claim), assessing.Witnesses(), levels)
    rulings = assessing.rulings_by_cell(Ruling.objects.filter(here), levels)
    basis = recheck_basis({framework for framework, _criterion in pairs}, Check.objects.filter(of_claim))
    wanted: dict[Pair, tuple[list[str], FeatureRelease | None]] = {}
    for pair, statements in found.items():
        cell = assess(statements, rulings.get(pair), basis.releases_for(*pair), basis.checks)
        release = cell.recheck(today)
        keys = [key for key in cell.behind if not release or not still_holds(basis.checks.get(key, ()), release)]
        wanted[pair] = (keys, release)
    claims = Claim.objects.filter(key__in=[key for keys, _release in wanted.values() for key in keys])
    by_key = {claim.key: claim for claim in claims.select_related("framework", "criterion")}
    return {pair: CellToCheck([by_key[key] for key in keys], release) for pair, (keys, release) in wanted.items()}


def newest_versions(frameworks: Collection[int | None]) -> dict[int, str]:
    """The version of the newest feature release of each framework that is out; one query.

    If a framework has only patches and pre-releases, it is the newest of those; without releases it is left out.
    """
    rows = Release.objects.filter(framework__in=frameworks, released_on__lte=timezone.localdate()).order_by()
    releases = [
        (is_feature_release(version), released, version_numbers(version), framework, version)
        for framework, version, released in rows.values_list("framework_id", "version_number", "released_on")
    ]
    return {framework: version for *_order, framework, version in sorted(releases)}


@transaction.atomic
def record_checks(
    claims: Iterable[Claim],
    *,
    by: Any,
    version: str = "",
    holds: bool = True,
    note: str = "",
    read: Article | None = None,
) -> StepResult:
    """Record that these claims, as somebody saw them, were looked at again today.

    version: what they were checked with; "" for the newest release of the framework of each. read: the article that was
    read again to check them; their citations of it then speak for its new day, if that day is a proposal still once it
    is approved. A second check of a claim with the same
    version on the same day replaces the first. Refused are claims that readers do not see, claims that were saved since
    they were seen, and claims about no framework in particular, which has no versions.
    """
    demand(by, EDIT)
    version, note = tidy(version).strip(), tidy(note).strip()
    seen = {claim.pk: claim.version for claim in claims}
    locked = list(Claim.objects.filter(pk__in=seen).order_by("pk").select_for_update())
    newest = newest_versions({claim.framework_id for claim in locked})
    today = timezone.localdate()
    result = StepResult()
    for claim in locked:
        used = version or newest.get(claim.framework_id or 0, "")
        if claim.version != seen[claim.pk]:
            result.stale.append(claim)
            result.refused.append((claim, _("it has changed since you saw it")))
        elif claim.status != Status.PUBLISHED:
            result.refused.append((claim, _("readers do not see it")))
        elif claim.framework_id is None:
            result.refused.append((claim, _("it is about no framework in particular")))
        elif not used:
            result.refused.append((claim, _("no release of its framework is known")))
        else:
            stored = Check.objects.filter(claim=claim, version=used, checked_on=today).first()
            check = stored or Check(claim=claim, version=used, checked_on=today)
            if stored and (stored.holds, stored.note, stored.superseded_on) == (holds, note, None):
                result.unchanged.append(claim)
                continue
            check.holds, check.note, check.by, check.superseded_on = holds, note, by, None
            check.clean_fields(exclude=["claim", "by"])
            check.save()
            result.done.append(claim)
    if read is not None and holds:
        looked_at = [claim.pk for claim in (*result.done, *result.unchanged)]
        proposal = Proposal.objects.of(read).waiting().select_for_update().first()
        if proposal is not None and proposed_day(read, proposal):
            proposal.looked_at = sorted({*proposal.looked_at, *looked_at})
            proposal.save(update_fields=["looked_at"])
        else:
            speak_for_new_day(read, looked_at)
    return result


def proposed_day(article: Article, proposal: Proposal | None = None) -> date | None:
    """The later day on which an article was read again, while that waits for review; one query without `proposal`."""
    found = proposal or Proposal.objects.of(article).waiting().first()
    day = found.state["fields"].get("read_on") if found is not None else None
    return date.fromisoformat(day) if day and article.read_on and day > article.read_on.isoformat() else None


def claims_of_article(article: Article) -> list[Claim]:
    """The published claims that cite an article and speak of a framework, in the order of their cells; one query."""
    cited = Claim.objects.published().filter(citations__article=article, framework__isnull=False)
    order = ("framework__order", "framework__name", "criterion__group__order", "criterion__order", "key")
    return list(cited.select_related("framework", "criterion").order_by(*order).distinct())


def check_version(version: str) -> str:
    """A version as somebody typed it. Raises ValidationError if it is longer than a version can be."""
    version = tidy(version).strip()
    if len(version) > Check._meta.get_field("version").max_length:  # type: ignore[operator]
        raise ValidationError(_("This version is too long."))
    return version
