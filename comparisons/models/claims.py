"""Claims, and the citations that join them to articles."""

from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from comparisons.domain.vocabulary import (
    CONDITIONS,
    PROVEN_VERDICTS,
    AddressKind,
    ClaimKind,
    Polarity,
    ReviewMark,
    Stance,
    Status,
    Verdict,
)
from comparisons.language.labels import CONDITION_LABELS, choices
from comparisons.language.markdown import plain

from . import subject
from .addresses import Addressed
from .articles import Article
from .base import KEY, SLUG_LENGTH, Manager, QuerySet, Row, filled, key_form, known
from .benchmarks import VARIANT_LENGTH, Benchmark
from .catalogue import Criterion, Framework, Release
from .days import validate_day, validate_stated_day
from .figures import FIGURE_CONSTRAINTS, benchmark_problems
from .history import HistoryEntry
from .values import Valued, level_value, number_value, rising_range, text_value


def in_catalogue(claim: str = "") -> Q:
    """A condition for rows whose claim is about no framework and under no criterion that is still a draft.

    claim: the look-up of the claim from these rows, by foreign keys, with "__" at its end; "" for claims.
    """
    frameworks, criteria = (model.objects.drafts().values("pk") for model in (Framework, Criterion))
    return ~Q(**{f"{claim}framework__in": frameworks}) & ~Q(**{f"{claim}criterion__in": criteria})


def visible(claim: str = "") -> Q:
    """A condition for rows whose claim readers may see. claim: as for in_catalogue."""
    return Q(**{f"{claim}status": Status.PUBLISHED}) & in_catalogue(claim)


class ClaimQuerySet(QuerySet):
    def published(self) -> "ClaimQuerySet":
        """Claims that a reader may see."""
        return self.filter(visible())

    def for_display(self) -> "ClaimQuerySet":
        """Join all that a claim card shows: two queries for any number of claims."""
        return self.select_related("framework", "criterion__group", "level", "benchmark__article").prefetch_related(
            models.Prefetch("citations", queryset=Citation.objects.for_evidence())
        )

    def delete(self) -> Any:
        """Delete drafts only: what was ever published is withdrawn, not deleted."""
        if self.filter(published_at__isnull=False).exists():
            kept: Any = set(self.filter(published_at__isnull=False)[:10])
            raise models.ProtectedError(str(NOT_DELETED), kept)
        return super().delete()


ClaimManager = Manager.from_queryset(ClaimQuerySet)
NOT_DELETED = _("A claim that was ever published is withdrawn, not deleted.")


def _condition(name: str, **options: Any) -> Any:
    title: Any = CONDITION_LABELS[name]
    return models.CharField(title, max_length=120, blank=True, default="", db_column=f"if_{name}", **options)


