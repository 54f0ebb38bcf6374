"""The application on a loopback port, in processes of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def served(port: int, *, processes: int) -> Iterator[None]:
    """Web processes that answer, until the block ends."""
    call = f"serve_web(host='127.0.0.1', port={port}, processes={processes})"
    code = f"from keepwell.server.processes import serve_web; {call}"
    server = subprocess.Popen([sys.executable, "-c", code], env=dict(os.environ))
    try:
        _wait(port, server)
        yield
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait(port: int, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if server.poll() is not None:
            sys.exit("the web process ended before it answered")
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.2)
    sys.exit("the web process did not answer within a minute")
