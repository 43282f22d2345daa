"""Markdown as people write it elsewhere, in the form that the converter reads: lists by four spaces, fences outside."""

from __future__ import annotations

import re

from markdown import Markdown
from markdown.blockprocessors import HashHeaderProcessor, ReferenceProcessor
from markdown.preprocessors import Preprocessor

#: Spaces for each level of a list.
LEVEL = 4
_ITEM = re.compile(r"( *)([-*+]|[0-9]{1,9}\.)( +)(.*)")
_RULE = re.compile(r" {0,3}([-*_])(?: *\1){2,} *")
_FENCE = re.compile(r"( *)(`{3,}|~{3,})[^`]*")
_QUOTE = re.compile(r"( *)> ?(.*)")
_QUOTED = re.compile(r"^ {0,3}(?:> ?)+")


class SpacedHashHeaders(HashHeaderProcessor):
    """Headings begin with "# "; a line that begins with "#1" or "#tag" does not become one."""

    RE = re.compile(r"(?:^|\n)(?P<level>#{1,6})[ ]+(?P<header>(?:\\.|[^\\])*?)#*(?:\n|$)")


class SourcesOfLinks(ReferenceProcessor):
    """The addresses of links at the end of a text; the text of a footnote is none, and stays."""

    RE = re.compile(r"^[ ]{0,3}\[(?!\^)" + ReferenceProcessor.RE.pattern.removeprefix(r"^[ ]{0,3}\["), re.MULTILINE)


class NestedBlocks(Preprocessor):
    """Give items, paragraphs and fences within lists the indentation that the converter takes for their level.

    An item is nested if it begins where the text of the one above does, be that two, three or four spaces. A fence
    within an item or a quote becomes indented code. What is indented by four spaces for each level stays as it is.
    Quotes are read in the same way.
    """

    def run(self, lines: list[str]) -> list[str]:
        return self._read(lines, in_quote=False)

    def _read(self, lines: list[str], *, in_quote: bool) -> list[str]:
        found: list[str] = []
        items: list[int] = []  # where the texts of the open ones begin
        after_blank, in_list, place = True, False, 0
        while place < len(lines):
            line = lines[place]
            place += 1
            if not line.strip():
                found.append(line)
                after_blank = True
                continue
            fence = _FENCE.fullmatch(line)
            end = _end_of_fence(lines, place, fence[2]) if fence else None
            if fence and end is not None:
                found += self._fence(items, fence, lines[place - 1 : end + 1], in_quote)
                place, after_blank = end + 1, False
                continue
            if self._begins_quote(items, line, after_blank):
                end = _end_of_quote(lines, place)
                if items and not after_blank:
                    found.append("")  # or it would become part of the paragraph of the item above
                indent = len(line) - len(line.lstrip(" "))
                while items and indent < items[-1]:
                    items.pop()
                found += self._quote(lines[place - 1 : end], len(items))
                place, after_blank, in_list = end, False, False
                continue
            inside = bool(items)
            is_item = self._line(found, items, line, after_blank)
            if is_item and inside and not after_blank and not in_list:
                found.insert(-1, "")  # or it would become part of the paragraph of the item above
            in_list = is_item if after_blank else in_list or is_item
            after_blank = False
            item = _ITEM.fullmatch(line) if is_item else None
            fence = _FENCE.fullmatch(item[4]) if item else None
            end = _end_of_fence(lines, place, fence[2]) if fence else None
            if item and end is not None:  # "- ```": the text of the item is a fence
                found[-1] = found[-1].removesuffix(item[4])
                found += _indented(lines[place:end], items[-1], len(items))
                place = end + 1
            elif item and _QUOTE.fullmatch(item[4]):  # "- > so": the text of the item is a quote
                end = _end_of_quote(lines, place)
                first, *more = self._quote([item[4], *lines[place:end]], len(items) - 1)
                found[-1] = found[-1].removesuffix(item[4]) + first.lstrip(" ")
                found += more
                place = end
        return found

    def _begins_quote(self, items: list[int], line: str, after_blank: bool) -> bool:
        """Whether a line begins a quote, and not code or a further line of a paragraph."""
        quote = _QUOTE.fullmatch(line)
        if not quote:
            return False
        indent = len(quote[1])
        within = [start for start in items if start <= indent]
        return indent < LEVEL or (
            bool(within) and not (after_blank and indent >= max(within[-1], LEVEL * len(within)) + LEVEL)
        )

    def _quote(self, lines: list[str], depth: int) -> list[str]:
        """The lines of a quote in so many lists."""
        inner = [quote[2] for line in lines if (quote := _QUOTE.fullmatch(line))]
        return [f"{' ' * (LEVEL * depth)}> {line}".rstrip(" ") for line in self._read(inner, in_quote=True)]

    def _line(self, found: list[str], items: list[int], line: str, after_blank: bool) -> bool:
        """Add a line that is neither blank nor of a fence, and keep the open items; whether it is an item."""
        indent = len(line) - len(line.lstrip(" "))
        item = None if _RULE.fullmatch(line) else _ITEM.fullmatch(line)
        if item or after_blank:
            while items and indent < items[-1] and not (not item and indent >= LEVEL * len(items)):
                items.pop()
        depth = len(items)
        is_code = indent >= LEVEL and (not items or (after_blank and indent >= items[-1] + LEVEL))
        if is_code or not (item or items):
            found.append(line)
            return False
        if item:
            found.append(line if not depth else " " * (LEVEL * depth) + line.lstrip(" "))
            items.append(indent + len(item[2]) + min(len(item[3]), LEVEL))
        elif items[-1] <= indent < LEVEL * depth:
            found.append(" " * (LEVEL * depth) + line.lstrip(" "))
        else:
            found.append(line)
        return item is not None

    def _fence(self, items: list[int], fence: re.Match[str], lines: list[str], in_quote: bool) -> list[str]:
        """A closed fence, as indented code of the item or quote that it belongs to, or as it is outside of these."""
        indent = len(fence[1])
        while items and indent < items[-1]:
            items.pop()
        if items or in_quote:
            return _indented(lines[1:-1], indent, len(items))
        if indent >= LEVEL:
            return lines
        # What stands beside the marks is shown nowhere, and the converter does not know all of it.
        return [fence[2], *(_without(line, indent) for line in lines[1:-1]), fence[2]]


