"""Texts and searches are split into words, marked, and compared."""

import pytest

from comparisons.search import marking, spelling, terms


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("Migrations migrate.", "[Migrations] [migrate]."),
        ("Node.js and nodejs", "[Node.js] and [nodejs]"),
        ("the C++ and C# parts", "the [C++] and C# parts"),
        ("<b>migration</b>", "<b>[migration]</b>"),
        ("asyncio", "[asyncio]"),
        ("migrations\n(migrated)\tor  a migration,", "[migrations]\n([migrated])\tor  a [migration],"),
        ("", ""),
    ],
)
def test_words_that_match_the_search_are_marked(text, marked):
    wanted = terms.parse("migration node.js c++ async")
    stems = {stem for term in wanted for stem in term.stems}
    pieces = marking.marked(text, stems, wanted[-1].beginning)
    assert "".join(f"[{piece}]" if hit else piece for piece, hit in pieces) == marked


def test_a_passage_shows_the_first_hit_of_a_long_text():
    text = "word " * 200 + "needle " + "word " * 200
    passage = marking.passage(text, {"needl"})
    assert "needle" in passage and len(passage) <= marking.PASSAGE + 10
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
    assert spelling.distance(a, b, 2) == spelling.distance(b, a, 2) == min(apart, 3)


def test_codes_contain_only_ascii_letters_and_digits():
    for word in ("c++", "c#", "naïve", "документ", "日本語", "a'b", "\U0001d52c"):
        assert terms.code(word).isascii() and terms.code(word).isalnum()


#: What a text says, and a search that names it; each finds the other.
ALIKE = [
    ("It runs on Python 3.10.", "python3.10"),
    ("It runs on python3.10.", "python 3.10"),
    ("Answers HTTP/2 requests.", "http2"),
    ("Answers http2 requests.", "HTTP/2"),
    ("Written in C++.", "c++"),
    ("Written in C#.", "C#"),
    ("It copies .NET here.", ".NET"),
    ("It copies ASP.NET here.", ".net"),
    ("It copies ASP.NET here.", "asp.net"),
    ("Published by example.net.", "example.net"),
    ("Runs beside node.js.", "nodejs"),
    ("Runs beside NodeJS.", "node.js"),
    ("Avoids N+1 queries.", "N+1"),
    ("Avoids n + 1 queries.", "n+1"),
    ("It follows PEP 8.", "PEP 8"),
    ("It needs 3.13 at least.", "3.13"),
    ("It speaks OAuth2.", "oauth 2"),
    ("A web\u00adsocket is open.", "websocket"),
    ("A websocket is open.", "web\u200bsocket"),
    ("全文数据库系统", "数据"),
    ("全文数据库系统", "据库"),
    ("全文数据库系统", "数据库"),
    ("全文数据库系统", "统"),
    ("データベース", "ータ"),
    ("ﾃﾞｰﾀﾍﾞｰｽ", "データベース"),
    ("비동기 지원", "동기"),
    ("ภาษาไทยง่าย", "ไท"),
    ("ภาษาไทยง่าย", "ง่าย"),
    ("Django入門", "django"),
    ("Django入門", "入門"),
    ("数据\u200b库", "据库"),
]
#: Texts that a search does not name.
UNLIKE = [
    ("A net of rules.", ".NET"),
    ("Published by example.net.", ".NET"),
    ("Written in C.", "C++"),
    ("Version 13.3 of it.", "3.13"),
    ("库数据", "数据库"),
    ("In 1 place, n times.", "N+1"),
]


def holds(text, search):
    """Whether a text has one of the phrases of every word of a search, as a database would find it."""
    row = f" {terms.indexed_text('', text).words} "
    words = terms.indexed_text("", text).vocabulary.split()
    return all(
        any(f" {' '.join(map(terms.code, phrase))} " in row for phrase in term.phrases)
        or (term.beginning and any(word.startswith(term.beginning) for word in words))
        for term in terms.parse(search)
    )


@pytest.mark.parametrize(("text", "search"), ALIKE)
def test_a_search_finds_what_it_names_in_any_spelling(text, search):
    assert holds(text, search)


@pytest.mark.parametrize(("text", "search"), UNLIKE)
def test_a_search_does_not_find_what_only_looks_like_it(text, search):
    assert not holds(text, search)


def test_pairs_of_characters_that_overlap_are_marked_as_one():
    (term,) = terms.parse("数据库")
    assert list(marking.marked("全文数据库系统", term.stems)) == [("全文", False), ("数据库", True), ("系统", False)]


@pytest.mark.parametrize(
    ("text", "words"), [("", 0), ("one two", 2), ("node.js", 1), ("数据库系统", 1), ("Django入門", 2)]
)
def test_what_a_reader_writes_as_one_counts_as_one(text, words):
    assert terms.count(text) == words


def test_names_stand_on_lines_of_their_own():
    entry = terms.indexed_text("Object mapper", "A question", names=("ORM", "object-mapper", "Object mapper"))
    assert entry.title.split("\n") == ["object mapper", "orm", "object mapper objectmapper"]
