"""Being stopped from outside: Ctrl-C and a polite kill end a command in order, so that nothing stays half-written."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class NobodyReads(Exception):
    """Whoever read our output has gone (`keepwell score ... | head`)."""


class Stopped:
    """Which signal came, if any. Databases make errors of their own of it, so whoever sees an error asks here."""

    signal: int | None = None

    @property
    def exit_code(self) -> int:
        """As shells count it: 130 for Ctrl-C, 143 for a polite kill."""
        return 128 + (self.signal or signal.SIGINT)


_stopped = Stopped()


@contextmanager
def stoppable() -> Iterator[Stopped]:
    """Turns SIGINT and SIGTERM into KeyboardInterrupt, and remembers them."""
    _stopped.signal = None
    if threading.current_thread() is not threading.main_thread():
        yield _stopped
        return

    def stop(number: int, _: FrameType | None) -> None:
        _stopped.signal = number
        raise KeyboardInterrupt

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield _stopped
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def go_on() -> None:
    """Raises KeyboardInterrupt if a signal came that a library swallowed; called between steps of long work."""
    if _stopped.signal is not None:
        raise KeyboardInterrupt
