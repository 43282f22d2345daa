"""Comparisons as readers saw them at the end of a day."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import OuterRef
from django.utils.translation import gettext_lazy as _

from .base import SLUG_LENGTH, filled


class ComparisonEdition(models.Model):
    """What readers saw of a comparison at the end of a day, and on all later days until the next edition.

    There is one for each day on which that changed. Only the edition of the running day is ever written again. It
    cannot be worked out from today's content, so it is never dropped and rebuilt.

    record: the primary key of the comparison, which may have been deleted since. slug: its address on that day. state:
    see comparisons.history.editions; {} if readers saw no such page any more. Its rows are the primary keys of
    criteria, and stand in EditionRow; in editions that are older than that table they stand here themselves.
    """

    record = models.PositiveBigIntegerField(_("comparison"))
    slug = models.CharField(_("slug"), max_length=SLUG_LENGTH)
    day = models.DateField(_("day"))
    state = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("edition of a comparison")
        verbose_name_plural = _("editions of comparisons")
        ordering = ["record", "-day"]
        default_permissions = ()
        indexes = [models.Index(fields=["slug", "day"], name="edition_by_slug")]
        constraints = [
            models.UniqueConstraint(fields=["record", "day"], name="edition_once_a_day"),
            filled("slug", "edition_has_slug"),
        ]

    def __str__(self) -> str:
        return f"{self.slug} @{self.day}"


class EditionRow(models.Model):
    """A row of a comparison as readers saw it from a day on, in all editions that name it, until the next such row.

    record, criterion: primary keys of what may have been deleted since. day: that of the first edition that has it.
    Like editions it is kept for ever, and only what is of the running day is ever written again.
    """

    record = models.PositiveBigIntegerField(_("comparison"))
    criterion = models.PositiveBigIntegerField(_("criterion"))
    day = models.DateField(_("day"))
    state = models.JSONField()

    class Meta:
        verbose_name = _("row of an edition")
        verbose_name_plural = _("rows of editions")
        ordering = ["record", "criterion", "-day"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["record", "criterion", "day"], name="edition_row_once_a_day")]

    def __str__(self) -> str:
        return f"{self.criterion} of {self.record} @{self.day}"


def newest_edition_day(lookup: str) -> Any:
    """The day of the newest edition of a comparison, as a subquery for an annotation.

    lookup: leads from the annotated rows to the comparison.
    """
    return ComparisonEdition.objects.filter(record=OuterRef(lookup)).order_by("-day").values("day")[:1]
