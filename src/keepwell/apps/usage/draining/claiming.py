"""Rows of the inbox for one batch: claimed by its number, and deleted when they are in the lake.

Ids are given out in another order than they are committed in, so a batch is not a range of ids: its rows carry its
number.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from keepwell.apps.usage.draining.messages import Request

_COLUMNS = "id, key_id, received_at, messages, body"


@dataclass(frozen=True)
class Backlog:
    """What waits: requests, the messages in them, and when the oldest was accepted."""

    requests: int
    messages: int
    oldest: datetime | None


def claim(batch: int, *, messages: int) -> list[Request]:
    """The oldest rows that no batch has, about so many messages of them, from now on of `batch`; one at least."""
    with connection.cursor() as cursor:
        cursor.execute(
            "with waiting as (select id, sum(messages) over (order by id) - messages as before from "
            "(select id, messages from usage_inbox where batch is null order by id limit %s) as first) "
            "update usage_inbox set batch = %s from waiting where usage_inbox.id = waiting.id and before < %s",
            [messages, batch, messages],
        )
        return claimed(batch) if cursor.rowcount else []


def claimed(batch: int) -> list[Request]:
    """The rows of a batch, in the order of their ids."""
    with connection.cursor() as cursor:
        cursor.execute(f"select {_COLUMNS} from usage_inbox where batch = %s order by id", [batch])
        return [Request(one, key, at, count, bytes(body)) for one, key, at, count, body in cursor.fetchall()]


def unfinished() -> list[int]:
    """Batches that were begun by a process that is gone, the oldest first."""
    with connection.cursor() as cursor:
        cursor.execute("select distinct batch from usage_inbox where batch is not null order by batch")
        return [int(batch) for (batch,) in cursor.fetchall()]


def delete(batch: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("delete from usage_inbox where batch = %s", [batch])


def backlog() -> Backlog:
    with connection.cursor() as cursor:
        cursor.execute("select count(*), coalesce(sum(messages), 0), min(received_at) from usage_inbox")
        requests, messages, oldest = cursor.fetchone()
        return Backlog(int(requests), int(messages), oldest)
