"""Markdown from people becomes harmless HTML."""

import re

import pytest

from comparisons.language.markdown import MAX_LENGTH, plain, render

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:x)",
    '[x](https://a.example "onmouseover=alert(1)")',
    "![x](https://a.example/x.png)",
    "<style>body{display:none}</style>",
    "<iframe src=https://a.example></iframe>",
    "<p style='position:fixed' id=main class=hero>x</p>",
    "``` {onclick=alert(1) .x style=y}\ncode\n```",
    '<a href="https://a.example" onclick="x">x</a>',
    "<svg/onload=alert(1)>",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_rendered_without_markup_of_its_own(text):
    html = render(text).lower()
    for piece in ("<script", "<img", "<iframe", "<style", "<svg", 'href="javascript', 'href="data', 'href="vbscript'):
        assert piece not in html
    tags = re.findall(r"<[^>]*>", html)
    assert not [tag for tag in tags if re.search(r"\s(style|class|id|title|on\w+)=", tag)]


def test_links_from_content_lend_no_reputation():
    assert render("[x](https://a.example)") == ('<p><a href="https://a.example" rel="nofollow ugc noopener">x</a></p>')


def test_raw_html_is_shown_as_text():
    assert "&lt;b&gt;" in render("a <b>bold</b> claim")


def test_text_within_a_sentence_has_no_paragraph():
    assert render("**Django** is `fast`", inline=True) == "<strong>Django</strong> is <code>fast</code>"


@pytest.mark.parametrize(
    "text",
    ["#1 of its kind", "# Not a heading", "2024. A good year", "1) first", "- 3 ms", "+1 by all", "* as of 5.2",
     ": a colon", "=== equal", "    indented", "1. one\n2. two", "a | b\n--|--\n1 | 2"],
)  # fmt: skip
def test_a_sentence_keeps_its_beginning(text):
    words = " ".join(text.split())
    assert plain(text) == words
    assert " ".join(render(text, inline=True).split()) == words


def test_a_sentence_may_begin_with_a_comparison():
    assert plain("> 3 times as fast") == "> 3 times as fast"
    assert render("> 3 times as fast", inline=True) == "&gt; 3 times as fast"


def test_within_a_link_the_words_of_inner_links_stay_and_the_links_do_not():
    assert render("see `a` [there](https://a.example)", inline=True, links=False) == "see <code>a</code> there"


def test_markdown_loses_its_marks_where_only_words_are_wanted():
    assert plain("**Django**\nis [here](https://a.example)") == "Django is here"


@pytest.mark.parametrize(
    "text", ["x" * (MAX_LENGTH + 1), "> " * 500 + "deep", "- " * 2000 + "x", "[[" * 5000, "*a_" * 3000, "`" * 9999]
)
def test_very_long_or_very_deep_text_is_shown_plainly(text):
    html = render(text)
    assert html.startswith("<p>")
    assert "<blockquote>" not in html
    assert "<ul>" not in html


@pytest.mark.parametrize(
    "text",
    [
        "A plain statement, with 3.5 figures (and brackets): no marks.",
        "  Spaces   are\u00a0one.  ",
        "10 of 12 sites - mostly small ones - agree; 5% don't.",
        "Ends in a colon: https://example.org/page?x=1",
        'Says "quoted" and – with dashes … so on',
        "1. A list",
        "- A list",
        "A & B < C",
        "x = y + z",
        "",
    ],
)
def test_text_without_marks_is_what_rendering_would_make_of_it(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    quick = plain(text)
    monkeypatch.setattr("comparisons.language.markdown._MARKS", re.compile(""))
    assert plain(text) == quick
