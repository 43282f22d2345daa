"""Runs: what came out when the program that proves a claim was run."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from comparisons.domain.vocabulary import ProofOutcome
from comparisons.language.labels import choices

from .base import Manager, QuerySet, Row, filled, known
from .claims import Claim
from .days import validate_day


class RunQuerySet(QuerySet):
    def newest_first(self) -> RunQuerySet:
        """Runs by day; of those of one day, the one that was stored last comes first."""
        return self.order_by("-ran_on", "-pk")


RunManager = Manager.from_queryset(RunQuerySet)


class Run(Row):
    """One run of the program of a claim with one version of its framework; a later run with it takes its place.

    Machines make runs, and nobody edits them. probe: the name of the program, without its ending. digest: the beginning
    of its SHA-256, so that a program that has changed since can be told. packages: what else was installed, a name and
    a version on each line. output: the end of what it printed. is_isolated: whether it had no network but the machine's
    own and saw no files but its environment.
    """

    natural_key_fields = ("claim__key", "probe", "version")

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="runs", verbose_name=_("claim"))
    probe = models.CharField(_("program"), max_length=200)
    version = models.CharField(_("version"), max_length=40)
    python = models.CharField(_("Python"), max_length=40)
    outcome = models.CharField(_("outcome"), max_length=10, choices=choices(ProofOutcome))
    ran_on = models.DateField(_("ran on"), validators=[validate_day])
    milliseconds = models.PositiveIntegerField(_("milliseconds"), default=0)
    packages = models.TextField(_("packages"), blank=True, default="")
    output = models.TextField(_("output"), blank=True, default="")
    digest = models.CharField(_("digest of the program"), max_length=16)
    is_isolated = models.BooleanField(_("isolated"), default=False)

    objects: ClassVar[Any] = RunManager()

    class Meta:
        verbose_name = _("run")
        verbose_name_plural = _("runs")
        ordering = ["-ran_on", "-pk"]
        default_permissions = ("view",)
        indexes = [models.Index(fields=["outcome", "ran_on"], name="run_by_outcome")]
        constraints = [
            models.UniqueConstraint(fields=["claim", "probe", "version"], name="run_once_per_version"),
            known("outcome", ProofOutcome, "run_outcome_known"),
            filled("probe", "run_has_probe"),
            filled("version", "run_has_version"),
        ]

    @property
    def has_ended(self) -> bool:
        """Whether its program ended by itself, so that it says something about the claim."""
        return self.outcome != ProofOutcome.CANNOT_RUN

    @property
    def seconds(self) -> str:
        """What it took, in seconds with one decimal."""
        return f"{self.milliseconds / 1000:.1f}"

    @property
    def others(self) -> list[str]:
        """What was installed, "name version" each."""
        return self.packages.splitlines()

    def __str__(self) -> str:
        return f"{self.probe}: {self.version}, {self.ran_on}"