def _end_of_fence(lines: list[str], start: int, fence: str) -> int | None:
    """The line that closes a fence; None if there is none."""
    closing = re.compile(rf" *{re.escape(fence[0])}{{{len(fence)},}} *")
    return next((place for place in range(start, len(lines)) if closing.fullmatch(lines[place])), None)


def _end_of_quote(lines: list[str], start: int) -> int:
    """The first line from here on that does not go on with a quote."""
    return next((place for place in range(start, len(lines)) if not _QUOTE.fullmatch(lines[place])), len(lines))


def _without(line: str, indent: int) -> str:
    return line[min(indent, len(line) - len(line.lstrip(" "))) :]


def _indented(code: list[str], indent: int, depth: int) -> list[str]:
    space = " " * (LEVEL * (depth + 1))
    return ["", *(f"{space}{_without(line, indent)}" if line.strip() else "" for line in code), ""]


def has_open_fence(text: str) -> bool:
    """Whether a fence is opened and never closed, so that its marks are shown."""
    lines, place = [_QUOTED.sub("", line) for line in text.splitlines()], 0
    while place < len(lines):
        fence = re.match(r" {0,3}(?:(?:[-*+]|[0-9]{1,9}\.) +)?(`{3,}|~{3,})[^`]*$", lines[place])
        place += 1
        if fence:
            end = _end_of_fence(lines, place, fence[1])
            if end is None:
                return True
            place = end + 1
    return False


def register(converter: Markdown) -> None:
    """Let a converter of blocks read text so. Before fences are taken out of it, after its tabs have become spaces."""
    converter.preprocessors.register(NestedBlocks(converter), "nested_blocks", 27)
    converter.parser.blockprocessors.register(SpacedHashHeaders(converter.parser), "hashheader", 70)
    converter.parser.blockprocessors.register(SourcesOfLinks(converter.parser), "reference", 15)
