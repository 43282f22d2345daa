"""What PostgreSQL spends on connections, where it runs on this machine."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import psycopg


def backend_cpu() -> Callable[[], float]:
    """Seconds of CPU that the database has spent on our connection; 0 where it runs within this process."""
    from django.db import connection

    if connection.vendor == "sqlite":
        return lambda: 0.0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        stat = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")
    if not stat.exists():
        print("  the server runs elsewhere: its share of the CPU is not known")
        return lambda: 0.0
    return lambda: int(stat.read_text().split()[0]) / 1e9


def backends_cpu(url: str) -> float:
    """Seconds of CPU that PostgreSQL has spent on all connections to a database so far; 0 for SQLite.

    What workers of a parallel query spend is not seen.
    """
    if not url.startswith("postgres"):
        return 0.0
    with psycopg.connect(url, autocommit=True) as connection:
        rows = connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        ).fetchall()
    stats = [Path(f"/proc/{pid}/schedstat") for (pid,) in rows]
    return sum(int(stat.read_text().split()[0]) for stat in stats if stat.exists()) / 1e9
