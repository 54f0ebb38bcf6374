"""One writer per table, over all processes of a machine."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

from keepwell.errors import RequestRefused

_POLL_SECONDS = 0.01


class WriterLock(Protocol):
    """Held while a table is written; the system frees it when its holder dies."""

    def hold(self) -> AbstractContextManager[None]:
        """Waits for the lock, and raises RequestRefused where another writer keeps it."""


class FileLock:
    """An advisory lock on a file (flock). The file stays, and names the process that wrote last."""

    def __init__(self, path: Path, *, wait_seconds: float = 30.0) -> None:
        self._path = path
        self._wait_seconds = wait_seconds

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Holds the lock; polls until `wait_seconds` have passed."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            self._acquire(handle)
            os.ftruncate(handle, 0)
            os.pwrite(handle, str(os.getpid()).encode(), 0)
            yield
        finally:
            os.close(handle)

    def _acquire(self, handle: int) -> None:
        deadline = time.monotonic() + self._wait_seconds
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    holder = os.pread(handle, 32, 0).decode(errors="replace") or "unknown"
                    raise RequestRefused(
                        f"{self._path.parent}: another process (pid {holder}) is writing this table; "
                        f"waited {self._wait_seconds:g} s. Try again when it is done"
                    ) from None
                time.sleep(_POLL_SECONDS)
            else:
                return
