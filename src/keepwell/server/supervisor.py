"""Everything in one command: the database, then web, worker and drain as processes that end with it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from keepwell.errors import RequestRefused
from keepwell.server.postgres import embedded_postgres

_PATIENCE = 30.0
_AGAIN_AFTER = 1.0


@dataclass
class Child:
    """A process that is started again when it ends by itself."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0

    def start(self, environment: Mapping[str, str]) -> None:
        self.process = subprocess.Popen(self.command, env=dict(environment), start_new_session=True)
        self.started = time.monotonic()

    def stop(self) -> None:
        """Asks it to end, and ends it where it does not."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@contextmanager
def database(data_dir: Path) -> Iterator[str]:
    """The address of DATABASE_URL, or of the PostgreSQL in the data folder while it runs; it is in the environment."""
    given = os.environ.get("DATABASE_URL")
    os.environ["KEEPWELL_DATA_DIR"] = str(data_dir.absolute())
    if given:
        yield given
        return
    with embedded_postgres(data_dir) as url:
        os.environ["DATABASE_URL"] = url
        yield url


def children(port: int, host: str = "127.0.0.1", workers: int = 2) -> list[Child]:
    """Web, worker and drain."""
    python = [sys.executable, "-m", "keepwell.cli"]
    return [
        Child("web", [*python, "web", "--port", str(port), "--host", host, "--processes", str(workers)]),
        Child("worker", [*python, "worker"]),
        Child("drain", [*python, "drain"]),
    ]


def supervise(processes: Sequence[Child], ready: Callable[[], None]) -> None:
    """Runs until somebody stops it. A process that ends is started again; all end together."""
    stopping = _on_signals()
    environment = {**os.environ, "KEEPWELL_PARENT": str(os.getpid())}
    try:
        for child in processes:
            child.start(environment)
        ready()
        while not stopping:
            time.sleep(0.2)
            _restart(processes, environment)
    except KeyboardInterrupt:
        pass
    finally:
        for child in reversed(processes):
            child.stop()


def wait_until_alive(url: str, seconds: float = 60.0) -> None:
    """Until the address answers. Raises RequestRefused where it does not in time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            with urlopen(f"{url}/healthz", timeout=2):
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise RequestRefused(f"{url} does not answer after {seconds:.0f} seconds; what went wrong stands above")


def _restart(processes: Sequence[Child], environment: Mapping[str, str]) -> None:
    for child in processes:
        keep_alive(child, environment)


def keep_alive(child: Child, environment: Mapping[str, str]) -> None:
    """Starts it again where it ended."""
    ended = child.process is not None and child.process.poll() is not None
    if ended and time.monotonic() - child.started > _AGAIN_AFTER:
        child.start(environment)


def _on_signals() -> list[int]:
    """Fills with the signals that ask to stop."""
    asked: list[int] = []

    def note(number: int, frame: object) -> None:
        asked.append(number)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, note)
    return asked
