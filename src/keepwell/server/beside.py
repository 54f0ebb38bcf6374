"""A process that runs beside this one and is started again when it ends by itself."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from keepwell.server.supervisor import Child, keep_alive


@contextmanager
def drained() -> Iterator[None]:
    """With a drain of its own, unless whoever started this process has one."""
    if "KEEPWELL_PARENT" in os.environ:
        yield
        return
    child = Child("drain", [sys.executable, "-m", "keepwell.cli", "drain"])
    environment = {**os.environ, "KEEPWELL_PARENT": str(os.getpid())}
    stopping = threading.Event()
    child.start(environment)
    watching = threading.Thread(target=_watch, args=(child, environment, stopping), daemon=True)
    watching.start()
    try:
        yield
    finally:
        stopping.set()
        watching.join()
        child.stop()


def _watch(child: Child, environment: dict[str, str], stopping: threading.Event) -> None:
    while not stopping.wait(0.5):
        keep_alive(child, environment)
