"""No page has an element that says nothing, an empty pair of brackets, or a link in a link."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from comparisons.models import DecisionRecord
from tests.browser.paths import CHOICE, ERRORS, PAGES, RECORD, WITHDRAWN, Page

from .markup import read
from .reading import keep_decision

#: Words that readers did not understand, or that said the same thing in another way than the other pages.
RETIRED = (
    "(not opened by us)",
    "Across the top",
    "One side",
    "The other side",
    "Nobody covers it yet",
    "qualifies",
    "dossier",
    "our reading",
    "Verdict:",
    "Middling",
    "not a no",
)
SEEDED = [page for page in (*PAGES, *ERRORS) if WITHDRAWN not in page.path]


@pytest.mark.parametrize(
    ("source", "empty", "nested", "brackets"),
    [
        ("<p>Words</p>", 0, 0, 0),
        ("<p> </p>", 1, 0, 0),
        ("<ul></ul>", 1, 0, 0),
        ("<ul><li></li></ul>", 2, 0, 0),
        ('<span class="vh"> () </span>', 1, 0, 1),
        ('<span class="tally" aria-hidden="true"></span>', 1, 0, 0),
        ('<span class="tally" aria-hidden="true"><i class="up"></i></span>', 0, 0, 0),
        ("<p><svg><path/></svg></p>", 0, 0, 0),
        (
            "<table><thead><tr><td></td><th>A</th></tr></thead><tbody><tr><td></td><th>A</th></tr></tbody></table>",
            1,
            0,
            0,
        ),
        ('<a href="x">one <b><a href="y">two</a></b></a>', 0, 1, 0),
        ('<a href="x">one</a> <a href="y">two</a>', 0, 0, 0),
        ("<p>He said “”.</p>", 0, 0, 1),
        ("<p><code>f()</code></p>", 0, 0, 0),
    ],
)
def test_the_reader_of_markup_finds_what_is_wrong(source: str, empty: int, nested: int, brackets: int) -> None:
    found = read(source)
    assert (len(found.empty), len(found.nested_links), len(found.empty_brackets)) == (empty, nested, brackets)


@pytest.mark.django_db
@pytest.mark.parametrize("page", SEEDED, ids=lambda page: page.path)
def test_no_page_is_silently_empty_anywhere(content: Path, page: Page) -> None:
    if RECORD in page.path:
        DecisionRecord.objects.filter(key=keep_decision(CHOICE.partition("?")[2])).update(key=RECORD)
    response = Client().get(page.path)
    assert response.status_code == page.status
    found = read(response.content.decode())
    assert (found.empty, found.empty_brackets, found.nested_links, found.repeated_ids) == ([], [], [], [])
    # Programs say words as the database has them.
    assert page.path.startswith("/api/") or not [words for words in RETIRED if words in found.text]
