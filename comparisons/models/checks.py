"""Checks: claims that were looked at again against a version of their framework."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.signals import pre_save
from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comparisons.domain.claim_fields import VALUE
from comparisons.domain.freshness import CheckView

from .articles import Article
from .base import Manager, QuerySet, Row, filled
from .catalogue import Release
from .claims import Citation, Claim
from .days import validate_day


class CheckQuerySet(QuerySet):
    def of_present_texts(self, as_of: date | None = None) -> CheckQuerySet:
        """The checks of what claims say now, or said on a day: a check of an earlier text clears nothing.

        as_of: leave out checks of later days as well.
        """
        if as_of is None:
            return self.filter(superseded_on=None)
        return self.filter(Q(superseded_on=None) | Q(superseded_on__gt=as_of), checked_on__lte=as_of)


CheckManager = Manager.from_queryset(CheckQuerySet)


class Check(Row):
    """A claim that was looked at again against a version: it still holds, or it does not."""

    natural_key_fields = ("claim__key", "version", "checked_on")

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="checks", verbose_name=_("claim"))
    version = models.CharField(
        _("version"), max_length=40, help_text=_("The version of the framework that it was checked with.")
    )
    checked_on = models.DateField(_("checked on"), validators=[validate_day])
    holds = models.BooleanField(
        _("still holds"), default=True, help_text=_("Untick it if the claim no longer holds in that version.")
    )
    note = models.TextField(
        _("note"), blank=True, default="", help_text=_("How it was checked. In Markdown; readers see it.")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("checked by"),
        help_text=_("Empty if a machine checked it."),
    )
    superseded_on = models.DateField(
        _("superseded on"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("When the claim was changed, so that the check says nothing about it any more."),
    )

    objects: ClassVar[Any] = CheckManager()

    class Meta:
        verbose_name = _("check")
        verbose_name_plural = _("checks")
        ordering = ["-checked_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "version", "checked_on"],
                name="check_once_a_day",
                violation_error_message=_("This claim was checked with this version on that day already."),
            ),
            filled("version", "check_has_version"),
        ]

    def __str__(self) -> str:
        return f"{self.claim_id}: {self.version}, {self.checked_on}"

    @property
    def view(self) -> CheckView:
        """The check as the assessment sees it."""
        return CheckView(self.checked_on, self.version, self.holds)


@receiver(pre_save, sender=Article)
def keep_dates_of_citations(instance: Article, using: str, update_fields: Any = None, **_options: Any) -> None:
    """When an article is read again, let each of its citations speak for the same day as before.

    A page that is kept up to date counts as of the day it was read, or as of the edition it describes. If reading it
    again moved its citations to a later day, claims that nobody looked at would no longer be due for a recheck.
    """
    if instance.pk is None or (update_fields and not {"read_on", "edition"} & set(update_fields)):
        return
    stored: Any = Article._base_manager.using(using).filter(pk=instance.pk).first()
    if stored is None or stored.read_on is None:
        return
    is_other_edition = stored.edition and instance.edition and stored.edition != instance.edition
    if not is_other_edition and not (instance.read_on and instance.read_on > stored.read_on):
        return
    citations = Citation.objects.using(using).filter(article=instance.pk, dated_on=None)
    editions = Release.objects.using(using).filter(
        version_number=stored.edition, framework__claims__citations__in=citations
    )
    for framework, day in set(editions.order_by().values_list("framework", "released_on")):
        citations.filter(claim__framework=framework).update(dated_on=day)
    citations.update(dated_on=stored.read_on)


#: What a check is about: the framework, the value and, by its words alone, the statement.
_CHECKED = ("framework_id", *("level_id" if name == "level" else name for name in VALUE))


def _words(text: str) -> list[str]:
    """The words of a statement; a comma or a capital letter makes no other statement."""
    return re.findall(r"\w+", text.casefold())


@receiver(pre_save, sender=Claim)
def supersede_checks(instance: Claim, using: str, update_fields: Iterable[str] | None = None, **_options: Any) -> None:
    """When a claim says something else from now on, let its checks say nothing about it any more.

    They stay on record. One query for a claim without checks.
    """
    if instance.pk is None or (update_fields and not {"statement", "framework", *VALUE} & set(update_fields)):
        return
    checks = Check.objects.using(using).filter(claim=instance.pk).of_present_texts()
    stored = checks.values("claim__statement", *(f"claim__{name}" for name in _CHECKED)).first()
    if stored is None:
        return
    columns: Any = Claim._meta
    is_same = all(
        columns.get_field(name).to_python(getattr(instance, name)) == stored[f"claim__{name}"] for name in _CHECKED
    )
    if not is_same or _words(instance.statement) != _words(stored["claim__statement"]):
        checks.update(superseded_on=timezone.localdate())
