"""The rules that a claim has to keep if it is a figure: a number that depends on its conditions."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from comparisons.domain.vocabulary import CONDITIONS, ClaimKind

FIGURE_CONSTRAINTS = [
    models.CheckConstraint(
        condition=Q(kind=ClaimKind.FIGURE) | Q(**dict.fromkeys(CONDITIONS, "")),
        name="claim_conditions_are_of_figures",
        violation_error_message=_("Only a claim of the kind “figure” has conditions."),
    ),
    models.CheckConstraint(
        condition=Q(benchmark__isnull=True) | Q(framework__isnull=False),
        name="claim_benchmark_needs_framework",
        violation_error_message=_("Only a claim about a framework has a benchmark."),
    ),
    models.CheckConstraint(
        condition=Q(variant="") | Q(benchmark__isnull=False),
        name="claim_variant_is_of_a_benchmark",
        violation_error_message=_("Only a figure of a benchmark has a variant."),
    ),
    models.CheckConstraint(
        condition=Q(left_out="") | Q(kind=ClaimKind.FIGURE) | Q(benchmark__isnull=False),
        name="claim_left_out_is_of_a_figure",
        violation_error_message=_("Only a figure can be left out of comparison."),
    ),
    models.CheckConstraint(
        condition=Q(interval_low__isnull=True, interval_high__isnull=True)
        | Q(
            number__isnull=False,
            interval_low__isnull=False,
            interval_high__isnull=False,
            interval_low__lte=F("interval_high"),
        ),
        name="claim_interval_rises",
        violation_error_message=_("Give both ends of the interval of a number, the lower one first, or none."),
    ),
]


def benchmark_problems(claim: Any) -> dict[str, list[Any]]:
    """What is wrong with the benchmark of a claim: messages by field, or {} if nothing is wrong."""
    if claim.benchmark_id is None or claim.criterion_id is None:
        return {}
    if claim.benchmark.criterion_id == claim.criterion_id:
        return {}
    message = _("“%(benchmark)s” measured “%(other)s”, not “%(criterion)s”.")
    names = {"benchmark": claim.benchmark, "other": claim.benchmark.criterion, "criterion": claim.criterion}
    return {"benchmark": [message % names]}
