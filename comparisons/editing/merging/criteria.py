"""Merge one criterion into another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _

from comparisons.domain.vocabulary import ValueType
from comparisons.editing import challenges
from comparisons.editing.steps import demand
from comparisons.history import reasons
from comparisons.history.reasons import ChangeReason
from comparisons.models import (
    Benchmark,
    Claim,
    Comparison,
    ComparisonCriterion,
    Criterion,
    FormerAddress,
    Level,
    Proposal,
    Ruling,
    StartingNeed,
)
from comparisons.models.aliases import joined_by
from comparisons.models.permissions import JUDGE, MERGE

from . import told, writes
from .plan import LevelChoice, MergePlan, RulingChoice, check_different, into_itself
from .renaming import redirect


def criterion_plan(duplicate: Criterion, kept: Criterion) -> MergePlan:
    """What merging one criterion into another would do."""
    if duplicate.pk == kept.pk:
        return MergePlan(refusals=[into_itself()])
    plan = MergePlan()
    if (duplicate.value_type, duplicate.unit) != (kept.value_type, kept.unit):
        plan.refusals.append(
            _(
                "They are answered differently, by %(duplicate)s and by %(kept)s. "
                "Only criteria of one kind can be merged."
            )
            % {"duplicate": _answer(duplicate), "kept": _answer(kept)}
        )
    if duplicate.group.holds_use_cases != kept.group.holds_use_cases:
        plan.refusals.append(_("One is a use case and the other is not: the page of the use case would be lost."))
    claims = Claim.objects.filter(criterion=duplicate).order_by("key")
    plan.add_moves(_("Claims"), claims)
    plan.add_moves(_("Benchmarks"), Benchmark.objects.filter(criterion=duplicate).order_by("slug"))
    there = Ruling.objects.filter(criterion=kept, framework=OuterRef("framework"))
    rulings = Ruling.objects.filter(criterion=duplicate).select_related("framework", "criterion", "level")
    plan.add_moves(_("Rulings"), rulings.filter(~Exists(there)).order_by("framework__order", "framework__name"))
    rows = (
        ComparisonCriterion.objects.filter(criterion=duplicate)
        .select_related("comparison")
        .order_by("comparison__title")
    )
    plan.add_moves(_("Rows of comparisons"), rows, lambda row: str(row.comparison))
    needs = StartingNeed.objects.filter(criterion=duplicate).select_related("use_case", "criterion")
    plan.add_moves(_("Needs of use cases"), needs.order_by("use_case__name"))
    plan.tell_waiting(duplicate)
    both = rows.filter(Exists(ComparisonCriterion.objects.filter(criterion=kept, comparison=OuterRef("comparison"))))
    if doubles := [str(row.comparison) for row in both]:
        plan.notes.append(
            _("These comparisons hold both; one row of the two stays: %(names)s.") % {"names": ", ".join(doubles)}
        )
    if duplicate.direction != kept.direction:
        plan.notes.append(
            _(
                "“%(duplicate)s” has the direction “%(before)s”. After the merge “%(after)s” applies, the direction of "
                "“%(kept)s”."
            )
            % {
                "duplicate": duplicate,
                "kept": kept,
                "before": duplicate.get_direction_display(),
                "after": kept.get_direction_display(),
            }
        )
    if (aliases := joined_by(kept, duplicate)) != kept.aliases:
        plan.notes.append(
            _("A search finds “%(kept)s” by these other names too: %(aliases)s.") % {"kept": kept, "aliases": aliases}
        )
    if duplicate.value_type == ValueType.LEVEL:
        plan.levels = _level_choices(duplicate, kept)
    others = {ruling.framework_id: ruling for ruling in Ruling.objects.filter(criterion=kept).select_related("level")}
    plan.rulings = [
        RulingChoice(ruling, others[ruling.framework_id])
        for ruling in rulings.filter(Exists(there)).order_by("framework__order", "framework__name")
    ]
    return plan


def _level_choices(duplicate: Criterion, kept: Criterion) -> list[LevelChoice]:
    """Every level of a criterion with the level of another that seems to mean the same; a few queries."""
    offered = list(kept.levels.order_by("order", "pk"))
    ruled = dict(Ruling.objects.filter(criterion=duplicate).order_by().values_list("level").annotate(Count("pk")))
    needs = StartingNeed.objects.filter(criterion=duplicate).order_by()
    needed = dict(needs.values_list("level").annotate(Count("pk")))
    waiting = Counter(one.state["fields"]["level"][1] for one in _waiting(duplicate) if one.state["fields"]["level"])
    found = []
    for level in duplicate.levels.annotate(used=Count("claims")).order_by("order", "pk"):
        same = [other for other in offered if other.slug == level.slug]
        same = same or [other for other in offered if other.label.casefold() == level.label.casefold()]
        same = same or [other for other in offered if other.meaning == level.meaning]
        found.append(
            LevelChoice(
                level,
                level.used + ruled.get(level.pk, 0) + needed.get(level.pk, 0) + waiting[level.slug],
                same[0] if len(same) == 1 else None,
            )
        )
    return found


@transaction.atomic
def merge_criteria(
    duplicate: Criterion,
    kept: Criterion,
    *,
    by: Any,
    levels: Mapping[int, int] | None = None,
    rulings: Mapping[int, int] | None = None,
) -> Criterion:
    """Merge one criterion into another that is answered in the same way, and return the one that stays.

    levels: primary keys of the levels that take the place of the levels in use, by the keys of those.
    rulings: primary keys of the rulings that stand, by the framework on which both criteria have a ruling; deleting
    the other ruling takes the permission to judge. Raises Refused, and StaleVersion if either was saved since it was
    read.
    """
    demand(by, MERGE)
    check_different(duplicate, kept)
    levels, chosen = levels or {}, rulings or {}
    here = Q(criterion=duplicate)
    claims = writes.hold(Claim, Claim.objects.filter(here))
    writes.hold(Ruling, Ruling.objects.filter(criterion__in=[duplicate, kept]))
    duplicate, kept = writes.locked(duplicate, kept)
    writes.hold(Claim, Claim.objects.filter(here).exclude(pk__in=claims))
    plan = criterion_plan(duplicate, kept)
    known = set(kept.levels.values_list("pk", flat=True))
    for choice in plan.levels:
        if levels.get(choice.level.pk) not in (known if choice.used else known | {None}):
            plan.refusals.append(
                _("Say which level of “%(kept)s” takes the place of “%(level)s”.")
                % {"kept": kept, "level": choice.level}
            )
    for pair in plan.rulings:
        if chosen.get(pair.duplicate.framework_id) not in (pair.duplicate.pk, pair.kept.pk):
            plan.refusals.append(
                _("Both have a ruling on %(framework)s. Say which one stands.")
                % {"framework": pair.duplicate.framework}
            )
    plan.check()
    moved = reasons.moved(duplicate.address_kind, duplicate.slug, kept.slug)
    for pair in plan.rulings:
        demand(by, JUDGE)
        stands = chosen[pair.duplicate.framework_id]
        writes.delete(pair.kept if stands == pair.duplicate.pk else pair.duplicate, by, reasons.overruled(stands))
    for model in (Claim, Ruling):
        put_under(kept, model.objects.filter(here), levels, by, moved)
    put_benchmarks_under(kept, Benchmark.objects.filter(here), by, moved)
    rows = ComparisonCriterion.objects.filter(here)
    comparisons = set(rows.values_list("comparison_id", flat=True))
    rows.filter(Exists(ComparisonCriterion.objects.filter(criterion=kept, comparison=OuterRef("comparison")))).delete()
    rows.update(criterion=kept)
    for comparison in Comparison.objects.filter(pk__in=comparisons).order_by("pk"):
        writes.save(comparison, by, moved)
    _move_needs(duplicate, kept, levels)
    _move_waiting(duplicate, kept, levels)
    _join_levels(duplicate, levels, by)
    kept.aliases = joined_by(kept, duplicate)
    writes.save(kept, by, reasons.merged_from(duplicate.slug))
    challenges.move("criterion", duplicate, kept)
    told.keep_of_criterion(duplicate, kept)
    redirect(kept.address_kind, duplicate.slug, kept.slug)
    delete_criterion(duplicate, by, reasons.merged_into(kept.slug))
    return kept


def _move_needs(duplicate: Criterion, kept: Criterion, levels: Mapping[int, int]) -> None:
    """Let use cases ask one criterion instead of another, and ask what the other asked if they are use cases.

    What was asked of the one that stays comes first.
    """
    for need in StartingNeed.objects.filter(criterion=duplicate).order_by("pk"):
        if StartingNeed.objects.filter(use_case=need.use_case_id, criterion=kept).exists():
            need.delete()
            continue
        need.criterion = kept
        need.level_id = levels[need.level_id] if need.level_id else None
        need.save()
    for need in StartingNeed.objects.filter(use_case=duplicate).order_by("pk"):
        if not StartingNeed.objects.filter(use_case=kept, criterion=need.criterion_id).exists():
            need.use_case = kept
            need.save()


def _waiting(duplicate: Criterion) -> Any:
    """The changes that wait and name a level of a criterion, by whatever slug it had."""
    former = FormerAddress.objects.filter(kind=duplicate.address_kind, now=duplicate.slug)
    slugs = [duplicate.slug, *former.values_list("key", flat=True)]
    return Proposal.objects.waiting().filter(
        Q(base__fields__level__0__in=slugs) | Q(state__fields__level__0__in=slugs), kind__in=("claim", "ruling")
    )


def _named_levels(proposal: Proposal) -> Iterator[list[str]]:
    """The criterion and the level that both states of a proposal name."""
    return (texts["fields"]["level"] for texts in (proposal.base, proposal.state) if texts["fields"]["level"])


def _move_waiting(duplicate: Criterion, kept: Criterion, levels: Mapping[int, int]) -> None:
    """Let changes that wait give the levels that were chosen to take the place of those that they give."""
    slug_of = dict(kept.levels.values_list("pk", "slug"))
    instead = {slug: slug_of[levels[pk]] for pk, slug in duplicate.levels.values_list("pk", "slug") if levels.get(pk)}
    for proposal in _waiting(duplicate).select_for_update(of=("self",)):
        for named in _named_levels(proposal):
            if named[1] in instead:
                named[:] = [kept.slug, instead[named[1]]]
        proposal.save(update_fields=["base", "state"])


def _join_levels(duplicate: Criterion, levels: Mapping[int, int], by: Any) -> None:
    """Give each level that takes the place of another the names of that one as aliases."""
    for level in duplicate.levels.filter(pk__in=levels).order_by("order", "pk"):
        instead = Level.objects.get(pk=levels[level.pk])
        instead.aliases, before = joined_by(instead, level, "label"), instead.aliases
        if instead.aliases != before:
            writes.save(instead, by, reasons.merged_from(level.slug))


def put_under(criterion: Criterion, rows: Any, levels: Mapping[int, int], by: Any, reason: ChangeReason) -> None:
    """Put claims or rulings under another criterion. levels: its levels, by those of the criterion they stood under."""
    found: list[Any] = list(rows.order_by("pk"))
    for row in found:
        row.criterion = criterion
        row.level_id = levels[row.level_id] if row.level_id else None
    writes.save_all(found, ["criterion", "level"], by, reason)


def put_benchmarks_under(criterion: Criterion, benchmarks: Any, by: Any, reason: ChangeReason) -> None:
    """Put benchmarks under the criterion of their figures."""
    found = list(benchmarks.order_by("pk"))
    for benchmark in found:
        benchmark.criterion = criterion
    writes.save_all(found, ["criterion"], by, reason)


def delete_criterion(criterion: Criterion, by: Any, reason: ChangeReason) -> None:
    """Delete a criterion from which everything has moved, with its levels."""
    for level in criterion.levels.order_by("pk"):
        writes.delete(level, by, reason)
    writes.delete(criterion, by, reason)


def _answer(criterion: Criterion) -> str:
    kind = criterion.get_value_type_display().lower()
    return f"{kind} ({criterion.unit})" if criterion.unit else kind
