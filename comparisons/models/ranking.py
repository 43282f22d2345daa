"""The order in which lists show claims: those that are outdated, wrong or cannot be checked come last."""

from django.db.models import Case, IntegerField, When

from comparisons.domain.statements import RANKED_LAST


def by_verdict(verdict: str = "verdict") -> Case:
    """An expression that lists order by. verdict: leads to the verdict of a claim."""
    return Case(When(**{f"{verdict}__in": sorted(RANKED_LAST)}, then=1), default=0, output_field=IntegerField())
