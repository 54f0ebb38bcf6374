"""What a process looks at and writes down about once a second, beside the requests."""

from __future__ import annotations

import threading
import time
from collections import Counter
from datetime import UTC, datetime

import psycopg

from keepwell.apps.usage.ingestion.connecting import Connection, connect
from keepwell.apps.usage.ingestion.refusals import RequestNotTaken

_EVERY = 1.0
_SHARE = 20
"""Looking takes at most a twentieth of the time, however long the inbox is."""
_WAITING = "select coalesce(sum(messages), 0) from usage_inbox"
_NOTE = """
insert into usage_reception as kept (key_id, day, accepted, refused, last_at) values (%s, %s, %s, %s, now())
on conflict (key_id, day) do update set accepted = kept.accepted + excluded.accepted,
  refused = kept.refused + excluded.refused, last_at = now()
"""


class Keeper:
    """How much waits for the lake, and what each key sent. `limit`: messages that may wait."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._waiting = 0
        self._accepted: Counter[int] = Counter()
        self._refused: Counter[int] = Counter()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._connection: Connection | None = None
        self._over = threading.Event()

    def check_room(self) -> None:
        """Raises RequestNotTaken while more waits than may."""
        self._start()
        if self._waiting > self._limit:
            words = f"{self._waiting:,} messages wait to be worked in: send this again later"
            raise RequestNotTaken(503, "busy", words, after=10)

    def note(self, key_id: int, accepted: int, refused: int) -> None:
        """Counts what is committed. A process that is killed forgets its last second."""
        with self._lock:
            self._accepted[key_id] += accepted
            self._refused[key_id] += refused

    def _start(self) -> None:
        if self._thread is not None:
            return
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._keep, name="ingestion-keeper", daemon=True)
                self._thread.start()

    def close(self) -> None:
        """What was counted is noted first."""
        self._over.set()
        if self._thread is not None:
            self._thread.join()

    def _keep(self) -> None:
        took = 0.0
        while not self._over.wait(max(_EVERY, took * _SHARE) if took else 0):
            began = time.monotonic()
            self._try_to_look()
            took = time.monotonic() - began
        self._try_to_look()
        self._disconnect()

    def _try_to_look(self) -> None:
        try:
            self._look()
        except psycopg.Error:
            self._disconnect()

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _look(self) -> None:
        if self._connection is None or self._connection.closed:
            self._connection = connect()
        row = self._connection.execute(_WAITING).fetchone()
        self._waiting = int(row[0]) if row else 0
        with self._lock:
            accepted, refused = self._accepted, self._refused
            self._accepted, self._refused = Counter(), Counter()
        day = datetime.now(UTC).date()
        for key_id in accepted.keys() | refused.keys():
            self._connection.execute(_NOTE, (key_id, day, accepted[key_id], refused[key_id]))
