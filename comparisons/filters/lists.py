"""The lists of records, each with its filters."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any, Final

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from comparisons.domain.freshness import years_before
from comparisons.domain.vocabulary import Agreement, ArticleKind, ClaimKind, Interest, Likeness, Reason, RulingState
from comparisons.models import Article, Benchmark, Cell, Claim, Criterion, Framework, Release, Ruling, remembered
from comparisons.models.ranking import by_verdict

from .fields import QueryField
from .filtersets import Facet, FilterSet, Group, Option, RecordFilter, WordFilter
from .forms import PageForm
from .pages import RELEASED


class FrameworkFilter(FilterSet):
    """All frameworks, each with the day of its newest release that is out, `released_on`.

    released: when that was. It depends on today, so these rows are built each day, and not once and for all.
    """

    released = WordFilter(RELEASED, "released_word", label=_("Newest release"))
    counted = ("released",)

    def __init__(self, data: Any, queryset: QuerySet[Any] | None = None, **options: Any):
        today = timezone.localdate()
        rows = _all_with_release(today) if queryset is None else self.with_release(queryset, today)
        super().__init__(data, rows, **options)

    @classmethod
    def all_rows(cls) -> QuerySet[Framework]:
        return Framework.objects.published().order_by("order", "name")

    @staticmethod
    def with_release(rows: QuerySet[Framework], today: date) -> QuerySet[Framework]:
        """Frameworks with the day of their newest release that is out, and the word of `released`."""
        newest = Release.objects.filter(framework=OuterRef("pk")).newest_out(today)
        return rows.annotate(
            released_on=Subquery(newest.values("released_on")[:1]),
            released_word=Case(
                When(released_on__isnull=True, then=Value("none")),
                When(released_on__lt=years_before(today, 1), then=Value("earlier")),
                default=Value("year"),
            ),
        )


@lru_cache(maxsize=1)
def _all_with_release(today: date) -> QuerySet[Framework]:
    """The query for all frameworks, built once a day. Never evaluated."""
    return FrameworkFilter.with_release(FrameworkFilter.all_rows(), today)


class CriterionListForm(PageForm):
    """The list of criteria. q: words that all stand in the name or the question."""

    q = QueryField(empty="", label=_("Words"))
    field_order = ["group", "q", "page"]


class CriterionFilter(FilterSet):
    """All criteria by group."""

    #: Words of a search that are looked for.
    MOST_WORDS: Final = 10

    group = RecordFilter("group__slug", label=_("Group"))

    class Meta:
        form = CriterionListForm

    @classmethod
    def all_rows(cls) -> QuerySet[Criterion]:
        return Criterion.objects.published().order_by("group__order", "group__name", "order", "name")

    def filter_queryset(self, queryset: QuerySet[Criterion]) -> QuerySet[Criterion]:
        queryset = super().filter_queryset(queryset)
        for word in self.params["q"].split()[: self.MOST_WORDS]:
            queryset = queryset.filter(Q(name__icontains=word) | Q(question__icontains=word))
        return queryset


class ArticleFilter(FilterSet):
    """All sources by title."""

    kind = WordFilter(ArticleKind, label=_("Kind"))
    interest = WordFilter(Interest, label=_("Interest of the publisher"))
    counted = ("kind", "interest")

    @classmethod
    def all_rows(cls) -> QuerySet[Article]:
        return Article.objects.published().order_by("title", "slug")


class BenchmarkFilter(FilterSet):
    """All benchmarks by quantity, the newest first within each.

    quantity: the criterion that was measured. framework: only those with a published figure of it.
    method: "repeatable", "stated" without being repeatable, or "unstated".
    """

    METHODS: Final = {
        "repeatable": _("Stated, repeatable"),
        "stated": _("Stated, not repeatable"),
        "unstated": _("Not stated"),
    }

    quantity = RecordFilter("criterion__slug", label=_("Quantity"))
    framework = RecordFilter(label=_("Framework"), method="with_framework")
    like = WordFilter(Likeness, "like_for_like", label=_("Like for like"))
    method = WordFilter(METHODS, "method_word", label=_("Method"))
    counted = ("like", "method")

    @classmethod
    def all_rows(cls) -> QuerySet[Benchmark]:
        method = Case(
            When(states_method=False, then=Value("unstated")),
            When(repeatable=True, then=Value("repeatable")),
            default=Value("stated"),
        )
        by_criterion = ("criterion__group__order", "criterion__order", "criterion__name")
        newest = F("measured_on").desc(nulls_last=True)
        return Benchmark.objects.published().annotate(method_word=method).order_by(*by_criterion, newest, "slug")

    def with_framework(self, rows: QuerySet[Any], name: str, slug: str | None) -> QuerySet[Any]:
        """Benchmarks with a published figure of a framework."""
        if not slug:
            return rows
        figures = Claim.objects.published().filter(benchmark=OuterRef("pk"), framework__slug=slug)
        return rows.filter(Exists(figures))

    @cached_property
    def quantities(self) -> Facet:
        """The quantities that were measured; one query."""
        rows = Criterion.objects.published().filter(benchmarks__isnull=False).distinct()
        rows = rows.order_by("group__order", "order", "name")
        options = [
            Option(slug, name, is_chosen=self.is_chosen("quantity", slug))
            for slug, name in rows.values_list("slug", "name")
        ]
        return Facet("quantity", self.title("quantity"), options)

    @cached_property
    def frameworks(self) -> Facet:
        """All frameworks; one query."""
        rows = Framework.objects.published().order_by("order", "name").values_list("slug", "name")
        options = [Option(slug, name, is_chosen=self.is_chosen("framework", slug)) for slug, name in rows]
        return Facet("framework", self.title("framework"), options)

    def check_records(self) -> None:
        self.form.require("quantity", {option.value: option.name for option in self.quantities.options})
        self.form.require("framework", {option.value: option.name for option in self.frameworks.options})


class DisagreementFilter(FilterSet):
    """Disputed cells, those without a ruling first, then by the reason of the ruling.

    The state of a cell is "ruled" or "open"; its reason is "" if there is no ruling on it.
    """

    state = WordFilter({"open": _("Open"), "ruled": _("Ruled")}, "state_word", label=_("State"))
    framework = RecordFilter("framework__slug", label=_("Framework"))
    criterion = RecordFilter("criterion__slug", label=_("Criterion"))
    reason = WordFilter(Reason, "reason_word", label=_("Why they disagree"))
    counted = ("state", "reason")

    #: The state of cells whose headline is not disputed, where a figure or a claim without a value is.
    ARGUED = "argued"
    #: The order of cells with the same reason, state and number of witnesses.
    PLACE = ("framework__order", "framework__name", "criterion__group__order", "criterion__order", "pk")

    @classmethod
    def all_rows(cls) -> QuerySet[Cell]:
        reasons = [When(reason=word.value, then=Value(place)) for place, word in enumerate(Reason, start=1)]
        cells = cls._with_words(Cell.objects.disputed())
        place = cls._of_ruling(Case(*reasons, default=Value(0)), Value(0))
        return cells.order_by(place, "ruling", "-witnesses", *cls.PLACE)

    @classmethod
    def _with_words(cls, cells: QuerySet[Cell]) -> QuerySet[Cell]:
        """Cells with the words of their state and reason."""
        return cells.annotate(
            state_word=Case(
                When(~Q(agreement=Agreement.DISPUTED), then=Value(cls.ARGUED)),
                When(ruling=RulingState.RULED, then=Value("ruled")),
                default=Value("open"),
            ),
            reason_word=cls._of_ruling(F("reason"), Value("")),
        )

    @staticmethod
    def _of_ruling(expression: Any, otherwise: Value) -> Case:
        """What an expression makes of the ruling on a cell. It is looked for where there is one, so for few cells."""
        # Of each cell there is one at most: their order would only cost joins.
        ruling = Ruling.objects.filter(framework=OuterRef("framework"), criterion=OuterRef("criterion")).order_by()
        found = Coalesce(Subquery(ruling.annotate(found=expression).values("found")[:1]), otherwise)
        return Case(When(ruling=RulingState.NONE, then=otherwise), default=found)

    @cached_property
    def _all_groups(self) -> list[Group]:
        """As `groups`, with the cells in the state ARGUED; one query."""
        return self.grouped(self._with_words(Cell.objects.filter(Q(agreement=Agreement.DISPUTED) | Q(argued__gt=0))))

    @cached_property
    def groups(self) -> list[Group]:
        return [(words, number) for words, number in self._all_groups if words[0] != self.ARGUED]

    @property
    def argued(self) -> int:
        """The number of cells in the state ARGUED, of the chosen framework and criterion."""
        return sum(number for words, number in self._all_groups if words[0] == self.ARGUED)

    @cached_property
    def frameworks(self) -> Facet:
        """All frameworks, without counts; one query."""
        rows = Framework.objects.published().order_by("order", "name").values_list("slug", "name")
        options = [Option(slug, name, is_chosen=self.is_chosen("framework", slug)) for slug, name in rows]
        return Facet("framework", self.title("framework"), options)

    def check_records(self) -> None:
        self.form.require("framework", {option.value: option.name for option in self.frameworks.options})
        if slug := self.params["criterion"]:
            rows = Criterion.objects.published().filter(slug=slug)
            self.form.require("criterion", dict(rows.values_list("slug", "name")))


class UseCaseFilter(FilterSet):
    """Scenarios. Choosing frameworks removes none of them from the list: it decides whose answers are shown."""

    framework = RecordFilter(many=True, label=_("Framework"), method=lambda rows, name, slugs: rows)

    @classmethod
    def all_rows(cls) -> QuerySet[Criterion]:
        return (
            Criterion.objects.published()
            .filter(group__holds_use_cases=True)
            .order_by("group__order", "order", "name", "pk")
        )

    @cached_property
    def _frameworks(self) -> list[tuple[int, str, str, int]]:
        """Frameworks that answer a scenario or are chosen: primary key, slug, name, number of answers; one query."""
        answers = Q(cells__criterion__group__holds_use_cases=True, cells__points__isnull=False)
        rows = Framework.objects.published().annotate(answers=Count("cells", filter=answers)).order_by("order", "name")
        wanted = rows.filter(Q(answers__gt=0) | Q(slug__in=self.params["framework"]))
        return list(remembered.rows(wanted.values_list("pk", "slug", "name", "answers")))

    @property
    def frameworks(self) -> Facet:
        """The frameworks to choose from, each with the number of its answers."""
        options = [
            Option(slug, name, answers, self.is_chosen("framework", slug))
            for _pk, slug, name, answers in self._frameworks
        ]
        return Facet("framework", self.title("framework"), options)

    @property
    def framework_ids(self) -> list[int] | None:
        """The primary keys of the frameworks that are chosen; None if none is, which stands for all."""
        return [pk for pk, slug, _name, _answers in self._frameworks if self.is_chosen("framework", slug)] or None

    def check_records(self) -> None:
        self.form.require("framework", {slug: name for _pk, slug, name, _answers in self._frameworks})


#: The order of the claims about one framework.
BY_GROUP = ("criterion__group__order", "criterion__group__name")
BY_CRITERION = (*BY_GROUP, "criterion__order", "criterion__name", "key")


class PitfallFilter(FilterSet):
    """Pitfalls by framework, those that hold for any framework last; those of each by verdict and criterion.

    framework, general: the pitfalls of some frameworks, and those that hold for any; both together give both.
    """

    framework = RecordFilter("framework__slug", many=True, label=_("Framework"))
    general = WordFilter({"1": _("any framework")}, "framework", label=_("any framework"))

    @classmethod
    def all_rows(cls) -> QuerySet[Claim]:
        by_framework = (F("framework__order").asc(nulls_last=True), F("framework__name").asc(nulls_last=True))
        pitfalls = Claim.objects.published().filter(kind=ClaimKind.PITFALL)
        return pitfalls.order_by(*by_framework, by_verdict(), *BY_CRITERION)

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        slugs, general = self.params["framework"], self.params["general"]
        if not slugs and not general:
            return queryset
        wanted = Q(framework__slug__in=slugs)
        return queryset.filter(wanted | Q(framework__isnull=True) if general else wanted)

    @cached_property
    def _counted(self) -> list[tuple[str | None, str, int]]:
        """All frameworks with pitfalls: slug, name, number. The slug is None for those that hold for any; one query."""
        rows = self.queryset.order_by(F("framework__order").asc(nulls_last=True), "framework__name")
        return list(remembered.rows(rows.values_list("framework__slug", "framework__name").annotate(rows=Count("pk"))))

    @cached_property
    def frameworks(self) -> Facet:
        """The frameworks with pitfalls, and those that are chosen; one query more if a chosen one has none."""
        found = {slug: (name, number) for slug, name, number in self._counted if slug}
        missing = [slug for slug in self.params["framework"] if slug not in found]
        if missing:
            rows = Framework.objects.published().filter(slug__in=missing).order_by("order", "name")
            found |= {slug: (name, 0) for slug, name in rows.values_list("slug", "name")}
        options = [
            Option(slug, name, number, self.is_chosen("framework", slug)) for slug, (name, number) in found.items()
        ]
        return Facet("framework", self.title("framework"), options)

    @property
    def general_option(self) -> Option:
        """The option that shows pitfalls which hold for any framework."""
        number = sum(number for slug, _name, number in self._counted if not slug)
        return Option("1", self.title("general"), number, self.is_chosen("general", "1"))

    @property
    def total(self) -> int:
        options = [*self.frameworks.options, self.general_option]
        chosen = [option for option in options if option.is_chosen]
        return sum(option.count for option in chosen or options)

    def check_records(self) -> None:
        self.form.require("framework", {option.value: option.name for option in self.frameworks.options})


class PracticeFilter(FilterSet):
    """Practices by group of criteria; those of each by verdict and criterion."""

    @classmethod
    def all_rows(cls) -> QuerySet[Claim]:
        practices = Claim.objects.published().filter(kind=ClaimKind.PRACTICE)
        return practices.order_by(*BY_GROUP, by_verdict(), *BY_CRITERION)
