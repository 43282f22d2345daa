"""The caches of this project: one in the memory of each process, bounded by bytes, and one that all processes share."""

from __future__ import annotations

import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache

logger = logging.getLogger(__name__)


class MemoryCache(LocMemCache):
    """Django's cache in memory, which forgets what was not used for longest once it holds more than MAX_BYTES."""

    # Declared for mypy, since the stubs leave them out.
    _cache: OrderedDict[str, bytes]

    #: The bytes that each cache holds, by its name: one is used through several instances.
    _held: dict[str, int] = {}

    def __init__(self, name: str, params: dict[str, Any]):
        super().__init__(name, params)
        self._name = name
        self._most = int(params["OPTIONS"]["MAX_BYTES"])

    def _set(self, key: str, value: bytes, timeout: Any = None) -> None:
        self._delete(key)
        super()._set(key, value, timeout)  # type: ignore[misc]
        self._count(len(value))
        while self._held[self._name] > self._most:
            self._delete(next(reversed(self._cache)))

    def _delete(self, key: str) -> bool:
        self._count(-len(self._cache.get(key, b"")))
        return bool(super()._delete(key))  # type: ignore[misc]

    def _cull(self) -> None:
        for key in list(reversed(self._cache))[: max(1, len(self._cache) // self._cull_frequency)]:
            self._delete(key)

    def clear(self) -> None:
        super().clear()
        self._held[self._name] = 0

    def _count(self, more: int) -> None:
        self._held[self._name] = self._held.get(self._name, 0) + more


class SharedCache(RedisCache):
    """Redis or Valkey. While it does not answer it is an empty cache that keeps nothing, and pages cost more."""

    #: Seconds for which a server that did not answer is left alone.
    PAUSE = 5
    _away_until = 0.0

    def _ask(self, ask: Callable[[], Any], otherwise: Any) -> Any:
        if time.monotonic() < SharedCache._away_until:
            return otherwise
        try:
            found = ask()
        except self._cache._lib.RedisError:  # type: ignore[attr-defined]
            if not SharedCache._away_until:
                logger.warning("The cache that CACHE_URL names does not answer; pages cost more until it does")
            SharedCache._away_until = time.monotonic() + self.PAUSE
            return otherwise
        if SharedCache._away_until:
            SharedCache._away_until = 0.0
            logger.warning("The cache that CACHE_URL names answers again")
        return found

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        return self._ask(lambda: super(SharedCache, self).get(key, default, version), default)

    def get_many(self, keys: Any, version: int | None = None) -> dict[Any, Any]:
        found: dict[Any, Any] = self._ask(lambda: super(SharedCache, self).get_many(keys, version), {})
        return found

    def set(self, key: str, value: Any, *options: Any, **named: Any) -> None:
        self._ask(lambda: super(SharedCache, self).set(key, value, *options, **named), None)

    def add(self, key: str, value: Any, *options: Any, **named: Any) -> bool:
        """Whether the key was new; True as well if nobody can tell, so that work under a lock goes on."""
        return bool(self._ask(lambda: super(SharedCache, self).add(key, value, *options, **named), True))

    def delete(self, key: str, version: int | None = None) -> bool:
        return bool(self._ask(lambda: super(SharedCache, self).delete(key, version), False))

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> Any:
        return self._ask(lambda: super(SharedCache, self).incr(key, delta, version), delta)
