"""Text in templates: Markdown, words of closed lists, dates, and search terms marked where they occur."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from functools import reduce
from operator import add
from typing import Any

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from comparisons.domain import vocabulary
from comparisons.history.public import FIELD_LABELS
from comparisons.language import labels
from comparisons.language.dates import period_text, to_the_month
from comparisons.language.markdown import plain as plain_markdown
from comparisons.language.markdown import render as render_markdown
from comparisons.models import Article
from comparisons.search import marking
from comparisons.search.find import Results
from comparisons.views import errors

register = template.Library()

_NOTHING, _MARK, _END = (format_html(one, "") for one in ("{}", "<mark>{}", "{}</mark>"))


@register.filter
def markdown(text: str) -> SafeString:
    """Markdown as safe HTML."""
    return render_markdown(text)


@register.filter
def inline(text: str) -> SafeString:
    """Markdown as safe HTML within a sentence."""
    return render_markdown(text, inline=True)


@register.filter
def within_link(text: str) -> SafeString:
    """Markdown as safe HTML within a link: the words of inner links stay, the links do not."""
    return render_markdown(text, inline=True, links=False)


@register.filter
def plain(text: str) -> str:
    """Markdown as plain text, without its markup."""
    return plain_markdown(text)


@register.filter
def entered(pairs: list[tuple[str, str]], path: str = "") -> list[tuple[str, str]]:
    """What somebody typed of all that a form sent to a path."""
    return errors.entered(pairs, path)


@register.filter
def beside(rows: list[Any], others: list[Any]) -> list[tuple[Any, Any]]:
    """Each row with the one at its place among others: {% for article, claims in articles|beside:drawn %}."""
    return list(zip(rows, others, strict=True))


@register.filter
def dated(article: Article) -> str:
    """When a source speaks, as exactly as it is known."""
    if article.published_on is None and article.evidence_date is not None:
        return gettext("read on %(day)s") % {"day": period_text(article.evidence_date)}
    return period_text(article.published_on, article.precision)


def _term(word: str, vocabulary_name: str) -> labels.Term:
    words: type[StrEnum] = getattr(vocabulary, vocabulary_name)
    return labels.term(words(word))


@register.filter
def label(word: str, vocabulary_name: str) -> str:
    """A word of a closed list as readers see it: {{ claim.kind|label:"ClaimKind" }}; "" for no word."""
    return str(_term(word, vocabulary_name).label) if word else ""


@register.filter
def explain(word: str, vocabulary_name: str) -> str:
    """The sentence that explains a word of a closed list; "" for no word."""
    return str(_term(word, vocabulary_name).meaning) if word else ""


@register.simple_tag
def term(name: str, shown: str = "") -> SafeString:
    """A word of ours, and its meaning for whoever presses it: by mouse, touch or keyboard, without a script.

    name: one of `labels.EXPLAINED`, at most once on a page. shown: the word as it stands here, if it differs.
    """
    word, meaning = labels.EXPLAINED[name]
    return format_html(
        '<button class="term" type="button" popovertarget="term-{0}">{1}</button>'
        '<span class="pop meaning" id="term-{0}" popover>{2}</span>',
        name,
        shown or word,
        meaning,
    )


@register.filter
def field_label(name: str) -> str:
    """What readers call a field of a claim."""
    return str(FIELD_LABELS[name])


@register.filter
def period(day: date | None, precision: str = vocabulary.Precision.DAY) -> SafeString:
    """A day, a month or a year, as precisely as it is known, in a time element; "undated" for None."""
    precision = precision or vocabulary.Precision.DAY
    text = period_text(day, precision)
    if day is None:
        return format_html('<span class="undated">{}</span>', text)
    length = {vocabulary.Precision.YEAR: 4, vocabulary.Precision.MONTH: 7}.get(vocabulary.Precision(precision), 10)
    return format_html('<time datetime="{}">{}</time>', day.isoformat()[:length], text)


@register.filter
def evidence_day(day: date | None, precision: str = "") -> SafeString:
    """The day of a piece of evidence, to the month at best; "undated" for None."""
    return period(day, to_the_month(precision))


def marked(text: str, results: Results) -> SafeString:
    """Text in which every search term is marked, in whatever form it occurs."""
    pieces = marking.marked(text, results.stems, results.beginning)
    return reduce(add, [_MARK + escape(piece) + _END if hit else escape(piece) for piece, hit in pieces], _NOTHING)


def excerpt(text: str, results: Results) -> SafeString | str:
    """The passage of a text around the first search term, with all terms marked; "" for a text without any."""
    passage = marking.passage(text, results.stems, results.beginning)
    return marked(passage, results) if passage else ""
