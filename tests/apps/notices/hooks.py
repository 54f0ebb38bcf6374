"""Targets of webhooks on loopback that take messages, hang, drip, break off or send elsewhere, as a test says."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Got:
    """One call as it came in."""

    path: str
    headers: dict[str, str]
    body: bytes
    at: float

    @property
    def said(self) -> Any:
        return json.loads(self.body)


@dataclass
class Target:
    """`answers`: status and headers by path, the first of each used up before the last; everything else is 204."""

    address: str
    got: list[Got] = field(default_factory=list)
    answers: dict[str, list[tuple[int, dict[str, str]]]] = field(default_factory=dict)
    text: bytes = b"ok"

    def answer(self, path: str) -> tuple[int, dict[str, str]]:
        waiting = self.answers.get(path, [(200, {})])
        return waiting.pop(0) if len(waiting) > 1 else waiting[0]

    def ids(self) -> list[str]:
        return [one.headers["webhook-id"] for one in self.got]


@contextmanager
def target() -> Iterator[Target]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            place.got.append(Got(self.path, {k.lower(): v for k, v in self.headers.items()}, body, time.monotonic()))
            status, headers = place.answer(self.path)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(place.text)))
            self.end_headers()
            self.wfile.write(place.text)

        def log_message(self, *said: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    place = Target(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield place
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def raw(treat: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server that does with each connection whatever `treat` does."""
    listening = socket.create_server(("127.0.0.1", 0))
    ended = threading.Event()

    def accept() -> None:
        while not ended.is_set():
            try:
                one, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=_treated, args=(treat, one), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/hook"
    finally:
        ended.set()
        listening.close()


def hangs(one: socket.socket) -> None:
    """Takes everything and says nothing."""
    while one.recv(65536):
        pass


def drips(one: socket.socket) -> None:
    """A byte now and then, for ever: no single wait is long."""
    one.recv(65536)
    one.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while True:
        one.sendall(b"x")
        time.sleep(0.05)


def closes_early(one: socket.socket) -> None:
    one.recv(10)


def breaks_off(one: socket.socket) -> None:
    """The code comes, and half of the answer."""
    one.recv(65536)
    one.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf")


def _treated(treat: Callable[[socket.socket], None], one: socket.socket) -> None:
    with one, suppress(OSError):
        treat(one)
