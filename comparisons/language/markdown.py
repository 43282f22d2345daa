"""Markdown from people as safe HTML. This is the only place that marks a string as safe."""

import html
import json
import re
from functools import lru_cache
from typing import Any

import markdown
import nh3
from django.utils.safestring import SafeString, mark_safe

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
#: Characters that may be Markdown, anywhere in a text or at its beginning.
_MARKS = re.compile(r"[\\`*_\[\]<>&#!|~\n\r\x02\x03]|^\s*(?:[-+=:]|\d+[.)])")
_DEEP = re.compile(rf"^(?:[ \t]*[>*+-]){{{MAX_DEPTH},}}|^[ \t]{{{MAX_DEPTH * 4},}}\S", re.MULTILINE)


def _converter() -> markdown.Markdown:
    converter = markdown.Markdown(
        extensions=["fenced_code", "sane_lists", "def_list", "tables"], output_format="html", tab_length=4
    )
    converter.preprocessors.deregister("html_block")
    converter.inlinePatterns.deregister("html")
    return converter


def _convert(text: str) -> str:
    """Markdown as HTML that is not sanitised yet; text that would take too long to convert, as one plain paragraph."""
    costly = len(text) > MAX_LENGTH or _DEEP.search(text) or any(text.count(mark) > MAX_MARKS for mark in "[*_`<!&\\|")
    return f"<p>{nh3.clean_text(text[:MAX_LENGTH])}</p>" if costly else _converter().convert(text)


@lru_cache(maxsize=4096)
def render(text: str, *, inline: bool = False) -> SafeString:
    """Markdown as HTML of allow-listed tags; raw HTML in it is shown as text.

    inline: without paragraphs, for use inside a heading or a sentence. "" gives "".
    """
    clean = nh3.clean(
        _convert(text),
        tags=INLINE if inline else TAGS,
        attributes={"*": set(), "a": {"href"}, "abbr": {"title"}},
        url_schemes=SCHEMES,
        link_rel=LINK_REL,
        clean_content_tags={"script", "style"},
    )
    return mark_safe(clean.strip())  # noqa: S308 (cleaned by nh3 just above)


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """Markdown as plain text, for titles and descriptions. It is not escaped.

    Most statements contain no Markdown. They are not rendered, which would take a thousand times as long.
    """
    if len(text) <= MAX_LENGTH and not _MARKS.search(text):
        return " ".join(text.split())
    clean = nh3.clean(_convert(text), tags=set())
    return re.sub(r"\s+", " ", html.unescape(clean)).strip()


#: Characters that could end a script element, or begin a comment in it, as JSON escapes.
_IN_SCRIPT = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}


def json_ld(data: dict[str, Any]) -> SafeString:
    """Linked data as a script element that holds no code, so no content security policy applies to it."""
    text = json.dumps(data, ensure_ascii=False).translate(_IN_SCRIPT)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 (no < > & is left in it)
