"""A real web server on a free port of this machine, with a database of its own: what clients talk to."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit, urlunsplit
from urllib.request import urlopen

import psycopg

from tests.apps.usage.ingestion.box import Rows
from tests.conftest import PRISTINE

_PATIENCE = 90.0
_CLI = [sys.executable, "-m", "keepwell.cli"]


@dataclass(frozen=True)
class Running:
    """`environment`: for commands beside it."""

    url: str
    database: str
    environment: Mapping[str, str]

    @contextmanager
    def rows(self) -> Iterator[Rows]:
        """Everything that came in; empty before and after."""
        with psycopg.connect(self.database, autocommit=True) as connection:
            rows = Rows(connection)
            rows.empty()
            yield rows
            rows.empty()

    def run(self, *arguments: str) -> str:
        """A command of Keepwell; what it printed."""
        command = [*_CLI, *arguments]
        done = subprocess.run(command, env=dict(self.environment), capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()


@contextmanager
def running(server: str, folder: Path, name: str, **settings: str) -> Iterator[Running]:
    """`server`: the address of the PostgreSQL of the tests; a database `name` is made in it, and dropped at the end."""
    url = f"http://127.0.0.1:{_free_port()}"
    database = urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    environment = {**os.environ, "DATABASE_URL": database, "KEEPWELL_DATA_DIR": str(folder), "KEEPWELL_URL": url,
                   **settings}  # fmt: skip
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"create database {name} template {PRISTINE}")
        try:
            with _answering(url, environment):
                yield Running(url, database, environment)
        finally:
            connection.execute(f"drop database {name} with (force)")


@contextmanager
def _answering(url: str, environment: Mapping[str, str]) -> Iterator[None]:
    web = subprocess.Popen([*_CLI, "web", "--port", str(urlsplit(url).port)], env=dict(environment))
    try:
        _wait(url, web)
        yield
    finally:
        web.terminate()
        web.wait(30)


def _wait(url: str, web: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        assert web.poll() is None, "the web server ended"
        try:
            with urlopen(f"{url}/healthz", timeout=2):
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise AssertionError(f"{url} does not answer")


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
