"""What the picture of a choice shows: what comes of it, and the first of the ranking with how sure it is."""

from __future__ import annotations

from django.utils.translation import gettext as _

from comparisons import filters
from comparisons.domain.choosing import Placing

from . import choose_words
from .card_content import BARS, NAME, ROWS, CardRow, ShareCard, Square, height_at, shortened, titled
from .choose_query import AskedChoice

#: Most letters of the outcome, which takes two lines; pixels of a hundred points.
OUTCOME, SCALE = 88, 320


def choice_content(query: filters.ChooseForm) -> ShareCard:
    """The picture of a choice; as many queries as its page takes. Raises BadQuery."""
    result = AskedChoice(query).outcome
    ranking = result.weighing.ranking
    rows = [_ranked(at, result.column(one.framework).name, one) for at, one in enumerate(ranking[:ROWS])]
    if not ranking:
        rows = [CardRow(height_at(at), shortened(one.name, NAME)) for at, one in enumerate(result.remaining[:ROWS])]
    outcome = choose_words.verdict(result) if query.string() else _("Which one fits your job?")
    return titled(shortened(outcome, OUTCOME), is_statement=True, rows=tuple(rows), foot=choose_words.certainty(result))


def _ranked(at: int, name: str, found: Placing) -> CardRow:
    """A framework with its points: a band over all readings, and a mark."""
    y, per = height_at(at), SCALE / 100
    track = Square(BARS, y - 10, SCALE, 2, "unknown")
    band = Square(BARS + per * found.low, y - 13, max(2.0, per * (found.high - found.low)), 8, "other")
    mark = Square(BARS + per * found.points - 4, y - 22, 8, 26, "tick")
    words = _("%(n)d points, %(low)d to %(high)d")
    said = words % {"n": round(found.points), "low": round(found.low), "high": round(found.high)}
    return CardRow(y, shortened(name, NAME), said, (track, band, mark))
