"""No public page of a knowledge base of 20,000 criteria is large or costs much.

The claims are a fifth of those that `python -m tests.big` makes: what pages cost depends on what they show, and a
database of 60,000 claims takes three times as long to make.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import connection

from comparisons import urls
from comparisons.models import Criterion

from . import addresses, walk, world

#: Most bytes of a page before compression, milliseconds of CPU (see `walk.Cost`), and queries.
SIZE, CPU, QUERIES = 400_000, 300, 20
#: What other work does to the time of a page differs from one moment to the next, so a page has this many tries.
TRIES = 12
#: What this knowledge base has none of: files that a command writes, measurements, and rulings on disputes.
NONE = {
    *("data_file", "sample_task", "sample_task_zip", "sample_zip", "card_sample", "benchmark_rounds"),
    *("api_get_disagreements", "api_get_rulings"),
}
NAMES = [str(pattern.name) for pattern in urls.urlpatterns if pattern.name not in NONE]
pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="measured once, on SQLite")


@pytest.fixture(scope="module")
def pages(django_db_setup: None, django_db_blocker) -> Iterator[dict[str, list[str]]]:
    """The addresses of the big knowledge base by the name of their pattern."""
    try:
        with django_db_blocker.unblock():
            world.fill(share_of_claims=0.1)
            found: dict[str, list[str]] = {}
            for name, path in addresses.walk():
                found.setdefault(name, []).append(path)
            # What a process reads once.
            for path in ("/", "/pros-cons/", "/search/?q=cache"):
                walk.cost(path, 1)
        yield found
    finally:
        with django_db_blocker.unblock():
            call_command("flush", verbosity=0, interactive=False)


@pytest.mark.django_db
def test_the_knowledge_base_is_as_big_as_it_says(pages: dict[str, list[str]]) -> None:
    assert Criterion.objects.count() == world.CRITERIA
    assert set(pages) == set(NAMES)


@pytest.mark.django_db
@pytest.mark.parametrize("name", NAMES)
def test_no_page_is_large_or_costs_much(pages: dict[str, list[str]], name: str) -> None:
    costs = [walk.cost(path, TRIES, enough=CPU) for path in pages[name]]
    # A page of a list that has fewer pages than with all claims is no page.
    assert [one for one in costs if one.status not in (200, 404)] == []
    assert [one for one in costs if one.size > SIZE or one.cpu > CPU or one.queries > QUERIES] == []
    assert [one for one in costs if one.status == 200]
