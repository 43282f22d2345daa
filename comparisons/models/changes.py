"""Changes of meaning: what readers were told before, what they are told now, and since which day."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comparisons.domain.vocabulary import ChangeKind
from comparisons.language.labels import choices

from .base import filled, known
from .catalogue import Criterion, Framework
from .claims import Claim


class MeaningChange(models.Model):
    """One change of meaning of a cell or a claim, or a framework or criterion that is new.

    It is written once, by the machine, and stays as it was. key: names it for good, in feeds too. on: the day on which
    it happened: that of the ruling or fact check, else the day of the write. before, after: the answers in words, or
    the words of the fact checks; "" for none. was_disputed, is_disputed: whether sources disagreed. why: in Markdown.
    """

    key = models.CharField(max_length=300, unique=True)
    kind = models.CharField(max_length=10, choices=choices(ChangeKind))
    on = models.DateField(db_index=True)
    written_at = models.DateTimeField(default=timezone.now)
    framework = models.ForeignKey(Framework, models.CASCADE, related_name="changes", null=True)
    criterion = models.ForeignKey(Criterion, models.CASCADE, related_name="changes", null=True)
    claim = models.ForeignKey(Claim, models.CASCADE, related_name="changes", null=True)
    before = models.CharField(max_length=200, default="")
    after = models.CharField(max_length=200, default="")
    was_disputed = models.BooleanField(default=False)
    is_disputed = models.BooleanField(default=False)
    why = models.TextField(default="")

    class Meta:
        verbose_name = _("change of meaning")
        verbose_name_plural = _("changes of meaning")
        default_permissions = ()
        ordering = ["-on", "-pk"]
        constraints = [
            filled("key", "meaning_change_has_key"),
            known("kind", ChangeKind, "meaning_change_kind_known"),
        ]

    def __str__(self) -> str:
        return self.key
