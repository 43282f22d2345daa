"""The result of a choice in sentences."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from comparisons.domain.choosing import Placing
from comparisons.domain.matrix import Column
from comparisons.domain.vocabulary import Importance
from comparisons.evidence.choosing import ChoiceOutcome, Question, Shortfall
from comparisons.language import figures, labels, values


def points(found: float) -> str:
    """Points in whole numbers, with one decimal below ten so that small ones still add up."""
    return f"{found:.0f}" if found >= 10 or found == 0 else f"{found:.1f}"


def verdict(result: ChoiceOutcome) -> str:
    """Who comes first, and whether by more than the evidence leaves open; or how many remain."""
    choice, names = result.weighing, {column.id: column.name for column in result.answers.columns}
    ranking = choice.ranking
    if not ranking:
        count = len(result.remaining)
        return ngettext("%d framework remains", "%d frameworks remain", count) % count if count else _("None remains")
    first = names[ranking[0].framework]
    if len(ranking) == 1:
        return _("%(first)s alone remains") % {"first": first}
    rivals = choice.rivals
    if not rivals:
        return _("%(first)s, whichever way the evidence is read") % {"first": first}
    words = {"first": first, "second": names[rivals[0].framework], "n": len(rivals) - 1}
    level = sum(one.points == ranking[0].points for one in rivals)
    if level == 1:
        return _("%(first)s and %(second)s, level") % words
    if level:
        several = ngettext(
            "%(first)s, %(second)s and %(n)d other, level", "%(first)s, %(second)s and %(n)d others, level", level - 1
        )
        return several % {**words, "n": level - 1}
    if len(rivals) == 1:
        return _("%(first)s before %(second)s, but these two cannot be told apart") % words
    return (
        ngettext(
            "%(first)s first, but it cannot be told apart from %(second)s and %(n)d other",
            "%(first)s first, but it cannot be told apart from %(second)s and %(n)d others",
            len(rivals) - 1,
        )
        % words
    )


def certainty(result: ChoiceOutcome) -> str:
    """How often the first comes first; "" without a ranking."""
    choice = result.weighing
    if not choice.ranking:
        return ""
    share = round(100 * choice.ranking[0].first)
    if choice.is_exact:
        return _("First in %(n)d of 100 readings of the evidence, all counted") % {"n": share}
    return _("First in %(n)d of 100 readings of the evidence, by a sample") % {"n": share}


def placing(found: Placing, *, is_level: bool = False) -> str:
    """The points of a framework with their span, and how often it comes first."""
    words = {"n": round(found.points), "low": round(found.low), "high": round(found.high)}
    said = _("%(n)d points, %(low)d to %(high)d") % words
    if found.first:
        said += " · " + _("first in %(n)s of 100") % {"n": _of_hundred(found.first)}
    if is_level:
        said += " · " + _("not told apart from the one above")
    return said


def _of_hundred(share: float) -> str:
    return "<1" if share < 0.01 else f"{100 * share:.0f}"


def shortfall(short: Shortfall) -> str:
    """The answer that sets a framework aside; "" where nobody can tell."""
    line = short.question.line
    if not short.lacks:
        return ""
    if short.figure and short.figure.figure:
        return figures.with_unit(short.figure.figure.value, line.unit)
    return values.headline(short.cell, line) if short.cell else ""


def answer(result: ChoiceOutcome, question: Question, column: Column) -> str:
    """What a framework answers to a question, as far as that counts; "" if that is not known."""
    shown = result.answers.figure(column.id, question.line.id)
    if shown and shown.figure:
        return figures.with_unit(shown.figure.value, question.line.unit)
    cell = result.answers.cell(column.id, question.line.id)
    return values.headline(cell, question.line) if cell and cell.has_value and not question.is_number else ""


def exact(found: float) -> Decimal:
    """Points, or a share of 100, with one decimal."""
    return Decimal(f"{found:.1f}")


def turn_of_weight(name: str, weight: Importance, first: str, lead: float) -> tuple[str, str]:
    """A change of a weight that puts another framework first: what changes, and what comes of it."""
    what = _("%(name)s at “%(weight)s”") % {"name": name, "weight": str(labels.label(weight)).lower()}
    then = _("puts %(first)s ahead by %(n)s. No smaller change of one weight turns the order.")
    return what, then % {"first": first, "n": points(lead)}


def turn_of_must(name: str, back: int, first: str) -> tuple[str, str]:
    """What comes of leaving out a must-have. first: who is first then, "" if nobody else."""
    what = _("Without “%(name)s” as a must") % {"name": name}
    then = ngettext("%(n)d framework comes back", "%(n)d frameworks come back", back) % {"n": back}
    if first:
        return what, _("%(then)s, and %(first)s is first.") % {"then": then, "first": first}
    return what, f"{then}."


#: What has to be otherwise for another framework to be first, by what is open about its answer.
_OPEN = {
    "unknown": lazy("If %(column)s had the best answer on %(name)s, which is not known"),
    "disputed": lazy("If the other side is right about %(column)s on %(name)s"),
    "thin": lazy("If the thin evidence about %(column)s on %(name)s misleads"),
}


def turn_of_answer(kind: str, column: str, name: str, first: str, lead: float) -> tuple[str, str]:
    """What comes of another reading of one answer. kind: unknown, disputed or thin."""
    what = str(_OPEN[kind]) % {"column": column, "name": name}
    return what, _("%(first)s leads by %(n)s.") % {"first": first, "n": points(lead)}
