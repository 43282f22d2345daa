"""What the picture of a page shows: a title, a line below it, and a few rows with their values and sources."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from textwrap import wrap
from typing import Any, NamedTuple

from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comparisons.domain.matrix import CellView, Line
from comparisons.domain.vocabulary import Agreement, Stance, Verdict
from comparisons.evidence import assessing
from comparisons.evidence.cell_reads import criterion_in, frameworks_on
from comparisons.evidence.claims import with_evidence
from comparisons.evidence.rows import HAS_VALUE
from comparisons.language import labels, values
from comparisons.language.markdown import plain
from comparisons.models import (
    Article,
    Benchmark,
    Cell,
    Citation,
    Claim,
    Criterion,
    Framework,
    subject,
)

#: Most letters of a line of a title and of the smaller one of a statement, and lines of each.
TITLE, STATEMENT = (30, 2), (46, 4)
#: Most letters of the line below the title, of the name and of the value of a row.
BELOW, NAME, VALUE = 84, 22, 32
#: Most rows, criteria drawn in a row of squares, and ticks of a tally.
ROWS, SQUARES, TICKS = 5, 60, 24
#: Where tallies and bars begin, in pixels from the left.
BARS = 800
#: Where rows begin, in pixels from the top, and the height of a row.
FIRST, STEP = 352, 46


class Square(NamedTuple):
    """A rectangle of a row: its place and size in pixels, and a word that gives its colour."""

    x: float
    y: float
    width: float
    height: float
    kind: str


@dataclass(frozen=True)
class CardRow:
    """A row of a picture. y: the height of its text. squares: a tally, a bar, or one square for each criterion."""

    y: int
    name: str
    value: str = ""
    squares: tuple[Square, ...] = ()


@dataclass(frozen=True)
class ShareCard:
    """A picture. title: its lines with their heights, and their size in pixels. below: one line under them."""

    title: tuple[tuple[str, int], ...]
    size: int
    below: str = ""
    rows: tuple[CardRow, ...] = ()
    foot: str = ""

    @property
    def text(self) -> str:
        """The whole title, for those who cannot see the picture."""
        return " ".join(line for line, _height in self.title)


def titled(title: str, *, is_statement: bool = False, **parts: Any) -> ShareCard:
    """A picture with its title in lines."""
    letters, lines = STATEMENT if is_statement else TITLE
    shown = wrap(title, letters, max_lines=lines, placeholder=" …")
    size, step = (44, 56) if is_statement else (64, 72)
    top = 178
    return ShareCard(tuple((line, top + step * at) for at, line in enumerate(shown)), size, **parts)


def shortened(text: str, most: int) -> str:
    """A text of at most so many letters."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def height_at(at: int) -> int:
    """Where the text of a row stands."""
    return FIRST + STEP * at


def _ticks(cell: CellView | None, y: int) -> tuple[Square, ...]:
    """The tally of a cell: one bar for each source, up if it bears out the value and down if it disputes."""
    found = []
    for at, tick in enumerate(cell.tally[:TICKS] if cell else ()):
        stance = tick[0]
        high, top = (
            (24, y - 22) if stance == Stance.SUPPORTS else (24, y - 4) if stance == Stance.DISPUTES else (6, y - 4)
        )
        kind = "con" if stance == Stance.DISPUTES else "tick"
        found.append(Square(BARS + 13 * at, top, 7, high, kind))
    return tuple(found)


def _value(cell: CellView | None, line: Line) -> str:
    if cell is None or not cell.claims:
        return str(_("No source found yet"))
    words = values.headline(cell, line) if cell.has_value else values.no_value(cell)
    return _("%(value)s (disputed)") % {"value": words} if cell.is_open else words


def _framework(today: date, slug: str) -> ShareCard:
    """A framework: how much is known about it; two queries."""
    page = get_object_or_404(Framework.objects.published(), slug=slug)
    cells = Cell.objects.filter(framework=page).aggregate(
        answered=Count("pk", filter=HAS_VALUE), disputed=Count("pk", filter=Q(agreement=Agreement.DISPUTED))
    )
    claims = Claim.objects.published().filter(framework=page).count()
    rows = (
        (_("Questions answered"), cells["answered"]),
        (_("Claims with sources"), claims),
        (_("Answers disputed"), cells["disputed"]),
    )
    shown = tuple(CardRow(height_at(at), name, values.number(value)) for at, (name, value) in enumerate(rows))
    return titled(page.name, below=shortened(page.tagline, BELOW), rows=shown)


