"""Read claims with citations from CSV, YAML or JSON. The file is hostile until shown otherwise: every limit is here.

Whatever the format, a value is the text that stands in the file: YAML's idea of `no` and `3.10` does not apply.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, NoReturn

import yaml
from django.utils.text import slugify
from django.utils.translation import gettext as _

from comparisons.domain.vocabulary import CONDITIONS
from comparisons.exchange.formulas import is_formula, unescaped
from comparisons.exchange.nesting import line_of_deep_nesting
from comparisons.models.base import _FORBIDDEN, tidy

FORMATS = ("csv", "yaml", "json")
CLAIM_COLUMNS = (
    "key", "framework", "criterion", "kind", "polarity", "statement",
    "level", "number", "number_high", "approximate", "text", "since_version", "until_version",
    *CONDITIONS,
    "impact", "remedy",
)  # fmt: skip
CITATION_COLUMNS = ("article", "stance", "says", "locator", "quote", "reading")
COLUMNS = (*CLAIM_COLUMNS, *CITATION_COLUMNS)
#: Fields of a claim that only people set, one claim at a time.
NOT_IMPORTED = frozenset(
    [
        "status",
        "published_at",
        "withdrawn_at",
        "withdrawal_reason",
        "author",
        "written_by",
        "mark",
        "mark_note",
        "verdict",
        "verdict_note",
        "verdict_on",
        "verdict_articles",
        "version",
        "id",
        "pk",
    ]
)
#: Limits: bytes of a file; rows (claims and citations) and columns of it; characters of a cell; levels of nesting.
MAX_BYTES, MAX_ROWS, MAX_COLUMNS, MAX_CELL, MAX_DEPTH = 10_000_000, 50_000, 60, 20_000, 4
#: The parts that a claim and its citations make: list, claim, citations, citation.
CITATIONS = "citations"


@dataclass(frozen=True)
class Problem:
    """One thing wrong: where, and what to do. row: 0 for the file as a whole; column: "" for the row as a whole."""

    row: int
    column: str
    message: str


class Unreadable(Exception):
    """The file as a whole cannot be read; `problem` says where and why."""

    def __init__(self, row: int, message: str, column: str = ""):
        self.problem = Problem(row, column, message)
        super().__init__(message)


@dataclass
class Record:
    """A claim or a citation of a file. values: what the file says, by column; a column it has not is left out.

    label: "" for a claim, else which of its citations this is, where the row alone does not tell.
    """

    row: int
    values: dict[str, str]
    citations: list[Record] = field(default_factory=list)
    label: str = ""

    def column(self, name: str) -> str:
        return f"{self.label}, {name}" if self.label and name else self.label or name

    @property
    def key(self) -> str:
        """The key it gives, or one made from what it says: the same file gives the same keys."""
        return self.values.get("key") or derived_key(self.values)


@dataclass
class Source:
    """What was read. unit: what `row` counts: "row" of a sheet, "line" of a text."""

    name: str
    unit: str
    records: list[Record] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    digest: str = ""

    def refuse(self, row: int, column: str, message: str) -> None:
        self.problems.append(Problem(row, column, message))


def derived_key(values: dict[str, str]) -> str:
    """A key from framework, criterion and statement: readable, and different for different claims."""
    parts = [values.get(name, "") for name in ("framework", "criterion", "statement")]
    digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:10]
    words = slugify(" ".join([parts[0], parts[2]])).replace("_", "-")[:60].strip("-")
    return f"{words or 'claim'}-{digest}"


def read(content: bytes, format: str, name: str = "") -> Source:
    """The records of a file, with all problems that single cells have. Raises Unreadable."""
    if len(content) > MAX_BYTES:
        raise Unreadable(
            0, _("The file has more than %(size)d MB; cut it in parts.") % {"size": MAX_BYTES // 1_000_000}
        )
    text = _decoded(content)
    source = Source(name, "row" if format == "csv" else "line", digest=hashlib.sha256(content).hexdigest())
    if not text.strip():
        raise Unreadable(0, _("The file is empty."))
    {"csv": _read_csv, "yaml": _read_yaml, "json": _read_json}[format](text, source)
    if not source.records and not source.problems:
        raise Unreadable(0, _("The file holds no claim."))
    return source


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unreadable(1, _("The file is UTF-16. Save it as UTF-8 and try again."))
    at = content.find(b"\0")
    if at >= 0:
        message = _("Byte %(at)d is a NUL: this is no text file, or not UTF-8. Save it as UTF-8.")
        raise Unreadable(content.count(b"\n", 0, at) + 1, message % {"at": at + 1})
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = _("Byte %(at)d in line %(line)d (hexadecimal %(byte)02x) is not UTF-8. Save the file as UTF-8.")
        at, line = error.start, content.count(b"\n", 0, error.start) + 1
        raise Unreadable(line, message % {"at": at + 1, "line": line, "byte": content[at]}) from error


def _cell(source: Source, row: int, column: str, text: str) -> str:
    """The text of a cell in the form in which texts are stored; a problem is noted."""
    if len(text) > MAX_CELL:
        message = _("This has %(length)d characters; no text may have more than %(most)d.")
        source.refuse(row, column, message % {"length": len(text), "most": MAX_CELL})
        return ""
    wrong = _FORBIDDEN.search(text.replace("\r", ""))
    if wrong:
        message = _("The character U+%(code)04X cannot be stored; delete it.")
        source.refuse(row, column, message % {"code": ord(wrong[0])})
        return ""
    return tidy(text).strip()


def _check_column(source: Source, row: int, name: str, known: tuple[str, ...], shown: str = "") -> bool:
    """Whether this is a column of an import; why not is noted."""
    if name in known:
        return True
    if name in NOT_IMPORTED:
        message = _("An import cannot set this: status, verdict and review are given by people. Delete the column.")
    else:
        near = get_close_matches(name, known, 1)
        message = _("There is no such column.")
        message += " " + _("Did you mean “%(name)s”?") % {"name": near[0]} if near else ""
    source.refuse(row, shown or name[:80], message)
    return False


# CSV: one row for each claim and citation


def _read_csv(text: str, source: Source) -> None:
    header, rows = _rows(text)
    names = [re.sub(r"[\s_]+", "_", cell.strip().lower()) for cell in header]
    if len(names) > MAX_COLUMNS:
        raise Unreadable(1, _("There are more than %(most)d columns.") % {"most": MAX_COLUMNS})
    while names and not names[-1]:
        names.pop()
    wanted = [_check_column(source, 1, name, COLUMNS) for name in names]
    for name in sorted({name for name in names if names.count(name) > 1}):
        raise Unreadable(1, _("This column is there twice."), name)
    found: dict[str, Record] = {}
    for number, cells in rows:
        if number > MAX_ROWS:
            raise Unreadable(
                number, _("There are more than %(most)d rows; cut the file in parts.") % {"most": MAX_ROWS}
            )
        if not any(cell.strip() for cell in cells):
            continue
        extra = cells[len(names) :]
        if len(cells) < len(names) or any(extra):
            message = _("This row has %(here)d cells, and the first row %(there)d. Check commas and quotation marks.")
            source.refuse(number, "", message % {"here": len(cells), "there": len(names)})
            continue
        values = {
            name: _csv_cell(source, number, name, cell)
            for name, cell, is_known in zip(names, cells, wanted, strict=False)
            if is_known
        }
        _add_row(source, found, number, values)
    source.records = list(found.values())


def _rows(text: str) -> tuple[list[str], Iterator[tuple[int, list[str]]]]:
    """The first row, and the others with their numbers; the separator is the one that gives the most columns."""
    first = text.split("\n", 1)[0]
    known = {mark: len(set(re.split(f"[{mark}]", re.sub(r'["\s]', "", first) if mark != "\t" else first.strip()))
                       & set(COLUMNS)) for mark in ",;\t"}  # fmt: skip
    mark = max(known, key=lambda mark: known[mark])

    def numbered() -> Iterator[tuple[int, list[str]]]:
        reader, number = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True), 0
        while True:
            number += 1
            try:
                yield number, next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                message = _(
                    "From here on the file cannot be read (%(error)s). Is a quotation mark opened and not closed, or "
                    "not written twice inside a text?"
                )
                raise Unreadable(number, message % {"error": error}) from error

    rows = numbered()
    header = next(rows, (1, []))[1]
    if not known[mark] and not {cell.strip().lower() for cell in header} & set(COLUMNS):
        message = _(
            "The first row has to name the columns, such as %(names)s; a comma, semicolon or tab separates them."
        )
        raise Unreadable(1, message % {"names": ", ".join(COLUMNS[1:6])})
    return header, rows


def _csv_cell(source: Source, row: int, column: str, cell: str) -> str:
    if is_formula(cell):
        message = _(
            "It begins with “%(mark)s”, which a spreadsheet takes for a formula. If it is text, put an apostrophe "
            "before it."
        )
        source.refuse(row, column, message % {"mark": cell.strip()[:1] or _("a tab or a new line")})
        return ""
    return _cell(source, row, column, unescaped(cell))


def _add_row(source: Source, found: dict[str, Record], row: int, values: dict[str, str]) -> None:
    claim = {name: value for name, value in values.items() if name in CLAIM_COLUMNS}
    cited = {name: value for name, value in values.items() if name in CITATION_COLUMNS}
    if not any(claim.values()):
        source.refuse(row, "key", _("This row names no claim: give its key, or repeat what the row of the claim says."))
        return
    if not any(value for name, value in claim.items() if name != "key"):
        claim = {"key": claim["key"]}  # the row only cites
    record = Record(row, claim)
    first = found.setdefault(record.key, record)
    if first.values.keys() == {"key"}:
        first.values |= claim
    elif first is not record:
        for name, value in claim.items():
            if value and value != first.values[name]:
                message = _("Row %(first)d says something else of the claim “%(key)s”; leave it empty or say the same.")
                source.refuse(row, name, message % {"first": first.row, "key": record.key})
    if any(cited.values()):
        first.citations.append(Record(row, cited))
    elif first is not record:
        source.refuse(
            row, "", _("This row repeats the claim of row %(first)d and cites nothing.") % {"first": first.row}
        )


# YAML and JSON: a list of claims, each with a list of citations


@dataclass
class _Node:
    """Text, a list, or a mapping as a list of pairs; with its line."""

    line: int
    value: Any
    is_map: bool = False


def _records(node: _Node, source: Source) -> None:
    if node.is_map or not isinstance(node.value, list):
        raise Unreadable(node.line, _("Expected a list of claims, each with its citations."))
    for item in node.value:
        record = _record(item, source, (*CLAIM_COLUMNS, CITATIONS), "")
        if record is not None:
            source.records.append(record)


def _record(node: _Node, source: Source, known: tuple[str, ...], label: str) -> Record | None:
    if not node.is_map:
        source.refuse(node.line, label, _("Expected names and values, such as “%(name)s: …”.") % {"name": known[0]})
        return None
    record = Record(node.line, {}, label=label)
    for name, value in node.value:
        shown = record.column(name)
        if not _check_column(source, value.line, name, known, shown[:80]):
            continue
        if name == CITATIONS:
            record.citations = _citations(value, source)
        elif isinstance(value.value, str):
            record.values[name] = _cell(source, value.line, shown, value.value)
        else:
            source.refuse(value.line, shown, _("Expected text here, not a list."))
    return record


def _citations(node: _Node, source: Source) -> list[Record]:
    if node.value == "":
        return []
    if node.is_map or not isinstance(node.value, list):
        source.refuse(node.line, CITATIONS, _("Expected a list of citations."))
        return []
    found = (
        _record(item, source, CITATION_COLUMNS, _("citation %(number)d") % {"number": number})
        for number, item in enumerate(node.value, start=1)
    )
    return [record for record in found if record is not None]


class _Limits:
    """Counts what a file holds, and stops it in time."""

    def __init__(self) -> None:
        self.items = 0

    def item(self, line: int) -> None:
        self.items += 1
        if self.items > MAX_ROWS:
            raise Unreadable(
                line, _("There are more than %(most)d entries; cut the file in parts.") % {"most": MAX_ROWS}
            )

    def depth(self, line: int, depth: int) -> None:
        if depth > MAX_DEPTH:
            raise Unreadable(line, _("It is nested more than %(most)d levels deep.") % {"most": MAX_DEPTH})

    def pairs(self, line: int, names: list[str]) -> None:
        if len(names) > MAX_COLUMNS:
            raise Unreadable(line, _("There are more than %(most)d columns.") % {"most": MAX_COLUMNS})
        if names[-1] in names[:-1]:
            raise Unreadable(line, _("This is there twice."), names[-1][:80])


def _read_yaml(text: str, source: Source) -> None:
    wrong = _FORBIDDEN.search(text.replace("\r", ""))
    if wrong:
        line = text.count("\n", 0, text.find(wrong[0])) + 1
        raise Unreadable(line, _("The character U+%(code)04X is not allowed.") % {"code": ord(wrong[0])})
    if line := line_of_deep_nesting(text):
        _Limits().depth(line, MAX_DEPTH + 1)
    events = yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    try:
        _records(_document(_Events(events)), source)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        reason = getattr(error, "problem", None) or str(error)
        raise Unreadable(line, _("This is not YAML: %(reason)s.") % {"reason": reason}) from error
    except (ValueError, RecursionError) as error:
        raise Unreadable(1, _("This is not YAML: %(reason)s.") % {"reason": error}) from error


class _Events:
    """The events of YAML's parser, one by one, without what only makes files hard to read."""

    def __init__(self, events: Iterator[Any]):
        self.events, self.limits, self.line = events, _Limits(), 1

    def next(self) -> Any:
        event: Any = next(self.events)
        self.line = line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise Unreadable(line, _("Aliases and anchors are not allowed."))
        if isinstance(event, yaml.NodeEvent) and (tag := getattr(event, "tag", None)) not in (None, "!"):
            raise Unreadable(line, _("Tags such as “%(tag)s” are not allowed.") % {"tag": str(tag)[:40]})
        return event


