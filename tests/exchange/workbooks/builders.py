"""Workbooks, and what becomes of them."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

from comparisons.exchange import workbooks
from comparisons.exchange.workbooks.examples import EXAMPLES
from comparisons.exchange.workbooks.messages import problem_lines

Tables = dict[str, list[dict[str, str]]]
LINK = re.compile(r" \(docs/import\.md#[\w-]+\)\Z")


def tables(**changes: list[dict[str, str]]) -> Tables:
    """The tables of the example, some of them replaced."""
    found = {kind.name: [dict(row) for row in rows] for kind, rows in EXAMPLES.items()}
    return {**found, **changes}


def as_files(given: Tables) -> list[tuple[str, bytes]]:
    files = []
    for name, rows in given.items():
        columns = list(dict.fromkeys(column for row in rows for column in row))
        out = io.StringIO(newline="")
        writer = csv.DictWriter(out, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)
        files.append((f"{name}.csv", out.getvalue().encode()))
    return files


def as_xlsx(given: dict[str, list[list[Any]]]) -> bytes:
    """Sheets by name, each with rows of values; a text that begins with "=" is a formula."""
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        for name, rows in given.items():
            page = book.add_worksheet(name)
            for number, row in enumerate(rows):
                page.write_row(number, 0, row)
    return out.getvalue()


def grid(rows: list[dict[str, str]]) -> list[list[Any]]:
    """Rows by column as rows of values, under the names of the columns."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    return [columns, *([row.get(column, "") for column in columns] for row in rows)]


def planned(given: Tables | bytes, by: Any = None) -> workbooks.WorkbookPlan:
    book = (
        workbooks.read_archive(given, "kb.xlsx") if isinstance(given, bytes) else workbooks.read_files(as_files(given))
    )
    return workbooks.plan(book, by=by)


def imported(given: Tables | bytes, by: Any = None) -> workbooks.WorkbookPlan:
    plan = planned(given, by)
    assert plan.is_sound, list(problem_lines(plan))
    workbooks.apply(plan, by=by)
    return plan


def messages(given: Tables | bytes, by: Any = None) -> list[str]:
    """What is wrong, without the link to the field that each line ends with."""
    plan = planned(given, by)
    assert not plan.is_sound
    lines = list(problem_lines(plan))
    assert all(LINK.search(line) for line in lines if not line.endswith("more problems."))
    return [LINK.sub("", line) for line in lines]
