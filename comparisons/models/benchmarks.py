"""Benchmarks: tests that measured one quantity for several frameworks under like conditions."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, Q, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from comparisons.domain.vocabulary import Likeness, Precision, Statistic, ValueType
from comparisons.language.called import condition
from comparisons.language.labels import choices

from . import subject
from .articles import Article
from .base import KEY, SLUG_LENGTH, Manager, QuerySet, Versioned, filled, key_form, known
from .catalogue import Criterion
from .days import validate_day
from .history import HistoryEntry

#: The longest name of a variant: it has to fit into a cell.
VARIANT_LENGTH = 60
#: What a benchmark says about its set-up, in the order in which it is shown, with the condition of a figure that it
#: stands for. "" reads "not stated".
SETUP = {
    "work": "payload",
    "load": "concurrency",
    "hardware": "hardware",
    "server": "server",
    "workers": "workers",
    "versions": "versions",
}


def _condition(title: Any, help_text: Any) -> Any:
    return models.CharField(title, max_length=300, blank=True, default="", help_text=help_text)


#: The slug of the benchmark that replaces one, if readers may see it.
SHOWN_REPLACEMENT = Case(When(replaced_by__criterion__is_draft=False, then="replaced_by__slug"))


class BenchmarkQuerySet(QuerySet):
    def published(self) -> BenchmarkQuerySet:
        """Benchmarks that a reader may see: those of a criterion that is no draft."""
        return self.filter(criterion__is_draft=False)


BenchmarkManager = Manager.from_queryset(BenchmarkQuerySet)


class Benchmark(Versioned):
    """One test by one source that measured one quantity for several frameworks: its figures may be compared."""

    slug = models.CharField(_("slug"), max_length=SLUG_LENGTH, unique=True, validators=[KEY])
    title = models.CharField(_("title"), max_length=120)
    article = models.ForeignKey(Article, models.PROTECT, related_name="benchmarks", verbose_name=_("article"))
    criterion = models.ForeignKey(
        Criterion,
        models.PROTECT,
        related_name="benchmarks",
        verbose_name=_("criterion"),
        help_text=_("The quantity that was measured. All figures of the benchmark answer it."),
    )
    unit = models.CharField(_("unit"), max_length=30, help_text=_("The unit of all figures, such as requests/s."))
    statistic = models.CharField(
        _("statistic"),
        max_length=7,
        choices=choices(Statistic),
        blank=True,
        default="",
        help_text=_("Which statistic the figures are. Leave it empty if the source does not state it."),
    )
    work = _condition(
        condition("payload", "work"), _("What was done: the request and its answer, or what was counted.")
    )
    load = _condition(condition("concurrency", "load"), _("How much at once: connections, rate, duration."))
    hardware = _condition(condition("hardware", "hardware"), _("Machine, processors, memory, operating system."))
    server = _condition(condition("server", "server"), _("What served the frameworks."))
    workers = _condition(condition("workers", "workers"), _("How many processes and threads."))
    versions = _condition(condition("versions", "versions"), _("Of the frameworks, the language and the tools."))
    measured_on = models.DateField(
        _("measured on"),
        null=True,
        blank=True,
        validators=[validate_day],
        help_text=_("The first day of the period if only that is known."),
    )
    precision = models.CharField(_("precision"), max_length=5, choices=choices(Precision), blank=True, default="")
    states_method = models.BooleanField(
        _("states its method"),
        default=False,
        help_text=_("Tick it if the source says enough to judge the test. Other figures are never a headline."),
    )
    repeatable = models.BooleanField(
        _("repeatable"), default=False, help_text=_("Tick it if the source gives all that is needed to run it again.")
    )
    like_for_like = models.CharField(
        _("like for like"),
        max_length=4,
        choices=choices(Likeness),
        help_text=_("Whether all frameworks did the same work under the same conditions; the note says what differs."),
    )
    note = models.TextField(_("note"), blank=True, default="", help_text=_("Known weaknesses, in Markdown."))
    replaced_by = models.ForeignKey(
        "self",
        models.SET_NULL,
        related_name="replaces",
        null=True,
        blank=True,
        verbose_name=_("replaced by"),
        help_text=_("A better benchmark of the same quantity by the same source."),
    )
    history = HistoricalRecords(bases=[HistoryEntry])

    objects: ClassVar[Any] = BenchmarkManager()

    class Meta:
        verbose_name = _("benchmark")
        verbose_name_plural = _("benchmarks")
        ordering = ["criterion", "-measured_on", "slug"]
        constraints = [
            key_form("slug", "benchmark_slug_has_form"),
            filled("title", "benchmark_has_title"),
            filled("unit", "benchmark_has_unit"),
            known("statistic", Statistic, "benchmark_statistic_known", blank=True),
            known("precision", Precision, "benchmark_precision_known", blank=True),
            known("like_for_like", Likeness, "benchmark_likeness_known"),
            models.CheckConstraint(
                condition=Q(measured_on__isnull=True) ^ ~Q(precision=""),
                name="benchmark_date_has_precision",
                violation_error_message=_("Give a precision together with the day of measurement, or neither."),
            ),
            models.CheckConstraint(
                condition=Q(replaced_by__isnull=True) | ~Q(replaced_by=models.F("id")),
                name="benchmark_does_not_replace_itself",
                violation_error_message=_("A benchmark cannot replace itself."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("comparisons:benchmark", args=[self.slug])

    @property
    def setup(self) -> dict[str, str]:
        """Its conditions in order, as far as the subject has them; "" where the source does not state one."""
        has = subject.conditions()
        return {name: getattr(self, name) for name, same in SETUP.items() if same in has}

    @property
    def conditions(self) -> dict[str, str]:
        """Its set-up under the names that the conditions of a figure have; the day only if it is exact."""
        exact = self.measured_on is not None and self.precision == Precision.DAY
        same = {name: getattr(self, name) for name in ("hardware", "server", "workers", "versions")}
        day = self.measured_on.isoformat() if exact and self.measured_on else ""
        return {**same, "payload": self.work, "concurrency": self.load, "date": day}

    @property
    def dated(self) -> date | None:
        """The day it was measured, or else the day its article speaks for; None if neither is known."""
        return self.measured_on or self.article.evidence_date

    @property
    def dated_precision(self) -> str:
        """How exactly that day is known; "" for a day."""
        return self.precision if self.measured_on else self.article.evidence_precision

    def clean(self) -> None:
        super().clean()
        if self.measured_on and not self.precision:
            self.precision = Precision.DAY
        if self.criterion_id is not None and self.criterion.value_type != ValueType.NUMBER:
            raise ValidationError(
                {"criterion": _("“%(criterion)s” is not answered by a number.") % {"criterion": self.criterion}}
            )
