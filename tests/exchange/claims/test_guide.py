"""docs/import.md describes the form of a file."""

from __future__ import annotations

import re
from pathlib import Path

from comparisons.exchange import claims as importing
from comparisons.exchange.claims import limits

GUIDE = Path(__file__).parents[3] / "docs/import.md"


def test_the_examples_of_the_guide_are_read():
    text = GUIDE.read_text("utf-8")
    for format in ("csv", "yaml"):
        (example,) = re.findall(rf"```{format}\n(.*?)```", text, re.DOTALL)
        source = importing.read(example.encode(), format)
        assert (source.problems, [record.key for record in source.records]) == ([], ["example-orm"])


def test_the_guide_names_the_limits():
    text = GUIDE.read_text("utf-8")
    for limit in (limits.MAX_ROWS, limits.MAX_CELL):
        assert f"{limit:,}" in text
    assert f"{limits.MAX_BYTES // 1_000_000} MB, " in text and f"{limits.MAX_COLUMNS} columns" in text