def _document(events: _Events) -> _Node:
    while not isinstance(event := events.next(), yaml.NodeEvent):
        if isinstance(event, yaml.StreamEndEvent):
            raise Unreadable(0, _("The file holds no claim."))
    node = _node(event, events, 1)
    while not isinstance(event := events.next(), yaml.StreamEndEvent):
        if isinstance(event, yaml.DocumentStartEvent):
            raise Unreadable(events.line, _("A second document begins here; put all claims in one list."))
    return node


def _node(event: Any, events: _Events, depth: int) -> _Node:
    line = event.start_mark.line + 1
    if isinstance(event, yaml.ScalarEvent):
        is_null = not event.style and event.value in ("", "~", "null", "Null", "NULL")
        return _Node(line, "" if is_null else event.value)
    events.limits.depth(line, depth)
    if isinstance(event, yaml.SequenceStartEvent):
        items: list[_Node] = []
        while not isinstance(inner := events.next(), yaml.SequenceEndEvent):
            events.limits.item(events.line)
            items.append(_node(inner, events, depth + 1))
        return _Node(line, items)
    pairs: list[tuple[str, _Node]] = []
    while not isinstance(inner := events.next(), yaml.MappingEndEvent):
        if not isinstance(inner, yaml.ScalarEvent):
            raise Unreadable(events.line, _("The name of a column has to be text."))
        pairs.append((inner.value, _node(events.next(), events, depth + 1)))
        events.limits.pairs(events.line, [name for name, _value in pairs])
    return _Node(line, pairs, is_map=True)


