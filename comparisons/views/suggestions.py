"""What a reader may have meant by an address at which there is nothing: records with nearly the slug asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from django.db import DatabaseError
from django.urls import reverse

from comparisons.models import Article, Benchmark, Claim, Comparison, Criterion, Framework, subject
from comparisons.models.base import JOINT

#: The most suggestions on a page, and the most slugs that one is picked from.
MOST, CANDIDATES = 4, 600
#: How alike two slugs are, from 0 to 1, for one to be suggested instead of the other.
ALIKE = 0.72
#: Parts of an address that may be a slug. Longer ones cost more to compare than they are worth.
_SLUG = re.compile(r"[a-z0-9][a-z0-9._-]{1,79}")


class NearbyPage(NamedTuple):
    """A page that exists: its address, and what it is called."""

    href: str
    name: str


class _Kind(NamedTuple):
    model: Any
    slug: str
    name: str


_KINDS = {
    "frameworks": _Kind(Framework, "slug", "name"),
    "criteria": _Kind(Criterion, "slug", "name"),
    "use-cases": _Kind(Criterion, "slug", "name"),
    "articles": _Kind(Article, "slug", "title"),
    "comparisons": _Kind(Comparison, "slug", "title"),
    "benchmarks": _Kind(Benchmark, "slug", "title"),
    "claims": _Kind(Claim, "key", "statement"),
}
_PAGES = {
    "frameworks": "framework",
    "criteria": "criterion",
    "use-cases": "criterion",
    "articles": "article",
    "comparisons": "comparison",
    "benchmarks": "benchmark",
    "claims": "claim",
}


def for_path(path: str) -> list[NearbyPage]:
    """Up to four pages whose address is nearly this one; none if nothing is near or the database does not answer.

    At most eight queries, one for each framework of a comparison; none for an address that can name no record.
    """
    parts = [part.lower() for part in path.strip("/").split("/")]
    if len(parts) > 3 or not all(_SLUG.fullmatch(part) for part in parts):
        return []
    try:
        return list(_suggestions(parts))[:MOST]
    except DatabaseError:
        return []


def _suggestions(parts: list[str]) -> Iterator[NearbyPage]:
    section = _sections().get(parts[0]) or _section(parts[0])
    if section == "frameworks" and len(parts) == 3:
        yield from _cells(parts[1], parts[2])
    elif section and len(parts) > 1:
        for slug, name in _near(section, parts[1]):
            yield NearbyPage(reverse(f"comparisons:{_PAGES[section]}", args=[slug]), name)
    elif parts[0] == "compare" and len(parts) > 1:
        yield from _compared(parts[1].split(JOINT))
    elif len(parts) == 1 and "." not in parts[0]:
        for section in ("frameworks", "criteria"):
            for slug, name in _near(section, parts[0]):
                yield NearbyPage(reverse(f"comparisons:{_PAGES[section]}", args=[slug]), name)


def _sections() -> dict[str, str]:
    """The kinds of records by the words that stand for them in addresses."""
    return {subject.nouns().address if kind == "frameworks" else kind: kind for kind in _KINDS}


def _section(word: str) -> str:
    """The section that a mistyped or singular word stands for; "" if none."""
    sections = _sections()
    near = max(sections, key=lambda name: _likeness(word, name))
    return sections[near] if _likeness(word, near) >= ALIKE else ""


def _cells(framework: str, criterion: str) -> Iterator[NearbyPage]:
    """The pages of a cell whose framework or criterion is mistyped, then those of the two by themselves."""
    frameworks, criteria = _near("frameworks", framework), _near("criteria", criterion)
    for slug, name in frameworks[:1]:
        for other, question in criteria[:2]:
            yield NearbyPage(reverse("comparisons:cell", args=[slug, other]), f"{name}: {question}")
        yield NearbyPage(reverse("comparisons:framework", args=[slug]), name)
    for slug, name in criteria[:1]:
        yield NearbyPage(reverse("comparisons:criterion", args=[slug]), name)


def _compared(slugs: list[str]) -> Iterator[NearbyPage]:
    """The comparison of the frameworks that these slugs nearly are, if there are at least two."""
    near = dict(found[0] for slug in slugs[:8] if (found := _near("frameworks", slug)))
    if len(near) > 1:
        yield NearbyPage(reverse("comparisons:compare_frameworks", args=[JOINT.join(near)]), ", ".join(near.values()))


def _near(section: str, asked: str) -> list[tuple[str, str]]:
    """(slug, name) of the records that are called nearly so, the nearest first; one query."""
    if not asked:
        return []
    kind = _KINDS[section]
    rows = kind.model._default_manager.all()
    rows = rows.published() if hasattr(rows, "published") else rows
    rows = rows.filter(**{f"{kind.slug}__startswith": asked[0]}).order_by(kind.slug)
    found = rows.values_list(kind.slug, kind.name)[:CANDIDATES]
    alike = sorted(((_likeness(asked, slug), slug, name) for slug, name in found), key=lambda one: (-one[0], one[1]))
    return [(slug, name) for likeness, slug, name in alike if likeness >= ALIKE][:MOST]


def _likeness(asked: str, slug: str) -> float:
    """How alike two slugs are, from 0 to 1, whatever their hyphens; the beginning of a slug is much like it."""
    one, other = asked.replace("-", "").replace("_", ""), slug.replace("-", "").replace("_", "")
    if len(one) > 3 and other.startswith(one):
        return 0.9 if one != other else 1
    return SequenceMatcher(None, one, other).ratio()
