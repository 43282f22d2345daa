"""Parts of pages that are drawn once for what they show: `{% drawn "comparisons/_row.html" with row=row %}`.

Like `{% include … only %}`, for a part that shows nothing but the values it is given, the subject and the day. So the
same values give the same text, whatever was written in between and whichever page asks: a page that is made again draws
only what has changed. A part that asked the database all the same, or whose values cannot be told apart, is drawn each
time.
"""

from __future__ import annotations

import hashlib
import pickle
import threading
from collections import OrderedDict
from typing import Any

from django import template
from django.template.base import FilterExpression, Parser, Token, token_kwargs
from django.template.context import Context
from django.urls import get_script_prefix
from django.utils import timezone
from django.utils.safestring import SafeString

from comparisons.models import stamps, subject
from comparisons.models.sealed import Sealed

#: Characters of what is remembered in all; what was not asked for longest is forgotten first.
MOST = 8_000_000
#: How pickle fails with what it cannot write down.
_CANNOT = (pickle.PicklingError, TypeError, AttributeError)

register = template.Library()


class Memory:
    """Texts by the digest of what they were drawn of. A digest is never that of two things that differ."""

    def __init__(self, most: int = MOST):
        self.most = most
        self._texts: OrderedDict[bytes, SafeString] = OrderedDict()
        self._held = 0
        self._lock = threading.Lock()

    def get(self, key: bytes) -> SafeString | None:
        with self._lock:
            found = self._texts.get(key)
            if found is not None:
                self._texts.move_to_end(key)
        return found

    def keep(self, key: bytes, text: SafeString) -> None:
        with self._lock:
            before = self._texts.pop(key, None)
            self._held += len(text) - (0 if before is None else len(before))
            self._texts[key] = text
            while self._held > self.most:
                self._held -= len(self._texts.popitem(last=False)[1])

    def forget(self) -> None:
        """Forget everything."""
        with self._lock:
            self._texts.clear()
            self._held = 0


memory = Memory()


def digest_of(name: str, values: dict[str, Any]) -> bytes | None:
    """What tells this part from every other: its template, its values, the subject and the day.

    Values are written down whole, with their types and all that they hold: so records that were read at different times
    are the same only if every field is. None if some value cannot be written down.
    """
    held = {key: value.digest if isinstance(value, Sealed) else value for key, value in values.items()}
    told = (name, get_script_prefix(), timezone.localdate(), subject.current().digest, held)
    try:
        return hashlib.blake2b(pickle.dumps(told, pickle.HIGHEST_PROTOCOL), digest_size=16).digest()
    except _CANNOT:
        return None


class DrawnNode(template.Node):
    """A part of a page with the values that it shows."""

    def __init__(self, name: str, values: dict[str, FilterExpression]):
        self.name, self.values = name, values

    def __repr__(self) -> str:
        return f"<DrawnNode: {self.name}>"

    def render(self, context: Context) -> SafeString:
        values = {name: value.resolve(context) for name, value in self.values.items()}
        key = digest_of(self.name, values)
        found = memory.get(key) if key is not None else None
        if found is not None:
            return found
        values = {name: value.opened() if isinstance(value, Sealed) else value for name, value in values.items()}
        part = context.template.engine.get_template(self.name)  # type: ignore[union-attr]
        with stamps.reading() as tables:
            text: SafeString = part.render(context.new({**values, "subject": subject.current()}))
        if key is not None and not tables.asked:
            memory.keep(key, text)
        return text


@register.tag
def drawn(parser: Parser, token: Token) -> DrawnNode:
    """`{% drawn "template" with a=b c=d %}`: see the head of this file."""
    tag, name, *bits = token.split_contents()
    if (bits and bits.pop(0) != "with") or name[0] not in "\"'" or name[-1] != name[0]:
        raise template.TemplateSyntaxError(f"{tag} takes the name of a template, then “with” and the values it shows")
    values = token_kwargs(bits, parser)
    if bits:
        raise template.TemplateSyntaxError(f"{tag} does not know {bits[0]}")
    return DrawnNode(name[1:-1], values)
