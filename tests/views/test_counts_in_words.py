"""Every count of a page is written with its thousands set apart: "1,785", as everywhere on the site."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

FILES = sorted((Path(settings.BASE_DIR) / "templates/comparisons").rglob("*.html"))
BLOCK = re.compile(r"\{% blocktranslate (?P<given>[^%]*)%\}(?P<text>.*?)\{% endblocktranslate %\}", re.S)
COUNTED = re.compile(r"\bcount (\w+)=")
COUNT = re.compile(r"=[\w.]*(?:\.total|\.count|_count|\.first|\.last|\|length(?:\|add:\"[^\"]*\")?)(?: |$)")
BARE = re.compile(r"\{\{ (?:option|states|general|facet|results|hits|paging)\.(?:count|total) \}\}")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_counts_have_their_thousands_set_apart(file: Path) -> None:
    text = file.read_text("utf-8")
    for block in BLOCK.finditer(text):
        counted = COUNTED.search(block["given"])
        assert counted is None or f"{{{{ {counted[1]} }}}}" not in block["text"], block[0]
        rest = re.sub(r"\bcount \w+=\S+", "", block["given"])
        assert not COUNT.search(rest.replace("first|date", "")), block[0]
    assert not BARE.search(re.sub(r"\{% if [^%]*%\}", "", text))
