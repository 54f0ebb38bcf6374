"""Whether anybody does the jobs."""

from __future__ import annotations

from django.db import connection

from keepwell.apps.health.lanes import LANES

_ALIVE = "30 s"


def live_workers() -> int:
    """Workers that gave a sign of life a moment ago; the queue knows each once a lane.

    Raises DatabaseError where the database does not answer.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"select count(*) from procrastinate_workers where last_heartbeat > now() - interval '{_ALIVE}'")
        return -(-int(cursor.fetchone()[0]) // len(LANES))
