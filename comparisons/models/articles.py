"""Articles: the sources that claims cite."""

from collections.abc import Iterable
from functools import cache
from typing import Any, ClassVar

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.expressions import RawSQL
from django.db.models.lookups import IsNull
from django.db.models.signals import pre_save
from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from comparisons.domain.freshness import evidence_date
from comparisons.domain.vocabulary import AddressKind, ArticleKind, Interest, LinkHealth, Precision, Status
from comparisons.language.labels import choices

from .addresses import Addressed
from .base import KEY, SLUG_LENGTH, Manager, QuerySet, WebAddress, address_key, filled, key_form, known, web_address
from .catalogue import Criterion, Framework, Release
from .days import validate_day
from .history import HistoryEntry
from .publishers import Publisher, publisher_named


def _no_row_of(rows: QuerySet) -> IsNull:
    """Whether there is no such row, looked up for each of few rows of a query.

    PostgreSQL would answer NOT EXISTS for all rows at once, and read every claim and citation for it.
    """
    return IsNull(Subquery(rows.order_by().values("pk")[:1]), True)


@cache
def _hidden(using: str) -> RawSQL:
    """The primary keys of the articles that readers may not see. As SQL, since Django takes 10 ms to write it."""
    # Claims and benchmarks import this module, so it finds them by name.
    claims, benchmarks, citations = (
        apps.get_model("comparisons", name)._default_manager for name in ("Claim", "Benchmark", "Citation")
    )
    here = OuterRef("pk")
    # Found from the few records that are hidden: looked at from each article, all claims would be read.
    reasons: tuple[dict[str, Any], ...] = (
        {"claim__status__in": [status for status in Status if status != Status.PUBLISHED]},
        {"claim__framework__in": Framework.objects.drafts().values("pk")},
        {"claim__criterion__in": Criterion.objects.drafts().values("pk")},
    )
    releases = Release.articles.through.objects
    suspects = Q(pk__in=releases.filter(release__framework__in=Framework.objects.drafts()).values("article"))
    suspects |= Q(pk__in=benchmarks.filter(criterion__in=Criterion.objects.drafts().values("pk")).values("article"))
    for reason in reasons:
        suspects |= Q(pk__in=citations.filter(**reason).values("article"))
        suspects |= Q(pk__in=claims.model.verdict_articles.through.objects.filter(**reason).values("article"))
    unnamed = Article.objects.using(using).filter(
        suspects,
        _no_row_of(claims.published().filter(citations__article=here)),
        _no_row_of(claims.published().filter(verdict_articles=here)),
        ~Exists(benchmarks.published().filter(article=here)),
        ~Exists(releases.filter(article=here, release__framework__in=Framework.objects.published())),
    )
    followers = Article.objects.filter(follows=here)
    # Of a chain of articles that follow one another, two at most are hidden by it.
    last = unnamed.filter(~Exists(followers))
    hidden = unnamed.filter(~Exists(followers.exclude(pk__in=last.values("pk"))))
    written = hidden.order_by().values("pk").query.get_compiler(using).as_sql()
    return RawSQL(*written)  # noqa: S611  # nothing in it was typed


class ArticleQuerySet(QuerySet):
    def published(self) -> "ArticleQuerySet":
        """Articles that a reader may see: all but those that are named by what no reader may see, and by nothing else.

        What names one may be a claim that cites it or whose verdict rests on it, a release, a benchmark, or an article
        that follows it. An article that nothing names is seen.
        """
        return self.exclude(pk__in=_hidden(self.db))

    def delete(self) -> Any:
        """Delete articles that nothing rests on."""
        refuse_if_in_use(self)
        return super().delete()


ArticleManager = Manager.from_queryset(ArticleQuerySet)
#: Why an article is kept that no citation protects.
IN_USE = _("An article that a verdict or a release rests on is not deleted.")


