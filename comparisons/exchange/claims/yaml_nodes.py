"""Read YAML. A value is the text that stands in the file: what YAML makes of `no` and `3.10` does not apply."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml
from django.utils.translation import gettext as _

from comparisons.exchange.invisible import code_point
from comparisons.exchange.nesting import line_of_deep_nesting
from comparisons.exchange.yaml_text import complaint, mended
from comparisons.language.cleaning import FORBIDDEN

from . import limits
from .limits import FileLimits, check_depth, check_names
from .nodes import Node, add_records
from .records import ClaimFile, Unreadable


def read_yaml(text: str, file: ClaimFile) -> None:
    """Add the claims and the problems of a text to the file. Raises Unreadable."""
    wrong = FORBIDDEN.search(text.replace("\r", ""))
    if wrong:
        line = text.count("\n", 0, text.find(wrong[0])) + 1
        raise Unreadable(line, _("The character %(name)s is not allowed.") % {"name": code_point(wrong[0])})
    if line := line_of_deep_nesting(text):
        check_depth(line, limits.MAX_DEPTH + 1)
    events = yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    try:
        add_records(_document(_Events(events)), file)
    except yaml.YAMLError as error:
        if other := mended(text, error):
            read_yaml(other, file)
            return
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        reason = complaint(error)
        message = _("This is not YAML: %(reason)s") % {"reason": reason}
        raise Unreadable(line, message if reason.endswith((".", "?")) else f"{message}.") from error
    except (ValueError, RecursionError) as error:
        raise Unreadable(1, _("This is not YAML: %(reason)s.") % {"reason": error}) from error


class _Events:
    """The events of the YAML parser, one by one; refuses aliases and tags, which a list of claims does not need."""

    def __init__(self, events: Iterator[Any]):
        self.events, self.limits, self.line = events, FileLimits(), 1

    def next(self) -> Any:
        event: Any = next(self.events)
        self.line = line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise Unreadable(line, _("Aliases and anchors are not allowed."))
        if isinstance(event, yaml.NodeEvent) and (tag := getattr(event, "tag", None)) not in (None, "!"):
            raise Unreadable(line, _("Tags such as “%(tag)s” are not allowed.") % {"tag": str(tag)[:40]})
        return event


def _document(events: _Events) -> Node:
    while not isinstance(event := events.next(), yaml.NodeEvent):
        if isinstance(event, yaml.StreamEndEvent):
            raise Unreadable(0, _("The file holds no claim."))
    node = _node(event, events, 1)
    while not isinstance(event := events.next(), yaml.StreamEndEvent):
        if isinstance(event, yaml.DocumentStartEvent):
            raise Unreadable(events.line, _("A second document begins here; put all claims in one list."))
    return node


def _node(event: Any, events: _Events, depth: int) -> Node:
    line = event.start_mark.line + 1
    if isinstance(event, yaml.ScalarEvent):
        is_null = not event.style and event.value in ("", "~", "null", "Null", "NULL")
        return Node(line, "" if is_null else event.value)
    check_depth(line, depth)
    if isinstance(event, yaml.SequenceStartEvent):
        items: list[Node] = []
        while not isinstance(inner := events.next(), yaml.SequenceEndEvent):
            events.limits.item(events.line)
            items.append(_node(inner, events, depth + 1))
        return Node(line, items)
    pairs: list[tuple[str, Node]] = []
    while not isinstance(inner := events.next(), yaml.MappingEndEvent):
        if not isinstance(inner, yaml.ScalarEvent):
            raise Unreadable(events.line, _("The name of a column has to be text."))
        pairs.append((inner.value, _node(events.next(), events, depth + 1)))
        check_names(events.line, [name for name, _value in pairs])
    return Node(line, pairs, is_map=True)
