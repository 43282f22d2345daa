"""Texts that are drawn once for what they show: parts of pages (`{% drawn %}`), and whole ones (`views.drawn_page`).

The same values give the same text, whatever was written in between. A text for which the database was asked while it
was drawn, or whose values cannot be told apart, is drawn each time.
"""

from __future__ import annotations

import hashlib
import pickle
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from django.conf import settings
from django.urls import get_script_prefix
from django.utils import timezone
from django.utils.safestring import SafeString

from . import reads, subject
from .sealed import Sealed

#: Characters of the parts that are remembered in all, and bytes of whole pages; what was not asked for longest is
#: forgotten first.
MOST, MOST_OF_PAGES = 8_000_000, 4_000_000
#: How pickle fails with what it cannot write down.
_CANNOT = (pickle.PicklingError, TypeError, AttributeError)

Text = TypeVar("Text", SafeString, bytes)


class Memory(Generic[Text]):
    """Texts by the digest of what they were drawn of. A digest is never that of two things that differ."""

    def __init__(self, most: int = MOST):
        self.most = most
        self._texts: OrderedDict[bytes, Text] = OrderedDict()
        self._held = 0
        self._lock = threading.Lock()

    def get(self, key: bytes) -> Text | None:
        with self._lock:
            found = self._texts.get(key)
            if found is not None:
                self._texts.move_to_end(key)
        return found

    def keep(self, key: bytes, text: Text) -> None:
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


#: Parts of pages, and whole ones.
memory: Memory[SafeString] = Memory()
pages: Memory[bytes] = Memory(MOST_OF_PAGES)


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


def drawn_once(memory: Memory[Text], name: str, values: dict[str, Any], draw: Callable[[], Text]) -> Text:
    """What was drawn of these values, or is drawn now; with DEBUG it always is, since templates are being edited."""
    key = None if settings.DEBUG else digest_of(name, values)
    found = memory.get(key) if key is not None else None
    if found is not None:
        return found
    with reads.reading() as tables:
        text = draw()
    if key is not None and not tables.asked:
        memory.keep(key, text)
    return text