class Claim(Valued, Addressed):
    """One checkable statement about one framework (or none in particular) under one criterion."""

    natural_key_fields, unseen = ("key",), Q(status=Status.DRAFT)
    address_kind, address_field = AddressKind.CLAIM, "key"

    key = models.CharField(_("key"), max_length=SLUG_LENGTH, unique=True, validators=[KEY])
    framework = models.ForeignKey(
        Framework,
        models.PROTECT,
        related_name="claims",
        null=True,
        blank=True,
        verbose_name=_("framework"),
        help_text=_("Leave it empty for a claim about none in particular."),
    )
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="claims", verbose_name=_("criterion"))
    kind = models.CharField(_("kind"), max_length=14, choices=choices(ClaimKind))
    statement = models.TextField(_("statement"), help_text=_("One statement in our own words, in Markdown."))
    polarity = models.CharField(_("polarity"), max_length=7, choices=choices(Polarity))

    level = level_value(related_name="claims")
    number = number_value(_("number"))
    number_high = number_value(_("up to"), help_text=_("The upper end of a range."))
    approximate = models.BooleanField(_("approximate"), default=False, help_text=_("The source says “about”."))
    text = text_value()
    since_version = models.CharField(_("since version"), max_length=40, blank=True, default="")
    until_version = models.CharField(_("until version"), max_length=40, blank=True, default="")

    benchmark = models.ForeignKey(
        Benchmark,
        models.PROTECT,
        related_name="figures",
        null=True,
        blank=True,
        verbose_name=_("benchmark"),
        help_text=_("The test that gave this figure. Leave it empty for a figure that stands alone."),
    )
    variant = models.CharField(
        _("variant"),
        max_length=VARIANT_LENGTH,
        blank=True,
        default="",
        help_text=_("How this framework was set up, if the benchmark tested it in several ways."),
    )
    left_out = models.CharField(
        _("left out because"),
        max_length=200,
        blank=True,
        default="",
        help_text=_("Why this figure is shown and not compared. Leave it empty if it may be compared."),
    )
    interval_low = number_value(
        _("interval from"), help_text=_("The lower end of the interval that the source states for this figure.")
    )
    interval_high = number_value(_("interval to"), help_text=_("The upper end of that interval."))

    hardware = _condition("hardware")
    server = _condition("server")
    workers = _condition("workers")
    versions = _condition("versions")
    payload = _condition("payload")
    concurrency = _condition("concurrency")
    date = _condition("date", validators=[validate_stated_day])

    impact = models.TextField(_("impact"), blank=True, default="", help_text=_("Of a pitfall: what happens then."))
    remedy = models.TextField(_("remedy"), blank=True, default="", help_text=_("Of a pitfall: what to do instead."))

    status = models.CharField(
        _("status"), max_length=9, choices=choices(Status), default=Status.DRAFT.value, editable=False
    )
    published_at = models.DateTimeField(_("published at"), null=True, blank=True, editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True, editable=False)
    withdrawal_reason = models.TextField(_("reason for withdrawal"), blank=True, default="", editable=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("last written by"),
    )
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("first written by"),
    )
    #: Everybody who wrote in it since it was last approved; none of them may publish it.
    contributors: Any = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="+", blank=True, editable=False, verbose_name=_("contributors")
    )
    mark = models.CharField(
        _("review mark"), max_length=15, choices=choices(ReviewMark), blank=True, default="", editable=False
    )
    mark_note = models.TextField(_("note of the review"), blank=True, default="", editable=False)

    verdict = models.CharField(_("verdict"), max_length=17, choices=choices(Verdict), default=Verdict.UNCHECKED.value)
    verdict_note = models.TextField(_("verdict note"), blank=True, default="")
    verdict_on = models.DateField(_("verdict given on"), null=True, blank=True, validators=[validate_day])
    verdict_articles = models.ManyToManyField(
        Article, related_name="verdicts", blank=True, verbose_name=_("articles of the verdict")
    )
    history = HistoricalRecords(bases=[HistoryEntry], m2m_fields=[verdict_articles])

    objects: ClassVar[Any] = ClaimManager()

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        ordering = ["key"]
        indexes = [
            models.Index(fields=["framework", "criterion", "status"], name="claim_cell"),
            models.Index(fields=["status", "-published_at"], name="claim_newest"),
            models.Index(fields=["status", "verdict"], name="claim_checked"),
        ]
        permissions = [
            ("publish_claim", _("Can publish, return and withdraw claims")),
            ("judge_claim", _("Can give verdicts and rulings")),
            ("merge_records", _("Can merge, rename and split records")),
        ]
        constraints = [
            key_form("key", "claim_key_has_form"),
            filled("statement", "claim_has_statement"),
            known("kind", ClaimKind, "claim_kind_known"),
            known("polarity", Polarity, "claim_polarity_known"),
            known("status", Status, "claim_status_known"),
            known("verdict", Verdict, "claim_verdict_known"),
            models.CheckConstraint(
                condition=Q(level__isnull=True, number__isnull=True)
                | Q(level__isnull=True, text="")
                | Q(number__isnull=True, text=""),
                name="claim_has_one_kind_of_value",
                violation_error_message=_("Give one kind of value: a level, a number or a text."),
            ),
            rising_range("claim_range_rises"),
            models.CheckConstraint(
                condition=Q(approximate=False) | Q(number__isnull=False),
                name="claim_about_needs_number",
                violation_error_message=_("Only a number can be approximate."),
            ),
            models.CheckConstraint(
                condition=Q(framework__isnull=False) | Q(level__isnull=True, number__isnull=True),
                name="claim_value_needs_framework",
                violation_error_message=_("Only a claim about a framework has a level or a number."),
            ),
            *FIGURE_CONSTRAINTS,
            models.CheckConstraint(
                condition=~Q(kind=ClaimKind.PITFALL) | ~(Q(impact="") | Q(remedy="")),
                name="claim_pitfall_has_impact_and_remedy",
                violation_error_message=_("A pitfall needs an impact and a remedy."),
            ),
            models.CheckConstraint(
                condition=~Q(verdict__in=sorted(PROVEN_VERDICTS)) | ~Q(verdict_note=""),
                name="claim_verdict_has_note",
                violation_error_message=_("The verdicts “holds”, “outdated” and “wrong” need a note."),
            ),
            models.CheckConstraint(
                condition=Q(verdict=Verdict.UNCHECKED) | Q(verdict_on__isnull=False),
                name="claim_verdict_has_date",
                violation_error_message=_("A verdict needs the day it was given."),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[Status.PUBLISHED, Status.WITHDRAWN]) | Q(published_at__isnull=False),
                name="claim_published_has_date",
            ),
            models.CheckConstraint(
                condition=(Q(status=Status.WITHDRAWN, withdrawn_at__isnull=False) & ~Q(withdrawal_reason=""))
                | (~Q(status=Status.WITHDRAWN) & Q(withdrawn_at__isnull=True, withdrawal_reason="")),
                name="claim_withdrawn_says_when_and_why",
            ),
            known("mark", ReviewMark, "claim_mark_known", blank=True),
            models.CheckConstraint(
                condition=Q(mark="", mark_note="") | (Q(status=Status.DRAFT) & ~Q(mark="") & ~Q(mark_note="")),
                name="claim_mark_is_of_a_draft_and_has_note",
            ),
        ]

    def __str__(self) -> str:
        said = plain(self.statement) or self.statement
        return said if len(said) <= 100 else f"{said[:99]}…"

    def get_absolute_url(self) -> str:
        return reverse("comparisons:claim", args=[self.key])

    @property
    def conditions(self) -> dict[str, str]:
        """The seven conditions of a figure in order; "" where the source does not state one."""
        return {name: getattr(self, name) for name in CONDITIONS}

    @property
    def stated_conditions(self) -> dict[str, str]:
        """The same as readers see them, as far as the subject has them; those it lacks are of its benchmark."""
        setup = self.benchmark.conditions if self.benchmark else {}
        return {name: getattr(self, name) or setup.get(name, "") for name in subject.conditions()}

    def clean(self) -> None:
        super().clean()
        if problems := benchmark_problems(self):
            raise ValidationError(problems)

    def delete(self, *args: Any, **options: Any) -> Any:
        """Delete a draft: what was ever published is withdrawn, not deleted."""
        if self.published_at is not None:
            raise models.ProtectedError(str(NOT_DELETED), {self})
        return super().delete(*args, **options)


