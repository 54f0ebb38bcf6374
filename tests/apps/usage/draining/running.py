"""The drain as a process of its own on the database of a test."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection


def environment(data_dir: Path) -> dict[str, str]:
    told = connection.settings_dict
    address = f"postgresql://{told['USER']}@/{told['NAME']}?host={told['HOST']}"
    found = {**os.environ, "DATABASE_URL": address, "KEEPWELL_DATA_DIR": str(data_dir), "KEEPWELL_NIGHTLY": "off"}
    found["KEEPWELL_PARENT"] = str(os.getpid())
    found.pop("DJANGO_SETTINGS_MODULE", None)
    return found


def started(data_dir: Path, *verb: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "keepwell.cli", *verb], env=environment(data_dir))


@contextmanager
def draining(data_dir: Path) -> Iterator[subprocess.Popen[bytes]]:
    process = started(data_dir, "drain")
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(30)


def wait_for(what: Callable[[], bool], seconds: float) -> None:
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "it took too long"
        time.sleep(0.05)
