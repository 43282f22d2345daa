"""Searches to begin with, made from what is on record."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import gettext as _

from comparisons.models import Criterion, Framework


class SearchExample(NamedTuple):
    """A search, and what it leads to."""

    text: str
    leads_to: str


def examples() -> list[SearchExample]:
    """Searches that lead to a comparison, a cell, a criterion, a use case and a list; two queries.

    Those for which nothing is on record are left out.
    """
    frameworks = list(Framework.objects.published().order_by("order", "name").values_list("name", flat=True)[:3])
    found = Criterion.objects.published().order_by("-group__holds_use_cases", "group__order", "order", "name")
    rows = list(found.values_list("name", "group__holds_use_cases")[:60])
    use_cases = [name for name, is_use_case in rows if is_use_case]
    criteria = [name for name, is_use_case in rows if not is_use_case] or use_cases
    made = []
    if len(frameworks) > 1:
        pair = _("%(one)s vs %(other)s") % {"one": frameworks[0], "other": frameworks[1]}
        made.append(SearchExample(pair, _("leads to the comparison")))
    if frameworks and criteria:
        cell = f"{frameworks[-1]} {criteria[len(criteria) // 2]}"
        made.append(SearchExample(cell, _("leads to the answer")))
    if criteria:
        made.append(SearchExample(criteria[len(criteria) // 3], _("leads to the answers for all")))
    if use_cases:
        made.append(SearchExample(use_cases[0], _("leads to what is recommended for it")))
    if made:
        made.append(
            SearchExample(_("disagreements"), _("leads to a list, as do “outdated”, “biased” and “benchmarks”"))
        )
    return made
