"""The value of a claim or a ruling: how a row answers a criterion, by a level, a number or range, or a short text."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from comparisons.domain.vocabulary import ValueType

from .base import Versioned
from .catalogue import Criterion, Level

#: The longest text value: it has to fit into a cell.
TEXT_VALUE_LENGTH = 48


def level_value(related_name: str = "+") -> Any:
    """The field for a value that is a level. related_name: how a level finds the rows that give it."""
    return models.ForeignKey(
        Level, models.PROTECT, related_name=related_name, null=True, blank=True, verbose_name=_("level")
    )


def number_value(title: Any, help_text: Any = "") -> Any:
    """The field for a number, or for one end of a range."""
    return models.DecimalField(title, max_digits=16, decimal_places=4, null=True, blank=True, help_text=help_text)


def text_value() -> Any:
    """The field for a value that is a short text."""
    return models.CharField(_("text value"), max_length=TEXT_VALUE_LENGTH, blank=True, default="")


def rising_range(name: str) -> models.CheckConstraint:
    """The upper end of a range is greater than its lower end, and no range lacks a lower end."""
    return models.CheckConstraint(
        condition=Q(number_high__isnull=True) | Q(number__isnull=False, number_high__gt=F("number")),
        name=name,
        violation_error_message=_("“Up to” has to be greater than the number."),
    )


class Valued(Versioned):
    """A row that may answer a criterion.

    A model that inherits from it declares the fields below, each at its own place in the order of its fields, with the
    functions above.
    """

    criterion: Criterion
    criterion_id: int
    level: Level | None
    level_id: int | None
    number: Any
    number_high: Any
    text: Any

    class Meta:
        abstract = True

    @property
    def has_value(self) -> bool:
        return self.level_id is not None or self.number is not None or bool(self.text)

    def clean(self) -> None:
        super().clean()
        if problems := value_problems(self):
            raise ValidationError(problems)


def value_problems(row: Valued) -> dict[str, list[Any]]:
    """What is wrong with the value of a row for its criterion: messages by field, or {} if nothing is wrong."""
    problems: dict[str, list[Any]] = {}
    if row.criterion_id is None:
        return problems
    expected = row.criterion.value_type
    for field, value, value_type in (
        ("level", row.level_id, ValueType.LEVEL),
        ("number", row.number, ValueType.NUMBER),
        ("text", row.text or None, ValueType.TEXT),
    ):
        if value is not None and value_type != expected:
            problems.setdefault(field, []).append(
                _("“%(criterion)s” is answered by a %(type)s.")
                % {"criterion": row.criterion, "type": row.criterion.get_value_type_display().lower()}
            )
    if row.level is not None and row.level.criterion_id != row.criterion_id:
        problems.setdefault("level", []).append(
            _("“%(level)s” is a level of “%(other)s”, not of “%(criterion)s”.")
            % {"level": row.level, "other": row.level.criterion, "criterion": row.criterion}
        )
    return problems
