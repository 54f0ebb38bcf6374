"""Whether anybody does the jobs."""

from __future__ import annotations

from django.db import connection

_ALIVE = "30 s"


def live_workers() -> int:
    """Workers that gave a sign of life a moment ago. Raises DatabaseError where the database does not answer."""
    with connection.cursor() as cursor:
        cursor.execute(f"select count(*) from procrastinate_workers where last_heartbeat > now() - interval '{_ALIVE}'")
        return int(cursor.fetchone()[0])
