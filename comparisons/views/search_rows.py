"""The results of a search as its page shows them: kind by kind, each record with the text in which the words occur."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import count
from typing import Any, NamedTuple

from django.urls import reverse

from comparisons.domain.statements import NOT_COUNTED
from comparisons.evidence.cell_reads import cells_by_key
from comparisons.language.markdown import plain
from comparisons.models import Citation, SearchEntry, remembered, subject
from comparisons.models.prepared import ByKeys
from comparisons.search.find import Hits, Results, records
from comparisons.search.marking import passage, stems_in

#: Citations that are read of the claims on a page, to show what their sources say.
MOST_CITATIONS = 200
#: Records of each kind that are remembered, as a search shows them.
MOST_REMEMBERED = 1_000
_NUMBERS = count(1)


def _compared(*told: Any) -> FoundRow:
    """Raises TypeError: what was written down of a row tells it from others, and is not all that it holds."""
    raise TypeError("A row of a search cannot be read again from what tells it from others")


class FoundRow(NamedTuple):
    """A record that was found.

    drawn: what the templates made of the record alone, by day. number: tells what was read of the record from what was
    read of any, at any time. stems: of the words of a claim that the row shows.
    said: a passage of the texts that the row does not show otherwise; "" for none. source: the publisher or title of
    the source that says it; "" for the editors' own texts. missing: words of the search that the record does not hold.
    """

    kind: str
    pk: int
    record: Any
    href: str
    drawn: dict[date, Any]
    number: int
    stems: frozenset[str] = frozenset()
    said: str = ""
    source: str = ""
    missing: tuple[str, ...] = ()

    def __reduce__(self) -> tuple[Any, ...]:
        """All that tells it from another, by which pages that are drawn once are compared."""
        return _compared, (self.number, self.said, self.source, self.missing)

    @property
    def counts(self) -> bool:
        """Whether it is no claim that was judged wrong or outdated."""
        return self.kind != "claims" or self.record.verdict not in NOT_COUNTED


@dataclass(frozen=True)
class Section:
    """The results of one kind on a page. rows: those shown. lower: claims among them that do not count."""

    hits: Hits
    title: Any
    rows: tuple[FoundRow, ...]
    lower: tuple[FoundRow, ...] = ()

    @property
    def shown(self) -> int:
        return len(self.rows) + len(self.lower)


def sections(
    results: Results, chosen: Sequence[Hits], first: int, size: int, answered: Collection[str]
) -> list[Section]:
    """The results of these kinds, `size` of each; one query for each kind, and one for what sources say.

    answered: addresses that stand in the answer above, which are not shown again.
    """
    found = []
    for hits in chosen:
        pks = hits.pks[first : first + size + len(answered)]
        rows = [row for row in _rows(hits.kind, pks, results) if row.href not in answered][:size]
        found.append(
            Section(
                hits,
                SearchEntry.KINDS[hits.kind],
                tuple(row for row in rows if row.counts),
                tuple(row for row in rows if not row.counts),
            )
        )
    return [section for section in found if section.shown]


def partial_rows(results: Results, answered: Collection[str]) -> list[FoundRow]:
    """The records that hold some of the words, the best first; one query for each kind, and one for sources."""
    by_kind: dict[str, list[int]] = {}
    for hit in results.partial:
        by_kind.setdefault(hit.kind, []).append(hit.pk)
    rows = {(kind, row.pk): row for kind, pks in by_kind.items() for row in _rows(kind, pks, results)}
    shown = [
        rows[hit.kind, hit.pk]._replace(missing=hit.missing) for hit in results.partial if (hit.kind, hit.pk) in rows
    ]
    return [row for row in shown if row.href not in answered]


def _rows(kind: str, pks: Sequence[int], results: Results) -> list[FoundRow]:
    """Records in the order of these keys; one query, or two of cells and of claims, for those not remembered."""
    found = remembered.each(("found", kind), pks, partial(_read, kind), MOST_REMEMBERED)
    if kind != "claims":
        return list(found.values())
    said = _said(found.values(), results)
    return [row._replace(said=said[pk][0], source=said[pk][1]) if pk in said else row for pk, row in found.items()]


def _read(kind: str, pks: Sequence[int]) -> dict[int, FoundRow]:
    found = cells_by_key(pks) if kind == "cells" else {record.pk: record for record in records(kind, pks)}
    stems = {pk: _stems(record) for pk, record in found.items()} if kind == "claims" else {}
    return {
        pk: FoundRow(kind, pk, record, _href(kind, record), {}, next(_NUMBERS), stems.get(pk, frozenset()))
        for pk, record in found.items()
    }


def _stems(claim: Any) -> frozenset[str]:
    """The stems of framework, criterion and statement of a claim."""
    shown = " ".join((claim.framework.name if claim.framework else "", claim.criterion.name, plain(claim.statement)))
    return frozenset(stems_in(shown))


def _href(kind: str, record: Any) -> str:
    if kind == "cells":
        return f"/{subject.nouns().address}/{record.column.slug}/{record.line.slug}/"
    if kind == "use_cases":
        return reverse("comparisons:use_case", args=[record.slug])
    address: str = record.get_absolute_url()
    return address


def _said(claims: Iterable[FoundRow], results: Results) -> Mapping[int, tuple[str, str]]:
    """What holds words of a search that the row of a claim lacks otherwise, with its source; one query.

    The editors' own texts come first, then what sources say, in their order.
    """
    lacking = {row.pk: row.record for row in claims if not _shows_all(row, results)}
    found: dict[int, tuple[str, str]] = {}
    for pk, claim in lacking.items():
        own = (plain(text) for text in (claim.verdict_note, claim.impact, claim.remedy) if text)
        part = next(filter(None, (passage(text, results.stems, results.beginning) for text in own)), "")
        if part:
            found[pk] = part, ""
    for pk, says, publisher, title in _CITED([pk for pk in lacking if pk not in found]):
        if pk not in found and (part := passage(plain(says), results.stems, results.beginning)):
            found[pk] = part, publisher or title
    return found


_CITED = ByKeys(
    lambda claims: (
        Citation.objects.filter(claim__in=claims)
        .order_by("claim", "pk")
        .values_list("claim", "says", "article__publisher", "article__title")[:MOST_CITATIONS]
    )
)


def _shows_all(claim: FoundRow, results: Results) -> bool:
    """Whether framework, criterion and statement of a claim hold every word of a search."""
    return all(any(map(claim.stems.issuperset, term.phrases)) for term in results.terms)
