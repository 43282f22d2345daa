"""The verdict of a comparison: what the editors say in short, each line with the claims it rests on."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from comparisons.domain.matrix import Column
from comparisons.domain.standing import Standing, standing
from comparisons.domain.statements import Statement
from comparisons.domain.strength import weakest
from comparisons.domain.vocabulary import LINES_OF_FRAMEWORK, LineKind, RulingState, Status, Strength
from comparisons.models import Cell, Citation, Comparison, ComparisonFramework, Paragraph, VerdictLine, remembered
from comparisons.models.claims import in_catalogue

from .assessing import CITATION_COLUMNS, Witnesses, statements_of
from .citations import OLDEST_FIRST


@dataclass(frozen=True)
class VerdictClaim:
    """A claim behind a line. dispute: what the editors decided (RulingState) if its cell is disputed, else ""."""

    statement: Statement
    text: str
    standing: Standing
    dispute: str

    @property
    def key(self) -> str:
        return self.statement.key

    @property
    def counts(self) -> bool:
        """Whether it lends a line strength: not if it was judged wrong or outdated."""
        return self.statement.counts


@dataclass(frozen=True)
class VerdictText:
    """A line or a paragraph with its published claims, those that no longer count last."""

    text: str
    claims: tuple[VerdictClaim, ...]

    @property
    def counting(self) -> tuple[VerdictClaim, ...]:
        return tuple(claim for claim in self.claims if claim.counts)

    @property
    def witnesses(self) -> int:
        """How many independent sources speak of the claims that count."""
        return len({source.witness for claim in self.counting for source in claim.statement.sources})

    @property
    def dispute(self) -> str:
        """What the editors decided (RulingState) on a disputed claim of it, NONE before all else; "" without one."""
        found = {claim.dispute for claim in self.claims}
        return next((state for state in (RulingState.NONE, RulingState.OPEN, RulingState.RULED) if state in found), "")

    def strength(self, today: date) -> Strength | None:
        """That of the weakest claim that counts; None if none counts, or no source supports one that does."""
        found = [claim.standing.strength(today) for claim in self.counting]
        return None if None in found else weakest(strength for strength in found if strength is not None)


@dataclass(frozen=True)
class FrameworkVerdict:
    """What is said of one framework. groups: each kind of line that there is, with its lines."""

    column: Column
    headline: str
    paragraphs: tuple[VerdictText, ...]
    groups: tuple[tuple[LineKind, tuple[VerdictText, ...]], ...]


@dataclass(frozen=True)
class ComparisonVerdict:
    """The verdict of a comparison. general: paragraphs about no framework in particular. False if nothing is said."""

    general: tuple[VerdictText, ...]
    frameworks: tuple[FrameworkVerdict, ...]
    agreed: tuple[VerdictText, ...]
    not_agreed: tuple[VerdictText, ...]

    def __bool__(self) -> bool:
        return bool(self.general or self.frameworks or self.agreed or self.not_agreed)


def verdict_of(
    comparison: Comparison, members: Sequence[ComparisonFramework], columns: Sequence[Column]
) -> ComparisonVerdict:
    """The verdict of a comparison; up to four queries, and three more if it names claims. None if it is remembered.

    members: its published frameworks in order, with the columns that show them. Lines and paragraphs about any other
    framework are left out, and so are lines without a published claim: nothing would bear them out.
    """
    headlines = tuple(member.headline for member in members)
    key = (verdict_of, comparison.pk, tuple(columns), headlines)
    return remembered.made(key, partial(_verdict, comparison, headlines, columns))


def _verdict(comparison: Comparison, headlines: Sequence[str], columns: Sequence[Column]) -> ComparisonVerdict:
    paragraphs, lines = _rows(Paragraph, comparison, ""), _rows(VerdictLine, comparison, "kind")
    claims = _claims({key for _framework, _kind, _text, keys in [*paragraphs, *lines] for key in keys})
    said: dict[tuple[int | None, str], list[VerdictText]] = {}
    for framework, kind, text, keys in [*paragraphs, *lines]:
        behind = sorted((claims[key] for key in keys if key in claims), key=lambda claim: not claim.counts)
        if behind or not kind:
            said.setdefault((framework, kind), []).append(VerdictText(text, tuple(behind)))

    def texts(framework: int | None, kind: str) -> tuple[VerdictText, ...]:
        return tuple(said.get((framework, kind), ()))

    found = [
        FrameworkVerdict(
            column,
            headline,
            texts(column.id, ""),
            tuple((kind, texts(column.id, kind)) for kind in LINES_OF_FRAMEWORK if texts(column.id, kind)),
        )
        for headline, column in zip(headlines, columns, strict=True)
    ]
    return ComparisonVerdict(
        texts(None, ""),
        tuple(found) if any(one.headline or one.paragraphs or one.groups for one in found) else (),
        texts(None, LineKind.AGREED),
        texts(None, LineKind.NOT_AGREED),
    )


Rows = list[tuple[int | None, str, str, list[str]]]


def _rows(model: Any, comparison: Comparison, kind: str) -> Rows:
    """Lines or paragraphs in order as (framework, kind, text, keys of their claims in order).

    One query, and one more if there are any.
    """
    link = str(model._meta.model_name)
    here = model.objects.filter(comparison=comparison).order_by("order", "pk")
    rows = list(here.values_list("pk", "framework_id", "text", *([kind] if kind else [])))
    named: dict[int, list[str]] = {}
    if rows:
        pairs = model.claims.through.objects.filter(**{f"{link}__comparison": comparison}).order_by("pk")
        for pk, key in pairs.values_list(f"{link}_id", "claim__key"):
            named.setdefault(pk, []).append(key)
    return [(framework, kinds[0] if kinds else "", text, named.get(pk, [])) for pk, framework, text, *kinds in rows]


def _claims(keys: Collection[str]) -> dict[str, VerdictClaim]:
    """These claims as far as readers may see them, by key; three queries, and none without keys."""
    if not keys:
        return {}
    citations = Citation.objects.filter(in_catalogue("claim__"), claim__key__in=keys)
    rows = [
        row
        for row in citations.order_by(*OLDEST_FIRST).values_list(*CITATION_COLUMNS, "claim__statement", "claim__status")
        if row[-1] == Status.PUBLISHED
    ]
    found = statements_of((row[:-2] for row in rows), Witnesses())
    texts = {row[CITATION_COLUMNS.index("claim__key")]: row[-2] for row in rows}
    frameworks = {pair[0] for pair, _statement in found}
    criteria = {pair[1] for pair, _statement in found}
    cells = Cell.objects.disputed().filter(framework__in=frameworks, criterion__in=criteria).order_by()
    disputes = {
        (framework, criterion): ruling
        for framework, criterion, ruling in cells.values_list("framework", "criterion", "ruling")
    }
    return {
        statement.key: _behind(statement, texts[statement.key], disputes.get(pair, "")) for pair, statement in found
    }


def _behind(statement: Statement, text: str, dispute: str) -> VerdictClaim:
    """A claim with how it stands. A claim without a value takes no side in the dispute of its cell."""
    alone = standing(statement, settled=dispute == RulingState.RULED)
    takes_part = statement.value is not None or alone.is_disputed
    return VerdictClaim(statement, text, alone, dispute if takes_part else "")
