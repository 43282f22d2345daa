"""What it costs to read the parameters of the page with most of them: `python tests/bench/filters.py`.

Times `ClaimFilter` and a stock FilterSet with the same filters in turn, in one process, and prints the least CPU of
each request and the ratio, which can be compared across machines. Neither asks the database. Ends with status 1 where
ours costs more than LIMIT of the stock one.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

LIMIT = 0.3
ROUNDS, TIMES = 60, 20
QUERY = "framework=django&framework=flask&polarity=pro&strength=strong&year_from=2020&q=async+views&sort=newest"


def contenders() -> dict[str, Callable[[], object]]:
    """A stock FilterSet as its documentation writes one, and ours; each reads QUERY."""
    import django_filters
    from django.http import QueryDict
    from django.utils import timezone

    from comparisons.domain import vocabulary as v
    from comparisons.filters import SORTS, ClaimFilter
    from comparisons.language.labels import choices
    from comparisons.models import Claim

    many = django_filters.MultipleChoiceFilter
    slugs = [(slug, slug) for slug in ("django", "flask")]

    class StockFilter(django_filters.FilterSet):
        framework = many(field_name="framework__slug", choices=slugs)
        polarity = many(choices=choices(v.Polarity))
        group = many(field_name="criterion__group__slug", choices=slugs)
        criterion = many(field_name="criterion__slug", choices=slugs)
        strength = many(choices=choices(v.Strength))
        kind = many(choices=choices(v.ClaimKind))
        verdict = many(choices=choices(v.Verdict))
        article = many(field_name="citations__article__slug", choices=slugs)
        year_from = django_filters.NumberFilter(field_name="citations__article__published_on__year")
        year_to = django_filters.NumberFilter(field_name="citations__article__published_on__year")
        q = django_filters.CharFilter(field_name="statement")
        sort = django_filters.ChoiceFilter(choices=[(word, word) for word in SORTS])
        view = django_filters.ChoiceFilter(choices=[("list", "list")])
        more = many(choices=slugs)
        after = django_filters.CharFilter(field_name="key")

    data, today = QueryDict(QUERY), timezone.localdate()

    def stock() -> object:
        filterset = StockFilter(data, queryset=Claim.objects.published())
        assert filterset.is_valid(), filterset.errors
        return filterset

    return {"stock": stock, "ours": lambda: ClaimFilter.read(data, today=today)}


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    read = contenders()
    least = dict.fromkeys(read, float("inf"))
    for _ in range(ROUNDS):
        for name, one in read.items():
            start = time.process_time()
            for _ in range(TIMES):
                one()
            least[name] = min(least[name], 1000 * (time.process_time() - start) / TIMES)
    ratio = least["ours"] / least["stock"]
    print("CPU of reading the parameters of /pros-cons/ in ms: stock FilterSet, ours, ratio")
    print(f"{least['stock']:8.2f} {least['ours']:8.2f} {ratio:6.2f} {'*' if ratio > LIMIT else ' '} limit {LIMIT}")
    return ratio > LIMIT


if __name__ == "__main__":
    sys.exit(main())
