"""Evidence in templates: values with their glyphs, tallies, badges, and the strength behind them.

The words come from comparisons/language/; data is escaped by `format_html` throughout.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from comparisons.domain.matrix import CellView, Column, Line, MatrixRow, is_hollow
from comparisons.domain.statements import RANKED_LAST
from comparisons.domain.vocabulary import Direction, Meaning, RulingState, Silence, Stance, Verdict
from comparisons.language import called, labels, values
from comparisons.models import subject

from .icons import icon
from .text import period

register = template.Library()

#: Ticks that are drawn of a tally; its words always give the whole count.
MOST_TICKS = 12
#: A tally of more ticks than this is drawn closer together.
MOST_SPACED_TICKS = 6
#: A large tally of more ticks than this is drawn small, so that it fits its column.
MOST_LARGE_TICKS = 5
_TICKS = {Stance.SUPPORTS: "up", Stance.DISPUTES: "dn", Stance.QUALIFIES: "ql"}
_GLYPHS = {
    Meaning.YES: "g-full",
    Meaning.PARTIAL: "g-part",
    Meaning.NO: "g-none",
    Meaning.NOT_APPLICABLE: "g-text",
}

register.filter("number", values.number)
register.filter("unquoted", values.unquoted)
register.filter("own_value", values.own_value)
register.filter("note", values.headline_note)
register.filter("no_value", values.no_value)
register.filter("witness_sides", values.witness_sides)
register.filter("counts", values.reading_counts)
register.filter("reason", values.reason)
register.filter("signed", values.points)
register.simple_tag(values.headline, name="value_words")
register.simple_tag(values.stances, name="tally_words")


# ── Values ───────────────────────────────────────────────────────────


def glyph(cell: CellView, line: Line) -> SafeString:
    """How far a need is met, or how much of something there is; an empty place for kinds, texts and figures."""
    name = ""
    if cell.meaning and line.is_scale and cell.level_place in (1, 2, 3):
        name = f"g-{cell.level_place if line.direction == Direction.LOWER else 4 - cell.level_place}"
    elif cell.meaning:
        name = _GLYPHS.get(Meaning(cell.meaning), "")
    if not name:
        return format_html('<span class="{}"></span>', "g")
    return format_html('<svg class="g {0}" aria-hidden="true"><use href="#{0}"/></svg>', name)


@register.simple_tag
def level_mark(level: Any, line: Line) -> SafeString:
    """The glyph of a level of a criterion."""
    return glyph(SimpleNamespace(meaning=level.meaning, level_place=level.order), line)  # type: ignore[arg-type]


@register.simple_tag
def value(cell: CellView, line: Line, href: str = "") -> SafeString:
    """The headline of a cell with its glyph, as a link if `href` is given."""
    inside = format_html("{}<bdi>{}</bdi>", glyph(cell, line), values.headline(cell, line))
    if not href:
        return format_html('<span class="val">{}</span>', inside)
    return format_html('<a class="val" href="{}">{}</a>', href, inside)


@register.simple_tag
def beside_name(address: str, line: Line, cell: CellView | None) -> SafeString:
    """An answer that stands beside the name of a framework, linked to its cell, with the day it speaks for.

    address: of the page of the framework. One piece, since lists of frameworks hold a hundred and more.
    """
    href = f"{address}{line.slug}/"
    if cell is None or not cell.has_value:
        nothing = _("No value") if cell else labels.label(Silence.NOBODY)
        return format_html('<a class="none-yet" href="{}">{}</a>', href, nothing)
    day = period(cell.supported_on)
    when = format_html(_("as of {day}"), day=day) if cell.supported_on else day
    return format_html('{}<span class="micro muted">{}</span>', value(cell, line, href), when)


# ── Sources ──────────────────────────────────────────────────────────


@register.simple_tag
def stance(word: str) -> SafeString:
    """The stance of a source towards a claim, in word and shape."""
    css = _TICKS[Stance(word)]
    return format_html('<span class="stance {0}">{1}{2}</span>', css, icon(f"t-{css}", "g"), labels.label(Stance(word)))


@register.simple_tag
def tick(stance: str, dated: str | None, today: date) -> str:
    """The class of one bar or tick: its stance, and whether it is hollow."""
    return _TICKS[Stance(stance)] + (" o" if is_hollow(dated, today) else "")


@register.simple_tag
def tally(ticks: Any, today: date, size: str = "") -> SafeString | str:
    """One tick for each independent source, the oldest first, and the same in hidden words.

    ticks: [stance, ISO date or None] each; "" for none. size: "", "big" or "huge".
    """
    if not ticks:
        return ""
    drawn = tuple(tick(stance, dated, today) for stance, dated in ticks[-MOST_TICKS:])
    css = (f" {size}" if size else "") + (" dense" if len(ticks) > MOST_SPACED_TICKS else "")
    return _tally(css, drawn, values.stances(ticks))


@lru_cache(maxsize=2048)
def _tally(css: str, drawn: tuple[str, ...], words: str) -> SafeString:
    """A tally, remembered: few differ, and a page may show hundreds. drawn: the class of each tick."""
    return format_html(
        '<span class="tally{}" aria-hidden="true">{}</span><span class="vh"> ({})</span>',
        css,
        format_html_join("", '<i class="{}"></i>', ((one,) for one in drawn)),
        words,
    )


@register.simple_tag
def large_tally(ticks: Any, today: date) -> SafeString | str:
    """A large tally of a few sources, a small one of many."""
    return tally(ticks, today, "big" if len(ticks) <= MOST_LARGE_TICKS else "")


@register.simple_tag
def badge(kind: str) -> SafeString:
    """A flag in words and shape. kind: recheck or undated."""
    text = {"recheck": _("May be outdated"), "undated": _("Undated")}[kind]
    return format_html('<span class="badge old">{}{}</span>', icon("i-old"), text)


@register.simple_tag
def dispute_badge(is_disputed: bool = True, ruling: str = RulingState.NONE) -> SafeString | str:
    """The one badge for whether sources disagree and what the editors decided; "" for neither."""
    words = values.dispute(is_disputed, ruling)
    if not words:
        return ""
    css = " disputed" if is_disputed else " ruled" if ruling == RulingState.RULED else ""
    drawing = icon("i-check" if ruling == RulingState.RULED else "i-disputed")
    return format_html('<span class="badge{}">{}{}</span>', css, drawing, words)


@register.filter
def dispute_words(ruling: str) -> str:
    """The words of the badge of a disputed cell."""
    return values.dispute(True, ruling)


@register.simple_tag
def verdict_badge(word: str) -> SafeString | str:
    """The badge beside a claim that lists rank last; "" for any other verdict, and for a claim without one."""
    if word not in RANKED_LAST:
        return ""
    css, drawing = _VERDICT_LOOKS.get(Verdict(word), ("", ""))
    inside = labels.label(Verdict(word))
    return format_html('<span class="badge{}">{}{}</span>', css, icon(drawing) if drawing else "", inside)


#: The class and the drawing of the badge of a verdict after which a claim does not count.
_VERDICT_LOOKS = {Verdict.WRONG: (" con", "i-wrong"), Verdict.OUTDATED: (" old", "i-old")}


@register.simple_tag
def flags(cell: CellView, today: date) -> SafeString:
    """The badges of a cell, one for each state: whether sources disagree and what came of it; possibly outdated."""
    due = badge("recheck") if cell.needs_recheck(today) else ""
    return format_html("{}{}", dispute_badge(cell.is_disputed, cell.ruling), due)


@register.filter
def strength(evidence: Any, today: date) -> str:
    """How strong the evidence for a cell or a claim is on a day; "" if there is none."""
    return evidence.strength(today) or ""


@register.simple_tag
def newest_release(release: Any, today: date) -> SafeString:
    """A framework's newest release and its day, or since when there was none. release: None if none is on record."""
    if release is None:
        return format_html('<span class="muted small">{}</span>', _("none on record"))
    day = period(release.released_on, release.precision)
    if release.is_long_ago(today):
        since = format_html(_("No release since {day}"), day=day)
        when = format_html('<span class="badge old">{}{}</span>', icon("i-old"), since)
    else:
        when = format_html('<span class="micro muted">{}</span>', day)
    return format_html("<bdi>{}</bdi>{}", release.version_number, when)


