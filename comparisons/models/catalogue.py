"""What is compared, and by which questions: frameworks and releases, criteria and levels."""

from datetime import date
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from comparisons.domain.freshness import is_quiet
from comparisons.domain.vocabulary import AddressKind, Direction, Meaning, Precision, ValueType
from comparisons.language.called import fact
from comparisons.language.labels import choices

from .addresses import Addressed
from .aliases import Aliases
from .base import (
    JOINT,
    KEY,
    SLUG_LENGTH,
    Manager,
    QuerySet,
    Versioned,
    WebAddress,
    filled,
    key_form,
    known,
    web_address,
)
from .days import validate_day
from .history import HistoryEntry
from .names import DistinctlyNamed, named_key


class CatalogueQuerySet(QuerySet):
    def published(self) -> "CatalogueQuerySet":
        """Those that readers may see."""
        return self.filter(is_draft=False)

    def drafts(self) -> "CatalogueQuerySet":
        """Those that readers do not see yet, nor anything about them."""
        return self.filter(is_draft=True)


CatalogueManager = Manager.from_queryset(CatalogueQuerySet)


def draft_field() -> Any:
    """Whether readers do not see a record yet. A file that does not say so holds published records."""
    return models.BooleanField(_("draft"), default=False, editable=False)


def aliases_field() -> Any:
    """Other names by which readers find a record."""
    return Aliases(
        _("aliases"), help_text=_("Other names that readers search for, separated by commas or one on each line.")
    )


