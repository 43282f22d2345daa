"""What a kind of project asks: the must-haves and weights that a reader who chooses can start from."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from comparisons.domain.vocabulary import Direction, Importance, Meaning, ValueType
from comparisons.language.labels import choices

from .base import Versioned, known
from .catalogue import Criterion
from .values import level_value, number_value

#: Meanings of levels of which one is better than another.
_RANKED = (Meaning.YES, Meaning.PARTIAL, Meaning.NO)


class StartingNeed(Versioned):
    """A criterion that a use case asks: as a must-have, with a weight, or both.

    level: the least answer that will do; bound: the figure that has to be reached, from above or below as the direction
    of the criterion says. Without either it is no must-have.
    """

    natural_key_fields = ("use_case__slug", "criterion__slug")

    use_case = models.ForeignKey(Criterion, models.CASCADE, related_name="starting_needs", verbose_name=_("use case"))
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="needed_by", verbose_name=_("criterion"))
    level = level_value()
    bound = number_value(
        _("bound"), _("The figure it has to reach, or, if lower is better, must not exceed. Empty: no must-have.")
    )
    weight = models.CharField(_("weight"), max_length=4, choices=choices(Importance), default=Importance.NONE.value)
    order = models.PositiveIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("need of a use case")
        verbose_name_plural = _("needs of use cases")
        ordering = ["use_case__group__order", "use_case__order", "use_case__name", "order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["use_case", "criterion"], name="starting_need_once"),
            known("weight", Importance, "starting_need_weight_known"),
            models.CheckConstraint(
                condition=Q(level__isnull=False, bound__isnull=True)
                | Q(level__isnull=True, bound__isnull=False)
                | Q(level__isnull=True, bound__isnull=True) & ~Q(weight=Importance.NONE),
                name="starting_need_asks_something",
                violation_error_message=_("Give a level, a bound or a weight, and not both a level and a bound."),
            ),
        ]

    def __str__(self) -> str:
        is_new = self.use_case_id is None or self.criterion_id is None
        return "" if is_new else f"{self.use_case}: {self.criterion}"

    def clean(self) -> None:
        super().clean()
        if problems := need_problems(self):
            raise ValidationError(problems)


def need_problems(need: StartingNeed) -> dict[str, list[Any]]:
    """What is wrong with a need for its use case and its criterion: messages by field, or {} if nothing is wrong."""
    problems: dict[str, list[Any]] = {}
    if need.use_case_id and not need.use_case.group.holds_use_cases:
        problems["use_case"] = [_("“%(criterion)s” is no use case.") % {"criterion": need.use_case}]
    if not need.criterion_id:
        return problems
    names = {"criterion": need.criterion, "type": need.criterion.get_value_type_display().lower()}
    is_number = need.criterion.value_type == ValueType.NUMBER
    if need.level is not None and need.level.criterion_id != need.criterion_id:
        problems["level"] = [_("“%(level)s” is no level of “%(criterion)s”.") % {**names, "level": need.level}]
    if need.bound is not None and not is_number:
        problems["bound"] = [_("“%(criterion)s” is answered by a %(type)s.") % names]
    if need.weight != Importance.NONE and not _can_be_weighed(need.criterion):
        problems["weight"] = [_("No answer to “%(criterion)s” is better than another.") % names]
    return problems


def _can_be_weighed(criterion: Criterion) -> bool:
    """Whether some answers to a criterion are better than others; one query for one that is answered by levels."""
    if criterion.value_type == ValueType.LEVEL:
        return criterion.levels.filter(meaning__in=_RANKED).exists()
    return criterion.value_type == ValueType.NUMBER and criterion.direction != Direction.NONE
