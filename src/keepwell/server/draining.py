"""The drain as a process: a batch about every second, more at once when it is behind, then live scores."""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from keepwell.server.lifeline import end_with_parent
from keepwell.server.processes import prepare_on_current_database

if TYPE_CHECKING:
    from keepwell.apps.usage.draining.batch import Drain

log = logging.getLogger("keepwell.drain")
_EVERY = 1.0
_AT_LEAST = 5.0
"""Scores are renewed so often even while batches wait: somebody may be looking."""

_AGAIN_AFTER = 2.0


def drain_until_stopped() -> None:
    """Until a signal asks it to stop. A database that is gone is waited for."""
    prepare_on_current_database()
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    end_with_parent()
    from django.db import OperationalError, connections
    from psycopg import OperationalError as ConnectionLost

    while not stopping.is_set():
        try:
            _drain(stopping)
        except (OperationalError, ConnectionLost) as error:
            log.warning("the drain waits for the database: %s", str(error).strip().splitlines()[0])
            connections.close_all()
            stopping.wait(_AGAIN_AFTER)


def _drain(stopping: threading.Event) -> None:
    from keepwell.apps.usage.draining.batch import Drain
    from keepwell.apps.usage.draining.holding import held

    with held(stopping.wait) as hold:
        if hold is not None:
            _until(stopping, Round(Drain(), hold.check))


def _until(stopping: threading.Event, rounds: Round) -> None:
    rounds.begin()
    while not stopping.is_set():
        began = time.monotonic()
        if not rounds.turn():
            stopping.wait(max(0.0, began + _EVERY - time.monotonic()))


class Round:
    """What is done again and again by whoever holds the lock; `check` raises where the lock is lost."""

    def __init__(self, drain: Drain, check: Callable[[], None]) -> None:
        from keepwell.apps.usage.draining.tending import Tending

        self._drain = drain
        self._check = check
        self._tending = Tending(drain.tables)

    def begin(self) -> None:
        """Ends what somebody left in the middle."""
        self._drain.finish()

    def turn(self) -> bool:
        """One batch and what follows from it; True where more waits already."""
        from keepwell.apps.usage.draining.batch import MOST, today

        self._check()
        batch = self._drain.next()
        is_behind = batch is not None and batch.messages >= MOST
        self._tending.due(today())
        return is_behind
