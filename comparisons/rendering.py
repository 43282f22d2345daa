"""Text from people as safe HTML. The one place that calls anything safe."""

import html
import re
from functools import lru_cache

import markdown
import nh3
from django.utils.safestring import SafeString, mark_safe

#: Longest text that is rendered, in characters; longer ones are shown as plain text.
MAX_LENGTH = 20_000
#: Deepest nesting of quotes and lists that is rendered.
MAX_DEPTH = 12
TAGS = {
    "a", "abbr", "blockquote", "br", "code", "dd", "del", "dl", "dt", "em", "h2", "h3", "h4", "hr", "ins", "li",
    "ol", "p", "pre", "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
INLINE = {"a", "abbr", "code", "em", "strong", "sub", "sup"}
SCHEMES = {"http", "https", "mailto"}
LINK_REL = "nofollow ugc noopener"
_DEEP = re.compile(rf"^(?:[ \t]*[>*+-]){{{MAX_DEPTH},}}|^[ \t]{{{MAX_DEPTH * 4},}}\S", re.MULTILINE)


def _converter() -> markdown.Markdown:
    converter = markdown.Markdown(
        extensions=["fenced_code", "sane_lists", "def_list", "tables"], output_format="html", tab_length=4
    )
    converter.preprocessors.deregister("html_block")
    converter.inlinePatterns.deregister("html")
    return converter


@lru_cache(maxsize=4096)
def render(text: str, *, inline: bool = False) -> SafeString:
    """Markdown as HTML of allow-listed tags; raw HTML in it is shown as text.

    inline: without paragraphs, for use inside a heading or a sentence. "" gives "".
    """
    if len(text) > MAX_LENGTH or _DEEP.search(text):
        rough = f"<p>{nh3.clean_text(text[:MAX_LENGTH])}</p>"
    else:
        rough = _converter().convert(text)
    clean = nh3.clean(
        rough,
        tags=INLINE if inline else TAGS,
        attributes={"*": set(), "a": {"href"}, "abbr": {"title"}},
        url_schemes=SCHEMES,
        link_rel=LINK_REL,
        clean_content_tags={"script", "style"},
    )
    return mark_safe(clean.strip())  # noqa: S308 (cleaned by nh3 just above)


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """Markdown without its marks, for titles and descriptions: text, to be escaped where it is shown."""
    clean = nh3.clean(_converter().convert(text[:MAX_LENGTH]), tags=set())
    return re.sub(r"\s+", " ", html.unescape(clean)).strip()
