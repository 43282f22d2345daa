"""Django's backend for PostgreSQL, which leaves a server alone for a moment that let somebody wait in vain.

What makes a page asks the database at several places, and each would wait for a server that is away: for a connection,
or for the pool to have one. So the first waits, and for a moment all others of its process learn at once what it found.
"""

from __future__ import annotations

import time
from typing import Any

from django.db.backends.postgresql import base
from psycopg import OperationalError

#: Seconds that an attempt takes at least for the next ones to be spared: a server that refuses at once costs nothing.
LONG = 0.5
#: Seconds for which a server is left alone. After that one request tries, and others only once it has an answer.
PAUSE = 2.0
#: Seconds after which another may try if that request has said nothing of how it went.
TRIAL = 10.0

#: Until when servers are left alone that were away when they were asked last, by host and port.
_away_until: dict[tuple[str, str], float] = {}


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
        return connection

    def _failures(self) -> int:
        """How often the pool could not connect; 0 without one."""
        return int(self.pool.get_stats().get("connections_errors", 0)) if self.pool else 0
