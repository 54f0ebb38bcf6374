"""The drain as a process: a batch about every second, more at once when it is behind, then live scores."""

from __future__ import annotations

import logging
import signal
import threading
import time
from typing import TYPE_CHECKING

from keepwell.server.lifeline import end_with_parent
from keepwell.server.processes import prepare_on_current_database

if TYPE_CHECKING:
    from keepwell.server.rounds import Rounds

log = logging.getLogger("keepwell.drain")
_EVERY = 1.0
_LOOKING = 0.2
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
    from keepwell.server.rounds import Rounds

    with held(stopping.wait) as hold:
        if hold is not None:
            _until(stopping, Rounds(hold.check, Drain(turn=hold.turn)))


def _until(stopping: threading.Event, rounds: Rounds) -> None:
    rounds.begin()
    while not stopping.is_set():
        began = time.monotonic()
        if not rounds.turn():
            _wait(stopping, rounds, began + _EVERY)


def _wait(stopping: threading.Event, rounds: Rounds, until: float) -> None:
    """Until the next turn; rows of ledgers are looked for more often, for somebody may be waiting to see them count."""
    while not stopping.is_set() and (left := until - time.monotonic()) > 0 and not rounds.is_called:
        stopping.wait(min(left, _LOOKING))
