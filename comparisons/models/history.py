"""What the histories of all tables have beside the fields of django-simple-history."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.dispatch import receiver
from simple_history.signals import pre_create_historical_record

from comparisons.domain.vocabulary import HistoryStep
from comparisons.language.labels import choices

from .base import SLUG_LENGTH


class HistoryEntry(models.Model):
    """An entry of a history that says in a word what kind of change it records, beside the reason in a sentence.

    history_step: "" for an ordinary save. history_origin: the address from which a rename, merge, move or split took
    what this entry records; "" for all others.
    """

    history_step = models.CharField(max_length=20, choices=choices(HistoryStep), blank=True, default="")
    history_origin = models.CharField(max_length=SLUG_LENGTH, blank=True, default="")

    class Meta:
        abstract = True


@receiver(pre_create_historical_record)
def store_step(instance: Any, history_instance: Any, **_options: Any) -> None:
    """Store the step that was set on the row before it was saved, as django-simple-history does with the reason."""
    history_instance.history_step = getattr(instance, "_history_step", "")
    history_instance.history_origin = getattr(instance, "_history_origin", "")
