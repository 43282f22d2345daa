"""The hits of a search by their slugs and keys, which tests know."""

from comparisons.models import (
    Article,
    Benchmark,
    Cell,
    Claim,
    Comparison,
    Criterion,
    Framework,
)
from comparisons.search.find import search


def found(text, *kinds):
    """The slugs and keys of everything that a search finds, in order; of some kinds only, if any are named.

    An answer is named by its framework and its criterion, as in "django/orm".
    """
    cells = Cell.objects.values_list("pk", "framework__slug", "criterion__slug")
    criteria = dict(Criterion.objects.values_list("pk", "slug"))
    names = {
        "frameworks": dict(Framework.objects.values_list("pk", "slug")),
        "comparisons": dict(Comparison.objects.values_list("pk", "slug")),
        "criteria": criteria,
        "use_cases": criteria,
        "cells": {pk: f"{framework}/{criterion}" for pk, framework, criterion in cells},
        "claims": dict(Claim.objects.values_list("pk", "key")),
        "benchmarks": dict(Benchmark.objects.values_list("pk", "slug")),
        "articles": dict(Article.objects.values_list("pk", "slug")),
    }
    return [names[hits.kind][pk] for hits in search(text).hits if not kinds or hits.kind in kinds for pk in hits.pks]


def missing(text):
    """The keys and slugs of partial matches, each with the words that they lack."""
    names = {"claims": Claim, "frameworks": Framework, "criteria": Criterion, "cells": Cell, "articles": Article}
    return [
        (getattr(names[hit.kind].objects.get(pk=hit.pk), "key" if hit.kind == "claims" else "slug"), hit.missing)
        for hit in search(text).partial
    ]
