"""How many messages a second go from the inbox to the lake, and how many COPY takes."""

from __future__ import annotations

import time
from typing import Any

import msgspec
import numpy as np
import psycopg

from live_flow.installing import account
from live_flow.sending import TOUCHED, Sent, messages, send


def fill_inbox(connection: psycopg.Connection[Any], key: int, count: int) -> None:
    """So many accepted messages, a hundred a request, as ingestion keeps them."""
    random = np.random.default_rng(13)
    for _ in range(count // 100):
        chosen = [account(int(one)) for one in random.integers(0, TOUCHED, 100)]
        body = msgspec.json.encode([_stored(one) for one in messages(chosen, random)])
        connection.execute("insert into usage_inbox (key_id, messages, body) values (%s, %s, %s)", [key, 100, body])


def _stored(one: dict[str, Any]) -> dict[str, Any]:
    return {"id": one["messageId"], "type": "track", "event": one["event"], "user": one["userId"],
            "group": one["context"]["groupId"], "at": one["timestamp"]}  # fmt: skip


def waiting(connection: psycopg.Connection[Any]) -> int:
    row = connection.execute("select coalesce(sum(messages), 0) from usage_inbox").fetchone()
    return int(row[0]) if row else 0


def drained_a_second(connection: psycopg.Connection[Any], patience: float = 600) -> float:
    """From the first batch on until nothing waits: a process takes seconds to start."""
    count = all_of_it = waiting(connection)
    until = time.monotonic() + patience
    while count == all_of_it and time.monotonic() < until:
        time.sleep(0.02)
        count = waiting(connection)
    began = time.monotonic()
    while waiting(connection) and time.monotonic() < until:
        time.sleep(0.05)
    return count / (time.monotonic() - began)


def sustained_a_second(
    connection: psycopg.Connection[Any], port: int, *, rate: int, seconds: int, patience: float = 120
) -> float:
    """Sent at a rate while the drain works: the events over the time from the first until the last is in the lake."""
    sent, began = Sent(), time.monotonic()
    took = send(port, rate=rate, seconds=seconds, batch=500, sent=sent)
    left = waiting(connection)
    while waiting(connection) and time.monotonic() < began + took + patience:
        time.sleep(0.02)
    whole = time.monotonic() - began
    print(f"  {sent.total:,} events in {took:.1f} s; {left:,} waited then, none {whole - took:.1f} s later")
    return sent.total / whole


def copy_seconds(connection: psycopg.Connection[Any], count: int) -> float:
    """COPY of as many events into a table of six columns with a key, made ready before the clock starts."""
    random = np.random.default_rng(17)
    rows = []
    for _ in range(count // 1000):
        chosen = [account(int(one)) for one in random.integers(0, TOUCHED, 1000)]
        rows += [tuple(_stored(one).values()) for one in messages(chosen, random)]
    connection.execute(
        "create table copied (id uuid primary key, type text, event text, person text, account text, at timestamptz)"
    )
    text = "".join("\t".join(row) + "\n" for row in rows).encode()
    began = time.monotonic()
    with connection.cursor() as cursor, cursor.copy("copy copied from stdin") as copy:
        copy.write(text)
    return time.monotonic() - began
