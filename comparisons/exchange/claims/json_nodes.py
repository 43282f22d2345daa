"""Read JSON. Numbers, true and false are taken as the text that stands in the file."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, NoReturn

from django.utils.translation import gettext as _

from .limits import FileLimits, check_depth, check_names
from .nodes import Node, add_records
from .records import ClaimFile, Unreadable


class _Pairs(list):
    """A JSON object with all its pairs, repeated names included."""


def _no_constant(word: str) -> NoReturn:
    raise ValueError(_("%(word)s is not a number that can be stored") % {"word": word})


def read_json(text: str, file: ClaimFile) -> None:
    """Add the claims and the problems of a text to the file. Raises Unreadable."""
    if text.lstrip().startswith("{"):
        raise Unreadable(1, _("Expected a list of claims, each with its citations."))
    _check_shape(text)
    decoder = json.JSONDecoder(
        object_pairs_hook=_Pairs, parse_constant=_no_constant, parse_int=str, parse_float=str, strict=True
    )
    try:
        add_records(Node(1, list(_elements(text, decoder))), file)
    except json.JSONDecodeError as error:
        message = _("This is not JSON: %(reason)s in column %(column)d.")
        raise Unreadable(error.lineno, message % {"reason": error.msg, "column": error.colno}) from error
    except (ValueError, RecursionError) as error:
        raise Unreadable(1, _("This is not JSON: %(reason)s.") % {"reason": error}) from error


def _check_shape(text: str) -> None:
    """Raise Unreadable for deep nesting and long lists before anything is built from them."""
    counter, depth, line = FileLimits(), 0, 1
    for part in re.finditer(r'"(?:[^"\\]|\\.)*+"|[\[\]{}\n]', text, re.DOTALL):
        mark = part[0][0]
        if mark == '"':
            line += part[0].count("\n")
        elif mark == "\n":
            line += 1
        elif mark in "[{":
            depth += 1
            check_depth(line, depth)
            if mark == "{":
                counter.item(line)
        else:
            depth -= 1


def _elements(text: str, decoder: json.JSONDecoder) -> Iterator[Node]:
    """The elements of the list in a text, each with its line."""
    blank: Callable[[int], int] = lambda at: re.compile(r"[ \t\r\n]*").match(text, at).end()  # type: ignore[union-attr]  # noqa: E731
    at = blank(0)
    if text[at : at + 1] != "[":
        raise Unreadable(text.count("\n", 0, at) + 1, _("Expected a list of claims, each with its citations."))
    at, line, counted = blank(at + 1), 1, 0
    more = text[at : at + 1] != "]"
    while more:
        line, counted = line + text.count("\n", counted, at), at
        value, end = decoder.raw_decode(text, at)
        yield _node(value, line)
        at = blank(end)
        more = text[at : at + 1] == ","
        if not more and text[at : at + 1] != "]":
            raise json.JSONDecodeError("expected a comma or the end of the list", text, at)
        at = blank(at + 1) if more else at
    if (end := blank(at + 1)) != len(text):
        raise json.JSONDecodeError("there is more after the list", text, end)


def _node(value: Any, line: int) -> Node:
    """A JSON value as a node; a value that is not text becomes the text by which JSON writes it."""
    if isinstance(value, _Pairs):
        names: list[str] = []
        for name, _inner in value:
            names.append(name)
            check_names(line, names)
        return Node(line, [(name, _node(inner, line)) for name, inner in value], is_map=True)
    if isinstance(value, list):
        return Node(line, [_node(inner, line) for inner in value])
    if value is None or isinstance(value, bool):
        return Node(line, "" if value is None else str(value).lower())
    return Node(line, value)
