"""Markdown from people as safe HTML. This is the only place that marks a string as safe."""

import html
import json
import re
from functools import lru_cache
from typing import Any

import markdown
import nh3
from django.utils.safestring import SafeString, mark_safe

from comparisons.language import markdown_blocks

#: Longest text that is rendered, in characters; longer ones are shown as plain text.
MAX_LENGTH = 20_000
#: Deepest nesting of quotes and lists that is rendered.
MAX_DEPTH = 12
#: The most marks of one kind that are rendered: for each open one the converter scans all the text after it.
MAX_MARKS = 300
TAGS = {
    "a", "abbr", "blockquote", "br", "code", "dd", "del", "dl", "dt", "em", "h2", "h3", "h4", "hr", "ins", "li",
    "ol", "p", "pre", "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
INLINE = {"a", "abbr", "code", "em", "strong", "sub", "sup"}
SCHEMES = {"http", "https", "mailto"}
LINK_REL = "nofollow ugc noopener"
#: Characters that may be Markdown within a sentence.
_MARKS = re.compile(r"[\\`*_\[\]<&!\x02\x03]")
#: What reads the beginning of a line as a list, a heading and the like; within a sentence it is a word.
_BLOCKS = ("indent", "code", "hashheader", "setextheader", "hr", "olist", "ulist", "quote", "reference")
_FOOTNOTE = re.compile(r"\[\^[^\]\s]{1,40}\]")
#: Headings of levels that pages do not have: the first is the title of the page.
_OTHER_HEADING = re.compile(r"(?<=<h|/h)[156](?=>)")
#: What begins a line as a list, a fence, a quote or a heading, or is a rule; and marks that are to be shown.
_MARK_AT_START = re.compile(
    r"^\s*([-*+](?= \S)|[0-9]{1,9}\.(?= \S)|`{3,}|~{3,}|>|#{1,6}(?= )|[-=*_]{3,}$)", re.MULTILINE
)
_ESCAPED = re.compile(r"\\[-*+.`~>#=_]")
_UNDERLINED = re.compile(r"^[ >]*(\S[^\n]*)\n[ >]*(?:=+|-+) *$", re.MULTILINE)
_CODE = re.compile(r"^ *(`{3,}|~{3,})[^`]*?^ *\1|`[^`\n]*`", re.MULTILINE | re.DOTALL)
_DEEP = re.compile(rf"^(?:[ \t]*[>*+-]){{{MAX_DEPTH},}}|^[ \t]{{{MAX_DEPTH * 4},}}\S", re.MULTILINE)


def _converter(*, inline: bool) -> markdown.Markdown:
    """A converter of text with blocks, or of a sentence, in which "#1", "2024." or "- " at the beginning are words."""
    extensions = [] if inline else ["fenced_code", "sane_lists", "def_list", "tables"]
    converter = markdown.Markdown(extensions=extensions, output_format="html", tab_length=4)
    converter.preprocessors.deregister("html_block")
    converter.inlinePatterns.deregister("html")
    if inline:
        for name in _BLOCKS:
            converter.parser.blockprocessors.deregister(name)
    else:
        markdown_blocks.register(converter)
    return converter


def is_costly(text: str) -> bool:
    """Whether text would take too long to convert, so that it is shown as it is."""
    too_deep = _DEEP.search(text) is not None
    return len(text) > MAX_LENGTH or too_deep or any(text.count(mark) > MAX_MARKS for mark in "[*_`<!&\\|")


def _convert(text: str, *, inline: bool) -> str:
    """Markdown as HTML that is not sanitised yet; text that would take too long to convert, as one plain paragraph."""
    if is_costly(text):
        return f"<p>{nh3.clean_text(text[:MAX_LENGTH])}</p>"
    converted = _converter(inline=inline).convert(text)
    return _OTHER_HEADING.sub(lambda level: "2" if level[0] == "1" else "4", converted)


def has_footnote(text: str) -> bool:
    """Whether text outside of code refers to a footnote, as in "so it is[^1]"; there are none here."""
    return _FOOTNOTE.search(_CODE.sub("", text)) is not None


def mark_shown(text: str) -> str:
    """What begins a line as a list, a quote and the like would, though it is shown as typed; "" if nothing does."""
    shown = re.sub(r"(?s)<(pre|code)>.*?</\1>", "x", render(_ESCAPED.sub("x", text)))
    found = _MARK_AT_START.search(html.unescape(re.sub(r"<[^>]*>", "", shown)))
    return found[1] if found else ""


def accidental_heading(text: str) -> str:
    """The first line that is a heading only since a line of dashes stands beneath it; "" if there is none."""
    found = _UNDERLINED.search(_CODE.sub("", text))
    return found[1] if found and "<h2>" in render(text) else ""


@lru_cache(maxsize=4096)
def render(text: str, *, inline: bool = False, links: bool = True) -> SafeString:
    """Markdown as HTML of allow-listed tags; raw HTML in it is shown as text. "" gives "".

    inline: without paragraphs, lists or headings, for use inside a heading or a sentence.
    links: False leaves the words of links and drops the links, for use inside another link.
    """
    clean = nh3.clean(
        _convert(text, inline=inline),
        tags=(INLINE if inline else TAGS) - (set() if links else {"a"}),
        attributes={"*": set(), "a": {"href"}, "abbr": {"title"}, "ol": {"start"}},
        url_schemes=SCHEMES,
        link_rel=LINK_REL,
        clean_content_tags={"script", "style"},
    )
    return mark_safe(clean.strip())  # noqa: S308 (cleaned by nh3 just above)


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """Markdown as one line of plain text, for titles and descriptions. It is not escaped. "" gives "".

    It is read as a sentence: what marks a list or a heading stays, since it may be a word.
    Most statements contain no Markdown. They are not rendered, which would take a thousand times as long.
    """
    if len(text) <= MAX_LENGTH and not _MARKS.search(text):
        return " ".join(text.split())
    clean = nh3.clean(_convert(text, inline=True), tags=set())
    return re.sub(r"\s+", " ", html.unescape(clean)).strip()


#: The languages of files by their ending, as Pygments calls them; any other is plain text.
_LANGUAGES = {".py": "python", ".html": "html+django", ".toml": "toml", ".ini": "ini"}


@lru_cache(maxsize=1024)
def highlighted(code: str, ending: str = ".py") -> SafeString:
    """Code as HTML with the short classes of Pygments, without a frame of its own. ending: of the file's name."""
    # Imported here, since they take much memory and only pages with code need them.
    from pygments import highlight
    from pygments.formatters.html import HtmlFormatter
    from pygments.lexers import get_lexer_by_name

    lexer = get_lexer_by_name(_LANGUAGES.get(ending, "text"))
    return mark_safe(highlight(code, lexer, HtmlFormatter(nowrap=True)))  # noqa: S308 (Pygments escapes it)


#: Characters that could end a script element, or begin a comment in it, as JSON escapes.
_IN_SCRIPT = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}


def json_ld(data: dict[str, Any]) -> SafeString:
    """Linked data as a script element that holds no code, so no content security policy applies to it."""
    text = json.dumps(data, ensure_ascii=False).translate(_IN_SCRIPT)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 (no < > & is left in it)
