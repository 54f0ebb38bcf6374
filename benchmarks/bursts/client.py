"""Clients that send as fast as they are answered, each over one connection that is kept.

Bodies are made before the burst, so that the processor is the server's as far as can be.
"""

from __future__ import annotations

import socket
import threading
import time
from base64 import b64encode
from dataclasses import dataclass, field

from bursts.events import request

_DIFFERENT = 64


@dataclass(frozen=True)
class Burst:
    """What was answered 200; how long answers took, in seconds."""

    events: int
    seconds: float
    median: float
    slow: float


@dataclass
class _Line:
    port: int
    requests: list[bytes]
    until: float = 0.0
    took: list[float] = field(default_factory=list)

    def run(self) -> None:
        with socket.create_connection(("127.0.0.1", self.port)) as line:
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            number = 0
            while time.perf_counter() < self.until:
                began = time.perf_counter()
                line.sendall(self.requests[number % len(self.requests)])
                _expect_taken(line)
                self.took.append(time.perf_counter() - began)
                number += 1


def burst(port: int, key: str, at_once: int, *, connections: int, seconds: float) -> Burst:
    """Raises AssertionError for any answer but 200."""
    bodies = [request(key, at_once) for _ in range(_DIFFERENT)]
    requests = [_head(key, len(body)) + body for body in bodies]
    lines = [_Line(port, requests[number:] + requests[:number]) for number in range(connections)]
    began = time.perf_counter()
    threads = [threading.Thread(target=line.run) for line in lines]
    for line, thread in zip(lines, threads, strict=True):
        line.until = began + seconds
        thread.start()
    for thread in threads:
        thread.join()
    took = sorted(one for line in lines for one in line.took)
    return Burst(len(took) * at_once, time.perf_counter() - began, took[len(took) // 2], took[len(took) * 99 // 100])


def _head(key: str, length: int) -> bytes:
    authorization = b64encode(f"{key}:".encode()).decode()
    return (
        "POST /v1/batch HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Authorization: Basic {authorization}\r\nContent-Length: {length}\r\n\r\n"
    ).encode()


def _expect_taken(line: socket.socket) -> None:
    answer = line.recv(4096)
    while answer and not answer.endswith(b"}"):
        answer += line.recv(4096)
    assert answer.startswith(b"HTTP/1.1 200 "), answer
