"""Why rows were written, as their histories keep it: the kind of step as a word, and a sentence for editors.

The sentences about renames, merges and splits are kept with the content, so they are not translated.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from comparisons.domain.vocabulary import AddressKind, HistoryStep

#: Longest sentence that fits a history, in characters.
LENGTH = 100


class ChangeReason(NamedTuple):
    """Why a row is written. origin: the address of the record from which a rename, merge, move or split took it."""

    step: HistoryStep
    text: str
    origin: str = ""

    @property
    def sentence(self) -> str:
        """The text, shortened to fit a history."""
        return self.text if len(self.text) <= LENGTH else f"{self.text[: LENGTH - 1]}…"


def renamed(old: str) -> ChangeReason:
    return ChangeReason(HistoryStep.RENAME, f"Renamed from {old}", old)


def merged_from(duplicate: str) -> ChangeReason:
    """For the record that stays, and for citations that moved to it."""
    return ChangeReason(HistoryStep.MERGE, f"Merged from {duplicate}", duplicate)


def merged_into(kept: str) -> ChangeReason:
    """For the record that is deleted."""
    return ChangeReason(HistoryStep.MERGE, f"Merged into {kept}")


def repeated(duplicate: str) -> ChangeReason:
    """For a citation that is deleted because the record that stays has the same."""
    return ChangeReason(HistoryStep.MERGE, f"Merged from {duplicate}: the same word for word", duplicate)


def overruled(ruling: int) -> ChangeReason:
    """For one of two rulings, which is deleted because the other stands."""
    return ChangeReason(HistoryStep.MERGE, f"Merged: ruling {ruling} stands")


def moved(kind: AddressKind, duplicate: str, kept: str) -> ChangeReason:
    """For a record that named the one that was merged, and now names the one that stays."""
    return ChangeReason(HistoryStep.MOVE, f"Moved: {kind} {duplicate} is now {kept}", duplicate)


def publisher_renamed(old: str, new: str) -> ChangeReason:
    """For an article of a publisher that has another name now."""
    return ChangeReason(HistoryStep.MOVE, f"Publisher renamed: {old} is now {new}")


def publisher_merged(duplicate: str, kept: str) -> ChangeReason:
    """For an article of a publisher that was merged into another one."""
    return ChangeReason(HistoryStep.MOVE, f"Publisher merged: {duplicate} is now {kept}")


def split_from(old: str) -> ChangeReason:
    """For the new criterion and its levels."""
    return ChangeReason(HistoryStep.SPLIT, f"Split from {old}", old)


def joined_by(new: str, old: str) -> ChangeReason:
    """For a comparison that shows the new criterion too."""
    return ChangeReason(HistoryStep.SPLIT, f"Split from {old}: {new}", old)


def moved_by_split(old: str, new: str) -> ChangeReason:
    """For a claim or a ruling that belongs to the new criterion now."""
    return ChangeReason(HistoryStep.MOVE, f"Moved: criterion {old} was split, this went to {new}", old)


def split_off(new: str) -> ChangeReason:
    """For a criterion that stays beside the new one."""
    return ChangeReason(HistoryStep.SPLIT, f"Split: part of it went to {new}")


def replaced(by: str) -> ChangeReason:
    """For a criterion that is deleted because others took its place, and for its levels."""
    return ChangeReason(HistoryStep.SPLIT, f"Split: replaced by {by}")


def verdict_given() -> ChangeReason:
    return ChangeReason(HistoryStep.VERDICT, _("verdict given"))


def published_by_author() -> ChangeReason:
    return ChangeReason(HistoryStep.OWN_PUBLICATION, _("published by its own author, a superuser"))


def changed_in_place() -> ChangeReason:
    return ChangeReason(HistoryStep.CHANGE_IN_PLACE, _("changed in place by a superuser"))


def put_back(saved_at: datetime) -> ChangeReason:
    """saved_at: when the earlier state was saved."""
    when = date_format(saved_at, "DATETIME_FORMAT")
    return ChangeReason(HistoryStep.PUT_BACK, _("put back as it was on %(when)s") % {"when": when})


def approved(authors: Iterable[str], *, by_author: bool) -> ChangeReason:
    """For a record that is written as it was proposed. by_author: whether one of the authors, a superuser, approved."""
    names = ", ".join(authors)
    text = _("approved by one of its own authors, a superuser: %(names)s") if by_author else _("written by %(names)s")
    return ChangeReason(HistoryStep.APPROVED, text % {"names": names} if names else _("written by nobody on record"))


def imported(file: str) -> ChangeReason:
    """file: its name; "" if it has none."""
    return ChangeReason(HistoryStep.IMPORT, f"Import of {file or 'a file'}")
