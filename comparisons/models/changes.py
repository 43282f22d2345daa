"""Changes of meaning: what readers were told before, what they are told now, and since which day."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comparisons.domain.vocabulary import ChangeKind
from comparisons.language.labels import choices

from .base import filled, known
from .catalogue import Criterion, Framework
from .claims import Claim, visible


class MeaningChangeQuerySet(models.QuerySet):
    def published(self, today: date) -> MeaningChangeQuerySet:
        """Changes of what readers see, until today: of no draft, and of no claim that is not published."""
        of_cell = Q(claim__isnull=True, framework__is_draft=False, criterion__is_draft=False)
        of_framework = Q(kind=ChangeKind.ADDED, framework__is_draft=False, criterion__isnull=True)
        of_criterion = Q(kind=ChangeKind.ADDED, criterion__is_draft=False, framework__isnull=True)
        of_claim = Q(kind=ChangeKind.FACT_CHECK) & visible("claim__")
        return self.filter(of_claim | of_cell | of_framework | of_criterion, on__lte=today)


class MeaningChange(models.Model):
    """One change of meaning of a cell or a claim, or a framework or criterion that is new.

    It is written once, by the machine, and stays as it was. key: names it for good, in feeds too. on: the day on which
    it happened: that of the ruling, fact check, check or release, else the day of the write; null for what was compared
    from the start, which is no change. before, after: the answers in words, or the words of the fact checks; "" for
    none. was_disputed, is_disputed: whether sources disagreed. why: in Markdown; of a recheck that became due, the
    version.
    """

    key = models.CharField(max_length=300, unique=True)
    kind = models.CharField(max_length=10, choices=choices(ChangeKind))
    on = models.DateField(null=True, db_index=True)
    written_at = models.DateTimeField(default=timezone.now)
    framework = models.ForeignKey(Framework, models.CASCADE, related_name="changes", null=True)
    criterion = models.ForeignKey(Criterion, models.CASCADE, related_name="changes", null=True)
    claim = models.ForeignKey(Claim, models.CASCADE, related_name="changes", null=True)
    before = models.CharField(max_length=200, default="")
    after = models.CharField(max_length=200, default="")
    was_disputed = models.BooleanField(default=False)
    is_disputed = models.BooleanField(default=False)
    why = models.TextField(default="")

    objects = MeaningChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of meaning")
        verbose_name_plural = _("changes of meaning")
        default_permissions = ()
        ordering = ["-on", "-pk"]
        constraints = [
            filled("key", "meaning_change_has_key"),
            known("kind", ChangeKind, "meaning_change_kind_known"),
            models.CheckConstraint(
                condition=Q(on__isnull=False) | Q(kind=ChangeKind.ADDED), name="meaning_change_has_day"
            ),
        ]

    def __str__(self) -> str:
        return self.key
