"""Rules that span several rows, so that no constraint of the database can enforce them.

A broken rule is reported with the record and with what to do about it.

Rules: a claim has a citation, and one that supports it; a value fits its criterion; a level belongs to it; a
disputed cell has a ruling, if only one that leaves it open; a verdict that asserts a fact names its articles; a
ruling rests on claims of its cell; a criterion has a question and a definition, and a level criterion has levels;
articles do not follow one another in a circle; a figure answers what its benchmark measured, once for each framework
and variant, and lies within its interval; a comparison has two to eight frameworks and at least one criterion;
no text is "True" or "False", which YAML makes of "yes" and "no"; every field holds a value that a form would accept;
claims that a ruling or a comparison names are published; an old address redirects to a record, and no record has it;
no other name of a publisher is the name of one;
stored cells and summaries of pros and cons agree with their claims; the search finds exactly what readers may see;
the newest edition of a comparison is what readers see of it; use cases ask what their criteria can answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from operator import or_
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from comparisons.domain.vocabulary import PROVEN_VERDICTS, Agreement, RulingState, Stance, Status, ValueType
from comparisons.evidence import assessing
from comparisons.history import editions
from comparisons.models import (
    Article,
    Cell,
    Claim,
    Comparison,
    Criterion,
    FormerAddress,
    Framework,
    Publisher,
    PublisherAlias,
    Ruling,
)
from comparisons.models.addresses import addressed
from comparisons.models.base import Row
from comparisons.models.batches import BATCH, batched
from comparisons.pros_cons import summaries
from comparisons.search import index as search_index
from comparisons.search import names as search_names

from . import figures, starting_needs  # noqa: F401  add their rules to the list
from .problems import RULES, Problem, Rule, rule

#: The least and the greatest number of frameworks in a comparison.
FEWEST, MOST = 2, 8


def check_all() -> list[Problem]:
    """Every broken rule in the knowledge base, in a fixed number of queries and a few for each problem."""
    return [problem for check in RULES for problem in check()]


def check_content() -> list[Problem]:
    """The same without the rules about derived data, for when all of it was worked out just now."""
    return [problem for check in RULES if check not in DERIVED_RULES.values() for problem in check()]


def is_derived_right() -> bool:
    """Whether all derived data is what the content adds up to."""
    return not any(True for check in DERIVED_RULES.values() for _problem in check())


def content_models() -> list[type[Row]]:
    """The models of all records that fixtures contain."""
    return [model for model in apps.get_app_config("comparisons").get_models() if issubclass(model, Row)]


def _name(row: Row) -> str:
    return f"{row._meta.verbose_name} {'/'.join(map(str, row.natural_key()))}"


@rule
def claims_have_citations() -> Iterator[Problem]:
    counted = Claim.objects.filter(status=Status.PUBLISHED).order_by("key")
    counted = counted.annotate(
        all=Count("citations"), supporting=Count("citations", filter=Q(citations__stance=Stance.SUPPORTS))
    )
    for key, total in counted.filter(supporting=0).values_list("key", "all"):
        if total:
            yield Problem(
                "claim-without-support", f"claim {key}", "no citation supports it; add one, or withdraw the claim"
            )
        else:
            yield Problem(
                "claim-without-citation", f"claim {key}", "add the article that says so, or withdraw the claim"
            )


@rule
def values_fit_their_criteria() -> Iterator[Problem]:
    for model in (Claim, Ruling):
        wrong = (
            Q(level__isnull=False) & ~Q(criterion__value_type=ValueType.LEVEL)
            | Q(number__isnull=False) & ~Q(criterion__value_type=ValueType.NUMBER)
            | ~Q(text="") & ~Q(criterion__value_type=ValueType.TEXT)
        )
        row: Any
        for row in model.objects.filter(wrong).select_related("criterion").order_by("pk"):
            yield Problem(
                "value-does-not-fit",
                _name(row),
                f"“{row.criterion}” is answered by a {row.criterion.value_type}; correct the value or the criterion",
            )
        strange = model.objects.filter(level__isnull=False).exclude(level__criterion=F("criterion"))
        for row in strange.select_related("criterion", "level__criterion").order_by("pk"):
            yield Problem(
                "level-of-another-criterion",
                _name(row),
                f"“{row.level}” is a level of “{row.level.criterion}”, not of “{row.criterion}”",
            )


@rule
def disputed_cells_are_ruled_or_open() -> Iterator[Problem]:
    cells = Cell.objects.filter(agreement=Agreement.DISPUTED, ruling=RulingState.NONE)
    for framework, criterion in cells.order_by("pk").values_list("framework__slug", "criterion__slug"):
        yield Problem(
            "disputed-without-ruling", f"cell {framework}/{criterion}", "give a ruling, or rule that it is open"
        )


@rule
def rulings_rest_on_claims_of_their_cell() -> Iterator[Problem]:
    for ruling in Ruling.objects.select_related("framework", "criterion").prefetch_related("accepted", "rejected"):
        claims = [*ruling.rejected.all(), *ruling.accepted.all()]
        here = (ruling.framework_id, ruling.criterion_id)
        if not any((claim.framework_id, claim.criterion_id) == here for claim in claims):
            yield Problem("ruling-without-claims", _name(ruling), "name a claim of its own cell")
        if ruling.has_sides_swapped(ruling.accepted.all(), ruling.rejected.all()):
            yield Problem(
                "ruling-with-sides-swapped",
                _name(ruling),
                "a rejected claim gives the value that stands: exchange sides",
            )


@rule
def verdicts_have_articles() -> Iterator[Problem]:
    bare = Claim.objects.filter(verdict__in=sorted(PROVEN_VERDICTS), verdict_articles__isnull=True).order_by("key")
    for key, verdict in bare.values_list("key", "verdict"):
        yield Problem(
            "verdict-without-article", f"claim {key}", f"name the article that shows why the verdict is “{verdict}”"
        )


@rule
def criteria_are_explained() -> Iterator[Problem]:
    for criterion in Criterion.objects.annotate(answers=Count("levels")).order_by("slug"):
        record = f"criterion {criterion.slug}"
        if not criterion.question.strip().endswith("?"):
            yield Problem("criterion-without-question", record, "write a question that ends with “?”")
        if not criterion.definition.strip():
            yield Problem(
                "criterion-without-definition", record, "define what the question covers, and what it does not"
            )
        if criterion.value_type == ValueType.LEVEL and criterion.answers < 2:
            yield Problem("criterion-without-levels", record, "give it at least two levels")
        if criterion.value_type != ValueType.LEVEL and criterion.answers:
            yield Problem("criterion-with-levels", record, "only a criterion that is answered by a level has levels")


@rule
def articles_follow_in_no_circle() -> Iterator[Problem]:
    follows = dict(Article.objects.filter(follows__isnull=False).order_by("slug").values_list("slug", "follows__slug"))
    for start in follows:
        slug, steps = follows[start], 0
        while slug in follows and slug != start and steps <= len(follows):
            slug, steps = follows[slug], steps + 1
        if slug == start:
            yield Problem("articles-in-a-circle", f"article {start}", "one of them came first; let it follow none")


@rule
def comparisons_can_be_shown() -> Iterator[Problem]:
    counted = Comparison.objects.annotate(
        columns_=Count("columns", distinct=True), rows_=Count("rows", distinct=True)
    ).order_by("slug")
    for slug, columns, rows in counted.values_list("slug", "columns_", "rows_"):
        if not FEWEST <= columns <= MOST:
            yield Problem(
                "comparison-size",
                f"comparison {slug}",
                _("it has %(n)d frameworks; the number must be %(fewest)d to %(most)d")
                % {"n": columns, "fewest": FEWEST, "most": MOST},
            )
        if not rows:
            yield Problem("comparison-size", f"comparison {slug}", "it has no criterion; add one")


@rule
def no_text_is_a_misread_word() -> Iterator[Problem]:
    """YAML 1.1 reads no, off and yes as booleans, which Django's loader stores as "False" and "True"."""
    for model in content_models():
        texts = [f.name for f in model._meta.concrete_fields if isinstance(f, (models.CharField, models.TextField))]
        misread = reduce(or_, (Q(**{f"{name}__in": ["False", "True"]}) for name in texts), Q(pk__in=[]))
        for row in model._base_manager.filter(misread).order_by("pk"):
            for name in texts:
                if getattr(row, name) in ("False", "True"):
                    message = f"{name} is “{getattr(row, name)}”; quote yes, no, on and off in YAML"
                    yield Problem("misread-word", _name(row), message)


