"""Texts and searches are split into words, marked, and compared."""

import pytest

from comparisons.search import terms


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("Migrations migrate.", "[Migrations] [migrate]."),
        ("Node.js and nodejs", "[Node.js] and [nodejs]"),
        ("the C++ and C# parts", "the [C++] and C# parts"),
        ("<b>migration</b>", "<b>[migration]</b>"),
        ("asyncio", "[asyncio]"),
        ("", ""),
    ],
)
def test_words_that_match_the_search_are_marked(text, marked):
    wanted = terms.parse("migration node.js c++ async")
    stems = {stem for term in wanted for stem in term.stems}
    pieces = terms.marked(text, stems, wanted[-1].beginning)
    assert "".join(f"[{piece}]" if hit else piece for piece, hit in pieces) == marked


def test_a_passage_shows_the_first_hit_of_a_long_text():
    text = "word " * 200 + "needle " + "word " * 200
    passage = terms.passage(text, {"needl"})
    assert "needle" in passage and len(passage) <= terms.PASSAGE + 10
    assert passage.startswith("… ") and passage.endswith(" …")


@pytest.mark.parametrize(
    ("a", "b", "apart"),
    [
        ("django", "djnago", 1),
        ("async", "asnyc", 1),
        ("flask", "flsk", 1),
        ("orm", "form", 1),
        ("abc", "xyz", 3),
        ("a", "abcd", 3),
    ],
)
def test_distance_counts_letters_added_removed_changed_and_swapped(a, b, apart):
    assert terms.distance(a, b, 2) == terms.distance(b, a, 2) == min(apart, 3)


def test_codes_contain_only_ascii_letters_and_digits():
    for word in ("c++", "c#", "naïve", "документ", "日本語", "a'b", "\U0001d52c"):
        assert terms.code(word).isascii() and terms.code(word).isalnum()
