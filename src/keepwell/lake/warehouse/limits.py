"""A limit of time for queries of one thread: what takes longer is stopped, and told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Timer

from keepwell.errors import KeepwellError, RequestRefused
from keepwell.lake.warehouse.base import Warehouse


@contextmanager
def stopped_after(warehouse: Warehouse, seconds: float) -> Iterator[None]:
    """Interrupts what the connection works on when the block takes longer; nobody else may use it meanwhile.

    Raises RequestRefused with what to do.
    """
    stopped = Event()

    def stop() -> None:
        stopped.set()
        warehouse.interrupt()

    with warehouse.turn:
        timer = Timer(seconds, stop)
        timer.daemon = True
        timer.start()
        try:
            yield
        except KeepwellError:
            if not stopped.is_set():
                raise
            raise RequestRefused(
                f"this takes longer than {seconds:g} seconds, and was stopped; take a shorter period, a filter, or a "
                "coarser dimension"
            ) from None
        finally:
            timer.cancel()
