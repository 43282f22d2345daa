"""Example files, one for each format, with every column; docs/import.md shows them."""

from __future__ import annotations

import csv
import io
import json

import yaml

from comparisons.domain.claim_fields import CLAIM_COLUMNS
from comparisons.exchange.claim_columns import CITATION_COLUMNS, CITATIONS, COLUMNS
from comparisons.exchange.formulas import escaped

#: The formats with their content types.
TEMPLATES = {"csv": "text/csv", "yaml": "application/yaml", "json": "application/json"}
EXAMPLE = {
    "key": "example-orm",
    "framework": "example",
    "criterion": "orm",
    "kind": "capability",
    "polarity": "pro",
    "statement": "Example comes with an object-relational mapper.",
    "level": "built-in",
}
CITED = (
    {"article": "example-docs", "stance": "supports", "says": "The guide describes its mapper.", "locator": "Models"},
    {"article": "some-comparison", "stance": "disputes", "says": "Most projects add another one.", "reading": "true"},
)


def template(format: str) -> str:
    """An example file: a claim with two citations."""
    if format == "csv":
        rows = [EXAMPLE | CITED[0], {"key": EXAMPLE["key"]} | CITED[1]]
        return to_csv([[row.get(name, "") for name in COLUMNS] for row in rows])
    claim = dict.fromkeys(CLAIM_COLUMNS, "") | EXAMPLE
    claims = [claim | {CITATIONS: [dict.fromkeys(CITATION_COLUMNS, "") | cited for cited in CITED]}]
    if format == "json":
        return json.dumps(claims, ensure_ascii=False, indent=2) + "\n"
    return yaml.safe_dump(claims, allow_unicode=True, sort_keys=False, width=110)


def to_csv(rows: list[list[str]], names: tuple[str, ...] = COLUMNS) -> str:
    """Rows as CSV (RFC 4180); cells that a spreadsheet would run as formulas are escaped."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(names)
    writer.writerows([escaped(value) for value in row] for row in rows)
    return out.getvalue()
