"""Group commit: the requests of all threads of a process are written by one thread, in one transaction.

A request is answered once its rows are on disk. While a commit waits for the disk the next requests gather, so the
busier it is the fewer commits an event needs.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TookTooLong
from dataclasses import dataclass, field
from datetime import datetime

import psycopg

from keepwell.apps.usage.ingestion.connecting import Connection, connect
from keepwell.apps.usage.ingestion.keys import database_gone
from keepwell.apps.usage.ingestion.refusals import Refused

_MOST_REQUESTS, _MOST_BYTES = 256, 32 * 1024 * 1024
_PATIENCE = 30.0
_INBOX = """
insert into usage_inbox (key_id, received_at, messages, body)
select * from unnest(%b::bigint[], %b::timestamptz[], %b::int[], %b::bytea[])
"""
_QUARANTINE = """
insert into usage_quarantined (key_id, received_at, message_id, reason, words, message)
values (%s, %s, %s, %s, %s, %s)
"""


@dataclass(frozen=True)
class Entry:
    """What one request brought. `body`: its stored messages as a JSON array."""

    key_id: int
    received: datetime
    messages: int
    body: bytes
    refused: Sequence[Refused] = ()
    done: Future[None] = field(default_factory=Future)


class Committer:
    """Of one process; its thread begins with the first entry, so that it belongs to the process that answers."""

    def __init__(self) -> None:
        self._waiting: queue.SimpleQueue[Entry | None] = queue.SimpleQueue()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        self._connection: Connection | None = None

    def commit(self, entry: Entry) -> None:
        """Returns once it is on disk. Raises RequestNotTaken where it is not known to be."""
        if self._thread is None:
            self._start()
        self._waiting.put(entry)
        try:
            entry.done.result(_PATIENCE)
        except (psycopg.Error, TookTooLong):
            raise database_gone() from None

    def close(self) -> None:
        """What was taken is written first."""
        if self._thread is not None:
            self._waiting.put(None)
            self._thread.join(_PATIENCE)

    def _start(self) -> None:
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._write_for_ever, name="ingestion", daemon=True)
                self._thread.start()

    def _write_for_ever(self) -> None:
        while group := self._gathered():
            try:
                self._write(group)
            except BaseException as error:  # each waiting thread is told, whatever it was
                for entry in group:
                    entry.done.set_exception(error)
            else:
                for entry in group:
                    entry.done.set_result(None)
        self._close()

    def _gathered(self) -> list[Entry]:
        """What waits, at least one; nothing when it is over."""
        group: list[Entry] = []
        size = 0
        while len(group) < _MOST_REQUESTS and size < _MOST_BYTES:
            try:
                entry = self._waiting.get(block=not group)
            except queue.Empty:
                break
            if entry is None:
                if group:
                    self._waiting.put(None)
                break
            group.append(entry)
            size += len(entry.body)
        return group

    def _write(self, group: Sequence[Entry]) -> None:
        """A connection that broke is made anew once. What was written twice then has the same message ids."""
        try:
            self._transaction(group)
        except psycopg.Error:
            self._close()
            self._transaction(group)

    def _transaction(self, group: Sequence[Entry]) -> None:
        if self._connection is None or self._connection.closed:
            self._connection = connect()
        if not any(entry.refused for entry in group):
            self._insert(group)
            return
        with self._connection.transaction():
            self._insert(group)
            rows = [(entry.key_id, entry.received, one.message_id, one.reason, one.words, one.text)
                    for entry in group for one in entry.refused]  # fmt: skip
            self._connection.cursor().executemany(_QUARANTINE, rows)

    def _insert(self, group: Sequence[Entry]) -> None:
        entries = [entry for entry in group if entry.messages]
        if entries and self._connection is not None:
            columns = ([entry.key_id for entry in entries], [entry.received for entry in entries],
                       [entry.messages for entry in entries], [entry.body for entry in entries])  # fmt: skip
            self._connection.execute(_INBOX, columns)

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
