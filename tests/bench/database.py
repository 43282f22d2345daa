"""What the database spends on a connection of ours."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path


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
