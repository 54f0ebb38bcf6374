"""Every advisory lock of PostgreSQL that the application takes, in one place, so that no two have one number."""

from __future__ import annotations

from enum import IntEnum, unique

from django.db import connection


@unique
class Lock(IntEnum):
    PUBLISHING = 0x6B77_0001  # numbers of versions have no gaps and no forks
    CURRENT_HEALTH = 0x6B77_0002  # a run and a rescoring do not write over each other
    RUNS = 0x6B77_0003  # one run at a time, held by its connection
    LAKE_ORDER = 0x6B77_0004  # of each table: writes are numbered in the order in which they are committed
    LAKE_WRITES = 0x6B77_0005  # of each table: one is carried out after another
    DRAIN = 0x6B77_0006  # one drain over all machines, held by its connection
    UPSERTS = 0x6B77_0007
    CURRENT_VALUES = 0x6B77_0008  # the table that filters run on is replaced by one at a time
    INVITING = 0x6B77_000A  # nobody is asked by two surveys at once
    ADVOCACY = 0x6B77_000B  # of each account: nobody is asked beyond a limit by two people at once
    DECISIONS = 0x6B77_0009  # none is made from a state that another is about to change


def hold(lock: Lock, *, of: str | None = None) -> None:
    """Until the transaction ends nobody else holds it; with `of` nobody else holds it of that thing."""
    with connection.cursor() as cursor:
        if of is None:
            cursor.execute("select pg_advisory_xact_lock(%s)", [lock.value])
        else:
            cursor.execute("select pg_advisory_xact_lock(%s, hashtext(%s))", [lock.value, of])
