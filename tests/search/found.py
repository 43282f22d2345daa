"""The hits of a search by their slugs and keys, which tests know."""

from comparisons.models import (
    Article,
    Claim,
    Comparison,
    Criterion,
    Framework,
)
from comparisons.search.find import search


def found(text):
    """The slugs and keys of everything that a search finds, in order."""
    names = {
        "frameworks": dict(Framework.objects.values_list("pk", "slug")),
        "comparisons": dict(Comparison.objects.values_list("pk", "slug")),
        "criteria": dict(Criterion.objects.values_list("pk", "slug")),
        "claims": dict(Claim.objects.values_list("pk", "key")),
        "articles": dict(Article.objects.values_list("pk", "slug")),
    }
    return [names[hits.kind][pk] for hits in search(text).hits for pk in hits.pks]