class Article(Addressed):
    """A source: anything that was read and is cited."""

    address_kind = AddressKind.ARTICLE

    slug = models.CharField(_("slug"), max_length=SLUG_LENGTH, unique=True, validators=[KEY])
    title = models.CharField(_("title"), max_length=200)
    url = WebAddress(_("address"), help_text=_("Leave it empty if the address is not known."))
    url_key = models.CharField(max_length=500, blank=True, default="", db_index=True, editable=False)
    url_opened = models.BooleanField(
        _("address opened"), default=True, help_text=_("Untick it if the address was put together and never opened.")
    )
    author = models.CharField(_("author"), max_length=120, blank=True, default="")
    publisher = models.ForeignKey(
        Publisher,
        models.PROTECT,
        to_field="name",
        db_column="publisher",
        related_name="articles",
        null=True,
        blank=True,
        verbose_name=_("publisher"),
        help_text=_("All articles of one publisher count as one independent witness."),
    )
    published_on = models.DateField(
        _("published on"),
        null=True,
        blank=True,
        validators=[validate_day],
        help_text=_("The first day of the period if only that is known."),
    )
    precision = models.CharField(_("precision"), max_length=5, choices=choices(Precision), blank=True, default="")
    read_on = models.DateField(_("read on"), null=True, blank=True, validators=[validate_day])
    edition = models.CharField(
        _("edition"), max_length=60, blank=True, default="", help_text=_("The version a documentation describes.")
    )
    kind = models.CharField(_("kind"), max_length=22, choices=choices(ArticleKind))
    interest = models.CharField(_("interest"), max_length=11, choices=choices(Interest))
    follows = models.ForeignKey(
        "self",
        models.PROTECT,
        related_name="followed_by",
        null=True,
        blank=True,
        verbose_name=_("follows"),
        help_text=_("The article this one rewrites; a rewrite is no second witness."),
    )
    note = models.TextField(_("note"), blank=True, default="")
    archive_url = WebAddress(_("archived copy"))
    link_health = models.CharField(
        _("link health"), max_length=9, choices=choices(LinkHealth), default=LinkHealth.UNCHECKED.value, editable=False
    )
    link_checked_at = models.DateTimeField(_("link checked at"), null=True, blank=True, editable=False)
    machine_fields = frozenset({"link_health", "link_checked_at"})
    derived_fields = frozenset({"url_key"})
    history = HistoricalRecords(bases=[HistoryEntry], excluded_fields=sorted(machine_fields | derived_fields))

    objects: ClassVar[Any] = ArticleManager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["title", "slug"]
        constraints = [
            key_form("slug", "article_slug_has_form"),
            filled("title", "article_has_title"),
            known("kind", ArticleKind, "article_kind_known"),
            known("interest", Interest, "article_interest_known"),
            known("precision", Precision, "article_precision_known", blank=True),
            known("link_health", LinkHealth, "article_link_health_known"),
            web_address("url", "article_url_is_web"),
            web_address("archive_url", "article_archive_url_is_web"),
            models.CheckConstraint(
                condition=Q(published_on__isnull=True) ^ ~Q(precision=""),
                name="article_date_has_precision",
                violation_error_message=_("Give a precision together with the day of publication, or neither."),
            ),
            models.CheckConstraint(
                condition=Q(follows__isnull=True) | ~Q(follows=models.F("id")),
                name="article_does_not_follow_itself",
                violation_error_message=_("An article cannot follow itself."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("comparisons:article", args=[self.slug])

    @property
    def publisher_name(self) -> str:
        """The name of its publisher, which the row itself holds; "" if it is not known."""
        return self.publisher_id or ""

    @property
    def evidence_date(self) -> Any:
        """The day it speaks for; None if unknown."""
        return evidence_date(self.kind, self.published_on, self.read_on)

    @property
    def evidence_precision(self) -> str:
        """How exactly that day is known; "" for a day."""
        return self.precision if self.published_on else ""

    def clean(self) -> None:
        super().clean()
        if self.published_on and not self.precision:
            self.precision = Precision.DAY
        seen, article = {self.pk}, self.follows
        while article is not None:
            if article.pk in seen:
                raise ValidationError({"follows": _("These articles would follow one another in a circle.")})
            seen.add(article.pk)
            article = article.follows

    def set_address_key(self) -> None:
        """Keep beside the address what other spellings of it have in common: two articles with one address are one."""
        self.url_key = address_key(self.url)

    def delete(self, *args: Any, **options: Any) -> Any:
        """Delete an article that nothing rests on."""
        refuse_if_in_use([self])
        return super().delete(*args, **options)


@receiver(pre_save, sender=Article)
def store_address_key(instance: Article, **_options: Any) -> None:
    instance.set_address_key()


@receiver(pre_save, sender=Article)
def find_publisher(instance: Article, raw: bool, using: str, **_options: Any) -> None:
    """Let a fixture name a publisher as it likes: the one that is meant is found, or made."""
    if raw and instance.publisher_id is not None and not Article.publisher.is_cached(instance):
        instance.publisher = publisher_named(instance.publisher_id, using)


def same_address(article: Article) -> QuerySet:
    """The other articles with the address of this one, however it is spelt."""
    key = address_key(article.url)
    others = Article.objects.exclude(pk=article.pk)
    return others.filter(url_key=key) if key else others.none()


def resting_on(articles: Iterable[Any]) -> list[models.Model]:
    """The claims whose verdict rests on these articles, and the releases that name them; two queries.

    The database protects a cited article. Claims and releases would lose theirs silently.
    """
    pks = [article.pk for article in articles]
    # Claims import this module, so it finds them by name.
    claims = apps.get_model("comparisons", "Claim")._default_manager.filter(verdict_articles__in=pks).distinct()
    return [*claims, *Release.objects.filter(articles__in=pks).select_related("framework").distinct()]


def refuse_if_in_use(articles: Iterable[Any]) -> None:
    """Raise ProtectedError if anything rests on one of these articles."""
    if rows := resting_on(articles):
        raise models.ProtectedError(str(IN_USE), set(rows))
