"""Every public address, walked by an anonymous reader over the project's own content."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.test import Client, override_settings
from django.urls import URLPattern, reverse
from django.utils import timezone

from comparisons import urls
from comparisons.exchange import data_files
from comparisons.filters import UseCaseFilter
from comparisons.models import (
    Article,
    Benchmark,
    Cell,
    Claim,
    Comparison,
    ComparisonEdition,
    Criterion,
    Framework,
    Ruling,
)
from comparisons.views import sitemaps

from .reading import SECRETS, hide_claims, keep_decision

#: Records of one kind that are walked.
SAMPLE = 12
PATTERNS: list[URLPattern] = urls.urlpatterns


def addresses(name: str) -> list[str]:
    """Addresses of one pattern, over the records there are; a sample where there are many."""

    def slugs(model: type) -> list[list[str]]:
        found = list(model.objects.order_by("pk").values_list(model.natural_key_fields[0], flat=True))
        return [[slug] for slug in found[:: max(1, len(found) // SAMPLE)]]

    cells = Cell.objects.order_by("pk").values_list("framework__slug", "criterion__slug")
    arguments = {
        "comparison": lambda: slugs(Comparison),
        "comparison_card": lambda: slugs(Comparison),
        "comparison_edition": lambda: [[one.slug, one.day] for one in ComparisonEdition.objects.all()],
        "use_case": lambda: [[scenario.slug] for scenario in UseCaseFilter.all_rows()[:SAMPLE]],
        "sitemap_file": lambda: [["pages"], *([section] for section in sitemaps.SECTIONS)],
        "compare_frameworks": lambda: [["-vs-".join(slug for [slug] in slugs(Framework)[:3])]],
        "framework": lambda: slugs(Framework),
        "cell": lambda: [list(pair) for pair in cells[:: max(1, len(cells) // SAMPLE)]],
        "criterion": lambda: slugs(Criterion),
        "benchmark": lambda: slugs(Benchmark),
        "benchmark_rounds": lambda: [["own-load-2026-11-29-throughput-8"]],
        "decision": lambda: [[keep_decision()]],
        "sample_task": lambda: [["articles-api"], ["csrf-form"]],
        "sample_task_zip": lambda: [["articles-api"]],
        "sample_zip": lambda: [["articles-api", "bottle"]],
        "claim": lambda: slugs(Claim),
        "claim_revision": lambda: [[key, 1] for [key] in slugs(Claim)],
        "article": lambda: slugs(Article),
        "feed_framework": lambda: slugs(Framework)[:3],
        "feed_criterion": lambda: slugs(Criterion)[:3],
        "feed_comparison": lambda: slugs(Comparison)[:3],
        "feed_claim": lambda: slugs(Claim)[:3],
        "api_get_frameworks": lambda: slugs(Framework)[:3],
        "api_get_criteria": lambda: slugs(Criterion)[:3],
        "api_get_claims": lambda: slugs(Claim)[:3],
        "api_get_articles": lambda: slugs(Article)[:3],
        "api_get_benchmarks": lambda: slugs(Benchmark)[:3],
        "api_get_comparisons": lambda: slugs(Comparison)[:3],
        "api_get_use_cases": lambda: [[scenario.slug] for scenario in UseCaseFilter.all_rows()[:3]],
        "api_get_cells": lambda: [list(pair) for pair in cells[:3]],
        "api_get_disagreements": lambda: [list(pair) for pair in cells.filter(agreement="disputed")[:3]],
        "api_get_rulings": lambda: [
            list(pair) for pair in Ruling.objects.values_list("framework__slug", "criterion__slug")[:3]
        ],
        "data_file": lambda: [[one.name] for day in data_files.days() for one in data_files.of_day(day).files],
        "embed_cell": lambda: [list(pair) for pair in cells[:3]],
        "embed_row": lambda: slugs(Criterion)[:3],
        "embed_comparison": lambda: slugs(Comparison)[:3],
        "challenge_claim": lambda: slugs(Claim)[:3],
        "challenge_cell": lambda: [list(pair) for pair in cells[:3]],
        "challenge_article": lambda: slugs(Article)[:3],
    }
    if name.startswith("card_") and name != "card_site":
        name = name.removeprefix("card_")
        of = {"compare": "compare_frameworks", "sample": "sample_task"}.get(name, name.replace("-", "_"))
        return [reverse(f"comparisons:card_{name}", args=given) for given in arguments[of]()[:3]]
    return [reverse(f"comparisons:{name}", args=given) for given in arguments.get(name, lambda: [[]])()]


@pytest.fixture(scope="module")
def walked(
    content: Path, django_db_blocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, list[str]]]:
    """Addresses by pattern, taken before hidden claims are added to the content."""
    files = override_settings(DATA_FILES=tmp_path_factory.mktemp("data"))
    files.enable()
    with django_db_blocker.unblock():
        data_files.write_all(timezone.localdate())
        found = {str(pattern.name): addresses(str(pattern.name)) for pattern in PATTERNS}
        hide_claims()
    yield found
    files.disable()


HTML = "text/html"


class PageHead(NamedTuple):
    """What a page says to programs: how often, or which. is_hidden: whether it asks not to be found."""

    titles: int
    descriptions: int
    pictures: int
    trails: int
    current: int
    is_hidden: bool
    canonicals: list[str]

    @classmethod
    def read(cls, html: str) -> PageHead:
        return cls(
            len(re.findall("<title>[^<]+ – Crosscheck</title>", html)),
            len(re.findall('<meta name="description" content="[^"]+">', html)),
            len(re.findall('<meta property="og:image" content="https://crosscheck.example/cards/[^"]+">', html)),
            html.count('"@type":"BreadcrumbList"') + html.count('"@type": "BreadcrumbList"'),
            html.count('aria-current="page"'),
            '<meta name="robots" content="noindex' in html,
            re.findall('<link rel="canonical" href="([^"]+)">', html),
        )


#: Addresses of programs, pictures and frames, which ask a database what pages ask it.
ALIKE = ("api_", "card_", "embed_", "feed_", "sample_", "challenge_")


def on_any(name: str) -> Any:
    """The name of a pattern, tried on every database unless its like is."""
    return name if name.startswith(ALIKE) else pytest.param(name, marks=pytest.mark.crossing)


@pytest.mark.django_db
@pytest.mark.parametrize("name", [on_any(str(pattern.name)) for pattern in PATTERNS])
def test_every_page_is_open_anonymous_and_free_of_what_is_not_published(
    walked: dict[str, list[str]], name: str
) -> None:
    assert walked[name]
    for address in walked[name]:
        response = Client().get(address)
        page = response.getvalue().decode(errors="replace")
        assert response.status_code == 200, address
        assert not response.cookies, address
        assert "cookie" not in response.get("Vary", "").lower(), address
        assert not [word for word in SECRETS if word in page], address


@pytest.mark.django_db
def test_every_type_of_page_says_to_programs_what_it_is(walked: dict[str, list[str]], subtests: Any) -> None:
    pages = [path for name, [path, *_] in walked.items() if not name.startswith(("embed_", "suggest"))]
    told = [(path, response) for path in pages if (response := Client().get(path))["Content-Type"].startswith(HTML)]
    assert len(told) > 30
    for path, response in told:
        with subtests.test(path=path):
            head = PageHead.read(response.getvalue().decode())
            assert head.titles == head.descriptions == head.pictures == 1
            assert head.trails == (path != "/") or head.is_hidden
            assert head.current or path == "/"
            [canonical] = head.canonicals
            again = Client().get(canonical.removeprefix("https://crosscheck.example")).getvalue().decode()
            assert PageHead.read(again).canonicals == [canonical]


@pytest.mark.django_db
def test_what_is_not_published_can_be_asked_for_in_vain(walked: dict[str, list[str]]) -> None:
    for word in SECRETS:
        assert word not in Client().get("/pros-cons/?framework=django").content.decode()
        assert f"Nothing for “{word}”" in Client().get(f"/search/?q={word}").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/articles/", "/disagreements/", "/pros-cons/", "/search/?q=a", "/matrix/"])
def test_lists_stay_below_a_size_that_a_phone_can_load(walked: dict[str, list[str]], address: str) -> None:
    assert len(Client().get(address).content) < 1_500_000
