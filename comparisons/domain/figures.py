"""The figures of one cell: which of them may be a headline, and which of them bear one another out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from .benchmarks import choose, contradict, preference
from .statements import NO_SCALE, BenchmarkView, Number, Statement
from .vocabulary import Likeness


def may_lead(statement: Statement) -> bool:
    """Whether a figure may be a headline: it is supported and compared, its method is stated, and it can be checked."""
    return statement.is_supported and statement.has_method and statement.can_be_checked and not statement.left_out


def is_unchecked(statement: Statement) -> bool:
    """Whether nobody can check a figure: it is judged so, or its method is not stated."""
    return not statement.can_be_checked or not statement.has_method


def like_groups(numbers: Sequence[Statement]) -> list[list[Statement]]:
    """The figures that may be a headline, grouped by like conditions: one benchmark and variant, or equal conditions.

    The group of the headline comes first: that of the widest benchmark, then the newest, then by slug; of the variants
    of one benchmark, the one with the better figure. A figure that stands alone is as wide as its one framework. Of
    counts only those of the newest day remain, since a newer count replaces an older one.
    """
    scale = numbers[0].scale if numbers else NO_SCALE
    leading = [statement for statement in numbers if may_lead(statement)]
    if scale.is_count:
        newest = max((_taken(statement) for statement in leading), default=date.min)
        leading = [statement for statement in leading if _taken(statement) == newest]
    groups: dict[tuple[Any, ...], list[Statement]] = {}
    for statement in sorted(leading, key=lambda one: one.key):
        groups.setdefault(_likeness(statement), []).append(statement)
    views = {key: _view(group) for key, group in groups.items()}
    chosen = choose(views.values(), {view.slug: view.width for view in views.values()})

    def order(key: tuple[Any, ...]) -> tuple[Any, ...]:
        first = min(
            preference(one.value, one.variant, scale.direction) for one in groups[key] if isinstance(one.value, Number)
        )
        return views[key] != chosen, first, views[key].slug

    return [groups[key] for key in sorted(groups, key=order)]


def readings_of(group: Sequence[Statement]) -> list[list[Statement]]:
    """Figures taken under like conditions, parted so that none contradicts another of its part; the lowest part first.

    There are several parts if and only if two of the figures contradict each other.
    """
    parts: list[list[Statement]] = []
    for statement in sorted(group, key=lambda one: (*_span(one), one.key)):
        if parts and not any(_contradict(statement, other) for other in parts[-1]):
            parts[-1].append(statement)
        else:
            parts.append([statement])
    return parts


def newest_of(statements: Iterable[Statement]) -> Statement:
    """The figure that speaks for those that bear it out: the newest, then by key."""
    return min(statements, key=lambda one: (-_taken(one).toordinal(), one.key))


def _taken(statement: Statement) -> date:
    """The day on which a figure was taken: that of its benchmark, or of its newest source; unknown is the oldest."""
    return (statement.benchmark.dated if statement.benchmark else statement.dated) or date.min


def _likeness(statement: Statement) -> tuple[Any, ...]:
    """Equal for figures taken under like conditions.

    Nobody can say whether figures that stand alone without any condition are alike; they are, if they are equal.
    """
    if statement.benchmark is not None:
        return "benchmark", statement.benchmark.slug, statement.variant
    return "alone", *(statement.conditions if any(statement.conditions) else _span(statement))


def _view(group: Sequence[Statement]) -> BenchmarkView:
    """The benchmark of a group; for figures that stand alone, a stand-in that is one framework wide."""
    first = group[0]
    if first.benchmark is not None:
        return first.benchmark
    dated = max((one.dated for one in group if one.dated), default=None)
    return BenchmarkView(0, first.key, "", 0, "", "", True, Likeness.FULL, dated, 1)


def _span(statement: Statement) -> tuple[Any, Any]:
    number = statement.interval or statement.value
    return (number.low, number.high) if isinstance(number, Number) else (0, 0)


def _contradict(first: Statement, second: Statement) -> bool:
    if not isinstance(first.value, Number) or not isinstance(second.value, Number):
        return False
    return contradict(first.value, second.value, intervals=(first.interval, second.interval))