@rule
def fields_hold_what_they_may() -> Iterator[Problem]:
    """Lengths, addresses, keys and choices are checked as by a form, since `loaddata` checks none of them."""
    for model in content_models():
        relations = {f.name for f in model._meta.concrete_fields if f.is_relation}
        for row in model._base_manager.order_by("pk").iterator(chunk_size=2000):
            try:
                row.clean_fields(exclude=relations)
            except ValidationError as error:
                for name, messages in error.message_dict.items():
                    yield Problem("invalid-field", _name(row), f"{name}: {' '.join(messages)}")


@rule
def references_are_whole() -> Iterator[Problem]:
    """A ruling or a comparison must not name a claim that readers cannot see."""
    hidden = Claim.objects.exclude(status=Status.PUBLISHED)
    for rows, what in (
        (hidden.filter(Q(paragraphs__isnull=False) | Q(verdict_lines__isnull=False)), "a comparison cites it"),
        (hidden.filter(Q(rulings_rejecting__isnull=False) | Q(rulings_accepting__isnull=False)), "a ruling names it"),
    ):
        for key, status in rows.order_by("key").distinct().values_list("key", "status"):
            yield Problem("broken-reference", f"claim {key}", f"it is {status}, and {what}")


@rule
def former_addresses_lead_somewhere() -> Iterator[Problem]:
    for kind, model in addressed().items():
        slugs = model._default_manager.order_by()
        rows = FormerAddress.objects.filter(kind=kind).order_by("key").values_list("key", flat=True)
        for key in rows.exclude(Exists(slugs.filter(**{model.address_field: OuterRef("now")}))):
            yield Problem("former-address-leads-nowhere", f"{kind} {key}", "delete it, or enter the present slug")
        for key in rows.filter(Exists(slugs.filter(**{model.address_field: OuterRef("key")}))):
            yield Problem("former-address-in-use", f"{kind} {key}", "a record has this slug; delete the redirect")