@register.filter
def reasons(evidence: Any, today: date) -> Any:
    """The steps that lead to the strength of a claim on a day."""
    return evidence.reasons(today)


# ── Cells of a matrix ────────────────────────────────────────────────


@register.simple_tag
def evidence(cell: CellView, today: date) -> SafeString:
    """The tally, the number of independent sources and the strength of a cell."""
    return _evidence(tally(cell.tally, today), values.sources_and_strength(cell, today))


@lru_cache(maxsize=2048)
def _evidence(drawn: SafeString | str, words: str) -> SafeString:
    return format_html('<span class="ev">{}<span>{}</span></span>', drawn, words)


def cell_body(cell: CellView | None, line: Line, column: Column, today: date, silence: str = "") -> SafeString:
    """The inside of a cell of the matrix: value, evidence and badges, or why there is no answer.

    silence: what an empty cell means here, if a source or a day was chosen.
    """
    # `reverse` would be slow: a page may have thousands of cells.
    href = f"/{subject.nouns().address}/{column.slug}/{line.slug}/"
    if cell is None:
        return format_html(
            '<a class="none-yet" href="{}"><svg class="g g-unknown" aria-hidden="true"><use href="#g-unknown"/></svg>'
            "<span>{}</span></a>",
            href,
            silence or labels.label(Silence.NOBODY),
        )
    if not cell.has_value:
        shown = format_html(
            '<a class="none-yet" href="{}"><span class="g"></span><span>{}</span></a>', href, values.no_value(cell)
        )
    else:
        shown = value(cell, line, href)
        note = values.headline_note(cell, line)
        if note:
            shown = format_html('{}<span class="val-note">{}</span>', shown, note)
    return format_html('{}<span class="cell-ev">{}{}</span>', shown, evidence(cell, today), flags(cell, today))


