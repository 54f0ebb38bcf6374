"""A closed loop of clients: each asks, waits for the whole answer, and asks again."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPConnection

from page_load.processors import busy_seconds

NUMBER = "{number}"
"""In an address: another number each time, so that nothing kept of the page is found again."""

_numbers = itertools.count(20_000)


@dataclass(frozen=True)
class Answered:
    """Milliseconds of every answer, how many were no page, answers a second, and processor time of one in all.

    Processor time is of web, database and clients together; whatever else the machine does is not in it, so it says
    what waiting times cannot when the machine is busy.
    """

    milliseconds: tuple[float, ...]
    failed: int
    a_second: float
    processor_ms: float

    def percentile(self, share: float) -> float:
        ordered = sorted(self.milliseconds)
        return ordered[min(int(share * len(ordered)), len(ordered) - 1)]

    @property
    def p95(self) -> float:
        return self.percentile(0.95)

    def __str__(self) -> str:
        p50, p99 = self.percentile(0.5), self.percentile(0.99)
        failed = f", {self.failed} FAILED" if self.failed else ""
        times = f"p50 {p50:6.0f}  p95 {self.p95:6.0f}  p99 {p99:6.0f} ms"
        return f"{times}  {self.a_second:5.0f} a second  {self.processor_ms:5.1f} processor ms{failed}"


def ask(port: int, address: str, cookies: Sequence[str], *, requests: int) -> Answered:
    """So many requests in all, by one client for each cookie, on a connection each."""
    found: list[float] = []
    failed: list[int] = []
    each = max(requests // len(cookies), 1)
    start = threading.Barrier(len(cookies) + 1)
    clients = [
        threading.Thread(target=_client, args=(port, address, one, each, start, found, failed)) for one in cookies
    ]
    for client in clients:
        client.start()
    start.wait()
    began, busy = time.perf_counter(), busy_seconds()
    for client in clients:
        client.join()
    seconds, spent = time.perf_counter() - began, busy_seconds() - busy
    return Answered(tuple(found), len(failed), len(found) / seconds, 1000 * spent / len(found))


def _client(
    port: int, address: str, cookie: str, requests: int, start: threading.Barrier, found: list[float], failed: list[int]
) -> None:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    start.wait()
    for _ in range(requests):
        began = time.perf_counter()
        connection.request("GET", address.replace(NUMBER, str(next(_numbers))), headers={"Cookie": cookie})
        answer = connection.getresponse()
        answer.read()
        found.append(1000 * (time.perf_counter() - began))
        if answer.status != 200:
            failed.append(answer.status)


def session_cookies(clients: int) -> list[str]:
    """A session for each client, of a manager who sees everything."""
    from django.conf import settings
    from django.test import Client

    from keepwell.apps.access.models import User

    user = User.objects.get(email="manager@pages.example")
    cookies = []
    for _ in range(clients):
        client = Client()
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
        cookies.append(f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}")
    return cookies
