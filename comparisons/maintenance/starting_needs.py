"""The rule for what use cases ask, which spans several rows."""

from __future__ import annotations

from collections.abc import Iterator

from comparisons.models import StartingNeed
from comparisons.models.starting_needs import need_problems

from .problems import Problem, rule


@rule
def use_cases_ask_what_can_be_asked() -> Iterator[Problem]:
    rows = StartingNeed.objects.select_related("use_case__group", "criterion", "level")
    for need in rows.order_by("pk"):
        for messages in need_problems(need).values():
            name = f"need {need.use_case.slug}/{need.criterion.slug}"
            yield Problem("need-does-not-fit", name, " ".join(map(str, messages)))
