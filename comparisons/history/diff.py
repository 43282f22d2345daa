"""Texts compared word by word, and the public states of a claim compared one after another. No database."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from difflib import SequenceMatcher
from typing import NamedTuple

#: Longest text that `word_diff` compares, in characters; the rest is cut off, and an ellipsis says so.
MAX_LENGTH = 2_000
#: Words of unchanged text kept on either side of a change.
CONTEXT = 12
#: Most words that `side_by_side` compares word by word, not counting equal beginnings and ends.
MOST_WORDS = 1_000
#: Entries closer together than this belong to one edit: a claim and its citations are saved one by one.
ONE_EDIT = timedelta(minutes=1)

FieldTexts = Mapping[str, str]


class StateEntry(NamedTuple):
    """An entry of the history of the claim itself (`part` is None) or of a part of it, such as a citation.

    state: its texts by field; None if the part was removed. public: whether readers saw the claim.
    fresh: whether this entry created the part; if its first entry did not, it existed before.
    """

    at: datetime
    part: Hashable
    state: FieldTexts | None
    public: bool = True
    fresh: bool = True


class Piece(NamedTuple):
    """A run of words: "same", "del" or "ins"."""

    kind: str
    text: str


class FieldChange(NamedTuple):
    """A change of one field, or of a part as a whole (`field` is ""). kind: "changed", "added" or "removed".

    state: the texts of the part, so that a page can name it.
    """

    kind: str
    part: Hashable
    field: str
    pieces: tuple[Piece, ...]
    state: FieldTexts


@dataclass(frozen=True)
class Revision:
    """One step from a public state to the next; the first has no changes.

    state: the texts of the claim (None) and of its parts after this step. number: from 1, the first published state; 0
    if the entries do not go back to it.
    """

    at: datetime
    is_first: bool
    changes: tuple[FieldChange, ...] = ()
    state: Mapping[Hashable, FieldTexts] = field(default_factory=dict)
    number: int = 0

    def is_over(self, now: datetime) -> bool:
        """Whether the edit that led to it is over: a later save begins another revision."""
        return now - self.at > ONE_EDIT


def word_diff(before: str, after: str) -> tuple[Piece, ...]:
    """The difference of two texts in runs of words; long unchanged runs are shortened to "…"."""
    old, new = _words(before), _words(after)
    pieces: list[Piece] = []
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", "".join(old[i:j])))
        else:
            pieces.extend(Piece(kind, "".join(run)) for kind, run in (("del", old[i:j]), ("ins", new[k:m])) if any(run))
    last = len(pieces) - 1
    return tuple(
        Piece("same", _shortened(piece.text, first=at == 0, last=at == last)) if piece.kind == "same" else piece
        for at, piece in enumerate(pieces)
    )


def side_by_side(before: str, after: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Two texts in full for two columns; in each, the words that the other lacks are marked."""
    old, new = (re.findall(r"\S+\s*|\s+", text) for text in (before, after))
    start = _common_start(old, new)
    end = _common_start(old[start:][::-1], new[start:][::-1])
    middle_old, middle_new = old[start : len(old) - end], new[start : len(new) - end]
    if max(len(middle_old), len(middle_new)) > MOST_WORDS:
        steps: Iterable[tuple[str, int, int, int, int]] = [("replace", 0, len(middle_old), 0, len(middle_new))]
    else:
        steps = SequenceMatcher(None, middle_old, middle_new, autojunk=False).get_opcodes()
    left, right = [Piece("same", "".join(old[:start]))], [Piece("same", "".join(new[:start]))]
    for tag, i, j, k, m in steps:
        left.append(Piece("same" if tag == "equal" else "del", "".join(middle_old[i:j])))
        right.append(Piece("same" if tag == "equal" else "ins", "".join(middle_new[k:m])))
    left.append(Piece("same", "".join(old[len(old) - end :])))
    right.append(Piece("same", "".join(new[len(new) - end :])))
    return tuple(piece for piece in left if piece.text), tuple(piece for piece in right if piece.text)


def _common_start(first: Sequence[str], second: Sequence[str]) -> int:
    """The number of equal words with which both begin."""
    pairs = zip(first, second, strict=False)
    return next((at for at, (one, other) in enumerate(pairs) if one != other), min(len(first), len(second)))


def _words(text: str) -> list[str]:
    """Words with the space after them; at most MAX_LENGTH characters."""
    if len(text) > MAX_LENGTH:
        text = text[:MAX_LENGTH] + " …"
    return re.findall(r"\S+\s*|\s+", text)


def _shortened(text: str, *, first: bool, last: bool) -> str:
    words = _words(text)
    head, tail = (0 if first else CONTEXT), (0 if last else CONTEXT)
    if len(words) <= head + tail + 1:
        return text
    return "".join([*words[:head], "… ", *(words[-tail:] if tail else [])])


def revisions(entries: Iterable[StateEntry], *, complete: bool = True) -> list[Revision]:
    """The public states of a claim, each compared with the one before, newest first; [] if it was never public.

    A state counts only if the claim is public at the end of the edit that made it, so what was written and rewritten
    while readers did not see it is never compared. complete: whether the entries go back to the beginning; if not, the
    oldest state serves only for comparison.
    """
    claim: StateEntry | None = None
    parts: dict[Hashable, FieldTexts] = {}
    known: dict[Hashable, FieldTexts] | None = None
    found: list[Revision] = []
    for edit in _edits(entries):
        for entry in edit:
            if entry.part is None:
                claim = entry
            elif entry.state is None:
                parts.pop(entry.part, None)
            else:
                if known is not None and entry.part not in parts and not entry.fresh:
                    known[entry.part] = entry.state
                parts[entry.part] = entry.state
        if claim is None or not claim.public or claim.state is None:
            continue
        state: dict[Hashable, FieldTexts] = {None: claim.state, **parts}
        at = edit[-1].at
        if known is None:
            found.append(Revision(at, is_first=complete, state=state))
        else:
            # The history has a claim before its citations; the first of them belong to its first state.
            bare = len(known) == 1
            changes = tuple(c for c in _changes(known, state) if not (bare and c.kind == "added"))
            if changes:
                found.append(Revision(at, is_first=False, changes=changes, state=state))
            else:
                found[-1] = replace(found[-1], state=state)
        known = state
    if complete:
        found = [replace(revision, number=number) for number, revision in enumerate(found, start=1)]
    return [revision for revision in reversed(found) if revision.is_first or revision.changes]


def between(before: Revision, after: Revision) -> tuple[FieldChange, ...]:
    """What changed from one revision to a later one."""
    return tuple(_changes(before.state, after.state))


def _edits(entries: Iterable[StateEntry]) -> Iterable[Sequence[StateEntry]]:
    """The entries in order of time, grouped by edit."""
    edit: list[StateEntry] = []
    for entry in sorted(entries, key=lambda entry: entry.at):
        if edit and entry.at - edit[-1].at > ONE_EDIT:
            yield edit
            edit = []
        edit.append(entry)
    if edit:
        yield edit


def _changes(before: Mapping[Hashable, FieldTexts], after: Mapping[Hashable, FieldTexts]) -> Iterable[FieldChange]:
    for part in [*before, *(part for part in after if part not in before)]:
        old, new = before.get(part), after.get(part)
        if new is None:
            yield FieldChange("removed", part, "", (), before[part])
        elif old is None:
            yield FieldChange("added", part, "", (), new)
        else:
            for field in new:
                if old.get(field, "") != new[field]:
                    yield FieldChange("changed", part, field, word_diff(old.get(field, ""), new[field]), new)
