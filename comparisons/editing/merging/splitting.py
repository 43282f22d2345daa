"""Split a criterion: some of its claims go to a new one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from comparisons.domain.vocabulary import HistoryStep
from comparisons.editing import challenges
from comparisons.editing.steps import demand
from comparisons.history import reasons
from comparisons.models import Benchmark, Claim, ComparisonCriterion, Criterion, FormerAddress, Level, Ruling
from comparisons.models.permissions import MERGE

from . import writes
from .criteria import delete_criterion, put_benchmarks_under, put_under
from .plan import NAMED, Batch, MergePlan, Refused
from .renaming import redirect


@dataclass(frozen=True)
class Split:
    """The part of a criterion that moves to a new one.

    claims: their primary keys. comparisons: keys of those that show the new criterion right after the old one.
    replaces: the old criterion is deleted, and its address leads to the first criterion that was split from it.
    """

    claims: frozenset[int] = frozenset()
    comparisons: frozenset[int] = frozenset()
    replaces: bool = False


def split_plan(old: Criterion, split: Split) -> MergePlan:
    """What a split would do."""
    plan = MergePlan()
    claims = Claim.objects.filter(criterion=old).order_by("framework__order", "framework__name", "key")
    of_old = set(claims.values_list("pk", flat=True))
    if split.claims - of_old:
        plan.refusals.append(
            _("Some of these claims do not belong to “%(old)s”, or no longer do. Choose again.") % {"old": old}
        )
    if not split.claims:
        plan.refusals.append(_("Choose the claims that go to the new criterion."))
    staying = len(of_old - split.claims)
    if split.replaces and staying:
        plan.refusals.append(
            _(
                "“%(old)s” can be deleted only if all its claims move; %(count)d would stay. Choose them too, "
                "or keep it."
            )
            % {"old": old, "count": staying}
        )
    plan.add_moves(_("Claims that move"), claims.filter(pk__in=split.claims))
    if staying:
        plan.moves.append(Batch(_("Claims that stay"), staying))
    elif not split.replaces:
        plan.notes.append(_("No claim stays under “%(old)s”.") % {"old": old})
    benchmarks, parted = _benchmarks_of_split(old, split)
    plan.refusals += [
        _("Some figures of the benchmark “%(benchmark)s” move and some stay. Choose all of them or none.")
        % {"benchmark": benchmark}
        for benchmark in parted
    ]
    plan.add_moves(_("Benchmarks that move"), benchmarks)
    moving, divided = _rulings_of_split(old, split)
    plan.refusals += [
        _(
            "The ruling on %(framework)s names claims that move and claims that stay (%(claims)s). "
            "Choose all of them or none, or correct the ruling first."
        )
        % {"framework": ruling.framework, "claims": ", ".join(keys)}
        for ruling, keys in divided
    ]
    if moving:
        names = tuple(str(ruling.framework) for ruling in moving[:NAMED])
        plan.moves.append(Batch(_("Rulings that move"), len(moving), names))
    rows = ComparisonCriterion.objects.filter(criterion=old).select_related("comparison").order_by("comparison__title")
    if not split.replaces:
        rows = rows.filter(comparison__in=split.comparisons)
    plan.add_moves(_("Comparisons that get the new criterion"), rows, lambda row: str(row.comparison))
    if split.replaces:
        plan.tell_waiting(old)
    if split.replaces and (first := _first_split_from(old)):
        plan.notes.append(
            _("“%(old)s” is deleted. Its address leads to “%(first)s”, the first criterion that was split from it.")
            % {"old": old, "first": first}
        )
    elif split.replaces:
        plan.notes.append(_("“%(old)s” is deleted. Its address leads to the new criterion.") % {"old": old})
    return plan


def _benchmarks_of_split(old: Criterion, split: Split) -> tuple[Any, list[Benchmark]]:
    """The benchmarks that move with all their figures, and those that a split would divide."""
    going = Claim.objects.filter(benchmark=OuterRef("pk"), pk__in=split.claims)
    staying = Claim.objects.filter(benchmark=OuterRef("pk")).exclude(pk__in=split.claims)
    moving = Benchmark.objects.filter(Exists(going), criterion=old).order_by("slug")
    return moving.exclude(Exists(staying)), list(moving.filter(Exists(staying)))


def _rulings_of_split(old: Criterion, split: Split) -> tuple[list[Ruling], list[tuple[Ruling, list[str]]]]:
    """The rulings that move with their claims, and those that a split would divide, with the claims that they name.

    A ruling moves with the claims of its cell that it names; if it names none, it stays as long as any claim stays.
    """
    moving, divided = [], []
    rulings = Ruling.objects.filter(criterion=old).select_related("framework").order_by("pk")
    staying = set(
        Claim.objects.filter(criterion=old).exclude(pk__in=split.claims).values_list("framework_id", flat=True)
    )
    for ruling in rulings.prefetch_related("accepted", "rejected"):
        named = {claim.pk: claim for claim in (*ruling.rejected.all(), *ruling.accepted.all())}
        here = [claim for claim in named.values() if claim.criterion_id == old.pk]
        going = [claim for claim in here if claim.pk in split.claims]
        if going and len(going) < len(here):
            divided.append((ruling, sorted(claim.key for claim in here)))
        elif going or (not here and ruling.framework_id not in staying):
            moving.append(ruling)
    return moving, divided


def _first_split_from(old: Criterion) -> Criterion | None:
    """The first existing criterion that was split from this one, under its present address or an earlier one."""
    earlier = FormerAddress.objects.filter(kind=old.address_kind, now=old.slug).values_list("key", flat=True)
    made = Criterion.history.filter(
        history_type="+", history_step=HistoryStep.SPLIT, history_origin__in=[old.slug, *earlier]
    )
    for pk in made.order_by("history_date", "history_id").values_list("id", flat=True):
        if found := Criterion.objects.filter(pk=pk).first():
            return found
    return None


@transaction.atomic
def split_criterion(old: Criterion, new: Criterion, split: Split, *, by: Any) -> Criterion:
    """Make a new criterion with the levels and some of the claims of an old one, and return it.

    new: the criterion before it is saved, with its name, slug, question, definition and group. Raises Refused, and
    StaleVersion if the old criterion was saved since it was read.
    """
    demand(by, MERGE)
    held = writes.hold(Claim, Claim.objects.filter(criterion=old))
    writes.hold(Ruling, Ruling.objects.filter(criterion=old))
    [old] = writes.locked(old)
    writes.hold(Claim, Claim.objects.filter(criterion=old).exclude(pk__in=held))
    plan = split_plan(old, split)
    plan.check()
    moving, _divided = _rulings_of_split(old, split)
    benchmarks = Benchmark.objects.filter(pk__in=list(_benchmarks_of_split(old, split)[0].values_list("pk", flat=True)))
    first = _first_split_from(old)
    for name in ("value_type", "unit", "direction", "changes_with_releases", "is_count", "order"):
        setattr(new, name, getattr(old, name))
    try:
        new.full_clean()
    except ValidationError as error:
        raise Refused(error.messages) from None
    writes.save(new, by, reasons.split_from(old.slug))
    levels = {}
    for level in old.levels.order_by("order", "pk"):
        fields = {name: getattr(level, name) for name in ("slug", "label", "aliases", "meaning", "order")}
        copy = Level(criterion=new, **fields)
        writes.save(copy, by, reasons.split_from(old.slug))
        levels[level.pk] = copy.pk
    moved = reasons.moved_by_split(old.slug, new.slug)
    for rows in (Claim.objects.filter(pk__in=split.claims), Ruling.objects.filter(pk__in=[r.pk for r in moving])):
        put_under(new, rows, levels, by, moved)
    put_benchmarks_under(new, benchmarks, by, moved)
    _insert_into_comparisons(old, new, split, by)
    if split.replaces:
        challenges.move("criterion", old, first or new)
        redirect(old.address_kind, old.slug, (first or new).slug)
        delete_criterion(old, by, reasons.replaced((first or new).slug))
    else:
        writes.save(old, by, reasons.split_off(new.slug))
    return new


def _insert_into_comparisons(old: Criterion, new: Criterion, split: Split, by: Any) -> None:
    """Put the new criterion right after the old one, or in its place; rows behind it move down."""
    rows = ComparisonCriterion.objects.filter(criterion=old)
    if not split.replaces:
        rows = rows.filter(comparison__in=split.comparisons)
    for at in rows.select_related("comparison").order_by("comparison"):
        every = list(ComparisonCriterion.objects.filter(comparison=at.comparison).order_by("order", "pk"))
        added = ComparisonCriterion(comparison=at.comparison, criterion=new)
        place = every.index(at)
        every[place if split.replaces else place + 1 : place + 1] = [added]
        if split.replaces:
            at.delete()
        for order, row in enumerate(every, start=1):
            if row.order != order or row.pk is None:
                row.order = order
                row.save()
        writes.save(at.comparison, by, reasons.joined_by(new.slug, old.slug))
