"""The drain of the installation, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def draining() -> Iterator[None]:
    """What arrives is counted until the block ends."""
    environment = {**os.environ, "KEEPWELL_PARENT": str(os.getpid())}
    process = subprocess.Popen([sys.executable, "-m", "keepwell.cli", "drain"], env=environment)
    try:
        yield
    finally:
        process.terminate()
        process.wait(60)
