"""Counts that the processes of one machine share without a service: numbers in a small file of SQLite.

Failed logins and costly requests are counted here where there is no shared cache. Of two workers that count each for
itself, a guesser gets twice as many tries.
"""

from __future__ import annotations

import hashlib
import logging
import os
import sqlite3
import time
from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache

from .caches import MemoryCache

logger = logging.getLogger(__name__)

#: Counts that are kept; of more, those that end first are forgotten. One is looked for among so many new ones.
MOST, LOOK_EVERY = 50_000, 500
#: Seconds for which another process that writes is waited for. It does so within a millisecond.
LOCKED = 2.0

T = TypeVar("T")


class CountsFile(BaseCache):
    """A cache of numbers in a file. While the file cannot be used it is one in the memory of the process."""

    #: Whether the log says that the file cannot be used.
    _is_away = False

    def __init__(self, file: str, params: dict[str, Any]):
        super().__init__(params)
        self._file, self._memory = file, MemoryCache("counts", params)
        self._line: sqlite3.Connection | None = None
        self._pid, self._added = 0, 0

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        def ask(line: sqlite3.Connection) -> Any:
            row = line.execute("SELECT value FROM counts WHERE key = ? AND until > ?", (self._key(key), time.time()))
            return next(row, (default,))[0]

        return self._ask(ask, lambda: self._memory.get(key, default, version))

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        def ask(line: sqlite3.Connection) -> None:
            line.execute(
                "INSERT OR REPLACE INTO counts VALUES (?, ?, ?)", (self._key(key), value, self._until(timeout))
            )

        self._ask(ask, lambda: self._memory.set(key, value, timeout, version))

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        def ask(line: sqlite3.Connection) -> bool:
            statement = """INSERT INTO counts VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE
                SET value = excluded.value, until = excluded.until WHERE until <= ?"""
            found = line.execute(statement, (self._key(key), value, self._until(timeout), time.time()))
            if found.rowcount == 1:
                self._added += 1
                if self._added % LOOK_EVERY == 1:
                    self._forget(line)
            return found.rowcount == 1

        return self._ask(ask, lambda: self._memory.add(key, value, timeout, version))

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> Any:
        """Raises ValueError for a key that is not there, as every cache of Django does."""

        def ask(line: sqlite3.Connection) -> Any:
            statement = "UPDATE counts SET value = value + ? WHERE key = ? AND until > ?"
            if not line.execute(statement, (delta, self._key(key), time.time())).rowcount:
                raise ValueError(f"Key {key!r} not found")
            return line.execute("SELECT value FROM counts WHERE key = ?", (self._key(key),)).fetchone()[0]

        return self._ask(ask, lambda: self._memory.incr(key, delta, version))

    def delete(self, key: str, version: int | None = None) -> bool:
        def ask(line: sqlite3.Connection) -> bool:
            return bool(line.execute("DELETE FROM counts WHERE key = ?", (self._key(key),)).rowcount)

        return self._ask(ask, lambda: self._memory.delete(key, version))

    def clear(self) -> None:
        self._ask(lambda line: line.execute("DELETE FROM counts"), self._memory.clear)

    def _ask(self, ask: Callable[[sqlite3.Connection], T], otherwise: Callable[[], T]) -> T:
        try:
            with self._connection() as line:  # a transaction, whose write lock is taken at the first statement of it
                found = ask(line)
        except (sqlite3.Error, OSError) as error:
            if not CountsFile._is_away:
                CountsFile._is_away = True
                logger.warning("Each process counts logins and requests for itself: %s, %s", self._file, error)
            return otherwise()
        CountsFile._is_away = False
        return found

    def _connection(self) -> sqlite3.Connection:
        """The connection of this thread, for which Django makes a cache of its own. It is not taken into a fork."""
        if self._line is None or self._pid != os.getpid():
            os.close(os.open(self._file, os.O_CREAT | os.O_RDWR, 0o600))
            line = sqlite3.connect(self._file, timeout=LOCKED, isolation_level="IMMEDIATE", check_same_thread=False)
            # The file stays whole after a power cut; what was counted last may be gone.
            for pragma in ("journal_mode = WAL", "synchronous = NORMAL"):
                line.execute(f"PRAGMA {pragma}")
            line.execute("CREATE TABLE IF NOT EXISTS counts (key BLOB PRIMARY KEY, value, until REAL) WITHOUT ROWID")
            self._line, self._pid = line, os.getpid()
        return self._line

    def _key(self, key: str) -> bytes:
        """What the file has for a name. Names hold addresses of readers, and nobody is to read these there."""
        secret = settings.SECRET_KEY.encode()[:64]
        return hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=16, key=secret).digest()

    def _until(self, timeout: Any) -> float:
        end = self.get_backend_timeout(timeout)
        return float("inf") if end is None else float(end)

    @staticmethod
    def _forget(line: sqlite3.Connection) -> None:
        """Forget what has ended and, of too many, what would end first."""
        line.execute("DELETE FROM counts WHERE until <= ?", (time.time(),))
        over = line.execute("SELECT count(*) FROM counts").fetchone()[0] - MOST
        if over > 0:
            line.execute("DELETE FROM counts WHERE key IN (SELECT key FROM counts ORDER BY until LIMIT ?)", (over,))
