"""The line under a partial value: what limits it, cut from what its strongest claim or citation says."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from .vocabulary import Stance

#: Most characters of a caveat. Longer ones end at a word, with an ellipsis.
LONGEST = 80
#: What the limiting part of a sentence begins with. Statements are written in English.
_TURN = re.compile(r"; |, (?=but |once |only |as long as |except )| (?=but )|, and (?=does not |has no |is not )")
_OPENING = re.compile(r"^(?:but|and|while|though) ", re.IGNORECASE)
#: A sentence ends before a capital letter; "e.g. x" and "3.2 adds" do not end one.
_END = re.compile(r"[.!?](?=\s+[A-ZÀ-Þ“\"]|$)")


class Voice(NamedTuple):
    """A citation of a claim behind a partial value, in plain text.

    name: the framework that the claim is about. bears_out: as in a Source.
    """

    claim: str
    name: str
    statement: str
    says: str
    stance: str
    reading: bool
    bears_out: bool
    dated: date | None


def caveat(voices: Iterable[Voice]) -> str:
    """What limits a value: from the strongest source that qualifies it, else from the strongest claim; "" for none.

    Stronger is what is no reading of an unclear passage, what the project or a measurement bears out, what is newer.
    """
    ordered = sorted(voices, key=lambda voice: (voice.claim, voice.says))
    ordered.sort(key=lambda voice: voice.dated or date.min, reverse=True)
    ordered.sort(key=lambda voice: (voice.reading, not voice.bears_out))
    qualifying = next((voice for voice in ordered if voice.stance == Stance.QUALIFIES), None)
    if qualifying is not None:
        return limit(qualifying.says, qualifying.name)
    supporting = next((voice for voice in ordered if voice.stance == Stance.SUPPORTS), None)
    return limit(supporting.statement, supporting.name) if supporting is not None else ""


def limit(text: str, name: str) -> str:
    """The part of a text that limits what it says, in one line: "Django has it, but not for X." → "Not for X".

    The first sentence from its last turn on; the whole sentence if it has none. name: is left out at the beginning.
    """
    sentence = _END.split(" ".join(text.split()), maxsplit=1)[0]
    part = _TURN.split(sentence)[-1]
    part = _OPENING.sub("", part.strip())
    part = re.sub(rf"^{re.escape(name)} (?:itself )?(?=[a-z])", "", part).strip(" .;,")
    if len(part) > LONGEST:
        part = part[:LONGEST].rsplit(" ", 1)[0].rstrip(" .;,") + " …"
    return part[:1].upper() + part[1:]
