"""Reads for the pages that show evidence: how a claim stands, what a cell holds, what a claim said before."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    FilteredRelation,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    TextField,
    When,
    Window,
    prefetch_related_objects,
)
from django.db.models import Value as Literal
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comparisons.domain import vocabulary as v
from comparisons.domain.assessment import (
    NOT_COUNTED,
    Assessment,
    FeatureRelease,
    Number,
    Source,
    Statement,
    Step,
    Value,
    assess,
    is_old,
    states_method,
)
from comparisons.domain.matrix import CellView, Column, Line
from comparisons.domain.standing import Standing, standing
from comparisons.history import diff
from comparisons.language.labels import CONDITION_LABELS, label
from comparisons.models import Article, Cell, Citation, Claim, Criterion, Framework, Level, Ruling
from comparisons.models.judgement import CELL_COLUMNS

from .assessing import Levels, Witnesses, source_of, statements, value_of

#: Statements shown on one side of a dispute, and sources named there.
ON_A_SIDE = 4
#: Sides of one dispute that are shown; all of its claims follow on the page of the cell.
MOST_SIDES = 8
#: Rows of the record that are read to tell the history of a claim; changes older than these are left out.
RECORD = 120

#: Orders claims: those that count first, then for, against, neutral.
STANDS_APART = Case(When(verdict__in=sorted(NOT_COUNTED), then=1), default=0, output_field=IntegerField())
BY_POLARITY = Case(
    When(polarity=v.Polarity.PRO, then=0),
    When(polarity=v.Polarity.CON, then=1),
    default=2,
    output_field=IntegerField(),
)


# ── A claim and how it stands ────────────────────────────────────────


class Card(NamedTuple):
    """A claim as pages show it."""

    claim: Claim
    standing: Standing

    @property
    def counts(self) -> bool:
        return self.claim.verdict not in NOT_COUNTED


def as_statement(claim: Claim, witnesses: Witnesses, citations: Iterable[Citation] | None = None) -> Statement:
    """A claim as the assessment takes it. citations: instead of its own, which had better be prefetched."""
    citations = claim.citations.all() if citations is None else citations
    return Statement(
        key=claim.key,
        kind=v.ClaimKind(claim.kind),
        sources=tuple(_source(citation, witnesses) for citation in citations),
        value=value_of(
            claim.level.slug if claim.level else None, claim.number, claim.number_high, claim.approximate, claim.text
        ),
        verdict=v.Verdict(claim.verdict),
        states_method=states_method(claim.conditions),
    )


def _source(citation: Citation, witnesses: Witnesses) -> Source:
    article = citation.article
    witness = witnesses.of(article.pk, article.publisher, article.slug)
    dates = article.published_on, article.read_on
    return source_of(article.slug, witness, citation.stance, citation.reading, article.kind, article.interest, *dates)


def cards(claims: Iterable[Claim], witnesses: Witnesses, settled: Collection[tuple[Any, int]] = ()) -> list[Card]:
    """Claims with how they stand. settled: the cells that a ruling decided, as (framework, criterion)."""
    return [
        Card(
            claim,
            standing(as_statement(claim, witnesses), settled=(claim.framework_id, claim.criterion_id) in settled),
        )
        for claim in claims
    ]


def with_evidence(claim: Claim, witnesses: Witnesses, settled: Collection[tuple[Any, int]] = ()) -> Card:
    """A claim with its citations and the articles of its verdict; two queries."""
    citations = Citation.objects.select_related("article").order_by("pk")
    articles = Article.objects.order_by("title")
    prefetch_related_objects(
        [claim], Prefetch("citations", queryset=citations), Prefetch("verdict_articles", queryset=articles)
    )
    return cards([claim], witnesses, settled)[0]


# ── A cell ───────────────────────────────────────────────────────────


def line_of(criterion: Criterion) -> Line:
    """A criterion (with its group) as the head of a row."""
    group = criterion.group
    return Line(
        id=criterion.pk,
        slug=criterion.slug,
        name=criterion.name,
        question=criterion.question,
        definition=criterion.definition,
        value_type=criterion.value_type,
        unit=criterion.unit,
        direction=criterion.direction,
        group_slug=group.slug,
        group_name=group.name,
        is_use_case=group.holds_use_cases,
    )


def view_of(cell: Cell | None) -> CellView | None:
    """A cell (with its level) as a plain value."""
    if cell is None:
        return None
    level = cell.level
    named: dict[str, Any] = {
        "level_slug": level.slug if level else None,
        "level_label": level.label if level else None,
        "meaning": level.meaning if level else None,
        "level_place": level.order if level else None,
    }
    fields: dict[str, Any] = {name: getattr(cell, name) for name in CellView._fields if name not in named}
    return CellView(**fields, **named)


def criterion_in(framework: Framework, slug: str) -> tuple[Criterion, CellView | None, Ruling | None] | None:
    """A criterion with the cell and the ruling of one framework; one query. None if there is no such criterion."""
    here = {"cells__framework": framework.pk}
    found = (
        Criterion.objects.filter(slug=slug)
        .annotate(
            here=FilteredRelation("cells", condition=Q(**here)),
            ruled=FilteredRelation("rulings", condition=Q(rulings__framework=framework.pk)),
        )
        .select_related("group", "here__level", "ruled__level")
        .first()
    )
    return (found, view_of(getattr(found, "here", None)), getattr(found, "ruled", None)) if found else None


def frameworks_on(criterion: int) -> list[tuple[Column, CellView | None]]:
    """Every framework with its cell on one criterion, in order; one query."""
    found = Framework.objects.annotate(here=FilteredRelation("cells", condition=Q(cells__criterion=criterion)))
    rows = found.order_by("order", "name").values_list(
        *("pk", "slug", "name", "tagline"), *(f"here__{name}" for name in CELL_COLUMNS)
    )
    return [
        (Column(pk, slug, name, tagline, place), CellView(*cell) if cell[0] is not None else None)
        for place, (pk, slug, name, tagline, *cell) in enumerate(rows, start=1)
    ]


def claims_of(framework: Framework, criterion: Criterion) -> QuerySet[Any]:
    """The published claims of a cell, those that count first, then for, against, neutral; three queries.

    `total` of each is how many there are.
    """
    verdict_articles = Prefetch("verdict_articles", queryset=Article.objects.order_by("title"))
    claims: QuerySet[Any] = (
        Claim.objects.published()
        .filter(framework=framework, criterion=criterion)
        .for_display()
        .prefetch_related(verdict_articles)
        .annotate(total=Window(Count("pk")))
        .order_by(STANDS_APART, BY_POLARITY, "key")
    )
    return claims


class Side(NamedTuple):
    """One side of a dispute. claims: (key, text) each; `more` counts those left out. voices: some of its `sources`."""

    title: str
    stance: str
    claims: tuple[tuple[str, str], ...]
    voices: tuple[str, ...]
    sources: int
    more: int = 0


class Decision(NamedTuple):
    """A ruling with the published claims it names on either side, as (key, text)."""

    ruling: Ruling
    side_a: tuple[tuple[str, str], ...]
    side_b: tuple[tuple[str, str], ...]


class Dispute(NamedTuple):
    """What the sources of a cell argue about: its readings side against side, and the ruling, if any."""

    column: Column
    line: Line
    cell: CellView
    sides: tuple[Side, ...]
    decision: Decision | None


def read_cells(citations: QuerySet[Citation], witnesses: Witnesses) -> dict[tuple[int, int], tuple[Any, Levels]]:
    """Cells assessed without ruling and releases, with the levels met; one query."""
    levels: Levels = {}
    return {pair: (assess(group), levels) for pair, group in statements(citations, witnesses, levels).items()}


def sides_of(assessment: Assessment, criterion: int, levels: Levels) -> list[Side]:
    """The readings of a disputed cell, the strongest first, and who disputes one. Claims are keys without text."""
    found: list[Side] = []
    for reading in assessment.readings:
        words = _reading_words(reading.value, criterion, levels)
        keys = tuple((key, "") for key in reading.claims)
        if reading.witnesses:
            found.append(_side(words, "up" if not found else "dn", keys, reading.witnesses))
        if reading.against and isinstance(reading.value, str):
            found.append(_side(_("Not “%(value)s”") % {"value": words}, "against", keys, reading.against))
    return found[:MOST_SIDES] if len(found) > 1 else []


def _reading_words(value: Value, criterion: int, levels: Levels) -> str:
    if isinstance(value, Number):
        return " – ".join(dict.fromkeys(f"{end.normalize():f}" for end in (value.low, value.high)))
    level = levels.get((criterion, value))
    return level.label if level else value


def _side(title: str, stance: str, keys: Sequence[tuple[str, str]], voices: Sequence[str]) -> Side:
    return Side(title, stance, tuple(keys[:ON_A_SIDE]), tuple(voices[:ON_A_SIDE]), len(voices), len(keys[ON_A_SIDE:]))


class Texts:
    """The statements that rulings and disputes point at; one query for any number of them."""

    def __init__(self, rulings: Collection[Ruling], sides: Iterable[Side]):
        sides = list(sides)
        claimed = {key for side in sides if side.stance != "against" for key, _text in side.claims}
        disputed = {key for side in sides if side.stance == "against" for key, _text in side.claims}
        ids = [ruling.pk for ruling in rulings]
        nowhere, word = Literal(0, IntegerField()), TextField()
        sides_named: list[tuple[str, Any]] = [("a", Ruling.side_a.through), ("b", Ruling.side_b.through)]
        parts = [
            through.objects.filter(ruling__in=ids, claim__status=v.Status.PUBLISHED)
            .order_by()
            .values_list("ruling_id", Literal(name, word), "claim__key", "claim__statement")
            for name, through in sides_named
        ]
        parts.append(
            Claim.objects.published()
            .filter(key__in=claimed)
            .order_by()
            .values_list(nowhere, Literal("says", word), "key", "statement")
        )
        parts.append(
            Citation.objects.filter(claim__key__in=disputed, claim__status=v.Status.PUBLISHED, stance=v.Stance.DISPUTES)
            .order_by()
            .values_list(nowhere, Literal("disputes", word), "claim__key", "says")
        )
        self._rows = sorted(parts[0].union(*parts[1:])) if ids or sides else []

    def decision(self, ruling: Ruling) -> Decision:
        a, b = (
            tuple((key, text) for pk, name, key, text in self._rows if pk == ruling.pk and name == side)
            for side in "ab"
        )
        return Decision(ruling, a[: 3 * ON_A_SIDE], b[: 3 * ON_A_SIDE])

    def filled(self, side: Side) -> Side:
        """The side with its texts: what its claims state, or what disputes them."""
        wanted = "disputes" if side.stance == "against" else "says"
        texts = [(key, text) for pk, name, key, text in self._rows if name == wanted]
        keys = {key for key, _text in side.claims}
        claims = tuple((key, text) for key, text in texts if key in keys)
        return side._replace(claims=claims[:ON_A_SIDE], stance="dn" if side.stance == "against" else side.stance)


def general_claims(criterion: int, most: int) -> list[Claim]:
    """Published claims about no framework in particular, with the number of their sources; one query."""
    found = Claim.objects.published().filter(framework__isnull=True, criterion=criterion)
    return list(found.annotate(sources=Count("citations__article", distinct=True)).order_by(BY_POLARITY, "key")[:most])


def neighbours(claim: Claim, most: int) -> list[Any]:
    """Other published claims of the same cell, then those of other frameworks on the same criterion; one query.

    `elsewhere` tells them apart; at most `most` of either.
    """
    near = Claim.objects.published().filter(criterion=claim.criterion_id).exclude(pk=claim.pk)
    same = Q(framework=claim.framework_id) if claim.framework_id else Q(framework__isnull=True)
    order = Case(When(same, then=0), default=1, output_field=IntegerField())
    ranked = near.annotate(
        elsewhere=order,
        place=Window(RowNumber(), partition_by=[order], order_by=[F("key")]),
    )
    return list(ranked.filter(place__lte=most).select_related("framework").order_by("elsewhere", "place"))


def rulings_naming(claim: Claim) -> list[Ruling]:
    """The rulings that name a claim; `on_side_a` says where. One query."""
    here = Ruling.objects.filter(pk=OuterRef("pk")).order_by()
    on_side, other = here.filter(side_a=claim), here.filter(side_b=claim)
    return list(
        Ruling.objects.annotate(on_side_a=Exists(on_side), on_side_b=Exists(other))
        .filter(Q(on_side_a=True) | Q(on_side_b=True))
        .select_related("framework", "criterion__group", "level")
        .order_by("framework__order", "criterion__order")[:12]
    )


def recheck_of(cell: CellView, today: date) -> FeatureRelease | None:
    """The feature release that is newer than all evidence of a cell."""
    if cell.release_on is None or cell.release_on > today:
        return None
    return FeatureRelease(cell.release_on, cell.release_version)


def reasons_of(cell: CellView, today: date) -> list[Step]:
    """All steps behind the strength of a cell, age included; [] without a value."""
    if not cell.has_value:
        return []
    steps = [Step(*step) for step in cell.steps]  # type: ignore[arg-type]
    return steps + ([Step("old", -1)] if is_old(cell.supported_on, today) else [])


# ── What a claim said before ─────────────────────────────────────────

#: What the fields of the record are called.
FIELD_LABELS: Mapping[str, Any] = {
    "statement": gettext_lazy("statement"),
    "framework": gettext_lazy("framework"),
    "criterion": gettext_lazy("criterion"),
    "kind": gettext_lazy("kind"),
    "polarity": gettext_lazy("polarity"),
    "value": gettext_lazy("value"),
    "since_version": gettext_lazy("since version"),
    "until_version": gettext_lazy("until version"),
    "impact": gettext_lazy("impact"),
    "remedy": gettext_lazy("remedy"),
    "verdict": gettext_lazy("verdict"),
    "verdict note": gettext_lazy("verdict note"),
    "article": gettext_lazy("article"),
    "stance": gettext_lazy("stance"),
    "says": gettext_lazy("wording"),
    "locator": gettext_lazy("locator"),
    "quote": gettext_lazy("quote"),
    "reading": gettext_lazy("mark “our reading”"),
    **{f"condition {name}": text for name, text in CONDITION_LABELS.items()},
}


def past(claim: Claim) -> tuple[list[diff.Revision], bool]:
    """The public revisions of a published claim, newest first, and whether the record was read to its beginning.

    Two queries, and one for each kind of record that was named then and is gone now. Only states that readers could
    see are compared; names of people are not read at all.
    """
    of_claim = list(
        Claim.history.filter(id=claim.pk)
        .select_related("level", "criterion", "framework")
        .order_by("-history_date", "-history_id")[: RECORD + 1]
    )
    of_citations = list(
        Citation.history.filter(claim_id=claim.pk)
        .select_related("article")
        .order_by("-history_date", "-history_id")[: RECORD + 1]
    )
    complete = len(of_claim) <= RECORD and len(of_citations) <= RECORD
    _name_what_is_gone([*of_claim, *of_citations])
    entries = [
        diff.StateEntry(row.history_date, None, _claim_state(row), row.status == v.Status.PUBLISHED)
        for row in reversed(of_claim[:RECORD])
        if row.history_type != "-"
    ]
    entries += [
        diff.StateEntry(
            row.history_date,
            row.id,
            None if row.history_type == "-" else _citation_state(row),
            fresh=row.history_type == "+" or row.history_step == v.HistoryStep.MERGE,
        )
        for row in reversed(of_citations[:RECORD])
    ]
    found = diff.revisions(entries, complete=complete)
    if found and found[-1].is_first and claim.published_at:
        found[-1] = replace(found[-1], at=min(found[-1].at, claim.published_at))
    return found, complete


#: What states of claims and citations name, and the field that says what it was called.
_NAMED: dict[str, tuple[Any, str]] = {
    "article": (Article, "title"),
    "criterion": (Criterion, "name"),
    "framework": (Framework, "name"),
    "level": (Level, "label"),
}


def _name_what_is_gone(rows: Iterable[Any]) -> None:
    """Give states the names of records that were deleted since, merged into others above all, from their history."""
    rows = list(rows)
    for name, (model, title) in _NAMED.items():
        gone = [row for row in rows if getattr(row, f"{name}_id", None) and getattr(row, name) is None]
        if gone:
            keys = {getattr(row, f"{name}_id") for row in gone}
            states = model.history.filter(id__in=keys).order_by("history_date", "history_id")
            known = dict(states.values_list("id", title))
            for row in gone:
                key = getattr(row, f"{name}_id")
                setattr(row, name, model(pk=key, **{title: known.get(key, "")}))


def _claim_state(row: Any) -> dict[str, str]:
    value = value_of(row.level.label if row.level else None, None, None, False, row.text)
    number = "" if row.number is None else f"{row.number.normalize():f}"
    if row.number_high is not None:
        number += f" – {row.number_high.normalize():f}"
    return {
        "statement": row.statement,
        "framework": row.framework.name if row.framework else "",
        "criterion": row.criterion.name if row.criterion else "",
        "kind": str(label(v.ClaimKind(row.kind))),
        "polarity": str(label(v.Polarity(row.polarity))),
        "value": str(value or number),
        "since_version": row.since_version,
        "until_version": row.until_version,
        **{f"condition {name}": getattr(row, name) for name in v.CONDITIONS},
        "impact": row.impact,
        "remedy": row.remedy,
        "verdict": str(label(v.Verdict(row.verdict))),
        "verdict note": row.verdict_note,
    }


def _citation_state(row: Any) -> dict[str, str]:
    return {
        "article": row.article.title if row.article else "",
        "stance": str(label(v.Stance(row.stance))),
        "says": row.says,
        "locator": row.locator,
        "quote": row.quote,
        "reading": _("our reading") if row.reading else "",
    }