def edition_released() -> Coalesce:
    """The day on which the edition came out that a cited documentation describes; null if that release is not known.

    The release is looked for among those of the framework that the claim speaks of. A citation that kept its day when
    its article was read again has that day. Used in queries of citations.
    """
    released = Release.objects.filter(
        framework=OuterRef("claim__framework"), version_number=OuterRef("article__edition")
    )
    # There is one at most, so it need not be put in order, by its framework first.
    return Coalesce("dated_on", Subquery(released.order_by().values("released_on")[:1]))


class CitationQuerySet(QuerySet):
    def for_evidence(self) -> "CitationQuerySet":
        """Join the article, and the day on which the edition it describes came out, as `edition_released`."""
        return self.select_related("article__follows").annotate(edition_released=edition_released()).order_by("pk")


CitationManager = Manager.from_queryset(CitationQuerySet)


class Citation(Row):
    """What one article says about one claim, in our words."""

    natural_key_fields, unseen = ("claim__key", "article__slug", "locator"), Q(claim__status=Status.DRAFT)

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="citations", verbose_name=_("claim"))
    article = models.ForeignKey(Article, models.PROTECT, related_name="citations", verbose_name=_("article"))
    stance = models.CharField(_("stance"), max_length=9, choices=choices(Stance), default=Stance.SUPPORTS.value)
    says = models.TextField(_("says"), help_text=_("What this source says, in our own words."))
    locator = models.CharField(
        _("locator"), max_length=200, blank=True, default="", help_text=_("Section, table row or minute.")
    )
    quote = models.CharField(_("quote"), max_length=300, blank=True, default="", help_text=_("Short, if at all."))
    reading = models.BooleanField(
        _("our reading"), default=False, help_text=_("Polarity or value is our reading of an unclear passage.")
    )
    #: The day it speaks for, if its article was read again since; null: it is dated like its article.
    dated_on = models.DateField(_("dated"), null=True, blank=True, editable=False)
    machine_fields = frozenset({"dated_on"})
    history = HistoricalRecords(bases=[HistoryEntry], excluded_fields=sorted(machine_fields))

    objects: ClassVar[Any] = CitationManager()

    class Meta:
        verbose_name = _("citation")
        verbose_name_plural = _("citations")
        ordering = ["claim", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["claim", "article", "locator"], name="citation_once_per_locator"),
            known("stance", Stance, "citation_stance_known"),
            filled("says", "citation_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.article}: {self.get_stance_display()}"