def _criterion(today: date, slug: str, **only: bool) -> ShareCard:
    """A criterion: the answers of the first frameworks; two queries."""
    found = Criterion.objects.published().filter(slug=slug, **only)
    line = next(iter(assessing.lines(found)), None)
    if line is None:
        raise Http404
    cells = frameworks_on(line.id)
    answered = [(column, cell) for column, cell in cells if cell and cell.has_value]
    rows = tuple(
        CardRow(
            height_at(at),
            shortened(column.name, NAME),
            shortened(_value(cell, line), VALUE),
            _ticks(cell, height_at(at)),
        )
        for at, (column, cell) in enumerate(answered[:ROWS])
    )
    foot = _("%(found)d of %(all)d answered") % {"found": len(answered), "all": len(cells)}
    return titled(line.name, below=shortened(line.question or line.definition, BELOW), rows=rows, foot=foot)


def _use_case(today: date, slug: str) -> ShareCard:
    return _criterion(today, slug, group__holds_use_cases=True)


def _cell(today: date, slug: str, criterion: str) -> ShareCard:
    """A cell: its value, how many sources bear it out, and how strong they are; two queries."""
    page = get_object_or_404(Framework.objects.published(), slug=slug)
    found = criterion_in(page, criterion)
    if found is None:
        raise Http404
    row, view, _ruling = found
    line = assessing.line_of(row)
    shown = CardRow(height_at(0), shortened(_value(view, line), 46), squares=_ticks(view, height_at(0)))
    foot = values.sources_and_strength(view, today) if view and view.claims else ""
    title = _("%(framework)s: %(criterion)s") % {"framework": page.name, "criterion": line.name}
    return titled(title, below=shortened(line.question, BELOW), rows=(shown,), foot=foot)


def _claim(today: date, slug: str) -> ShareCard:
    """A claim: its statement, the fact check, and its sources; three queries."""
    found = get_object_or_404(Claim.objects.published().for_display(), key=slug)
    standing = with_evidence(found, assessing.Witnesses()).standing
    parts = [values.sources(standing.witnesses)]
    if strength := standing.strength(today):
        parts.append(str(labels.label(strength)))
    if found.verdict != Verdict.UNCHECKED:
        parts.append(_("fact check: %(verdict)s") % {"verdict": str(labels.label(Verdict(found.verdict))).lower()})
    return titled(plain(found.statement), is_statement=True, foot=", ".join(parts))


def _benchmark(today: date, slug: str) -> ShareCard:
    """A benchmark: its first figures as bars; two queries."""
    page = get_object_or_404(Benchmark.objects.published().select_related("criterion", "article"), slug=slug)
    figures = (
        Claim.objects.published()
        .filter(benchmark=page, number__isnull=False)
        .select_related("framework")
        .order_by("-number" if page.criterion.direction != "lower-is-better" else "number", "key")
    )
    shown = list(figures[:ROWS])
    most = max((claim.number for claim in shown if claim.number), default=None) or 1
    rows = []
    for at, claim in enumerate(shown):
        y = height_at(at)
        bar = Square(BARS, y - 18, max(2.0, round(320 * float((claim.number or 0) / most), 1)), 18, "tick")
        name = claim.framework.name if claim.framework else ""
        value = values.figure(claim.number, claim.number_high, claim.approximate, page.criterion.unit)
        rows.append(CardRow(y, shortened(name, NAME), shortened(value, VALUE), (bar,)))
    below = ", ".join(filter(None, (page.criterion.name, page.article.publisher_name)))
    return titled(page.title, below=shortened(below, BELOW), rows=tuple(rows))


def _article(today: date, slug: str) -> ShareCard:
    """A source: who published it, when, and how much was drawn from it; two queries."""
    page = get_object_or_404(Article.objects.published(), slug=slug)
    claims = Citation.objects.filter(article=page, claim__in=Claim.objects.published()).values("claim").distinct()
    shape = {"year": "Y", "month": "F Y"}.get(page.precision, "j F Y")
    dated = date_format(page.published_on, shape) if page.published_on else ""
    count = claims.count()
    foot = ngettext("%d claim drawn from it", "%d claims drawn from it", count) % count
    below = ", ".join(filter(None, (page.publisher_name, page.author, dated)))
    return titled(page.title, below=shortened(below, BELOW), foot=foot)


def _site(today: date) -> ShareCard:
    """The site as a whole, for pages without a picture of their own; three queries."""
    rows: Iterable[tuple[str, int]] = (
        (_("Compared"), Framework.objects.published().count()),
        (_("Claims with sources"), Claim.objects.published().count()),
        (_("Sources"), Article.objects.published().count()),
    )
    shown = tuple(CardRow(height_at(at), str(name), values.number(count)) for at, (name, count) in enumerate(rows))
    return titled(subject.current().title or str(_("Compared by what the sources say")), rows=shown)


#: The content of a picture for each kind of page of one record: a function of today's date and the slugs in its
#: address.
OF_RECORDS: dict[str, Callable[..., ShareCard]] = {
    "site": _site,
    "framework": _framework,
    "criterion": _criterion,
    "use-case": _use_case,
    "cell": _cell,
    "claim": _claim,
    "benchmark": _benchmark,
    "article": _article,
}
