"""Targets of webhooks on loopback that take messages, hang, drip, break off or send elsewhere, as a test says."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from tests.connect.served import Answer, Call, Served, served


@dataclass
class Target:
    """`answers`: status and headers by path, the first of each used up before the last; everything else is 200."""

    answers: dict[str, list[tuple[int, dict[str, str]]]] = field(default_factory=dict)
    text: bytes = b"ok"
    served: Served = field(init=False)

    @property
    def address(self) -> str:
        return self.served.address

    @property
    def got(self) -> list[Call]:
        return self.served.calls

    def answer(self, call: Call) -> Answer:
        waiting = self.answers.get(call.path, [(200, {})])
        status, headers = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        return Answer(self.text, status, headers)

    def ids(self) -> list[str]:
        return [one.headers["webhook-id"] for one in self.got]


@contextmanager
def target(tls: ssl.SSLContext | None = None) -> Iterator[Target]:
    place = Target()
    with served(place.answer, tls) as place.served:
        yield place


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
