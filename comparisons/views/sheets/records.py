"""Lists of records as tables to take away."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from comparisons.exchange.sheets import Entry, Sheet, SheetColumn
from comparisons.language import called, figures, values
from comparisons.language.dates import as_known
from comparisons.language.markdown import plain
from comparisons.models import Release, subject
from comparisons.models.base import is_web_address

from .matrix import address


def framework_sheet(context: dict[str, Any]) -> Sheet:
    """All frameworks, with their newest releases if the subject has any."""
    has_releases, has_kind = subject.current().has_releases, "kind" in subject.current().facts
    releases = [SheetColumn("release", _("Newest release")), SheetColumn("released_on", _("Released on"))]
    columns = [
        SheetColumn("slug", _("Key")),
        SheetColumn("name", _("Name")),
        SheetColumn("tagline", _("In a line")),
        *([SheetColumn("kind", str(called.fact("kind")))] if has_kind else ()),
        *(releases if has_releases else ()),
        SheetColumn("claims", _("Claims")),
        SheetColumn("disputed", _("Disputed")),
        SheetColumn("covered", _("Questions answered")),
        SheetColumn("questions", _("Questions")),
    ]
    rows = [
        [
            *(one.slug, Entry(one.name, address("framework", one.slug)), one.tagline),
            *([one.kind] if has_kind else ()),
            *(_newest(newest) if has_releases else ()),
            *(one.claims_count, one.disputed, one.covered, context["criteria"]),
        ]
        for one, _place, newest, _answers in context["frameworks"]
    ]
    return Sheet(_("Frameworks"), columns, rows)


def _newest(release: Release | None) -> tuple[Any, Any]:
    if release is None:
        return _("none on record"), None
    return release.version_number, as_known(release.released_on, release.precision)


def criterion_list_sheet(context: dict[str, Any]) -> Sheet:
    """All questions, each with how many frameworks it is answered for."""
    columns = [
        SheetColumn("slug", _("Key")),
        SheetColumn("group", _("Group")),
        SheetColumn("name", _("Name")),
        SheetColumn("question", _("Question")),
        SheetColumn("covered", _("Frameworks with an answer")),
        SheetColumn("disputed", _("Disputed")),
        SheetColumn("frameworks", _("Frameworks")),
    ]
    rows = [
        [
            *(one.slug, one.group.name, Entry(one.name, address("criterion", one.slug)), one.question),
            *(covered, disputed, context["frameworks"]),
        ]
        for one, covered, disputed in context["criteria"]
    ]
    return Sheet(_("All questions"), columns, rows)


def article_list_sheet(context: dict[str, Any]) -> Sheet:
    """All sources."""
    columns = [
        SheetColumn("slug", _("Key")),
        SheetColumn("title", _("Title")),
        SheetColumn("publisher", _("Publisher")),
        SheetColumn("author", _("Author")),
        SheetColumn("kind", _("Kind")),
        SheetColumn("interest", _("Interest")),
        SheetColumn("published", _("Published")),
        SheetColumn("precision", _("Known to the")),
        SheetColumn("url", _("Address")),
        SheetColumn("claims", _("Claims")),
    ]
    rows = [
        [
            *(one.slug, Entry(one.title, address("article", one.slug)), one.publisher_name, one.author),
            *(one.kind, one.interest, one.published_on, one.precision),
            *(Entry(one.url, one.url) if is_web_address(one.url) else "", drawn),
        ]
        for one, drawn in zip(context["articles"], context["drawn"], strict=True)
    ]
    return Sheet(_("Sources"), columns, rows)


def comparison_list_sheet(context: dict[str, Any]) -> Sheet:
    """All curated comparisons."""
    columns = [
        SheetColumn("slug", _("Key")),
        SheetColumn("title", _("Title")),
        SheetColumn("introduction", _("Introduction")),
        SheetColumn("frameworks", _("Frameworks")),
        SheetColumn("criteria", _("Criteria")),
    ]
    rows = [
        [
            *(one.slug, Entry(one.title, address("comparison", one.slug)), one.introduction),
            *(_listed((column.framework.slug, column.framework.name) for column in one.columns.all()),),
            one.criteria_count,
        ]
        for one in context["comparisons"]
    ]
    return Sheet(_("Comparisons"), columns, rows)


def _listed(named: Iterable[tuple[str, str]]) -> Entry:
    """Records in one cell: their names, and for programs their slugs."""
    pairs = list(named)
    return Entry("; ".join(name for _slug, name in pairs), "", [slug for slug, _name in pairs])


def benchmark_list_sheet(context: dict[str, Any]) -> Sheet:
    """All benchmarks by quantity."""
    columns = [
        SheetColumn("slug", _("Key")),
        SheetColumn("quantity", _("Quantity")),
        SheetColumn("title", _("Benchmark")),
        SheetColumn("load", str(called.condition("concurrency", "Load"))),
        SheetColumn("unit", _("Unit")),
        SheetColumn("statistic", _("Statistic")),
        SheetColumn("frameworks", _("Frameworks")),
        SheetColumn("left_out", _("Left out of comparison")),
        SheetColumn("apart", _("Highest divided by lowest")),
        SheetColumn("like_for_like", _("Like for like")),
        SheetColumn("method_stated", _("Method stated")),
        SheetColumn("repeatable", _("Repeatable")),
        SheetColumn("measured_on", _("Measured")),
        SheetColumn("source", _("Source")),
    ]
    rows = []
    for row in context["benchmarks"]:
        one = row["benchmark"]
        rows.append(
            [
                *(one.slug, one.criterion.slug, Entry(one.title, address("benchmark", one.slug))),
                *(one.load or _("not stated"), one.unit, one.statistic, row["frameworks"], row["left_out"]),
                figures.ratio(row["apart"]) if row["apart"] else "",
                *(one.like_for_like, one.states_method, one.repeatable, one.measured_on or _("not stated")),
                Entry(one.article.slug, address("article", one.article.slug)),
            ]
        )
    return Sheet(_("Benchmarks"), columns, rows)


def use_case_list_sheet(context: dict[str, Any]) -> Sheet:
    """Scenarios with the frameworks under each answer."""
    columns = [
        SheetColumn("slug", _("Key")),
        SheetColumn("project", _("Project")),
        SheetColumn("recommended", _("Recommended")),
        SheetColumn("possible", _("Possible")),
        SheetColumn("not_recommended", _("Advised against")),
        SheetColumn("contradicted", _("Sources contradict one another on")),
    ]
    rows = [
        [
            *(scenario.line.slug, Entry(scenario.line.name, address("use_case", scenario.line.slug))),
            *(_listed((backed.slug, backed.name) for backed in answer) for answer in scenario.answers),
            _listed((clash.slug, clash.name) for clash in scenario.clashes),
        ]
        for scenario in context["scenarios"]
    ]
    return Sheet(_("Use cases"), columns, rows)


def challenge_sheet(context: dict[str, Any]) -> Sheet:
    """Answered objections with their answers; the words of readers only where editors show them."""
    columns = [
        SheetColumn("about", _("About")),
        SheetColumn("kind", _("Kind")),
        SheetColumn("words", _("What the reader says")),
        SheetColumn("source", _("Source that the reader gives")),
        SheetColumn("sent_on", _("Sent on")),
        SheetColumn("outcome", _("Outcome")),
        SheetColumn("answer", _("Answer")),
        SheetColumn("answered_on", _("Answered on")),
    ]
    rows = [
        [
            Entry(plain(str(one)), settings.SITE_URL + one.target_url),
            *(one.get_kind_display(), one.words or _("not shown"), one.given, one.sent_at.date()),
            *(one.get_status_display(), one.answer, one.answered_at.date()),
        ]
        for one in context["challenges"]
    ]
    return Sheet(_("Objections and answers"), columns, rows)


def search_sheet(context: dict[str, Any]) -> Sheet:
    """What was found, kind by kind."""
    columns = [SheetColumn("kind", _("Kind")), SheetColumn("name", _("Name")), SheetColumn("says", _("What it says"))]
    found = [row for section, *_ in context["sections"] for row in (*section.rows, *section.lower)]
    rows = [[row.kind, Entry(_name(row), settings.SITE_URL + row.href), _says(row)] for row in found]
    title = _("Search: %s") % context["text"] if context["text"] else _("Search")
    about = {"found": context["total"], "is_complete": not context["more"]}
    return Sheet(title, columns, rows, about)


def _name(row: Any) -> str:
    record = row.record
    if row.kind == "cells":
        return f"{record.column.name}: {record.line.name}"
    if row.kind == "claims":
        return plain(record.statement)
    return str(getattr(record, "name", "") or record.title)


def _says(row: Any) -> str:
    """The line below the name of a record."""
    record = row.record
    if row.kind == "cells":
        return values.headline(record.cell, record.line) if record.cell.has_value else values.no_value(record.cell)
    if row.kind == "claims":
        return ": ".join(filter(None, (record.framework.name if record.framework else "", record.criterion.name)))
    for name in ("tagline", "question"):
        if text := getattr(record, name, ""):
            return str(text)
    return str(getattr(record, "publisher_name", ""))
