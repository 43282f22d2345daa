"""What the claims of a cell add up to, which is derived, and what the editors decide where the claims conflict."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from comparisons.domain.freshness import FeatureRelease, newest_out
from comparisons.domain.matrix import CellView
from comparisons.domain.vocabulary import Agreement, Reason, RulingState
from comparisons.language.labels import choices

from . import remembered
from .base import SLUG_LENGTH, filled, known
from .benchmarks import VARIANT_LENGTH, Benchmark
from .catalogue import Criterion, Framework, Level
from .claims import Claim
from .days import validate_day
from .history import HistoryEntry
from .values import TEXT_VALUE_LENGTH, Valued, level_value, number_value, rising_range, text_value

#: Where each field of a CellView is found from a Cell.
CELL_COLUMNS = [
    {
        "level_slug": "level__slug",
        "level_label": "level__label",
        "meaning": "level__meaning",
        "level_place": "level__order",
        "benchmark_slug": "benchmark__slug",
        "benchmark_title": "benchmark__title",
    }.get(name, name)
    for name in CellView._fields
]


#: The fields of a CellView that are stored as JSON. Many cells have the same texts, so each is parsed once.
_JSON = ("counts", "tally", "steps")
_JSON_PLACES = [CELL_COLUMNS.index(name) for name in _JSON]


@lru_cache(maxsize=10_000)
def _parsed(text: str) -> Any:
    """What a text of JSON says; shared by all cells that store this text, so it must not be changed."""
    return json.loads(text)


class Ruling(Valued):
    """An editor's decision on a cell whose sources conflict: the value that stands, or that it is open.

    accepted, rejected: claims named for and against that value; of an open ruling, claims of either side.
    """

    natural_key_fields = ("framework__slug", "criterion__slug")

    framework = models.ForeignKey(Framework, models.PROTECT, related_name="rulings", verbose_name=_("framework"))
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="rulings", verbose_name=_("criterion"))
    is_open = models.BooleanField(
        _("open"), default=False, help_text=_("The editors looked at it and cannot say which value stands.")
    )
    level = level_value()
    number = number_value(_("number"))
    number_high = number_value(_("up to"))
    text = text_value()
    reason = models.CharField(_("reason"), max_length=20, choices=choices(Reason))
    why = models.TextField(_("why"), help_text=_("Why the sources differ, and why this value stands."))
    rejected = models.ManyToManyField(
        Claim, related_name="rulings_rejecting", blank=True, verbose_name=_("rejected claims")
    )
    accepted = models.ManyToManyField(
        Claim, related_name="rulings_accepting", blank=True, verbose_name=_("accepted claims")
    )
    ruled_on = models.DateField(_("ruled on"), validators=[validate_day])
    history = HistoricalRecords(bases=[HistoryEntry], m2m_fields=[accepted, rejected])

    class Meta:
        verbose_name = _("ruling")
        verbose_name_plural = _("rulings")
        ordering = ["framework", "criterion"]
        constraints = [
            models.UniqueConstraint(fields=["framework", "criterion"], name="ruling_once_per_cell"),
            known("reason", Reason, "ruling_has_known_reason"),
            filled("why", "ruling_says_why"),
            models.CheckConstraint(
                condition=Q(is_open=True, level__isnull=True, number__isnull=True, text="")
                | Q(is_open=False, level__isnull=False, number__isnull=True, text="")
                | Q(is_open=False, level__isnull=True, number__isnull=False, text="")
                | (Q(is_open=False, level__isnull=True, number__isnull=True) & ~Q(text="")),
                name="ruling_is_open_or_has_one_value",
                violation_error_message=_(
                    "Give one value (a level, a number or a text), or tick “open” and give none."
                ),
            ),
            rising_range("ruling_range_rises"),
        ]

    def __str__(self) -> str:
        return f"{self.framework} × {self.criterion}"

    def is_given_by(self, claim: Claim) -> bool:
        """Whether a claim gives the value that stands; False of an open ruling."""
        fields = ("level_id", "number", "number_high", "text")
        return not self.is_open and all(getattr(self, name) == getattr(claim, name) for name in fields)

    def has_sides_swapped(self, accepted: Iterable[Claim], rejected: Iterable[Claim]) -> bool:
        """Whether rejected claims give the value that stands and no accepted one does."""
        return any(map(self.is_given_by, rejected)) and not any(map(self.is_given_by, accepted))


def _views(rows: Iterable[Sequence[Any]]) -> list[CellView]:
    found = []
    for row in rows:
        fields = list(row)
        for at in _JSON_PLACES:
            fields[at] = _parsed(fields[at])
        found.append(CellView(*fields))
    return found


def _views_by_place(rows: Iterable[Sequence[Any]]) -> dict[tuple[int, int], CellView]:
    return {(view.framework_id, view.criterion_id): view for view in _views(rows)}


def recheck_due(today: date) -> Q:
    """A condition for cells whose evidence and checks are older than a feature release that is out."""
    return Q(release_on__lte=today)


class CellQuerySet(models.QuerySet):
    def views(self) -> list[CellView]:
        """The cells as plain values, in one query."""
        return _views(self._cell_rows())

    def remembered_views(self) -> Mapping[tuple[int, int], CellView]:
        """The cells as plain values by framework and criterion; no query if they are remembered."""
        return remembered.read(self._cell_rows(), _views_by_place)

    def _cell_rows(self) -> "models.QuerySet[Cell, Any]":
        texts = {f"{name}_text": Cast(name, models.TextField()) for name in _JSON}
        names = [f"{name}_text" if name in _JSON else name for name in CELL_COLUMNS]
        return self.order_by().annotate(**texts).values_list(*names)

    def disputed(self) -> "CellQuerySet":
        return self.filter(agreement=Agreement.DISPUTED)


class Cell(models.Model):
    """The stored assessment of a framework on a criterion. Derived: `comparisons.evidence.cells` alone writes it."""

    framework = models.ForeignKey(Framework, models.CASCADE, related_name="cells", verbose_name=_("framework"))
    criterion = models.ForeignKey(Criterion, models.CASCADE, related_name="cells")
    agreement = models.CharField(max_length=13, choices=choices(Agreement))
    counts = models.JSONField(default=list, help_text="independent witnesses of each reading, most first")
    against = models.PositiveIntegerField(default=0)
    argued = models.PositiveIntegerField(default=0)
    ruling = models.CharField(max_length=5, choices=choices(RulingState), default=RulingState.NONE.value)
    level = models.ForeignKey(Level, models.CASCADE, related_name="+", null=True)
    number = models.DecimalField(max_digits=16, decimal_places=4, null=True)
    number_high = models.DecimalField(max_digits=16, decimal_places=4, null=True)
    approximate = models.BooleanField(default=False)
    text = models.CharField(max_length=TEXT_VALUE_LENGTH, default="")
    benchmark = models.ForeignKey(
        Benchmark, models.CASCADE, related_name="+", null=True, help_text="that gave the figure of the headline"
    )
    variant = models.CharField(max_length=VARIANT_LENGTH, default="", help_text=_("of the framework in that benchmark"))
    figure_on = models.DateField(null=True, help_text="the day the figure of the headline was taken")
    figure_version = models.CharField(max_length=40, default="", help_text="the version that figure speaks of")
    others = models.PositiveIntegerField(default=0, help_text="further figures, which are not in the headline")
    unchecked = models.PositiveIntegerField(default=0, help_text="those of the others that nobody can check")
    points = models.SmallIntegerField(null=True, help_text="strength before age; null without a headline")
    steps = models.JSONField(default=list, help_text="[code, by, count] of each step")
    supported_on = models.DateField(null=True, help_text="newest evidence for the headline")
    newest_on = models.DateField(null=True, help_text="newest evidence of the cell")
    release_on = models.DateField(null=True, help_text="first feature release that makes a recheck due")
    release_version = models.CharField(max_length=40, default="")
    latest_on = models.DateField(null=True, help_text="last feature release that makes a recheck due")
    latest_version = models.CharField(max_length=40, default="")
    tally = models.JSONField(default=list, help_text="[stance, ISO date or null] of each witness, oldest first")
    witnesses = models.PositiveIntegerField(default=0)
    aside = models.PositiveIntegerField(default=0, help_text="witnesses that neither give nor dispute a reading")
    repeated = models.PositiveIntegerField(default=0, help_text="how often counts and against name a witness again")
    value_key = models.CharField(max_length=SLUG_LENGTH, default="", help_text="equal for equal headlines")
    caveat = models.CharField(max_length=120, default="", help_text="what limits a partial value, in a line")
    figure_precision = models.CharField(max_length=5, default="", help_text="how exactly that day is known")
    newest_precision = models.CharField(max_length=5, default="", help_text="how exactly that day is known")
    claims = models.PositiveIntegerField(default=0)

    objects = CellQuerySet.as_manager()

    class Meta:
        verbose_name = _("cell")
        verbose_name_plural = _("cells")
        ordering = ["framework", "criterion"]
        constraints = [
            models.UniqueConstraint(fields=["framework", "criterion"], name="cell_once"),
            known("agreement", Agreement, "cell_agreement_known"),
            known("ruling", RulingState, "cell_ruling_known"),
        ]
        indexes = [
            models.Index(fields=["agreement"], name="cell_agreement"),
            # Holds all that choosing rows needs, so that the cells themselves are not read for that.
            models.Index(
                fields=["criterion", "framework", "value_key", "level", "agreement", "release_on"], name="cell_standing"
            ),
            models.Index(fields=["release_on"], name="cell_release"),
        ]

    def __str__(self) -> str:
        return f"{self.framework} × {self.criterion}"

    def get_absolute_url(self) -> str:
        return reverse("comparisons:cell", args=[self.framework.slug, self.criterion.slug])

    def recheck(self, today: date) -> FeatureRelease | None:
        """The newest feature release that makes a recheck due on that day; None if none is due."""
        first = FeatureRelease.of(self.release_on, self.release_version)
        return newest_out(first, FeatureRelease.of(self.latest_on, self.latest_version), today)
