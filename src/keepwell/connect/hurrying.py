"""A door without redirects, whose connections are cut when their time is over, however slowly answers come."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Sequence
from contextlib import suppress
from types import TracebackType
from typing import Any

import requests

from keepwell.connect.outgoing import Door, Outgoing


class HurriedDoor(Door):
    """For one call, as a context: `seconds` after it began nothing of it is left open.

    Timeouts of sockets are of one read each; a server that sends a byte now and then would hold a call for ever.
    """

    def __init__(self, allowed: Sequence[str] = (), *, seconds: float) -> None:
        super().__init__(allowed, patience=0)
        self._held: list[socket.socket] = []
        self._lock = threading.Lock()
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True
        self.is_over = False

    def __enter__(self) -> HurriedDoor:
        self._timer.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._timer.cancel()
        with self._lock:
            for one in self._held:
                one.close()
            self._held.clear()

    def session(self, tries: int = 1) -> Outgoing:
        return _Straight(self, tries)

    def connect(self, host: str, port: int, timeout: Any) -> socket.socket:
        """A second handle is kept: encryption takes the first one away."""
        made = super().connect(host, port, timeout)
        with self._lock:
            self._held.append(socket.socket(fileno=os.dup(made.fileno())))
        if self.is_over:
            self._cut()
        return made

    def _cut(self) -> None:
        self.is_over = True
        with self._lock:
            for one in self._held:
                with suppress(OSError):  # the other side was quicker
                    one.shutdown(socket.SHUT_RDWR)


class _Straight(Outgoing):
    """Leads nowhere else: an answer that points elsewhere is an answer, and is not read to its end to find out."""

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        return None