class _Pairs(list):
    """A JSON object, with every pair it has."""


def _no_constant(word: str) -> NoReturn:
    raise ValueError(_("%(word)s is no number that can be stored") % {"word": word})


def _read_json(text: str, source: Source) -> None:
    _check_shape(text)
    decoder = json.JSONDecoder(
        object_pairs_hook=_Pairs, parse_constant=_no_constant, parse_int=str, parse_float=str, strict=True
    )
    try:
        _records(_Node(1, list(_elements(text, decoder))), source)
    except json.JSONDecodeError as error:
        message = _("This is not JSON: %(reason)s in column %(column)d.")
        raise Unreadable(error.lineno, message % {"reason": error.msg, "column": error.colno}) from error
    except (ValueError, RecursionError) as error:
        raise Unreadable(1, _("This is not JSON: %(reason)s.") % {"reason": error}) from error


def _check_shape(text: str) -> None:
    """Refuse deep nesting and endless lists before anything is built from them."""
    limits, depth, line = _Limits(), 0, 1
    for part in re.finditer(r'"(?:[^"\\]|\\.)*+"|[\[\]{}\n]', text, re.DOTALL):
        mark = part[0][0]
        if mark == '"':
            line += part[0].count("\n")
        elif mark == "\n":
            line += 1
        elif mark in "[{":
            depth += 1
            limits.depth(line, depth)
            if mark == "{":
                limits.item(line)
        else:
            depth -= 1


