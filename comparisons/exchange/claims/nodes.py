"""The records of a list of claims, each with a list of citations: YAML and JSON give the same nodes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from comparisons.domain.claim_fields import CLAIM_COLUMNS
from comparisons.exchange.claim_columns import CITATION_COLUMNS, CITATIONS, OTHER_FORM, is_other_form

from .cells import clean, is_column
from .decoding import FIXTURE
from .records import ClaimFile, FileRecord, Unreadable


@dataclass
class Node:
    """A text, a list, or a mapping as a list of pairs, with its line."""

    line: int
    value: Any
    is_map: bool = False


def add_records(node: Node, file: ClaimFile) -> None:
    """Add the claims of a list to the file, and its problems. Raises Unreadable if the node is not a list."""
    if node.is_map or not isinstance(node.value, list):
        message = _("Expected a list of claims, each with its citations.")
        if isinstance(node.value, str) and len(re.split("[,;\t]", node.value)) > 3:
            message += " " + _("This looks like a table; give the file a name that ends in .csv.")
        raise Unreadable(node.line, message)
    for item in node.value[:1]:
        names = {name for name, _value in item.value} if item.is_map else set()
        if {"model", "fields"} <= names:
            raise Unreadable(item.line, str(FIXTURE))
        if is_other_form(names):
            raise Unreadable(item.line, str(OTHER_FORM))
    for item in node.value:
        record = _record(item, file, (*CLAIM_COLUMNS, CITATIONS), "")
        if record is not None:
            file.records.append(record)


def _record(node: Node, file: ClaimFile, known: tuple[str, ...], label: str) -> FileRecord | None:
    if not node.is_map:
        file.refuse(node.line, label, _("Expected names and values, such as “%(name)s: …”.") % {"name": known[0]})
        return None
    record = FileRecord(node.line, {}, label=label)
    for name, value in node.value:
        shown, before = record.column(name), len(file.problems)
        if not is_column(file, value.line, name, known, shown[:80]):
            continue
        if name == CITATIONS:
            record.citations = _citations(value, file)
        elif isinstance(value.value, str):
            record.values[name] = clean(file, value.line, shown, value.value)
            record.lines[name] = value.line
        else:
            file.refuse(value.line, shown, _("Expected text here, not a list."))
        if len(file.problems) > before:
            file.unread.add((record.row, shown))
    return record


def _citations(node: Node, file: ClaimFile) -> list[FileRecord]:
    if node.value == "":
        return []
    if node.is_map or not isinstance(node.value, list):
        file.refuse(node.line, CITATIONS, _("Expected a list of citations."))
        return []
    found = (
        _record(item, file, CITATION_COLUMNS, _("citation %(number)d") % {"number": number})
        for number, item in enumerate(node.value, start=1)
    )
    return [record for record in found if record is not None]
