"""One drain at a time, over all machines: PostgreSQL frees the lock when the connection that holds it ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
from django.db import connection

from keepwell.apps.access.locks import Lock
from keepwell.apps.usage.draining.turns import take_turn

_Stopped = Callable[[float], bool]


class Hold:
    """The lock, on a connection of its own, and the turn that it gives."""

    def __init__(self, own: psycopg.Connection[tuple[object, ...]]) -> None:
        self._own = own
        self.turn = take_turn()

    def check(self) -> None:
        """Raises OperationalError where the lock is lost with its connection."""
        self._own.execute("select 1")


@contextmanager
def held(wait: _Stopped) -> Iterator[Hold | None]:
    """Waits until nobody else drains; None where `wait(seconds)` says that it was asked to stop."""
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as own:
        while not _got(own):
            if wait(1.0):
                yield None
                return
        yield Hold(own)


def _got(own: psycopg.Connection[tuple[object, ...]]) -> bool:
    row = own.execute("select pg_try_advisory_lock(%s)", [Lock.DRAIN.value]).fetchone()
    return bool(row and row[0])
