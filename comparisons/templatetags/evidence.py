"""How evidence looks: values, tallies, strength and badges. Data is escaped by `format_html` throughout."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

from django import template
from django.template.defaultfilters import date as format_date
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comparisons.domain import vocabulary as v
from comparisons.domain.matrix import CellView, Column, Line, MatrixRow, is_hollow
from comparisons.domain.strength import StrengthStep
from comparisons.filters import Query
from comparisons.history.public import FIELD_LABELS
from comparisons.language import labels
from comparisons.language.markdown import plain as plain_markdown
from comparisons.language.markdown import render as render_markdown
from comparisons.models.base import is_web_address
from comparisons.search import terms
from comparisons.search.find import Results

register = template.Library()

#: Ticks drawn of a tally; words always give the whole count.
MOST_TICKS = 12
#: More ticks than this are drawn closer together.
DENSE_FROM = 6
_TICKS = {v.Stance.SUPPORTS: "up", v.Stance.DISPUTES: "dn", v.Stance.QUALIFIES: "ql"}
_GLYPHS = {
    v.Meaning.YES: "g-full",
    v.Meaning.PARTIAL: "g-part",
    v.Meaning.NO: "g-none",
    v.Meaning.NOT_APPLICABLE: "g-text",
}
NOTHING = format_html("{}", "")


@register.simple_tag
def icon(name: str, css: str = "i") -> SafeString:
    """A drawing of the sprite, hidden from assistive technology."""
    return format_html('<svg class="{}" aria-hidden="true"><use href="#{}"/></svg>', css, name)


@register.simple_tag
def mark(place: int) -> SafeString:
    """The shape of a column by its place from 1; nothing beyond the sixth."""
    if not 1 <= place <= 6:
        return NOTHING
    return format_html(
        '<svg class="mk fw-mk s{0}" viewBox="0 0 12 12" aria-hidden="true"><use href="#mark-{0}"/></svg>', place
    )


@register.filter
def markdown(text: str) -> SafeString:
    """Markdown as safe HTML."""
    return render_markdown(text)


@register.filter
def inline(text: str) -> SafeString:
    """Markdown as safe HTML within a sentence."""
    return render_markdown(text, inline=True)


@register.filter
def plain(text: str) -> str:
    """Markdown without its marks."""
    return plain_markdown(text)


@register.filter
def web_address(url: str) -> str:
    """The address if it is one that may be linked, else nothing."""
    return url if is_web_address(url) else ""


def _term(word: str, vocabulary: str) -> labels.Term:
    words: type[StrEnum] = getattr(v, vocabulary)
    return labels.term(words(word))


@register.filter
def label(word: str, vocabulary: str) -> str:
    """A word of a closed list as readers see it: {{ claim.kind|label:"ClaimKind" }}."""
    return str(_term(word, vocabulary).label) if word else ""


@register.filter
def explain(word: str, vocabulary: str) -> str:
    """The sentence that explains a word of a closed list."""
    return str(_term(word, vocabulary).meaning) if word else ""


@register.filter
def reason(step: StrengthStep) -> str:
    """A printed reason for a strength."""
    return str(labels.REASONS[step.code]).format(count=step.count)


@register.filter
def period(day: date | None, precision: str = v.Precision.DAY) -> SafeString:
    """A day, month or year as it is known, in a time element; "undated" for None."""
    if day is None:
        return format_html('<span class="undated">{}</span>', _("undated"))
    shape, length = {v.Precision.YEAR: ("Y", 4), v.Precision.MONTH: ("F Y", 7)}.get(
        v.Precision(precision or v.Precision.DAY), ("j F Y", 10)
    )
    return format_html('<time datetime="{}">{}</time>', day.isoformat()[:length], format_date(day, shape))


@register.filter
def number(value: Decimal | None) -> str:
    """A figure with at most two decimals and a separator of thousands; None gives ""."""
    if value is None:
        return ""
    text = f"{value:,.2f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def figure(low: Decimal, high: Decimal | None, about: bool, unit: str) -> str:
    """A number or range with its unit, such as "about 5,000 requests/s"."""
    text = number(low) if high is None else _("%(low)s to %(high)s") % {"low": number(low), "high": number(high)}
    if about:
        text = _("about %(figure)s") % {"figure": text}
    return f"{text} {'%' if unit == 'percent' else unit}".strip()


def value_text(cell: CellView, line: Line) -> str:
    """The headline of a cell in words."""
    if cell.level_label is not None:
        return cell.level_label
    if cell.number is None:
        return cell.text
    if cell.number_high is not None and cell.agreement == v.Agreement.FIGURES and cell.ruling != v.RulingState.RULED:
        return _("median %(median)s") % {
            "median": figure(cell.middle or cell.number, None, cell.approximate, line.unit)
        }
    return figure(cell.number, cell.number_high, cell.approximate, line.unit)


def value_note(cell: CellView, line: Line) -> str:
    """What stands under the headline: the range of several figures."""
    if cell.number_high is not None and cell.agreement == v.Agreement.FIGURES and cell.ruling != v.RulingState.RULED:
        return figure(cell.number or Decimal(0), cell.number_high, False, line.unit)
    return ""


def glyph(cell: CellView, line: Line) -> SafeString:
    """How a need is met, or how much of something; an empty place for kinds, texts and figures."""
    name = ""
    if cell.meaning and line.is_scale and cell.level_place in (1, 2, 3):
        name = f"g-{cell.level_place if line.direction == v.Direction.LOWER else 4 - cell.level_place}"
    elif cell.meaning:
        name = _GLYPHS.get(v.Meaning(cell.meaning), "")
    if not name:
        return format_html('<span class="{}"></span>', "g")
    return format_html('<svg class="g {0}" aria-hidden="true"><use href="#{0}"/></svg>', name)


@register.simple_tag
def value(cell: CellView, line: Line, href: str = "") -> SafeString:
    """The headline of a cell with its glyph, as a link if `href` is given."""
    inside = format_html("{}<span>{}</span>", glyph(cell, line), value_text(cell, line))
    if not href:
        return format_html('<span class="val">{}</span>', inside)
    return format_html('<a class="val" href="{}">{}</a>', href, inside)


def stance_words(ticks: Any) -> str:
    """A tally in words: "3 support, 1 disputes"."""
    count = {stance: sum(tick[0] == stance for tick in ticks) for stance in v.Stance}
    parts = [
        ngettext("%d supports", "%d support", count[v.Stance.SUPPORTS]) % count[v.Stance.SUPPORTS],
        ngettext("%d qualifies", "%d qualify", count[v.Stance.QUALIFIES]) % count[v.Stance.QUALIFIES],
        ngettext("%d disputes", "%d dispute", count[v.Stance.DISPUTES]) % count[v.Stance.DISPUTES],
    ]
    return ", ".join(part for part, stance in zip(parts, v.Stance, strict=True) if count[stance])


@register.simple_tag
def tally(ticks: Any, today: date, size: str = "") -> SafeString:
    """One tick per independent source, oldest first, and the same in hidden words.

    ticks: [stance, ISO date or None] each. size: "", "big" or "huge".
    """
    drawn = format_html_join(
        "",
        '<i class="{}"></i>',
        ((tick(stance, dated, today),) for stance, dated in ticks[-MOST_TICKS:]),
    )
    return format_html(
        '<span class="tally{}" aria-hidden="true">{}</span><span class="vh"> ({})</span>',
        (f" {size}" if size else "") + (" dense" if len(ticks) > DENSE_FROM else ""),
        drawn,
        stance_words(ticks),
    )


@register.simple_tag
def badge(kind: str) -> SafeString:
    """A flag in words and shape: disputed, open, ruled, recheck."""
    css, drawing, text = {
        "disputed": ("disputed", "i-disputed", _("Disputed")),
        "open": ("disputed", "i-disputed", _("Open")),
        "ruled": ("ruled", "i-check", _("Ruled")),
        "recheck": ("old", "i-old", _("Recheck")),
        "undated": ("old", "i-old", _("Undated")),
    }[kind]
    return format_html('<span class="badge {}">{}{}</span>', css, icon(drawing), text)


def badges(cell: CellView, today: date) -> SafeString:
    """What a reader must know beside the value: disputed, ruled or open, due for a recheck."""
    kinds = []
    if cell.is_disputed:
        kinds.append("disputed")
    if cell.ruling != v.RulingState.NONE:
        kinds.append(cell.ruling)
    if cell.needs_recheck(today):
        kinds.append("recheck")
    return format_html_join("", "{}", ((badge(kind),) for kind in kinds))


@register.simple_tag
def evidence(cell: CellView, today: date) -> SafeString:
    """Tally, number of independent sources and strength of a cell."""
    strength = cell.strength(today)
    words = ngettext("%d source", "%d sources", cell.witnesses) % cell.witnesses
    if strength:
        words = _("%(sources)s, %(strength)s") % {"sources": words, "strength": labels.label(strength)}
    return format_html('<span class="ev">{}<span>{}</span></span>', tally(cell.tally, today), words)


@register.simple_tag
def cell_body(cell: CellView | None, line: Line, column: Column, today: date, silence: str = "") -> SafeString:
    """The inside of a cell of the matrix: value, evidence, badges; or which silence it is.

    silence: what an empty cell means here, if a source or a day was chosen.
    """
    href = f"/frameworks/{column.slug}/{line.slug}/"
    if cell is None:
        return format_html(
            '<a class="none-yet" href="{}"><svg class="g g-unknown" aria-hidden="true"><use href="#g-unknown"/></svg>'
            "<span>{}</span></a>",
            href,
            silence or labels.label(v.Silence.NOBODY),
        )
    if not cell.has_value:
        shown = format_html(
            '<a class="none-yet" href="{}"><span class="g"></span><span>{}</span></a>',
            href,
            ngettext("%d claim, no value", "%d claims, no value", cell.claims) % cell.claims
            if cell.claims
            else _("Nothing that counts"),
        )
    else:
        shown = value(cell, line, href)
        note = value_note(cell, line)
        if note:
            shown = format_html('{}<span class="val-note">{}</span>', shown, note)
    return format_html('{}<span class="cell-ev">{}{}</span>', shown, evidence(cell, today), badges(cell, today))


@register.filter
def beside(row: MatrixRow, columns: tuple[Column, ...]) -> list[tuple[Column, CellView | None]]:
    """The cells of a row beside their columns."""
    return list(zip(columns, row.cells, strict=True))


@register.simple_tag
def having(asked: Query, name: str, value: str) -> str:
    """The query string with one value more of a parameter."""
    return asked.having(name, value)


@register.simple_tag
def without(asked: Query, name: str, value: str | None = None) -> str:
    """The query string without a parameter, or without one value of it."""
    return asked.without(name, value)


@register.simple_tag
def setting(asked: Query, name: str, value: object) -> str:
    """The query string with a parameter set to one value."""
    return asked.string(**{**asked.schema.resets(name), name: value})


@register.filter
def hidden(asked: Query, names: str) -> list[tuple[str, str]]:
    """Names and values of all parameters but these, for the hidden fields of a form."""
    return asked.hidden(*names.split())


@register.simple_tag
def stance(word: str) -> SafeString:
    """What a source has to say to a claim, in word and shape."""
    css = _TICKS[v.Stance(word)]
    return format_html(
        '<span class="stance {0}">{1}{2}</span>', css, icon(f"t-{css}", "g"), labels.label(v.Stance(word))
    )


@register.simple_tag
def marked(text: str, results: Results) -> SafeString:
    """Text with every word marked that was looked for, in whatever form it stands there."""
    pieces = terms.marked(text, results.stems, results.beginning)
    return format_html_join(
        "", "{}", ((format_html("<mark>{}</mark>", piece) if hit else piece,) for piece, hit in pieces)
    )


@register.simple_tag
def excerpt(text: str, results: Results, *, always: bool = False) -> SafeString:
    """The passage of a text around the first word that was looked for, marked.

    Without such a word its beginning if always, else nothing.
    """
    passage = terms.passage(text, results.stems, results.beginning)
    if not passage and not always:
        return NOTHING
    return marked(passage or terms.beginning_of(text), results)


@register.simple_tag
def tick(stance: str, dated: str | None, today: date) -> str:
    """The class of one bar or tick: its stance, and whether it is hollow."""
    return _TICKS[v.Stance(stance)] + (" o" if is_hollow(dated, today) else "")


@register.simple_tag
def tally_words(ticks: Any) -> str:
    """A tally in words: "3 support, 1 disputes"."""
    return stance_words(ticks)


@register.simple_tag
def mini_cell(cell: CellView | None, line: Line, column: Column, today: date) -> SafeString:
    """A cell in brief: value and tally, or which silence it is."""
    href = reverse("comparisons:cell", args=[column.slug, line.slug])
    if cell is None or not cell.has_value:
        return cell_body(cell, line, column, today)
    flag = (
        format_html('{}<span class="vh">{}</span>', icon("i-disputed"), _("Disputed")) if cell.is_disputed else NOTHING
    )
    return format_html(
        '<span class="mini-cell">{}<span class="mini-ev">{}{}</span></span>',
        value(cell, line, href),
        flag,
        tally(cell.tally, today),
    )


# ── Claims, citations and rulings ────────────────────────────────────


@register.filter
def own_value(row: Any, unit: str = "") -> str:
    """The value that a claim or ruling gives, in words; "" if it gives none."""
    if row.level_id is not None:
        return str(row.level.label)
    if row.number is None:
        return str(row.text)
    return figure(row.number, row.number_high, getattr(row, "approximate", False), unit)


@register.filter
def as_range(cell: CellView, unit: str) -> str:
    """The range of the figures of a cell; "" for a single one."""
    return "" if cell.number is None or cell.number_high is None else figure(cell.number, cell.number_high, False, unit)


@register.filter
def host(url: str) -> str:
    """The host of an address that may be linked."""
    return (urlsplit(url).hostname or "") if is_web_address(url) else ""


@register.filter
def signed(step: StrengthStep) -> str:
    """By how many steps a reason moves the strength."""
    return f"+{step.by}" if step.by >= 0 else f"−{-step.by}"


#: Readings whose witnesses are counted out.
_MOST_COUNTS = 6


@register.filter
def counts(cell: CellView) -> str:
    """Witnesses of each reading, most first: "3 : 1"; "" for fewer than two readings."""
    shown = [str(count) for count in cell.counts[:_MOST_COUNTS]] + ["…"] * (len(cell.counts) > _MOST_COUNTS)
    return " : ".join(shown) if len(cell.counts) > 1 else ""


@register.filter
def strength(evidence: Any, today: date) -> str:
    """How strong the evidence for a cell or a claim is on a day; "" without any."""
    return evidence.strength(today) or ""


@register.filter
def reasons(evidence: Any, today: date) -> Any:
    """The steps behind the strength of a claim on a day."""
    return evidence.reasons(today)


@register.filter
def field_label(name: str) -> str:
    """What a field of the record is called."""
    return str(FIELD_LABELS[name])


@register.filter
def conditions(claim: Any) -> list[tuple[str, str]]:
    """The conditions of a figure in order: (name, what the source states or ""). Without a claim, their labels."""
    stated = claim.conditions if claim else labels.CONDITION_LABELS
    return [(name, str(stated[name])) for name in v.CONDITIONS]


@register.filter
def labelled_conditions(claim: Any) -> list[tuple[str, str]]:
    """The conditions of a figure in order: (label, what the source states or "")."""
    return [(str(labels.CONDITION_LABELS[name]), stated) for name, stated in claim.conditions.items()]


@register.simple_tag(name="value_words")
def value_words_tag(cell: CellView, line: Line) -> str:
    """The headline of a cell in words."""
    return value_text(cell, line)


@register.simple_tag
def flags(cell: CellView, today: date) -> SafeString:
    """The badges of a cell: disputed, ruled or open, due for a recheck."""
    return badges(cell, today)


#: Ticks beyond which a tally is drawn small, so that it fits its column.
_MOST_LARGE_TICKS = 5


@register.simple_tag
def large_tally(ticks: Any, today: date) -> SafeString:
    """A large tally where few sources make it legible, else a small one."""
    return tally(ticks, today, "big" if len(ticks) <= _MOST_LARGE_TICKS else "")


@register.simple_tag
def level_mark(level: Any, line: Line) -> SafeString:
    """The glyph of a level of a criterion."""
    return glyph(SimpleNamespace(meaning=level.meaning, level_place=level.order), line)  # type: ignore[arg-type]
