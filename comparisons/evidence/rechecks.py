"""What decides, beside the evidence itself, whether a cell is due for a recheck: releases, criteria and checks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from comparisons.domain.freshness import CheckView, FeatureRelease, is_feature_release
from comparisons.models import Criterion, Release
from comparisons.models.checks import CheckQuerySet


@dataclass(frozen=True)
class RecheckBasis:
    """What makes rechecks due, and what clears them.

    releases: feature releases by framework. fixed: criteria that no release changes. checks: by the key of the claim.
    """

    releases: Mapping[int, Sequence[FeatureRelease]]
    fixed: frozenset[int]
    checks: Mapping[str, Sequence[CheckView]]

    def releases_for(self, framework: int, criterion: int) -> Sequence[FeatureRelease]:
        """The releases that can change the answer of a cell."""
        return () if criterion in self.fixed else self.releases.get(framework, ())


def recheck_basis(
    frameworks: Collection[int], checks: CheckQuerySet, *, as_of: date | None = None, using: str = "default"
) -> RecheckBasis:
    """What rechecks of the cells of some frameworks depend on; three queries.

    checks: those of the claims of these cells; those of earlier texts are left out. as_of: leave out releases and
    checks of later days.
    """
    releases = feature_releases(frameworks, using)
    fixed = Criterion.objects.using(using).filter(changes_with_releases=False).order_by()
    if as_of:
        releases = {pk: [one for one in found if one.released <= as_of] for pk, found in releases.items()}
    by_claim: dict[str, list[CheckView]] = defaultdict(list)
    for key, checked_on, version, holds in (
        checks.of_present_texts(as_of).order_by().values_list("claim__key", "checked_on", "version", "holds")
    ):
        by_claim[key].append(CheckView(checked_on, version, holds))
    return RecheckBasis(releases, frozenset(fixed.values_list("pk", flat=True)), by_claim)


def feature_releases(frameworks: Collection[int], using: str = "default") -> dict[int, list[FeatureRelease]]:
    """Releases that may change an answer, by framework; one query."""
    found: dict[int, list[FeatureRelease]] = defaultdict(list)
    rows = Release.objects.using(using).filter(framework__in=frameworks).order_by()
    for framework, version, released in rows.values_list("framework_id", "version_number", "released_on"):
        if is_feature_release(version):
            found[framework].append(FeatureRelease(released, version))
    return found
