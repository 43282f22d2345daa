"""Statements in shorthand: a witness is a name, led by "-" if it disputes and by "~" if it qualifies."""

from __future__ import annotations

import datetime as dt
import itertools
from decimal import Decimal
from typing import Any

from comparisons.domain.assessment import Assessment, assess
from comparisons.domain.benchmarks import FigureView
from comparisons.domain.statements import BenchmarkView, Decision, Number, Source, Statement
from comparisons.domain.vocabulary import ClaimKind, Likeness, Stance

TODAY = dt.date(2026, 11, 20)
FRESH = dt.date(2026, 6, 1)
OLD = dt.date(2020, 1, 1)
_keys = itertools.count(1)
_STANCES = {"-": Stance.DISPUTES, "~": Stance.QUALIFIES}


def source(name: str = "a", dated: dt.date | None = FRESH, **fields: Any) -> Source:
    stance = _STANCES.get(name[0], Stance.SUPPORTS)
    witness = name.lstrip("-~")
    return Source(article=f"by-{witness}", witness=witness, **{"stance": stance, "dated": dated, **fields})


def says(value: str | Number | None, *sources: str | Source, **fields: Any) -> Statement:
    """A capability with a value; each source is a name in shorthand or built by `source`."""
    fields = {"key": f"claim-{next(_keys):04}", "kind": ClaimKind.CAPABILITY, **fields}
    cited = tuple(source(s) if isinstance(s, str) else s for s in sources)
    return Statement(value=value, sources=cited, **fields)


def number(low: str | int, high: str | int | None = None, approximate: bool = False) -> Number:
    return Number(Decimal(low), Decimal(low if high is None else high), approximate)


def figure(low: str | int, *sources: str | Source, high: str | int | None = None, **fields: Any) -> Statement:
    return says(number(low, high), *sources, kind=ClaimKind.FIGURE, **fields)


def judged(*statements: Statement, ruling: Decision | None = None, **options: Any) -> Assessment:
    return assess(statements, ruling, **options)


def benchmark(slug: str = "b", *, width: int = 2, dated: dt.date | None = FRESH, **fields: Any) -> BenchmarkView:
    """A benchmark that states its method and is like for like."""
    fields = {"states_method": True, "like_for_like": Likeness.FULL.value, **fields}
    fields = {"title": slug.title(), "criterion_id": 1, "unit": "ms", "statistic": "", **fields}
    return BenchmarkView(id=len(slug), slug=slug, dated=dated, width=width, **fields)


def seen(framework: int, value: str | int, test: str | None = "b", **fields: Any) -> FigureView:
    """A figure of a framework in a benchmark, None for one that stands alone."""
    fields = {"claim": f"claim-{next(_keys):04}", "variant": "", "criterion_id": 1, **fields}
    return FigureView(framework_id=framework, benchmark=test, value=number(value), **fields)
