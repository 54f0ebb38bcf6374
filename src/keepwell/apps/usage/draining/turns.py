"""A drain that lost its lock without knowing, for a paused machine or a broken connection, writes nothing more.

Whoever begins takes the next number in a transaction of its own, and every transaction of a drain first makes sure that
its number is the last: it holds up who wants the next one until it ends.
"""

from __future__ import annotations

from django.db import OperationalError, connection


def take_turn() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into usage_turn (id, number) values (1, 1) "
            "on conflict (id) do update set number = usage_turn.number + 1 returning number"
        )
        return int(cursor.fetchone()[0])


def check_turn(number: int | None) -> None:
    """Raises OperationalError where another drain has begun since; runs inside the transaction that is to be safe."""
    if number is None:
        return
    with connection.cursor() as cursor:
        cursor.execute("select number from usage_turn where id = 1 for share")
        row = cursor.fetchone()
    if row is None or row[0] != number:
        raise OperationalError("another drain has begun meanwhile")
