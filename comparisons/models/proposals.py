"""Changes of approved records that wait for review. Readers go on seeing what was approved."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as text
from django.utils.translation import gettext_lazy as _

from comparisons.domain.vocabulary import ProposalStatus
from comparisons.language.labels import choices

from .articles import Article
from .base import known
from .catalogue import Criterion, Framework
from .claims import Claim
from .judgement import Ruling
from .pages import Comparison
from .subject import Subject

#: The kinds of record that a proposal can change, by the name of their model.
PROPOSABLE: dict[str, type[models.Model]] = {
    str(model._meta.model_name): model for model in (Claim, Article, Framework, Criterion, Ruling, Comparison, Subject)
}
#: The statuses of a proposal that somebody still has to decide or to write on.
WAITING = (ProposalStatus.OPEN, ProposalStatus.RETURNED)


class ProposalQuerySet(models.QuerySet):
    def waiting(self) -> ProposalQuerySet:
        """Proposals that are neither approved nor taken back; a record has at most one."""
        return self.filter(status__in=WAITING)

    def of(self, row: models.Model) -> ProposalQuerySet:
        """The proposals for one record."""
        return self.filter(kind=row._meta.model_name, record=row.pk)


class Proposal(models.Model):
    """A change of an approved record: the whole state it would have, and the approved state that it starts from.

    kind, record: the name of the model and the primary key. base_version: the version of the approved record. base,
    state: see comparisons.history.state_json. version: rises with each save, and goes on rising over all proposals for
    one record, so that no two texts of them share a version. authors: everybody who wrote in it; none of them may
    approve it. looked_at: of an article that was read again, the primary keys of its claims that were looked at.
    """

    kind = models.CharField(_("kind of record"), max_length=10)
    record = models.PositiveBigIntegerField(_("record"))
    title = models.CharField(_("change of"), max_length=200)
    base_version = models.PositiveIntegerField(_("starts from version"))
    base = models.JSONField(default=dict)
    state = models.JSONField(default=dict)
    looked_at = models.JSONField(default=list)
    version = models.PositiveIntegerField(_("version"), default=1)
    status = models.CharField(
        _("status"), max_length=10, choices=choices(ProposalStatus), default=ProposalStatus.OPEN.value
    )
    authors: Any = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="+", blank=True, verbose_name=_("written by")
    )
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, related_name="+", null=True, verbose_name=_("last written by")
    )
    created_at = models.DateTimeField(_("under review since"), default=timezone.now)
    changed_at = models.DateTimeField(_("changed at"), default=timezone.now)
    note = models.TextField(_("note of the review"), blank=True, default="")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, related_name="+", null=True, verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)

    objects: ClassVar[Any] = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        ordering = ["-created_at", "-pk"]
        default_permissions = ()
        indexes = [
            models.Index(fields=["kind", "record", "status"], name="proposal_of_record"),
            models.Index(fields=["status", "created_at"], name="proposal_waiting"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=list(PROPOSABLE)), name="proposal_kind_known"),
            known("status", ProposalStatus, "proposal_status_known"),
            models.UniqueConstraint(
                fields=["kind", "record"], condition=Q(status__in=WAITING), name="proposal_waits_once_per_record"
            ),
            models.CheckConstraint(
                condition=Q(status=ProposalStatus.OPEN) | Q(decided_at__isnull=False), name="proposal_decided_has_date"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page in the admin; readers see no page of it."""
        return reverse("admin:comparisons_proposal_change", args=[self.pk])

    @property
    def model(self) -> type[models.Model]:
        return PROPOSABLE[self.kind]


def under_review_since(model: type[models.Model], pk: Any = None) -> Any:
    """The rows, at most one, that say since when a change of a record is under review.

    pk: of the record; without it, the rows are for an annotation of a queryset of the model.
    """
    of_record = Proposal.objects.filter(kind=model._meta.model_name, record=pk or OuterRef("pk"))
    return of_record.filter(status=ProposalStatus.OPEN).order_by().values_list("created_at", flat=True)[:1]


def review_since(model: type[models.Model], pk: int) -> Any:
    """Since when a change of a record is under review; None if none is; one query."""
    return next(iter(under_review_since(model, pk)), None)


@receiver(post_delete)
def close(sender: type[models.Model], instance: models.Model, using: str, **_options: Any) -> None:
    """Close the proposal for a deleted record: nobody can approve it any more."""
    if PROPOSABLE.get(str(sender._meta.model_name)) is sender:
        Proposal.objects.using(using).of(instance).waiting().update(
            status=ProposalStatus.TAKEN_BACK,
            note=text("The record was deleted."),
            decided_by=instance.history.model.get_default_history_user(instance),  # type: ignore[attr-defined]
            decided_at=timezone.now(),
        )
