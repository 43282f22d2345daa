"""The content that is shipped: every total, every dispute, every rule of the whole."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import call_command
from django.db.models import Count, F

from comparisons.domain.assessment import assess
from comparisons.domain.vocabulary import Agreement, ArticleKind, ClaimKind, RulingState, Stance
from comparisons.evidence import assessing
from comparisons.exchange.fixtures import loading, writing
from comparisons.maintenance import checks
from comparisons.models import (
    Article,
    Benchmark,
    Cell,
    Citation,
    Claim,
    Comparison,
    Criterion,
    CriterionGroup,
    Framework,
    Level,
    Release,
    Ruling,
)
from tests.dumps import every_row
from tests.exchange.fixtures.builders import files

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]
TOTALS: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "totals.yaml").read_text("utf-8"))
#: The publisher of our own measurements.
OURS = "Crosscheck"
TABLES = {
    "frameworks": Framework, "releases": Release, "benchmarks": Benchmark, "groups": CriterionGroup,
    "criteria": Criterion, "levels": Level, "articles": Article, "claims": Claim, "citations": Citation,
    "comparisons": Comparison, "rulings": Ruling, "cells_with_claims": Cell,
}  # fmt: skip


def counted(model: Any, lookup: str) -> dict[str, int]:
    rows = model.objects.order_by().values_list(lookup).annotate(Count("pk"))
    return {word or "general": count for word, count in rows}


@pytest.mark.parametrize("name", TABLES)
def test_the_content_has_as_many(name):
    assert TABLES[name].objects.count() == TOTALS[name]


@pytest.mark.parametrize(
    ("total", "model", "lookup"),
    [
        ("citations_by_stance", Citation, "stance"),
        ("claims_by_kind", Claim, "kind"),
        ("claims_by_polarity", Claim, "polarity"),
        ("claims_by_verdict", Claim, "verdict"),
        ("claims_by_framework", Claim, "framework__slug"),
        ("claims_by_group", Claim, "criterion__group__slug"),
        ("cells_by_framework", Cell, "framework__slug"),
        ("cells_by_agreement", Cell, "agreement"),
    ],
)
def test_the_content_adds_up_to(total, model, lookup):
    assert counted(model, lookup) == TOTALS[total]


def test_every_article_is_cited_as_often_as_it_was_read():
    cited = Article.objects.order_by().annotate(count=Count("citations")).values_list("slug", "count")
    assert dict(cited) == TOTALS["citations_by_article"]


def test_every_benchmark_has_its_figures():
    placed = Claim.objects.exclude(benchmark=None).order_by().values_list("benchmark__slug").annotate(Count("pk"))
    assert dict(placed) == TOTALS["figures_by_benchmark"]


def test_these_figures_stand_alone():
    alone = Claim.objects.filter(kind=ClaimKind.FIGURE, benchmark=None).order_by("key")
    assert list(alone.values_list("key", flat=True)) == TOTALS["figures_alone"]


def test_a_figure_answers_the_criterion_of_its_benchmark():
    assert not Claim.objects.exclude(benchmark=None).exclude(criterion=F("benchmark__criterion")).exists()


def test_a_benchmark_has_one_figure_of_a_framework_in_each_variant():
    placed = Claim.objects.exclude(benchmark=None).values_list("benchmark", "framework", "variant")
    assert len(placed) == len(set(placed))


def test_the_article_of_a_benchmark_supports_each_of_its_figures():
    supported = Citation.objects.filter(stance=Stance.SUPPORTS, article=F("claim__benchmark__article"))
    figures = Claim.objects.exclude(benchmark=None)
    assert not figures.exclude(pk__in=supported.values("claim")).exists()


def test_a_figure_lies_within_its_interval():
    figures = Claim.objects.exclude(interval_low=None)
    assert not figures.exclude(number__gte=F("interval_low"), number__lte=F("interval_high")).exists()


def test_as_many_rulings_are_open():
    assert Ruling.objects.filter(is_open=True).count() == TOTALS["rulings_open"]


def test_every_total_is_tested():
    tested = {
        *TABLES, "citations_by_stance", "claims_by_kind", "claims_by_polarity", "claims_by_verdict",
        "claims_by_framework", "claims_by_group", "cells_by_framework", "cells_by_agreement", "citations_by_article",
        "figures_by_benchmark", "figures_alone", "rulings_open", "contested_cells", "disputed_without_value",
    }  # fmt: skip
    assert TOTALS.keys() == tested


def disputed(**lookups: Any) -> dict[str, dict[str, dict[str, int]]]:
    """Witnesses of each reading of the disputed cells, by framework and criterion."""
    names = dict(Framework.objects.values_list("pk", "slug")), dict(Criterion.objects.values_list("pk", "slug"))
    found: dict[str, dict[str, dict[str, int]]] = {}
    for (framework, criterion), claims in assessing.statements(Citation.objects.all(), assessing.Witnesses()).items():
        result = assess(claims)
        if result.agreement == Agreement.DISPUTED:
            readings = {str(r.value): len(r.witnesses) for r in result.readings if r.witnesses}
            found.setdefault(names[0][framework], {})[names[1][criterion]] = readings
    return found


def test_the_disputed_cells_are_those_that_were_read():
    assert disputed() == TOTALS["contested_cells"]


def test_the_stored_cells_are_disputed_where_the_claims_are():
    stored = Cell.objects.disputed().values_list("framework__slug", "criterion__slug", "counts")
    expected = {(f, c): sorted(n.values(), reverse=True) for f, rows in disputed().items() for c, n in rows.items()}
    assert {(framework, criterion): counts for framework, criterion, counts in stored} == expected


def test_these_cells_are_disputed_without_a_value():
    stored: dict[str, list[str]] = {}
    cells = Cell.objects.exclude(agreement=Agreement.DISPUTED).filter(argued__gt=0)
    for framework, criterion in cells.order_by("criterion__slug").values_list("framework__slug", "criterion__slug"):
        stored.setdefault(framework, []).append(criterion)
    assert stored == TOTALS["disputed_without_value"]


def test_every_disputed_cell_is_ruled_or_open():
    assert not Cell.objects.disputed().filter(ruling=RulingState.NONE).exists()


def test_seeding_again_changes_no_row_of_any_table(content):
    before = every_row()
    report = loading.load(content)
    assert (report.created.total(), report.updated.total()) == (0, 0)
    assert every_row() == before


def test_the_content_has_no_problem():
    assert checks.check_all() == []


def test_the_command_finds_no_problem(capsys):
    call_command("check_kb")
    assert "No problems found." in capsys.readouterr().out


def test_all_claims_are_published():
    assert Claim.objects.published().count() == TOTALS["claims"]


def test_all_verdicts_were_given_on_the_day_of_an_edition():
    given = Claim.objects.exclude(verdict="unchecked").order_by().values_list("verdict_on", flat=True)
    assert {str(day) for day in given} == {"2026-11-20", "2026-11-28", "2026-11-29"}


def test_twenty_nine_criteria_are_use_cases():
    assert Criterion.objects.filter(group__holds_use_cases=True).count() == 29


def test_one_witness_never_counts_twice_in_a_reading():
    for claims in assessing.statements(Citation.objects.all(), assessing.Witnesses()).values():
        for reading in assess(claims).readings:
            assert len(set(reading.witnesses)) == len(reading.witnesses)


def test_the_shipped_fixtures_are_written_byte_for_byte(content, tmp_path):
    writing.export(tmp_path / "out")
    assert files(tmp_path / "out") == files(content)


def test_the_articles_that_started_it_carry_most_citations_of_others():
    others = Article.objects.exclude(publisher=OURS).annotate(count=Count("citations")).order_by("-count")
    assert set(others.values_list("slug", flat=True)[:4]) == {
        "minhvo-fastapi-vs-django-vs-flask",
        "lucent-flask-vs-fastapi-vs-django",
        "rafalfuchs-why-this-comparison-still-matters",
        "backend-reporter-choosing-the-right-tool",
    }


def test_our_own_measurements_have_one_publisher():
    assert set(Article.objects.filter(kind=ArticleKind.MEASUREMENT).values_list("publisher", flat=True)) == {OURS}


def test_our_own_measurements_never_dispute_a_recommendation():
    ours = Citation.objects.filter(article__publisher=OURS, stance=Stance.DISPUTES)
    assert not ours.filter(claim__kind=ClaimKind.RECOMMENDATION).exists()


def test_an_article_has_an_address_of_its_own():
    addresses = Counter(Article.objects.exclude(url="").values_list("url", flat=True))
    assert {address for address, count in addresses.items() if count > 1} == set()
