"""Django's backend for PostgreSQL, which leaves a server alone for a moment that let somebody wait in vain.

What makes a page asks the database at several places, and each would wait for a server that is away: for a connection,
or for the pool to have one. So the first waits, and for a moment all others of its process learn at once what it found.
"""

from __future__ import annotations

import time
from functools import partial
from typing import Any

from django.db.backends.postgresql import base
from psycopg import Connection, OperationalError
from psycopg.pq import TransactionStatus

#: Seconds that an attempt takes at least for the next ones to be spared: a server that refuses at once costs nothing.
LONG = 0.5
#: Seconds for which a server is left alone. After that one request tries, and others only once it has an answer.
PAUSE = 2.0
#: Seconds after which another may try if that request has said nothing of how it went.
TRIAL = 10.0
#: Seconds beyond DATABASE_STATEMENT_TIMEOUT, at which the server itself ends a statement, for it to say so.
GRACE = 5.0

#: The most seconds that this process waits for any answer of a server: set in those that answer requests alone, since
#: commands lift the limit of statements. A frozen server still acknowledges packets, so that no connection breaks.
patience: float | None = None

#: Until when servers are left alone that were away when they were asked last, by host and port.
_away_until: dict[tuple[str, str], float] = {}


def wait(connection: Any, seconds: float, answer: Any, *arguments: Any, **named: Any) -> Any:
    """What a connection gets to a question. If that takes too long, raises OperationalError and closes it."""
    try:
        return Connection.wait(connection, answer, *arguments, **{"timeout": seconds, **named})
    except OperationalError:
        if connection.pgconn.transaction_status != TransactionStatus.ACTIVE:
            raise  # the server has said what is wrong, or has gone
        connection.pgconn.finish()  # it may still be answered, to whoever asks next
        raise OperationalError(f"the server said nothing for {seconds:g} s") from None


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that is not tried for while another has just found the server away."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Raises OperationalError, as Django's does."""
        server = (str(self.settings_dict["HOST"]), str(self.settings_dict["PORT"]))
        begun = time.monotonic()
        if (until := _away_until.get(server)) is not None:
            if begun < until:
                raise OperationalError("the server did not answer a moment ago")
            _away_until[server] = begun + TRIAL
        failures = self._failures()
        try:
            connection = super().get_new_connection(conn_params)
        except OperationalError:
            # A pool may also have waited for a connection that others use: then the server is there.
            if time.monotonic() - begun >= LONG and (not self.pool or self._failures() > failures):
                _away_until[server] = time.monotonic() + PAUSE
            else:
                _away_until.pop(server, None)
            raise
        _away_until.pop(server, None)
        if patience is not None:
            connection.wait = partial(wait, connection, patience)
        return connection

    def _failures(self) -> int:
        """How often the pool could not connect; 0 without one."""
        return int(self.pool.get_stats().get("connections_errors", 0)) if self.pool else 0
