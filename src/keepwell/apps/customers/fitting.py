"""For which accounts an expression holds, asked of all of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import OperationalError, connection, transaction

from keepwell.errors import RequestRefused

SECONDS = 5
"""The longest that a page waits for an expression."""


class TookTooLong(RequestRefused):
    """An expression took longer than a page waits."""


def ids_where(fitting: str, *, at_most: int) -> list[str] | None:
    """Of all accounts, whoever sees them; None where they are more. `fitting`: SQL of the ids."""
    with connection.cursor() as cursor:
        cursor.execute(f"select * from ({fitting}) fitting limit {at_most + 1}", [])
        found = [account for (account,) in cursor.fetchall()]
    return found if len(found) <= at_most else None


@contextmanager
def in_time(seconds: float) -> Iterator[None]:
    """Raises TookTooLong where a statement inside takes longer."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("set local statement_timeout = %s", [int(1000 * seconds)])
            yield
    except OperationalError as error:
        if not isinstance(error.__cause__, psycopg.errors.QueryCanceled):
            raise
        mend = "narrow it with a filter that is quick, such as a segment or a CSM, or make it simpler"
        raise TookTooLong(f"this takes longer than {seconds:g} seconds: {mend}") from error
