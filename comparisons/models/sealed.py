"""Values that are written down, to be read again for each page or only where they are shown."""

from __future__ import annotations

import hashlib
import io
import pickle
from typing import Any

from django.utils.functional import Promise


class _Pickler(pickle.Pickler):
    """Looks up texts that are to be translated: to read one again as it was takes a hundred times as long."""

    def reducer_override(self, value: Any) -> Any:
        return (str, (str(value),)) if isinstance(value, Promise) else NotImplemented


def written(value: Any) -> bytes:
    """A value as bytes for `read`. Texts are in the nouns that the subject has now."""
    out = io.BytesIO()
    _Pickler(out, pickle.HIGHEST_PROTOCOL).dump(value)
    return out.getvalue()


def read(text: bytes) -> Any:
    """The value that this process has `written`, as a copy of one's own."""
    return pickle.loads(text)  # noqa: S301 (written by this process, just above)


class Sealed:
    """A value as bytes, with a digest that tells it from every other.

    For what a page shows at one place: to copy its records for each page, and to tell them from those of before, takes
    longer than to show what was drawn of them.
    """

    __slots__ = ("digest", "text")

    def __init__(self, value: Any):
        self.text = written(value)
        self.digest = hashlib.blake2b(self.text, digest_size=16).digest()

    def opened(self) -> Any:
        """The value, as a copy of one's own."""
        return read(self.text)
