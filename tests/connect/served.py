"""A small server for the tests: pages of an API as its vendor gives them, with trouble where a test asks for it."""

from __future__ import annotations

import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass
class Call:
    """One request. `query`: the first value of each parameter. `body`: JSON, or a form as it stood, of `raw`."""

    method: str
    path: str
    query: dict[str, str]
    headers: Message
    body: Any
    raw: bytes
    at: float


@dataclass
class Answer:
    """`said` as JSON, or bytes as they are. `cut`: the connection ends in the middle of the body."""

    said: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False


Handle = Callable[[Call], Answer]


@dataclass
class Served:
    """`address`: where it answers. `calls`: what it was asked, in order. `trouble`: may answer before the handler."""

    address: str
    calls: list[Call] = field(default_factory=list)
    trouble: list[Callable[[Call], Answer | None]] = field(default_factory=list)

    def once(self, path: str, answer: Answer, *, after: int = 0) -> None:
        """The call of a path (after so many of it) is answered so, once."""
        seen = {"calls": 0, "done": 0}

        def trouble(call: Call) -> Answer | None:
            if not call.path.endswith(path):
                return None
            seen["calls"] += 1
            if seen["calls"] <= after or seen["done"]:
                return None
            seen["done"] = 1
            return answer

        self.trouble.append(trouble)


@contextmanager
def served(handle: Handle, tls: ssl.SSLContext | None = None) -> Iterator[Served]:
    """Answers on this machine until the test ends, over https with `tls`."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            parts = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            raw = self.rfile.read(length)
            try:
                body = json.loads(raw) if raw else None
            except ValueError:
                body = raw.decode()
            query = {name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
            call = Call(self.command, parts.path, query, self.headers, body, raw, time.monotonic())
            place.calls.append(call)
            answer = next((found for one in place.trouble if (found := one(call))), None) or handle(call)
            self._write(answer)

        def _write(self, answer: Answer) -> None:
            body = answer.said if isinstance(answer.said, bytes) else _json(answer.said)
            self.send_response(answer.status)
            for name, value in {"Content-Type": "application/json", **answer.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: len(body) // 2] if answer.cut else body)
            if answer.cut:
                self.close_connection = True

        do_GET = do_POST = do_PATCH = do_PUT = _answer  # noqa: N815

        def log_message(self, *said: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    place = Served(f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield place
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _json(said: Any) -> bytes:
    return b"" if said is None else json.dumps(said).encode()


LIMITED = Answer({"message": "slow down"}, 429, {"Retry-After": "1"})
BROKEN = Answer({"message": "try again"}, 503)
CUT = Answer({"results": ["x" * 1000]}, cut=True)
REFUSED = Answer({"message": "token expired"}, 401)


def always(answer: Answer) -> Handle:
    """The same answer to everything."""
    return lambda _: answer
