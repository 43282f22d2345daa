"""The reference of all fields."""

from __future__ import annotations

import re
from pathlib import Path

from comparisons.exchange.workbooks.examples import example_of
from comparisons.exchange.workbooks.kinds import KINDS
from comparisons.exchange.workbooks.reference import entries, markdown

GUIDE = (Path(__file__).parents[3] / "docs/import.md").read_text("utf-8")


def test_the_guide_holds_the_reference_as_it_is_made_from_the_models():
    """If it differs, write it anew: python manage.py import_kb --fields."""
    assert GUIDE.endswith(f"\n\n{markdown()}")


def test_every_field_has_an_anchor_of_its_own_and_an_example():
    anchors = re.findall(r'<a id="([^"]+)"></a>', GUIDE)
    assert len(anchors) == len(set(anchors))
    for kind in KINDS:
        assert {kind.name, *(entry.anchor for entry in entries(kind)), "fields"} <= set(anchors)
        assert all(example_of(kind, name) for name in kind.columns)


def test_required_fields_and_choices_are_those_of_the_models():
    found = {(kind.name, entry.name): entry for kind in KINDS for entry in entries(kind)}
    assert found["criteria", "value_type"].choices == ("level", "number", "text")
    required = {name for (table, name), entry in found.items() if table == "articles" and entry.is_required}
    assert required == {"slug", "title", "kind", "interest"}
