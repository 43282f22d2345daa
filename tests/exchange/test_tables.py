"""Tables in the formats of an export."""

from __future__ import annotations

import io

import pytest
import yaml

from comparisons.exchange import tables


@pytest.mark.parametrize("text", ["one\x85two", "one\u2028two", "\u2029", "plain", "two\nlines", " 'no' "])
def test_text_in_yaml_is_read_again_as_it_was(text: str) -> None:
    file = io.StringIO()
    tables.write(file, "yaml", ["text"], [{"text": text}])
    assert yaml.safe_load(file.getvalue()) == [{"text": text}]
