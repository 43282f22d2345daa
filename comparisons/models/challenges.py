"""Challenges: what readers without an account hold against an answer, a statement or a source."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comparisons.domain.vocabulary import ChallengeKind, ChallengeStatus
from comparisons.language.labels import choices

from .articles import Article
from .base import WebAddress, filled, known, web_address
from .catalogue import Criterion, Framework
from .claims import Claim

#: The longest text of an objection, and of the answer to it, in characters.
TEXT_LENGTH: Final = 2000
#: The statuses in which readers see the words of an objection and its answer.
ANSWERED = (ChallengeStatus.KEPT, ChallengeStatus.CHANGED)


class ChallengeQuerySet(models.QuerySet):
    def answered(self) -> ChallengeQuerySet:
        """Those that readers may read, if they may see what these are about."""
        return self.filter(status__in=ANSWERED)

    def waiting(self) -> ChallengeQuerySet:
        """Those that wait for an editor."""
        return self.filter(status=ChallengeStatus.OPEN)

    def about(self, target: Any) -> ChallengeQuerySet:
        """Those about a claim, an article, or an answer, which is a pair of framework and criterion."""
        return self.filter(**target_fields(target))


def target_fields(target: Any) -> dict[str, Any]:
    """The fields that say what a challenge is about."""
    if isinstance(target, Claim):
        return {"claim": target}
    if isinstance(target, Article):
        return {"article": target}
    framework, criterion = target
    return {"framework": framework, "criterion": criterion}


class Challenge(models.Model):
    """An objection to one claim, one article, or the answer of one framework to one criterion.

    receipt: the mark of the form it was sent with, so that one form stores one objection. mail: the address to answer
    to; nobody but whoever may answer sees it, and it is deleted with the answer. is_quoted: whether readers see the
    words of the objection with the answer. revision: the revision of the claim that came of it. version: rises with
    each save.
    """

    claim = models.ForeignKey(
        Claim, models.CASCADE, related_name="challenges", null=True, blank=True, verbose_name=_("claim")
    )
    article = models.ForeignKey(
        Article, models.CASCADE, related_name="challenges", null=True, blank=True, verbose_name=_("article")
    )
    framework = models.ForeignKey(
        Framework, models.CASCADE, related_name="challenges", null=True, blank=True, verbose_name=_("framework")
    )
    criterion = models.ForeignKey(
        Criterion, models.CASCADE, related_name="challenges", null=True, blank=True, verbose_name=_("criterion")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=choices(ChallengeKind))
    text = models.TextField(_("text"), max_length=TEXT_LENGTH)
    source = WebAddress(_("source"))
    mail = models.EmailField(_("mail address"), blank=True, default="")
    receipt = models.CharField(_("receipt"), max_length=32, unique=True)
    sent_at = models.DateTimeField(_("sent at"), default=timezone.now)
    status = models.CharField(
        _("status"), max_length=10, choices=choices(ChallengeStatus), default=ChallengeStatus.OPEN.value
    )
    answer = models.TextField(_("answer"), max_length=TEXT_LENGTH, blank=True, default="")
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("answered by"),
    )
    is_quoted = models.BooleanField(_("show the words of the reader"), default=True)
    revision = models.PositiveIntegerField(_("revision"), null=True, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1)

    objects: ClassVar[Any] = ChallengeQuerySet.as_manager()

    class Meta:
        verbose_name = _("challenge")
        verbose_name_plural = _("challenges")
        ordering = ["-sent_at", "-pk"]
        indexes = [
            models.Index(fields=["status", "sent_at"], name="challenge_by_status"),
            models.Index(fields=["sent_at"], name="challenge_by_day"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(claim__isnull=False, article__isnull=True, framework__isnull=True, criterion__isnull=True)
                | Q(claim__isnull=True, article__isnull=False, framework__isnull=True, criterion__isnull=True)
                | Q(claim__isnull=True, article__isnull=True, framework__isnull=False, criterion__isnull=False),
                name="challenge_is_about_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(status=ChallengeStatus.OPEN, answered_at__isnull=True, answer="")
                | (Q(status__in=ANSWERED, answered_at__isnull=False) & ~Q(answer=""))
                | Q(status=ChallengeStatus.SET_ASIDE, answered_at__isnull=False),
                name="challenge_is_answered_or_open",
            ),
            models.CheckConstraint(
                condition=Q(status=ChallengeStatus.OPEN) | Q(mail=""), name="challenge_keeps_no_mail_once_answered"
            ),
            known("kind", ChallengeKind, "challenge_kind_known"),
            filled("text", "challenge_has_text"),
            web_address("source", "challenge_source_is_web"),
        ]

    def __str__(self) -> str:
        return str(self.claim or self.article or f"{self.framework} × {self.criterion}")

    @property
    def target_url(self) -> str:
        """The page of what it is about. Needs the related rows."""
        if self.framework is not None and self.criterion is not None:
            return reverse("comparisons:cell", args=[self.framework.slug, self.criterion.slug])
        target: Any = self.claim or self.article
        return str(target.get_absolute_url())
