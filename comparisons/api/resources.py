"""What the API gives: each resource with the kind of its records and the filters of the site that narrow it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, QueryDict

from comparisons import filters
from comparisons.exchange.public import Kind, Record, page_of
from comparisons.exchange.public_kinds import KINDS, kinds
from comparisons.filters import programs
from comparisons.models import Article, Claim, Comparison, Criterion, CriterionGroup, Framework

#: The records that parameters name: how they are found, and by which field.
_NAMED: dict[str, tuple[Callable[[], QuerySet[Any]], str]] = {
    "framework": (lambda: Framework.objects.published(), "slug"),
    "criterion": (lambda: Criterion.objects.published(), "slug"),
    "use_case": (lambda: Criterion.objects.published(), "slug"),
    "quantity": (lambda: Criterion.objects.published(), "slug"),
    "group": (lambda: CriterionGroup.objects.all(), "slug"),
    "article": (lambda: Article.objects.published(), "slug"),
    "claim": (lambda: Claim.objects.published(), "key"),
    "comparison": (lambda: Comparison.objects.published(), "slug"),
}


@dataclass(frozen=True)
class Resource:
    """A list of records, and each of them. filterset: what narrows it. more: its parameters that are no filters."""

    path: str
    kind: Kind
    title: str
    filterset: type[filters.FilterSet]
    more: tuple[str, ...] = ()

    @cached_property
    def own(self) -> tuple[str, ...]:
        """The parameters that the FilterSet reads."""
        return (*self.filterset.base_filters, *self.more)

    @cached_property
    def form(self) -> type[programs.RecordsForm]:
        """What reads the other parameters."""
        return programs.records_form(tuple(self.kind.names))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """All parameters."""
        return (*self.own, *filters.names_of(self.form))

    def page(self, data: QueryDict, day: dt.date) -> tuple[list[Record], str]:
        """A page of records and the query string of the next one, "" after the last. Raises BadQuery.

        A constant number of queries: one for each kind of record that is named, one for the page, one for its records
        and one for each list in them.
        """
        form = self.form(data)
        form.check()
        rows = self.rows(data, day)
        after, limit = form.params["after"], form.params["limit"]
        if after:
            rows = rows.filter(pk__gt=after)
        pks = list(rows.order_by("pk").values_list("pk", flat=True)[: limit + 1])
        records = [record for _pk, record in page_of(self.kind, pks[:limit], day)]
        asked = [(name, text) for name in self.names if name != "after" for text in data.getlist(name) if text.strip()]
        following = QueryDict(mutable=True)
        for name, text in [*asked, *([("after", str(pks[limit - 1]))] if len(pks) > limit else [])]:
            following.appendlist(name, text)
        shown = self.chosen(records, form.params["fields"])
        return shown, f"?{following.urlencode()}" if len(pks) > limit else ""

    def rows(self, data: QueryDict, day: dt.date) -> QuerySet[Any]:
        """The rows that meet the filters, and that readers may see. Raises BadQuery."""
        own = QueryDict(mutable=True)
        for name in self.own:
            own.setlist(name, data.getlist(name))
        options = {"today": day} if self.filterset is filters.ClaimFilter else {}
        found = self.filterset(own, self.base(), **options)
        found.form.check()
        for name in self.own:
            if name in _NAMED and found.form.texts[name]:
                rows, key = _NAMED[name]
                known = rows().filter(**{f"{key}__in": found.form.texts[name]})
                found.form.require(name, set(known.values_list(key, flat=True)))
        return found.qs

    def base(self) -> QuerySet[Any]:
        """The rows to choose from: those of the list, as far as readers may see them."""
        every = self.kind.rows()
        if self.filterset in (filters.UseCaseFilter, filters.DisagreementFilter, filters.BenchmarkFilter):
            return self.filterset.all_rows().filter(pk__in=every.order_by().values("pk"))
        return every

    def one(self, data: QueryDict, key: dict[str, str], day: dt.date) -> Record:
        """The record with a key. Raises Http404 and BadQuery."""
        form = self.form(data)
        form.check()
        paths = {field.name: field.path for field in self.kind.fields}
        rows = self.base().filter(**{paths[name]: value for name, value in key.items()})
        found = page_of(self.kind, list(rows.order_by("pk").values_list("pk", flat=True)[:1]), day)
        if not found:
            raise Http404
        return self.chosen([found[0][1]], form.params["fields"])[0]

    def chosen(self, records: list[Record], names: tuple[str, ...]) -> list[Record]:
        """Records with these fields, in the order of the kind; with all if none is named."""
        kept = [name for name in self.kind.names if name in names] if names else self.kind.names
        return [{name: record[name] for name in kept} for record in records]


RESOURCES = (
    Resource("frameworks", KINDS["frameworks"], "What is compared", filters.FrameworkFilter),
    Resource("criteria", KINDS["criteria"], "Questions, use cases among them", filters.CriterionFilter, ("q",)),
    Resource("levels", KINDS["levels"], "The answers that a question allows", programs.LevelFilter),
    Resource(
        *("claims", KINDS["claims"], "Statements with values, conditions and fact checks", filters.ClaimFilter),
        ("year_from", "year_to", "q"),
    ),
    Resource("citations", KINDS["citations"], "What each source says of a claim", programs.CitationFilter),
    Resource("articles", KINDS["articles"], "Sources", filters.ArticleFilter),
    Resource("cells", KINDS["cells"], "Answers with strength and tally", programs.CellFilter),
    Resource("disagreements", KINDS["cells"], "Answers on which sources disagree", filters.DisagreementFilter),
    Resource("rulings", KINDS["rulings"], "Decisions of the editors", programs.RulingFilter),
    Resource("benchmarks", KINDS["benchmarks"], "Test set-ups", filters.BenchmarkFilter),
    Resource("use-cases", KINDS["criteria"], "Scenarios", filters.UseCaseFilter),
    Resource(
        *("starting-needs", KINDS["starting_needs"], "What kinds of project ask: must-haves and weights to start from"),
        programs.StartingNeedFilter,
    ),
    Resource("comparisons", KINDS["comparisons"], "Curated comparisons", programs.ComparisonFilter),
    Resource(
        *("comparison-criteria", KINDS["comparison_criteria"], "The rows of curated comparisons, with their order"),
        programs.ComparisonCriterionFilter,
    ),
    Resource("releases", KINDS["releases"], "Releases and their days", programs.ReleaseFilter),
    Resource("changes", KINDS["changes"], "Changes of meaning, the oldest first", programs.ChangeFilter),
)


def offered() -> list[Resource]:
    """The resources that the subject has records of. The others answer too, with nothing."""
    has = {kind.name for kind in kinds()}
    return [one for one in RESOURCES if one.kind.name in has]
