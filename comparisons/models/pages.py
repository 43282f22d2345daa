"""Pages that editors put together: curated comparisons."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from comparisons.domain.vocabulary import LINES_OF_FRAMEWORK, AddressKind, LineKind
from comparisons.language.labels import choices

from .addresses import Addressed
from .base import KEY, SLUG_LENGTH, Manager, QuerySet, Row, filled, key_form, known
from .catalogue import Criterion, Framework
from .claims import Claim
from .history import HistoryEntry

#: The kinds of line that name a framework.
OF_FRAMEWORK = [kind.value for kind in LINES_OF_FRAMEWORK]


class ComparisonQuerySet(QuerySet):
    def published(self) -> "ComparisonQuerySet":
        """Comparisons that a reader may see: those with a framework that is no draft."""
        columns = ComparisonFramework.objects.filter(comparison=OuterRef("pk"), framework__is_draft=False)
        return self.filter(Exists(columns.order_by()))


ComparisonManager = Manager.from_queryset(ComparisonQuerySet)


class Comparison(Addressed):
    """A curated page: frameworks and criteria in a chosen order, with an introduction and a verdict."""

    address_kind = AddressKind.COMPARISON

    slug = models.CharField(_("slug"), max_length=SLUG_LENGTH, unique=True, validators=[KEY])
    title = models.CharField(_("title"), max_length=120)
    introduction = models.TextField(_("introduction"), help_text=_("In Markdown."))
    featured = models.BooleanField(_("featured"), default=False, help_text=_("Shown on the front page."))
    order = models.PositiveIntegerField(_("order"), default=0)
    frameworks = models.ManyToManyField(
        Framework, through="ComparisonFramework", related_name="comparisons", verbose_name=_("frameworks")
    )
    criteria = models.ManyToManyField(
        Criterion, through="ComparisonCriterion", related_name="comparisons", verbose_name=_("criteria")
    )
    history = HistoricalRecords(bases=[HistoryEntry])

    objects: ClassVar[Any] = ComparisonManager()

    class Meta:
        verbose_name = _("comparison")
        verbose_name_plural = _("comparisons")
        ordering = ["order", "title"]
        constraints = [key_form("slug", "comparison_slug_has_form"), filled("title", "comparison_has_title")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("comparisons:comparison", args=[self.slug])


class ComparisonFramework(Row):
    """A framework in a comparison, at its place."""

    natural_key_fields = ("comparison__slug", "framework__slug")

    comparison = models.ForeignKey(Comparison, models.CASCADE, related_name="columns", verbose_name=_("comparison"))
    framework = models.ForeignKey(Framework, models.PROTECT, related_name="+", verbose_name=_("framework"))
    order = models.PositiveIntegerField(_("order"), default=0)
    headline = models.CharField(_("headline"), max_length=60, blank=True, default="")

    class Meta:
        verbose_name = _("framework of a comparison")
        verbose_name_plural = _("frameworks of a comparison")
        ordering = ["comparison", "order", "pk"]
        constraints = [models.UniqueConstraint(fields=["comparison", "framework"], name="comparison_framework_once")]

    def __str__(self) -> str:
        return str(self.framework)


class ComparisonCriterion(Row):
    """A criterion in a comparison, at its place. is_key: the front page shows it, if it shows the comparison."""

    natural_key_fields = ("comparison__slug", "criterion__slug")

    comparison = models.ForeignKey(Comparison, models.CASCADE, related_name="rows", verbose_name=_("comparison"))
    criterion = models.ForeignKey(
        Criterion,
        models.PROTECT,
        related_name="+",
        related_query_name="in_comparison",
        verbose_name=_("criterion"),
    )
    order = models.PositiveIntegerField(_("order"), default=0)
    is_key = models.BooleanField(_("on the front page"), default=False)

    class Meta:
        verbose_name = _("criterion of a comparison")
        verbose_name_plural = _("criteria of a comparison")
        ordering = ["comparison", "order", "pk"]
        constraints = [models.UniqueConstraint(fields=["comparison", "criterion"], name="comparison_criterion_once")]

    def __str__(self) -> str:
        return str(self.criterion)


class Paragraph(Row):
    """A paragraph of the verdict of a comparison, with the claims it rests on.

    framework: the one that it is about, under whose headline it stands; without one, it stands above them all.
    """

    natural_key_fields = ("comparison__slug", "order")

    comparison = models.ForeignKey(Comparison, models.CASCADE, related_name="verdict", verbose_name=_("comparison"))
    order = models.PositiveIntegerField(_("order"), default=0)
    framework = models.ForeignKey(
        Framework, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("framework")
    )
    text = models.TextField(_("text"), help_text=_("In Markdown."))
    claims = models.ManyToManyField(Claim, related_name="paragraphs", blank=True, verbose_name=_("claims"))

    class Meta:
        verbose_name = _("paragraph “in short”")
        verbose_name_plural = _("paragraphs “in short”")
        ordering = ["comparison", "order"]
        constraints = [
            models.UniqueConstraint(fields=["comparison", "order"], name="paragraph_once_per_place"),
            filled("text", "paragraph_has_text"),
        ]

    def __str__(self) -> str:
        return f"{self.comparison} {self.order}"


class VerdictLine(Row):
    """One line of the verdict of a comparison: what to pick a framework for, or what is agreed, with its claims.

    framework: of lines that are about one framework, and of no others. claims: in the order in which they were added.
    """

    natural_key_fields = ("comparison__slug", "order")

    comparison = models.ForeignKey(Comparison, models.CASCADE, related_name="lines", verbose_name=_("comparison"))
    order = models.PositiveIntegerField(_("order"), default=0)
    kind = models.CharField(_("kind"), max_length=10, choices=choices(LineKind))
    framework = models.ForeignKey(
        Framework, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("framework")
    )
    text = models.CharField(_("text"), max_length=120)
    claims = models.ManyToManyField(Claim, related_name="verdict_lines", blank=True, verbose_name=_("claims"))

    class Meta:
        verbose_name = _("line “in short”")
        verbose_name_plural = _("lines “in short”")
        ordering = ["comparison", "order"]
        constraints = [
            models.UniqueConstraint(fields=["comparison", "order"], name="verdict_line_once_per_place"),
            filled("text", "verdict_line_has_text"),
            known("kind", LineKind, "verdict_line_kind_known"),
            models.CheckConstraint(
                condition=models.Q(kind__in=OF_FRAMEWORK, framework__isnull=False)
                | (~models.Q(kind__in=OF_FRAMEWORK) & models.Q(framework__isnull=True)),
                name="verdict_line_has_framework_if_about_one",
                violation_error_message=_(
                    "Name a framework for what to pick it for, think twice about or not use it for, and no framework"
                    " for what is agreed or not agreed."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.text
