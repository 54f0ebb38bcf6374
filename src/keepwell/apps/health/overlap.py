"""Runs never overlap, whichever process they are in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, connection

from keepwell.apps.access.locks import Lock


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Waits until no other run works. The database frees it when the process that holds it ends, however it ends."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(%s)", [Lock.RUNS.value])
    try:
        yield
    finally:
        _release()


def _release() -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_unlock(%s)", [Lock.RUNS.value])
    except DatabaseError:  # in a failed transaction or without a connection: it goes with either
        connection.close_if_unusable_or_obsolete()
