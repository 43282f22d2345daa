"""Decision records: the result of a choice on a day, kept under an address of its own."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from .base import key_form


class DecisionRecord(models.Model):
    """What came out of a choice on a day. It is written once, by whoever wants to keep it, and never changed.

    key: names it in its address, and is made from its state, so that the same result kept twice is one record.
    state: see comparisons.views.decision_state.
    """

    key = models.CharField(_("key"), max_length=16, unique=True)
    day = models.DateField(_("day"))
    state = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("decision record")
        verbose_name_plural = _("decision records")
        ordering = ["-day", "key"]
        default_permissions = ("view",)
        constraints = [key_form("key", "decision_record_key_has_form")]

    def __str__(self) -> str:
        return self.key

    def get_absolute_url(self) -> str:
        return reverse("comparisons:decision", args=[self.key])
