"""What a search finds, by the slugs and keys that tests know."""

from comparisons.models import (
    Article,
    Claim,
    Comparison,
    Criterion,
    Framework,
)
from comparisons.search.find import search


def found(text):
    """What a search finds: slugs and keys by kind, in order; made-up frameworks and articles aside."""
    names = {
        "frameworks": dict(Framework.objects.values_list("pk", "slug")),
        "comparisons": dict(Comparison.objects.values_list("pk", "slug")),
        "criteria": dict(Criterion.objects.values_list("pk", "slug")),
        "claims": dict(Claim.objects.values_list("pk", "key")),
        "articles": dict(Article.objects.values_list("pk", "slug")),
    }
    return [names[hits.kind][pk] for hits in search(text).hits for pk in hits.pks]