class Framework(DistinctlyNamed, Addressed):
    """One of the things that are compared: a column."""

    address_kind = AddressKind.FRAMEWORK

    slug = models.CharField(
        _("slug"),
        max_length=SLUG_LENGTH,
        unique=True,
        validators=[KEY],
        help_text=_("Stands in addresses. “-vs-” is kept for comparisons."),
    )
    name = models.CharField(_("name"), max_length=80, unique=True)
    name_key = named_key()
    aliases = aliases_field()
    tagline = models.CharField(_("tagline"), max_length=120, help_text=_("What it is, in one line."))
    summary = models.TextField(_("summary"), help_text=_("A neutral paragraph, in Markdown."))
    kind = models.CharField(
        fact("kind", "kind"),
        max_length=40,
        blank=True,
        default="",
        help_text=_("A short word for what kind of thing it is."),
    )
    homepage = WebAddress(fact("homepage", "homepage"))
    documentation = WebAddress(fact("documentation", "documentation"))
    repository = WebAddress(fact("repository", "repository"))
    package_name = models.CharField(fact("package_name", "package name"), max_length=80, blank=True, default="")
    license = models.CharField(fact("license", "licence"), max_length=80, blank=True, default="")
    first_release = models.CharField(
        fact("first_release", "first release"),
        max_length=80,
        blank=True,
        default="",
        help_text=_("As far as it is recorded."),
    )
    order = models.PositiveIntegerField(_("order"), default=0)
    is_draft = draft_field()
    history = HistoricalRecords(bases=[HistoryEntry], excluded_fields=sorted(DistinctlyNamed.derived_fields))

    objects: ClassVar[Any] = CatalogueManager()

    class Meta:
        verbose_name = _("framework")
        verbose_name_plural = _("frameworks")
        ordering = ["order", "name"]
        constraints = [
            # Nor at its ends: "a-vs" and "b" would be joined to what reads as "a" and "vs-b".
            models.CheckConstraint(
                condition=~Q(slug__contains=JOINT) & ~Q(slug__startswith=JOINT[1:]) & ~Q(slug__endswith=JOINT[:-1]),
                name="framework_slug_has_no_vs",
                violation_error_message=_("A slug cannot hold “-vs-”: it joins two frameworks in an address."),
            ),
            key_form("slug", "framework_slug_has_form"),
            filled("name", "framework_has_name"),
            filled("tagline", "framework_has_tagline"),
            web_address("homepage", "framework_homepage_is_web"),
            web_address("documentation", "framework_documentation_is_web"),
            web_address("repository", "framework_repository_is_web"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("comparisons:framework", args=[self.slug])


class ReleaseQuerySet(QuerySet):
    def newest_out(self, today: date) -> "ReleaseQuerySet":
        """Those that are out by a day, the newest first."""
        return self.filter(released_on__lte=today).order_by("-released_on", "-pk")


ReleaseManager = Manager.from_queryset(ReleaseQuerySet)


class Release(Versioned):
    """A version of a framework and the day it came out."""

    natural_key_fields = ("framework__slug", "version_number")

    framework = models.ForeignKey(Framework, models.CASCADE, related_name="releases", verbose_name=_("framework"))
    version_number = models.CharField(_("version"), max_length=40)
    released_on = models.DateField(
        _("released on"),
        validators=[validate_day],
        help_text=_("The first day of the period if only that is known."),
    )
    precision = models.CharField(_("precision"), max_length=5, choices=choices(Precision), default=Precision.DAY.value)
    note = models.CharField(_("note"), max_length=200, blank=True, default="")
    requires_python = models.CharField(
        _("required Python"), max_length=100, blank=True, default="", help_text=_("As its package says: “>=3.12”.")
    )
    size = models.PositiveIntegerField(_("size"), null=True, blank=True, help_text=_("Of its package, in bytes."))
    is_yanked = models.BooleanField(
        _("yanked"), default=False, help_text=_("Whether the project took it back: it is not to be used any more.")
    )
    by_machine = models.BooleanField(
        _("found by a machine"), default=False, editable=False, help_text=_("Read from an index of packages.")
    )
    articles: Any = models.ManyToManyField("Article", related_name="releases", blank=True, verbose_name=_("articles"))

    objects: ClassVar[Any] = ReleaseManager()

    class Meta:
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        ordering = ["framework", "-released_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["framework", "version_number"], name="release_once"),
            known("precision", Precision, "release_precision_known"),
            filled("version_number", "release_has_version"),
        ]

    def __str__(self) -> str:
        return f"{self.framework} {self.version_number}"

    def is_long_ago(self, today: date) -> bool:
        """Whether a framework whose newest release this is counts as quiet."""
        return is_quiet(self.released_on, today)


class CriterionGroup(DistinctlyNamed, Addressed):
    """A heading under which criteria stand."""

    address_kind = AddressKind.GROUP

    slug = models.CharField(_("slug"), max_length=SLUG_LENGTH, unique=True, validators=[KEY])
    name = models.CharField(_("name"), max_length=80, unique=True)
    name_key = named_key()
    description = models.CharField(_("description"), max_length=200, blank=True, default="")
    order = models.PositiveIntegerField(_("order"), default=0)
    holds_use_cases = models.BooleanField(
        _("holds use cases"), default=False, help_text=_("Its criteria are scenarios: recommended for it, or not.")
    )

    class Meta:
        verbose_name = _("criterion group")
        verbose_name_plural = _("criterion groups")
        ordering = ["order", "name"]
        constraints = [key_form("slug", "group_slug_has_form"), filled("name", "group_has_name")]

    def __str__(self) -> str:
        return self.name


class Criterion(DistinctlyNamed, Addressed):
    """A question that is asked of every framework: a row."""

    address_kind = AddressKind.CRITERION

    group = models.ForeignKey(CriterionGroup, models.PROTECT, related_name="criteria", verbose_name=_("group"))
    slug = models.CharField(_("slug"), max_length=SLUG_LENGTH, unique=True, validators=[KEY])
    name = models.CharField(_("name"), max_length=80, unique=True)
    name_key = named_key()
    aliases = aliases_field()
    question = models.CharField(_("question"), max_length=200, help_text=_("The question it answers, with “?”."))
    definition = models.TextField(_("definition"), help_text=_("What is asked, and what is not."))
    value_type = models.CharField(_("value type"), max_length=6, choices=choices(ValueType))
    unit = models.CharField(_("unit"), max_length=30, blank=True, default="", help_text=_("For numbers only."))
    direction = models.CharField(
        _("direction"), max_length=13, choices=choices(Direction), default=Direction.NONE.value
    )
    order = models.PositiveIntegerField(_("order"), default=0)
    changes_with_releases = models.BooleanField(
        _("changes with releases"),
        default=True,
        help_text=_("Untick it if no release can change the answer, such as a licence or a first release."),
    )
    is_count = models.BooleanField(
        _("is a count"),
        default=False,
        help_text=_("Tick it if the number is counted as of a version or a day, so that a newer count replaces it."),
    )
    beside_name = models.BooleanField(
        _("beside the name"),
        default=False,
        help_text=_("Tick it for signs of life, such as releases per year: lists show its answers beside each name."),
    )
    is_draft = draft_field()
    history = HistoricalRecords(bases=[HistoryEntry], excluded_fields=sorted(DistinctlyNamed.derived_fields))

    objects: ClassVar[Any] = CatalogueManager()

    class Meta:
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        ordering = ["group__order", "order", "name"]
        constraints = [
            known("value_type", ValueType, "criterion_value_type_known"),
            known("direction", Direction, "criterion_direction_known"),
            key_form("slug", "criterion_slug_has_form"),
            filled("name", "criterion_has_name"),
            filled("question", "criterion_has_question"),
            filled("definition", "criterion_has_definition"),
            models.CheckConstraint(
                condition=Q(unit="") ^ Q(value_type=ValueType.NUMBER),
                name="criterion_unit_goes_with_number",
                violation_error_message=_("Give a unit if the value type is “number”, and only then."),
            ),
            models.CheckConstraint(
                condition=Q(is_count=False) | Q(value_type=ValueType.NUMBER),
                name="criterion_count_is_a_number",
                violation_error_message=_("Only a criterion that is answered by a number can be a count."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("comparisons:criterion", args=[self.slug])


class Level(Versioned):
    """One allowed answer to a criterion, in order from most to least."""

    natural_key_fields = ("criterion__slug", "slug")

    criterion = models.ForeignKey(Criterion, models.CASCADE, related_name="levels", verbose_name=_("criterion"))
    slug = models.CharField(_("slug"), max_length=SLUG_LENGTH, validators=[KEY])
    label = models.CharField(_("label"), max_length=60)
    aliases = aliases_field()
    meaning = models.CharField(_("meaning"), max_length=14, choices=choices(Meaning))
    order = models.PositiveIntegerField(_("order"), default=0)
    history = HistoricalRecords(bases=[HistoryEntry])

    class Meta:
        verbose_name = _("level")
        verbose_name_plural = _("levels")
        ordering = ["criterion", "order"]
        constraints = [
            models.UniqueConstraint(fields=["criterion", "slug"], name="level_once"),
            models.UniqueConstraint(fields=["criterion", "label"], name="level_label_once"),
            known("meaning", Meaning, "level_meaning_known"),
            key_form("slug", "level_slug_has_form"),
            filled("label", "level_has_label"),
        ]

    def __str__(self) -> str:
        return self.label

    def clean(self) -> None:
        super().clean()
        if self.criterion_id and self.criterion.value_type != ValueType.LEVEL:
            raise ValidationError(_("Only a criterion whose value type is “level” has levels."))
