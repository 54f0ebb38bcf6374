"""How many calls one token or person may make in a minute; counted in PostgreSQL, over all web processes."""

from __future__ import annotations

import time
from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.http import HttpResponse

from keepwell.apps.rest.models import Window

SECONDS = 60
_SQL = f"""
insert into {Window._meta.db_table} as kept (caller, started, used) values (%s, %s, 1)
on conflict (caller) do update set started = excluded.started,
  used = case when kept.started = excluded.started then kept.used + 1 else 1 end
returning used
"""


@dataclass(frozen=True)
class Rate:
    """`used` of `limit` calls; the minute ends in `reset` seconds."""

    limit: int
    used: int
    reset: int

    @property
    def exceeded(self) -> bool:
        return self.used > self.limit


def count(caller: str) -> Rate:
    """Counts one call."""
    now = int(time.time())
    started = now - now % SECONDS
    with connection.cursor() as cursor:
        cursor.execute(_SQL, [caller, started])
        (used,) = cursor.fetchone()
    return Rate(settings.API_PER_MINUTE, used, started + SECONDS - now)


def tell(response: HttpResponse, rate: Rate) -> None:
    """The headers of every answer."""
    response["RateLimit-Limit"] = str(rate.limit)
    response["RateLimit-Remaining"] = str(max(rate.limit - rate.used, 0))
    response["RateLimit-Reset"] = str(rate.reset)
    response["RateLimit-Policy"] = f"{rate.limit};w={SECONDS}"
