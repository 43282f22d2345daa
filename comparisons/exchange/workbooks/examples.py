"""A small example of every table, as CSV and as .xlsx, from which the reference of the fields takes its values."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from comparisons.exchange.claims.templates import to_csv

from .kinds import ARTICLES, CLAIMS, CRITERIA, FRAMEWORKS, GROUPS, KINDS, LEVELS, SheetKind

#: The formats with their content types.
FORMATS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}
_CITED = {"article": "example-docs", "stance": "supports", "says": "The guide says so.", "locator": "Offline use"}
#: Rows of each table. Together they can be imported as they are.
EXAMPLES: dict[SheetKind, tuple[dict[str, str], ...]] = {
    FRAMEWORKS: (
        {
            "slug": "example", "name": "Example", "aliases": "Ex, example.org", "tagline": "What it is, in one line.",
            "summary": "A neutral paragraph about it.", "kind": "full-stack", "order": "10",
            "homepage": "https://example.org/", "documentation": "https://example.org/docs/",
            "repository": "https://example.org/source/", "package_name": "example", "license": "MIT",
            "first_release": "2014",
        },
    ),
    GROUPS: (
        {
            "slug": "basics", "name": "Basics", "description": "What everybody asks first.", "order": "10",
            "holds_use_cases": "false",
        },
    ),
    CRITERIA: (
        {
            "slug": "works-offline", "name": "Works offline", "aliases": "offline, no network", "group": "basics",
            "order": "10", "question": "Does it work without a connection?",
            "definition": "All of its main functions are there with no network.", "value_type": "level",
            "direction": "higher-better", "changes_with_releases": "true", "is_count": "false", "beside_name": "false",
        },
        {
            "slug": "start-time", "name": "Time to start", "group": "basics", "order": "20",
            "question": "How long does it take to start?", "definition": "From the call to the first answer.",
            "value_type": "number", "unit": "ms", "direction": "lower-better",
        },
    ),
    LEVELS: (
        {
            "criterion": "works-offline", "slug": "fully", "label": "Fully", "aliases": "entirely", "meaning": "yes",
            "order": "1",
        },
        {"criterion": "works-offline", "slug": "in-part", "label": "In part", "meaning": "partial", "order": "2"},
        {"criterion": "works-offline", "slug": "not-at-all", "label": "Not at all", "meaning": "no", "order": "3"},
    ),
    ARTICLES: (
        {
            "slug": "example-docs", "title": "The guide of Example", "author": "The team of Example",
            "publisher": "Example", "kind": "official-documentation", "interest": "own-project",
            "published_on": "2026-05-01", "precision": "month", "read_on": "2026-11-20", "edition": "5.2",
            "url": "https://example.org/docs/guide", "url_opened": "true",
            "archive_url": "https://archive.example.org/guide", "note": "The printed edition says the same.",
        },
        {
            "slug": "example-sequel", "title": "The guide of Example, rewritten", "publisher": "Example",
            "kind": "official-documentation", "interest": "own-project", "follows": "example-docs",
        },
    ),
    CLAIMS: (
        {
            "key": "example-works-offline", "framework": "example", "criterion": "works-offline",
            "kind": "capability", "polarity": "pro", "statement": "Example works without a connection.",
            "level": "fully", "since_version": "4.0", "until_version": "5.2", **_CITED,
            "quote": "works offline", "reading": "false",
        },
        {
            "key": "example-works-offline", "article": "example-sequel", "stance": "disputes",
            "says": "The rewritten guide says that it asks for an account first.",
        },
        {
            "key": "example-start-time", "framework": "example", "criterion": "start-time", "kind": "figure",
            "polarity": "neutral", "statement": "Example starts in 120 to 140 ms.", "number": "120",
            "number_high": "140", "approximate": "true", "interval_low": "110", "interval_high": "150",
            "hardware": "2 cores, 4 GB", "server": "none", "workers": "1 process", "versions": "Example 5.2",
            "payload": "an empty page", "concurrency": "1 at a time", "date": "May 2026", **_CITED,
        },
        {
            "key": "example-pitfall", "framework": "example", "criterion": "works-offline", "kind": "pitfall",
            "polarity": "con", "statement": "Its cache fills the disk.", "impact": "It stops when the disk is full.",
            "remedy": "Give the cache a limit.", **_CITED,
        },
    ),
}  # fmt: skip
#: Values of fields that no row of the examples can have beside the others.
BESIDES = {
    "text": "MPL 2.0",
    "benchmark": "example-load-test",
    "variant": "with 4 workers",
    "left_out": "another machine",
}


def example_of(kind: SheetKind, column: str) -> str:
    """A value that a column may hold."""
    found = (row[column] for row in EXAMPLES[kind] if row.get(column))
    return next(found, BESIDES.get(column, ""))


def rows_of(kind: SheetKind) -> list[list[str]]:
    return [[row.get(name, "") for name in kind.columns] for row in EXAMPLES[kind]]


def as_files() -> dict[str, str]:
    """The examples as CSV, by the names of the files."""
    return {f"{kind.name}.csv": to_csv(rows_of(kind), kind.columns) for kind in KINDS}


def example(format: str) -> bytes:
    """The examples in one of FORMATS."""
    out = io.BytesIO()
    if format == "zip":
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in as_files().items():
                archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), text)
        return out.getvalue()
    import xlsxwriter  # an extra, so not at the top

    options: dict[str, Any] = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
    with xlsxwriter.Workbook(out, {"in_memory": True, **options}) as book:
        head = book.add_format({"bold": True, "bottom": 1})
        text = book.add_format({"num_format": "@"})
        for kind in KINDS:
            page = book.add_worksheet(kind.name)
            page.set_column(0, len(kind.columns) - 1, 18, text)
            page.write_row(0, 0, kind.columns, head)
            for number, row in enumerate(rows_of(kind), start=1):
                page.write_row(number, 0, row, text)
            page.freeze_panes(1, 1)
    return out.getvalue()
