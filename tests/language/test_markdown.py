"""Markdown from people becomes harmless HTML."""

import re
import time

import pytest

from comparisons.editing.preview import hints
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


#: Markdown as people write it elsewhere, and what its author meant: tags and words, without line ends.
MEANT = [
    (
        "- a\n\n  ```python\n  x = 1\n\n    y\n  ```\n- b",
        "ul li p a /p pre code x = 1   y /code /pre /li li p b /p /li /ul",
    ),
    ("1. a\n   ~~~\n   x\n   ~~~\n2. b", "ol li p a /p pre code x /code /pre /li li p b /p /li /ol"),
    ("- ```\n  x\n  ```\n- b", "ul li pre code x /code /pre /li li p b /p /li /ul"),
    ("- a\n```\nx\n```\n- b", "ul li a /li /ul pre code x /code /pre ul li b /li /ul"),
    ("  ```\n  x\n  ```", "pre code x /code /pre"),
    ("```python title=x\n- a\n  - b\n`````", "pre code - a - b /code /pre"),
    ("- a\n  - b\n    - c\n- d", "ul li a ul li b ul li c /li /ul /li /ul /li li d /li /ul"),
    ("- a\n    - b\n        - c", "ul li a ul li b ul li c /li /ul /li /ul /li /ul"),
    ("1. a\n   - b\n2. c", "ol li a ul li b /li /ul /li li c /li /ol"),
    ("- a\n  1. b\n  2. c", "ul li a ol li b /li li c /li /ol /li /ul"),
    ("- a\n - b", "ul li a /li li b /li /ul"),
    ("- a\n\n  b\n- c", "ul li p a /p p b /p /li li p c /p /li /ul"),
    ("- a\n\n    b\n\n        code", "ul li p a /p p b /p pre code code /code /pre /li /ul"),
    ("- a\nb\n\nc", "ul li a b /li /ul p c /p"),
    ("text\n\n    - code", "p text /p pre code - code /code /pre"),
    ("* * *\n\n- a", "hr ul li a /li /ul"),
    ("#1 of its kind", "p #1 of its kind /p"),
    ("so\n#tag", "p so #tag /p"),
    ("## Heading ##", "h2 Heading /h2"),
    ("# Heading", "h2 Heading /h2"),
    ("> - a\n>   - b\n> - c", "blockquote ul li a ul li b /li /ul /li li c /li /ul /blockquote"),
    ("> - a\n>\n>   ```\n>   x\n>   ```", "blockquote ul li a pre code x /code /pre /li /ul /blockquote"),
    ("> so\n> ```\n> x\n> ```\n> b", "blockquote p so /p pre code x /code /pre p b /p /blockquote"),
    ("- > a\n  >\n  > - b\n- c", "ul li blockquote p a /p ul li b /li /ul /blockquote /li li c /li /ul"),
    ("- a\n  > b\n- c", "ul li p a /p blockquote p b /p /blockquote /li li p c /p /li /ul"),
    ("2024. A year", 'ol start="2024" li A year /li /ol'),
    ("so[^1]\n\n[^1]: https://a.example", "p so[^1] /p p [^1]: https://a.example /p"),
]


@pytest.mark.parametrize(("text", "meant"), MEANT)
def test_markdown_is_shown_as_its_author_meant_it(text, meant):
    assert re.sub(r"[<>\s]+", " ", str(render(text))).split() == meant.split()


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("so it is[^1]", "no footnotes"),
        ("[^note]: because", "no footnotes"),
        ("```\nx = 1", "not closed"),
        ("- a\n\n  ```\n  x", "not closed"),
        ("- ~~~\n  x\n  ~~", "not closed"),
        ("> " * 50 + "x", "too deeply nested"),
        ("> ```\n> x", "not closed"),
        ("so\n- a\n- b", "begins with “-”"),
        ("> so\n> - a", "begins with “-”"),
        ("- so\n  ---\n  so", "begins with “---”"),
        ("So\n---\nso", "“So” is shown as a heading"),
        ("\\- a\n`- b`\n5 > 3", ""),
        ("`[^a-z]` and\n\n```\n[^a-z]\n```\n", ""),
        ("```\n~~~\n```", ""),
        ("a `code` of ~5 and ``` here ```", ""),
    ],
)
def test_a_preview_says_what_is_shown_as_it_is_typed(text, hint):
    found = hints(text)
    assert len(found) == bool(hint)
    assert hint in "".join(found)


def test_many_open_fences_and_items_are_read_in_time():
    began = time.process_time()
    for text in (
        "~~~~\n" * 3999,
        "".join(f"{'~' * n}\n" for n in range(198, 2, -1)),
        "- a\n" * 4999,
        "- ~~~x\n" * 2800,
    ):
        render(text)
        hints(text)
    assert time.process_time() - began < 5