@rule
def publishers_are_told_apart() -> Iterator[Problem]:
    """The database keeps names apart, and other names, but not these from those."""
    names = Publisher.objects.filter(name_key=OuterRef("name_key")).values("name")[:1]
    rows = PublisherAlias.objects.annotate(other=Subquery(names)).filter(other__isnull=False).order_by("name")
    for alias, name in rows.values_list("name", "other"):
        message = f"it is the name of a publisher, “{name}”; delete it, or merge the two"
        yield Problem("publisher-alias-in-use", f"other name {alias}", message)


@rule
def cells_are_what_claims_add_up_to() -> Iterator[Problem]:
    criteria = dict(Criterion.objects.values_list("pk", "slug"))
    witnesses = assessing.Witnesses()
    for framework, slug in Framework.objects.order_by("pk").values_list("pk", "slug"):
        stored = {cell.criterion_id: cell for cell in Cell.objects.filter(framework=framework).views()}
        fresh = {cell.criterion_id: cell for cell in assessing.assess_framework(framework, witnesses)}
        for criterion in sorted(stored.keys() | fresh.keys()):
            if stored.get(criterion) != fresh.get(criterion):
                cell = f"cell {slug}/{criteria[criterion]}"
                yield Problem("stale-cell", cell, "run `manage.py rebuild_cells`")


@rule
def search_finds_what_is_there() -> Iterator[Problem]:
    if damage := search_index.damage():
        remedy = "run `manage.py rebuild_search`; if that fails, restore the last backup"
        yield Problem("broken-search-index", f"comparisons_searchindex ({damage})", remedy)
    for record in (*search_index.stale(), *search_names.stale()):
        yield Problem("stale-search-entry", record, "run `manage.py rebuild_search`")


@rule
def summaries_are_what_citations_add_up_to() -> Iterator[Problem]:
    wrong = list(summaries.stale())
    for batch in batched(wrong, BATCH):
        for key in Claim.objects.filter(pk__in=batch).order_by("key").values_list("key", flat=True):
            yield Problem("stale-summary", f"claim {key}", "run `manage.py rebuild_cells`")


@rule
def editions_are_what_readers_see() -> Iterator[Problem]:
    for slug in editions.outdated():
        yield Problem("stale-edition", f"comparison {slug}", "run `manage.py rebuild_cells`")


#: The rules about derived data, by what of it they are about.
DERIVED_RULES: dict[str, Rule] = {
    "cells": cells_are_what_claims_add_up_to,
    "pros & cons": summaries_are_what_citations_add_up_to,
    "search": search_finds_what_is_there,
    "editions": editions_are_what_readers_see,
}
