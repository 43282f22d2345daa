"""Comparisons as they were, in templates."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from comparisons.domain.editions import PastCell, PastColumn, PastComparison, PastRow
from comparisons.language import editions
from comparisons.models import subject

from .evidence import badge, dispute_badge, glyph, tally

register = template.Library()
register.filter("past_standing", editions.standing)


@register.simple_tag
def past_cell(cell: PastCell | None, row: PastRow, column: PastColumn, day: date) -> SafeString:
    """The inside of a cell as readers saw it on a day, linked to the page that the cell has now."""
    href = f"/{subject.nouns().address}/{column.slug}/{row.slug}/"
    words = editions.value(cell, row)
    if cell is None:
        return format_html(
            '<a class="none-yet" href="{}"><svg class="g g-unknown" aria-hidden="true"><use href="#g-unknown"/></svg>'
            "<span>{}</span></a>",
            href,
            words,
        )
    due = badge("recheck") if cell.recheck_on(day) else ""
    badges = format_html("{}{}", dispute_badge(cell.is_disputed, cell.ruling), due)
    evidence = format_html("{}<span>{}</span>", tally(cell.tally, day), editions.evidence(cell, day))
    below = format_html('<span class="cell-ev"><span class="ev">{}</span>{}</span>', evidence, badges)
    if not cell.has_value:
        return format_html(
            '<a class="none-yet" href="{}"><span class="g"></span><span>{}</span></a>{}', href, words, below
        )
    note = editions.note(cell, row)
    return format_html(
        '<a class="val" href="{}">{}<span>{}</span></a>{}{}',
        href,
        glyph(SimpleNamespace(meaning=cell.meaning, level_place=cell.place), row),  # type: ignore[arg-type]
        words,
        format_html('<span class="val-note">{}</span>', note) if note else "",
        below,
    )


@register.filter
def beside_columns(row: PastRow, columns: tuple[PastColumn, ...]) -> list[tuple[PastColumn, PastCell | None]]:
    """The cells of a row, each with its column."""
    return list(zip(columns, row.cells, strict=True))


@register.filter
def past_disputes(past: PastComparison) -> list[tuple[PastColumn, PastRow, PastCell]]:
    """The cells on which sources disagreed, or the editors ruled."""
    return [
        (column, row, cell)
        for row in past.rows
        for column, cell in zip(past.columns, row.cells, strict=True)
        if cell is not None and (cell.is_disputed or cell.ruling)
    ]


@register.filter
def place_words(what: str) -> str:
    """What kind of difference a line of the table of changes shows."""
    return {
        "title": _("Title"),
        "introduction": _("Introduction"),
        "verdict": _("In short"),
        "claims": _("Claims behind it"),
        "framework": _("Column"),
        "tagline": _("Tagline"),
        "criterion": _("Row"),
        "question": _("Question"),
    }[what]