@register.simple_tag
def mini_cell(cell: CellView | None, line: Line, column: Column, today: date) -> SafeString:
    """A cell in brief: value and tally, or why there is no answer."""
    href = reverse("comparisons:cell", args=[column.slug, line.slug])
    if cell is None or not cell.has_value:
        return cell_body(cell, line, column, today)
    flag: SafeString | str = ""
    if cell.is_disputed:
        flag = format_html('{}<span class="vh">{}</span>', icon("i-disputed"), _("Disputed"))
    return format_html(
        '<span class="mini-cell">{}<span class="mini-ev">{}{}</span></span>',
        value(cell, line, href),
        flag,
        tally(cell.tally, today),
    )


@register.filter
def beside(row: MatrixRow, columns: tuple[Column, ...]) -> list[tuple[Column, CellView | None]]:
    """The cells of a row, each with its column."""
    return list(zip(columns, row.cells, strict=True))


# ── Facts of a profile, conditions of a figure ───────────────────────


@register.filter
def fact_label(name: str) -> str:
    """What a fact is called; "" if profiles do not show it."""
    return str(called.fact(name)) if name in subject.current().facts else ""


@register.filter
def condition_label(name: str) -> str:
    """What a condition is called; "" if figures do not have it."""
    return str(labels.CONDITION_LABELS[name]) if name in subject.conditions() else ""


@register.filter
def conditions(claim: Any) -> list[tuple[str, str]]:
    """The conditions of a figure in order: (name, what the source states or ""). Without a claim, their labels."""
    stated = claim.stated_conditions if claim else labels.CONDITION_LABELS
    return [(name, str(stated[name])) for name in subject.conditions()]


@register.filter
def labelled_conditions(claim: Any) -> list[tuple[str, str]]:
    """The conditions of a figure in order: (label, what the source states or "")."""
    return [(str(labels.CONDITION_LABELS[name]), stated) for name, stated in claim.stated_conditions.items()]
