"""A process that was started by another ends with it, however that one ended."""

from __future__ import annotations

import os
import signal
import threading
import time


def end_with_parent() -> None:
    """Watches the process named in KEEPWELL_PARENT; when it is gone this one is asked to stop."""
    parent = int(os.environ.get("KEEPWELL_PARENT", "0"))
    if parent:
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGTERM)
