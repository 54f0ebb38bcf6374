"""Whether the database is still there: one connection that is asked every few seconds.

The queue's own connections come back one by one, and its workers do not notice that they lost their place; so whoever
works stops when this connection breaks, and begins anew.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import psycopg
from procrastinate.contrib.django.utils import connector_params
from procrastinate.exceptions import ConnectorException

_EVERY_SECONDS = 3


@asynccontextmanager
async def connected() -> AsyncIterator[psycopg.AsyncConnection[Any]]:
    """A connection of its own. Raises ConnectorException where the database does not answer."""
    try:
        connection = await psycopg.AsyncConnection.connect(**connector_params(), autocommit=True)
    except psycopg.OperationalError as error:
        raise ConnectorException(str(error)) from error
    try:
        yield connection
    finally:
        await connection.close()


async def until_gone(connection: psycopg.AsyncConnection[Any]) -> None:
    """Raises ConnectorException as soon as the connection is broken."""
    while True:
        try:
            await connection.execute("select 1")
        except psycopg.OperationalError as error:
            raise ConnectorException(str(error)) from error
        await asyncio.sleep(_EVERY_SECONDS)
