"""Notes for the others who work here: added to a claim or an article, and moved with it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from comparisons.history.recording import set_reason
from comparisons.language.cleaning import tidy
from comparisons.models import Article, Claim, Note
from comparisons.models.permissions import EDIT
from comparisons.models.team import NOTE_LENGTH, about_fields

from .steps import demand


def add_note(record: Claim | Article, text: str, *, by: Any) -> Note:
    """Add a note to a claim or an article; one that the last note repeats is the same, sent twice.

    Raises ValidationError if it is blank or too long.
    """
    demand(by, EDIT)
    text = tidy(text.replace("\r\n", "\n")).strip()
    if not text:
        raise ValidationError(_("Write what the others should know."))
    if len(text) > NOTE_LENGTH:
        values = {"length": len(text), "most": NOTE_LENGTH}
        raise ValidationError(_("It has %(length)d characters; a note has at most %(most)d.") % values)
    last = Note.objects.about(record).last()
    if last is not None and (last.author_id, last.text) == (by.pk, text):
        return last
    note = Note(**about_fields(record), author=by, text=text)
    set_reason(note, by=by)
    note.save()
    return note


def move(field: str, old: Any, new: Any) -> None:
    """Let notes be about the record that takes the place of another. field: the one that names it."""
    Note.objects.filter(**{field: old}).update(**{field: new})
