"""What those who work here keep for one another: notes beside a claim or an article, and who looked at the desk when.

Readers never see any of it: no public page, file, feed or fixture holds it.
"""

from __future__ import annotations

from typing import Any, ClassVar, Final

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from .articles import Article
from .base import filled
from .claims import Claim
from .history import HistoryEntry

#: The longest note, in characters.
NOTE_LENGTH: Final = 2000


class NoteQuerySet(models.QuerySet):
    def about(self, record: Claim | Article) -> NoteQuerySet:
        """The thread of a claim or an article, the oldest note first."""
        return self.filter(**about_fields(record)).order_by("written_at", "pk")


def about_fields(record: Claim | Article) -> dict[str, Any]:
    """The field that says what a note is about."""
    return {str(record._meta.model_name): record}


class Note(models.Model):
    """A note for the others who work here. It is added and perhaps deleted, and never changed."""

    claim = models.ForeignKey(
        Claim, models.CASCADE, related_name="notes", null=True, blank=True, verbose_name=_("claim")
    )
    article = models.ForeignKey(
        Article, models.CASCADE, related_name="notes", null=True, blank=True, verbose_name=_("article")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, related_name="+", null=True, blank=True, verbose_name=_("author")
    )
    written_at = models.DateTimeField(_("written at"), default=timezone.now)
    text = models.TextField(_("text"), max_length=NOTE_LENGTH)

    objects: ClassVar[Any] = NoteQuerySet.as_manager()
    history = HistoricalRecords(bases=[HistoryEntry])

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ["-written_at", "-pk"]
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                condition=Q(claim__isnull=False, article__isnull=True) | Q(claim__isnull=True, article__isnull=False),
                name="note_is_about_one_thing",
            ),
            filled("text", "note_has_text"),
        ]

    def __str__(self) -> str:
        return Truncator(self.text).chars(80)

    @property
    def record(self) -> Any:
        """The claim or the article that it is about."""
        return self.claim or self.article


class DeskVisit(models.Model):
    """When somebody looked at the desk. since: the end of the visit before; seen_at: the last look of this visit."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", primary_key=True, verbose_name=_("user")
    )
    since = models.DateTimeField(_("last visit"))
    seen_at = models.DateTimeField(_("seen at"))

    class Meta:
        verbose_name = _("visit of the desk")
        verbose_name_plural = _("visits of the desk")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.user_id}: {self.seen_at}"
