"""The records that a search found, each as one piece: a page shows some thirty, in whose texts other words are marked.

Data is escaped by `format_html` throughout.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import reduce
from operator import add

from django import template
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from comparisons.filters import Facet
from comparisons.language import values
from comparisons.language.markdown import plain
from comparisons.search.find import Results
from comparisons.views.search_rows import FoundRow

from .evidence import evidence, flags, value, verdict_badge
from .text import excerpt, marked, period

register = template.Library()

_NOTHING = format_html("{}", "")
_CHECKED = format_html("{}", " checked")
_COUNTS, _LOWER, _END = (format_html(one, "") for one in ('<li class="hit{}">', '<li class="hit lower{}">', "{}</li>"))
#: What draws the inside of a record of each kind, from its row, the results of the search, and the day.
Draws = Callable[[FoundRow, Results, date], SafeString]


@register.simple_tag
def hits(rows: Sequence[FoundRow], results: Results, today: date) -> SafeString:
    """Records that were found, each as an item of a list."""
    return reduce(add, [_hit(row, results, today) for row in rows], _NOTHING)


def _hit(row: FoundRow, results: Results, today: date) -> SafeString:
    start = _COUNTS if row.counts else _LOWER
    return start + _DRAWS[row.kind](row, results, today) + _missing(row) + _END


def _missing(row: FoundRow) -> SafeString:
    if not row.missing:
        return _NOTHING
    words = format_html_join(", ", "<s>{}</s>", ((word,) for word in row.missing))
    return format_html('<p class="missing">{} {}</p>', _("without"), words)


def _name(row: FoundRow, name: str, results: Results) -> SafeString:
    return format_html('<p><a class="plain" href="{}"><strong>{}</strong></a></p>', row.href, marked(name, results))


def _passage(text: str, results: Results) -> SafeString:
    """A paragraph with the passage of a text that holds what was searched for, if it does."""
    found = excerpt(plain(text), results) if text else ""
    return format_html('<p class="small soft">{}</p>', found) if found else _NOTHING


def _joined(separator: str, texts: list[str], results: Results) -> SafeString:
    between = escape(separator)
    found = [marked(text, results) for text in texts if text]
    return reduce(lambda one, other: one + between + other, found) if found else _NOTHING


def _framework(row: FoundRow, results: Results, _today: date) -> SafeString:
    record = row.record
    about = _joined(". ", [record.tagline, record.kind], results)
    return format_html(
        '{}<p class="small muted">{}</p>{}',
        _name(row, record.name, results),
        about,
        _passage(record.summary, results),
    )


def _comparison(row: FoundRow, results: Results, _today: date) -> SafeString:
    said = excerpt(plain(row.record.introduction), results, always=True)
    return format_html('{}<p class="small muted">{}</p>', _name(row, row.record.title, results), said)


def _criterion(row: FoundRow, results: Results, _today: date) -> SafeString:
    record = row.record
    return format_html(
        '{}<p class="small muted">{} {}</p>{}',
        _name(row, record.name, results),
        marked(record.question, results),
        marked(record.group.name, results),
        _passage(record.definition, results),
    )


def _cell(row: FoundRow, results: Results, today: date) -> SafeString:
    cell, line = row.record.cell, row.record.line
    if cell.has_value:
        answer = value(cell, line, row.href)
    else:
        answer = format_html('<a class="val" href="{}">{}</a>', row.href, values.no_value(cell))
    return format_html(
        '<p class="hit-kind">{} · {}</p><p>{}</p><p class="row tight">{}{}</p>{}',
        marked(row.record.column.name, results),
        marked(line.name, results),
        answer,
        evidence(cell, today),
        flags(cell, today),
        _passage(row.record.why or "", results),
    )


def _claim(row: FoundRow, results: Results, _today: date) -> SafeString:
    record, verdict, said = row.record, verdict_badge(row.record.verdict), _NOTHING
    if verdict:
        aside = _NOTHING if row.counts else format_html('<span class="small muted">{}</span>', _("not counted"))
        verdict = format_html('<p class="row tight">{}{}</p>', verdict, aside)
    if row.said:
        source = f"{row.source}: " if row.source else ""
        said = format_html('<p class="small soft">{}{}</p>', source, marked(row.said, results))
    about = [record.framework.name, record.criterion.name] if record.framework else [record.criterion.name]
    return format_html(
        '<p class="hit-kind">{}</p><p><a class="plain" href="{}">{}</a></p>{}{}',
        _joined(" · ", about, results),
        row.href,
        marked(plain(record.statement), results),
        verdict,
        said,
    )


def _benchmark(row: FoundRow, results: Results, _today: date) -> SafeString:
    record = row.record
    by = _joined(", ", [record.criterion.name, record.article.publisher_name], results)
    return format_html('{}<p class="small muted">{}</p>', _name(row, record.title, results), by)


def _article(row: FoundRow, results: Results, _today: date) -> SafeString:
    record = row.record
    publisher = record.publisher_name if record.publisher_name != record.author else ""
    by = _joined(", ", [record.author, publisher], results)
    return format_html(
        '{}<p class="small muted">{}{}{}. {}</p>',
        _name(row, record.title, results),
        by,
        ", " if by else "",
        period(record.published_on, record.precision),
        record.get_kind_display(),
    )


@register.simple_tag
def facet_options(facet: Facet) -> SafeString:
    """The values of a facet to choose from, as one piece: there may be thirty."""
    results = _("results")
    drawn = [
        format_html(
            '<label class="check"><input type="checkbox" name="{}" value="{}"{}><bdi>{}</bdi>'
            '<span class="n">{}<span class="vh"> {}</span></span></label>',
            *(facet.name, option.value, _CHECKED if option.is_chosen else "", option.name, option.count, results),
        )
        for option in facet.options
    ]
    return reduce(add, drawn, _NOTHING)


_DRAWS: dict[str, Draws] = {
    "frameworks": _framework,
    "comparisons": _comparison,
    "criteria": _criterion,
    "use_cases": _criterion,
    "cells": _cell,
    "claims": _claim,
    "benchmarks": _benchmark,
    "articles": _article,
}