def _elements(text: str, decoder: json.JSONDecoder) -> Iterator[_Node]:
    """The elements of the list that the text is, each with its line."""
    blank: Callable[[int], int] = lambda at: re.compile(r"[ \t\r\n]*").match(text, at).end()  # type: ignore[union-attr]  # noqa: E731
    at = blank(0)
    if text[at : at + 1] != "[":
        raise Unreadable(text.count("\n", 0, at) + 1, _("Expected a list of claims, each with its citations."))
    at, line, counted = blank(at + 1), 1, 0
    more = text[at : at + 1] != "]"
    while more:
        line, counted = line + text.count("\n", counted, at), at
        value, end = decoder.raw_decode(text, at)
        yield _plain(value, line)
        at = blank(end)
        more = text[at : at + 1] == ","
        if not more and text[at : at + 1] != "]":
            raise json.JSONDecodeError("expected a comma or the end of the list", text, at)
        at = blank(at + 1) if more else at
    if (end := blank(at + 1)) != len(text):
        raise json.JSONDecodeError("something stands after the list", text, end)


def _plain(value: Any, line: int) -> _Node:
    """A value of JSON as a node; what is not text is written as JSON writes it."""
    if isinstance(value, _Pairs):
        names: list[str] = []
        for name, _inner in value:
            names.append(name)
            _Limits().pairs(line, names)
        return _Node(line, [(name, _plain(inner, line)) for name, inner in value], is_map=True)
    if isinstance(value, list):
        return _Node(line, [_plain(inner, line) for inner in value])
    if value is None or isinstance(value, bool):
        return _Node(line, "" if value is None else str(value).lower())
    return _Node(line, value)
