"""Pros and cons: the facets, with the titles, choices and orders that the page and the index share.

The page is found and counted by the index in memory (pros_cons/), which reads the declarations here. `qs` gives the
same claims in the same order from the database, for exports and for programs.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from comparisons.domain.freshness import old_before
from comparisons.domain.strength import FAIR_FROM, STRONG_FROM
from comparisons.domain.vocabulary import ClaimKind, Polarity, Strength, Verdict
from comparisons.models import Citation, Claim
from comparisons.models.ranking import by_verdict

from .fields import FirstPageField, QueryField, RecordField, Text, WholeField, WordField
from .filtersets import FilterSet, RecordFilter, WordFilter
from .forms import TakenForm

_WORD = re.compile(r"\w+")


class Sort(NamedTuple):
    """An order of claims. by: what they are compared by, one after the other; what is left equal keeps its place."""

    title: Text
    by: tuple[str, ...]


#: The orders in which a reader can have pros and cons.
SORTS = {
    "strength": Sort(_("Strength of evidence"), ("verdict", "strength", "witnesses", "newest")),
    "newest": Sort(_("Newest evidence"), ("newest", "verdict", "strength", "witnesses")),
    "framework": Sort(_("Framework"), ("framework", "verdict", "strength", "witnesses", "newest")),
    "criterion": Sort(_("Criterion"), ("criterion", "verdict", "strength", "witnesses", "newest")),
}
#: The facets whose values are records, so that there may be many.
RECORDS = ("framework", "group", "criterion", "article")


def words_of(text: str) -> list[str]:
    """The words of a text, without case."""
    return _WORD.findall(text.casefold())


def of_strength(strength: Strength, today: date, prefix: str = "") -> Q:
    """Rows of this strength on that day: `domain.strength.strength_of` as a condition on stored points.

    prefix: leads to the row that stores `points` and `supported_on`.
    """
    points, supported_on, old_from = f"{prefix}points", f"{prefix}supported_on", old_before(today)

    def at_least(least: int) -> Q:
        return Q(**{f"{points}__gt": least}) | Q(**{points: least, f"{supported_on}__gte": old_from})

    def below(least: int) -> Q:
        is_old = Q(**{f"{supported_on}__isnull": True}) | Q(**{f"{supported_on}__lt": old_from})
        return Q(**{f"{points}__lt": least}) | Q(**{points: least}) & is_old

    return {
        Strength.STRONG: at_least(STRONG_FROM),
        Strength.FAIR: at_least(FAIR_FROM) & below(STRONG_FROM),
        Strength.THIN: below(FAIR_FROM),
    }[strength]


class StatementField(QueryField):
    """Words to look for in statements."""

    MOST = 10

    def parse(self, text: str) -> str:
        if len(words_of(text)) > self.MOST:
            raise ValidationError(_("Give at most ten words."))
        return text


class ProsConsForm(TakenForm):
    """The parameters of pros and cons that are not facets.

    more: facets that are shown with many options. find_…: words in the names of these options.
    page: 1 for the first part of a file. after: the key of the claim that the page before ended with.
    """

    year_from = WholeField(1900, 2200, label=_("Sources from"))
    year_to = WholeField(1900, 2200, label=_("Sources until"))
    q = StatementField(label=_("Words"), empty="")
    sort = WordField({word: sort.title for word, sort in SORTS.items()}, empty="strength")
    view = WordField(["list"])
    more = WordField(RECORDS, most=len(RECORDS))
    find_framework = QueryField(empty="")
    find_group = QueryField(empty="")
    find_criterion = QueryField(empty="")
    find_article = QueryField(empty="")
    page = FirstPageField()
    after = RecordField()

    def clean(self) -> dict[str, Any]:
        first, last = self.cleaned_data.get("year_from"), self.cleaned_data.get("year_to")
        if first and last and last < first:
            self.add_bad_value("year_to", _("It lies before the year to begin with."))
        return self.cleaned_data


class ClaimFilter(FilterSet):
    """Published claims that cite a source: for something, against it and neutral ones; the most telling first.

    today: the day on which strength is judged.
    """

    framework = RecordFilter("framework__slug", many=True, label=_("Framework"))
    polarity = WordFilter(Polarity, many=True, label=_("For or against"))
    group = RecordFilter("criterion__group__slug", many=True, label=_("Group of criteria"))
    criterion = RecordFilter("criterion__slug", many=True, label=_("Criterion"))
    strength = WordFilter(Strength, many=True, label=_("Evidence"), method="filter_strength")
    kind = WordFilter(ClaimKind, many=True, label=_("Kind"))
    verdict = WordFilter(Verdict, many=True, label=_("Fact check"))
    article = RecordFilter(many=True, label=_("Source"), method="filter_article")

    class Meta:
        form = ProsConsForm

    def __init__(self, data: Any, queryset: QuerySet[Any] | None = None, *, today: date, **options: Any):
        super().__init__(data, queryset, **options)
        self.today = today

    @classmethod
    def all_rows(cls) -> QuerySet[Claim]:
        return Claim.objects.published().filter(summary__is_shown=True)

    @classmethod
    def words(cls) -> dict[str, dict[str, Text]]:
        """The facets whose values are words of a closed list: the labels of these words, in order."""
        return {name: one.field.choices for name, one in cls.base_filters.items() if isinstance(one, WordFilter)}

    def filter_queryset(self, queryset: QuerySet[Claim]) -> QuerySet[Claim]:
        queryset = super().filter_queryset(queryset)
        queryset = self._of_years(queryset, self.params["year_from"], self.params["year_to"])
        if self.params["q"]:
            queryset = self._with_words(queryset, self.params["q"])
        order = [expression for name in SORTS[self.params["sort"]].by for expression in self._order(name)]
        return queryset.order_by(*order, "summary__place")

    def filter_strength(self, claims: QuerySet[Claim], name: str, words: Collection[str]) -> QuerySet[Claim]:
        wanted = Q()
        for word in words:
            wanted |= of_strength(Strength(word), self.today, "summary__")
        return claims.filter(wanted)

    def filter_article(self, claims: QuerySet[Claim], name: str, slugs: Collection[str]) -> QuerySet[Claim]:
        return claims.filter(_citing(article__slug__in=slugs))

    @staticmethod
    def _of_years(claims: QuerySet[Claim], first: int | None, last: int | None) -> QuerySet[Claim]:
        """Claims that cite one source of these years."""
        bounds = {"gte": first, "lte": last}
        years = {f"article__published_on__year__{lookup}": year for lookup, year in bounds.items() if year}
        return claims.filter(_citing(**years)) if years else claims

    @staticmethod
    def _with_words(claims: QuerySet[Claim], text: str) -> QuerySet[Claim]:
        """Claims in which every word of a text occurs, and one that begins as the last does."""
        *whole, last = _WORD.findall(text) or [""]
        if not last:
            return claims.none()
        for word in whole:
            claims = claims.filter(statement__iregex=rf"(^|\W){word}(\W|$)")
        return claims.filter(statement__iregex=rf"(^|\W){last}")

    def _order(self, name: str) -> list[Any]:
        """What claims are compared by, as expressions to order by."""
        strengths = [Strength.STRONG, Strength.FAIR, Strength.THIN]
        places = [
            When(of_strength(word, self.today, "summary__"), then=Value(place)) for place, word in enumerate(strengths)
        ]
        expressions: dict[str, list[Any]] = {
            "verdict": [by_verdict()],
            "strength": [Case(*places, default=Value(len(places)))],
            "witnesses": ["-summary__witnesses"],
            "newest": [F("summary__newest_on").desc(nulls_last=True)],
            "framework": [F("framework__order").asc(nulls_last=True), "framework__name", "framework_id"],
            "criterion": ["criterion__group__order", "criterion__order", "criterion__name", "criterion_id"],
        }
        return expressions[name]


def _citing(**sources: Any) -> Exists:
    return Exists(Citation.objects.filter(claim=OuterRef("pk"), **sources))
