"""The records that a search found, each as one piece: a page shows some thirty, in whose texts other words are marked.

What a record looks like is drawn once, in pieces; a search marks its words in those that have any. Data is escaped by
`format_html` and `conditional_escape` throughout.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import cache, lru_cache, reduce
from operator import add
from typing import Any

from django import template
from django.utils.html import conditional_escape, escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comparisons.filters import Facet, Option
from comparisons.language import values
from comparisons.language.markdown import plain
from comparisons.search.find import Results
from comparisons.search.marking import TextWords, beginning_of, passage
from comparisons.views.search_rows import FoundRow

from .evidence import evidence, flags, value, verdict_badge
from .text import excerpt, marked, period

register = template.Library()

_NOTHING = format_html("{}", "")
_CHECKED = format_html("{}", " checked")
_COUNTS, _LOWER, _END = (format_html(one, "") for one in ('<li class="hit{}">', '<li class="hit lower{}">', "{}</li>"))


class _Text:
    """A text in which the words of a search are marked."""

    def __init__(self, text: str):
        self.text, self.shown, self.words = text, escape(text), TextWords.of(text)

    def draw(self, results: Results) -> SafeString:
        if not self.words.match(results.stems, results.beginning):
            return self.shown
        return marked(self.text, results)


class _Passage:
    """A paragraph with the passage of a text that holds what was searched for; nothing for a text that does not."""

    def __init__(self, text: str):
        self.text = plain(text)
        self.words = TextWords.of(self.text)

    def draw(self, results: Results) -> SafeString:
        if not self.words.match(results.stems, results.beginning):
            return _NOTHING
        return format_html('<p class="small soft">{}</p>', excerpt(self.text, results))


class _Beginning(_Passage):
    """The same passage; of a text that does not hold what was searched for, its beginning."""

    def draw(self, results: Results) -> SafeString:
        if not self.words.match(results.stems, results.beginning):
            return escape(beginning_of(self.text))
        return marked(passage(self.text, results.stems, results.beginning), results)


#: Pieces of a record that is shown: those that are always the same, and those in which words are marked.
_Pieces = tuple[SafeString | _Text | _Passage, ...]


def _pieces(pattern: str, *shown: Any) -> _Pieces:
    """What `format_html` makes of a pattern, in pieces: a value may be one, or some of them."""
    found: list[Any] = []
    for between, values_ in zip(pattern.split("{}"), (*shown, ()), strict=True):
        for piece in (_fixed(between), *(values_ if isinstance(values_, tuple) else (values_,))):
            one = piece if isinstance(piece, _Text | _Passage) else conditional_escape(piece)
            if found and isinstance(one, SafeString) and isinstance(found[-1], SafeString):
                found[-1] += one
            else:
                found.append(one)
    return tuple(found)


@cache
def _fixed(markup: str) -> SafeString:
    """A part of a pattern of this module."""
    return format_html("{}" + markup, "")


def _joined(separator: str, texts: Iterable[str]) -> tuple[Any, ...]:
    """Those texts that are not empty, as pieces."""
    found = [piece for text in texts if text for piece in (separator, _Text(text))]
    return tuple(found[1:])


@register.simple_tag
def hits(rows: Sequence[FoundRow], results: Results, today: date) -> SafeString:
    """Records that were found, each as an item of a list."""
    return reduce(add, [_hit(row, results, today) for row in rows], _NOTHING)


def _hit(row: FoundRow, results: Results, today: date) -> SafeString:
    pieces: _Pieces | None = row.drawn.get(today)
    if pieces is None:
        pieces = row.drawn[today] = _DRAWS[row.kind](row, today)
    html = _COUNTS if row.counts else _LOWER
    for piece in pieces:
        html += piece if isinstance(piece, SafeString) else piece.draw(results)
    if row.said:
        source = f"{row.source}: " if row.source else ""
        html += format_html('<p class="small soft">{}{}</p>', source, marked(row.said, results))
    return html + _missing(row) + _END


def _missing(row: FoundRow) -> SafeString:
    if not row.missing:
        return _NOTHING
    words = format_html_join(", ", "<s>{}</s>", ((word,) for word in row.missing))
    return format_html('<p class="missing">{} {}</p>', _("without"), words)


def _name(row: FoundRow, name: str) -> _Pieces:
    return _pieces('<p><a class="plain" href="{}"><strong>{}</strong></a></p>', row.href, _Text(name))


def _framework(row: FoundRow, _today: date) -> _Pieces:
    record = row.record
    about = _joined(". ", [record.tagline, record.kind])
    return _pieces('{}<p class="small muted">{}</p>{}', _name(row, record.name), about, _Passage(record.summary))


def _comparison(row: FoundRow, _today: date) -> _Pieces:
    name = _name(row, row.record.title)
    return _pieces('{}<p class="small muted">{}</p>', name, _Beginning(row.record.introduction))


def _criterion(row: FoundRow, _today: date) -> _Pieces:
    record = row.record
    return _pieces(
        '{}<p class="small muted">{} {}</p>{}',
        _name(row, record.name),
        _Text(record.question),
        _Text(record.group.name),
        _Passage(record.definition),
    )


def _cell(row: FoundRow, today: date) -> _Pieces:
    cell, line = row.record.cell, row.record.line
    if cell.has_value:
        answer = value(cell, line, row.href)
    else:
        answer = format_html('<a class="val" href="{}">{}</a>', row.href, values.no_value(cell))
    return _pieces(
        '<p class="hit-kind">{} · {}</p><p>{}</p><p class="row tight">{}{}</p>{}',
        _Text(row.record.column.name),
        _Text(line.name),
        answer,
        evidence(cell, today),
        flags(cell, today),
        _Passage(row.record.why or ""),
    )


def _claim(row: FoundRow, _today: date) -> _Pieces:
    record, verdict = row.record, verdict_badge(row.record.verdict)
    if verdict:
        aside = _NOTHING if row.counts else format_html('<span class="small muted">{}</span>', _("not counted"))
        verdict = format_html('<p class="row tight">{}{}</p>', verdict, aside)
    about = [record.framework.name, record.criterion.name] if record.framework else [record.criterion.name]
    return _pieces(
        '<p class="hit-kind">{}</p><p><a class="plain" href="{}">{}</a></p>{}',
        _joined(" · ", about),
        row.href,
        _Text(plain(record.statement)),
        verdict,
    )


def _benchmark(row: FoundRow, _today: date) -> _Pieces:
    record = row.record
    by = _joined(", ", [record.criterion.name, record.article.publisher_name])
    return _pieces('{}<p class="small muted">{}</p>', _name(row, record.title), by)


def _article(row: FoundRow, _today: date) -> _Pieces:
    record = row.record
    publisher = record.publisher_name if record.publisher_name != record.author else ""
    by = _joined(", ", [record.author, publisher])
    return _pieces(
        '{}<p class="small muted">{}{}{}. {}</p>',
        _name(row, record.title),
        by,
        ", " if by else "",
        period(record.published_on, record.precision),
        record.get_kind_display(),
    )


@register.simple_tag
def facet_options(facet: Facet) -> SafeString:
    """The values of a facet to choose from, as one piece: there may be thirty."""
    return reduce(
        add,
        [_option(facet.name, option, ngettext("result", "results", option.count)) for option in facet.options],
        _NOTHING,
    )


@lru_cache(1024)
def _option(name: str, option: Option, results: str) -> SafeString:
    """A value of a facet; most searches find the same ones, in small numbers."""
    return format_html(
        '<label class="check"><input type="checkbox" name="{}" value="{}"{}><bdi>{}</bdi>'
        '<span class="n">{}<span class="vh"> {}</span></span></label>',
        *(name, option.value, _CHECKED if option.is_chosen else "", option.name, values.number(option.count), results),
    )


_DRAWS: dict[str, Callable[[FoundRow, date], _Pieces]] = {
    "frameworks": _framework,
    "comparisons": _comparison,
    "criteria": _criterion,
    "use_cases": _criterion,
    "cells": _cell,
    "claims": _claim,
    "benchmarks": _benchmark,
    "articles": _article,
}
