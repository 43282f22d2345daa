"""Pages as their source text nests them. A browser would mend a link in a link before a test could see it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from html.parser import HTMLParser

VOID = frozenset(("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"))
#: Elements that say something, or should not be there.
MUST_SAY = frozenset(
    ("p", "li", "ul", "ol", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "th", "td", "caption", "figcaption",
     "a", "button", "summary", "label", "legend", "blockquote", "option", "b", "strong", "em", "small", "code", "abbr",
     "time", "title", "section", "nav", "ins", "del", "mark", "table", "tbody", "thead", "tr")
)  # fmt: skip
#: Elements that show something without words.
SHOW = frozenset(("svg", "img", "input", "textarea", "select"))
#: A name such as "queue()" is none.
_EMPTY_BRACKETS = re.compile(r"(?<![\w.])\(\s*\)|“\s*”")
#: Letters of Hebrew and Arabic.
_RIGHT_TO_LEFT = re.compile(r"[\u0590-\u06ff]")


@dataclass
class _Element:
    name: str
    classes: list[str]
    line: int
    says: bool
    isolates: bool


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[_Element] = []
        self.empty: list[str] = []
        self.nested: list[str] = []
        self.words: list[str] = []
        self.ids: list[str] = []
        self.not_isolated: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SHOW or (tag == "i" and any("tally" in one.classes for one in self.open)):
            self._fill()
        if tag in VOID:
            return
        if tag == "a" and any(one.name == "a" for one in self.open):
            self.nested.append(f"line {self.getpos()[0]}: {self.get_starttag_text()}")
        found = dict(attrs)
        self.ids += [found["id"]] if found.get("id") else []
        isolates = tag == "bdi" or found.get("dir") == "auto"
        is_filled_later = found.get("role") in ("status", "alert")
        self.open.append(_Element(tag, (found.get("class") or "").split(), self.getpos()[0], is_filled_later, isolates))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An SVG shape: it has neither words nor an end tag."""

    def handle_endtag(self, tag: str) -> None:
        while self.open:
            one = self.open.pop()
            matters = one.name in MUST_SAY or {"vh", "tally"} & set(one.classes)
            is_corner = one.name == "td" and [parent.name for parent in self.open[-2:]] == ["thead", "tr"]
            if matters and not one.says and not is_corner:
                self.empty.append(f"line {one.line}: <{one.name} class={' '.join(one.classes)!r}>")
            if one.name == tag:
                return

    def handle_data(self, data: str) -> None:
        if any(one.name in ("script", "style", "pre", "code", "textarea") for one in self.open):
            self._fill()
            return
        names = {one.name for one in self.open}
        if (
            _RIGHT_TO_LEFT.search(data)
            and not names & {"title", "option"}
            and not any("print-head" in one.classes for one in self.open)
            and not any(one.isolates for one in self.open)
        ):
            self.not_isolated.append(f"line {self.getpos()[0]}: <{self.open[-1].name}> {data.strip()[:30]}")
        self.words.append(data)
        if re.search(r"\w|[–—…+−×→↑↓●·]", data):
            self._fill()

    def _fill(self) -> None:
        for one in self.open:
            one.says = True


@dataclass(frozen=True)
class Markup:
    """What is wrong with a page: empty elements, links in links, empty brackets, repeated ids, and
    words of another direction that are not set apart from the line they stand in.
    """

    empty: list[str]
    nested_links: list[str]
    empty_brackets: list[str]
    repeated_ids: list[str]
    not_isolated: list[str]
    text: str


def read(page: str) -> Markup:
    """Read the source of a page."""
    reader = _Reader()
    reader.feed(page)
    text = re.sub(r"\s+", " ", "".join(reader.words))
    brackets = [text[max(0, found.start() - 40) : found.end()] for found in _EMPTY_BRACKETS.finditer(text)]
    repeated = [name for name, count in Counter(reader.ids).items() if count > 1]
    return Markup(reader.empty, reader.nested, brackets, repeated, reader.not_isolated, text)
