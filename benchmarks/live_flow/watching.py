"""When scores show what came in, as whoever reads the database sees it."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import psycopg

from live_flow.sending import Sent

_EVERY = 0.05
_RENEWED = (
    "select live.account_id, live.known_at, live.row from health_livevalues live "
    "join health_currenthealth health on health.account_id = live.account_id and health.known_at = live.known_at "
    "where live.known_at > %s order by live.known_at"
)


class Watch:
    """Looks again and again; `base`: the events of each account before any was sent. `seconds`: of each event."""

    def __init__(self, parameters: dict[str, Any], sent: Sent, base: dict[str, int], since: datetime) -> None:
        self._parameters, self._sent, self._base, self._since = parameters, sent, base, since
        self.seconds: list[float] = []
        self.rounds = 0
        self._done = threading.Event()

    @contextmanager
    def watching(self) -> Iterator[None]:
        thread = threading.Thread(target=self._run)
        thread.start()
        try:
            yield
        finally:
            self._done.set()
            thread.join()

    def wait(self, seconds: float) -> None:
        """Until everything that was sent is shown, or the time is over."""
        until = time.monotonic() + seconds
        while len(self.seconds) < self._sent.total and time.monotonic() < until:
            time.sleep(0.1)

    def _run(self) -> None:
        with psycopg.connect(**self._parameters, autocommit=True) as own:
            while not self._done.wait(_EVERY):
                rows = own.execute(_RENEWED, [self._since]).fetchall()
                self.rounds += bool(rows)
                self._take(rows, time.monotonic())

    def _take(self, rows: list[tuple[Any, ...]], at: float) -> None:
        for account, known_at, row in rows:
            count = int(json.loads(bytes(row))["account"]["metrics"]["all_90"]) - self._base.get(account, 0)
            self.seconds.extend(self._sent.shown(account, count, at))
            self._since = max(self._since, known_at)
