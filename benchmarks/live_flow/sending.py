"""Events over HTTP at an even pace, and when each account's were acknowledged."""

from __future__ import annotations

import json
import time
from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPConnection
from uuid import uuid4

import numpy as np

from live_flow.installing import EVENTS, KEY, account

TOUCHED = 5_000


@dataclass
class Sent:
    """By account, the times at which its events were acknowledged, oldest first, with their number from 1."""

    waiting: dict[str, deque[tuple[int, float]]] = field(default_factory=lambda: defaultdict(deque))
    count: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    total: int = 0

    def note(self, accounts: list[str], at: float) -> None:
        for one in accounts:
            self.count[one] += 1
            self.waiting[one].append((self.count[one], at))
        self.total += len(accounts)

    def shown(self, one: str, count: int, at: float) -> Iterator[float]:
        """The seconds that those of an account took of which so many are in its score."""
        queue = self.waiting[one]
        while queue and queue[0][0] <= count:
            yield at - queue.popleft()[1]


def send(port: int, *, rate: int, seconds: float, batch: int, sent: Sent) -> float:
    """Batches at a pace, each waited for. Returns the seconds that it took."""
    random = np.random.default_rng(11)
    edges = np.cumsum(1 / np.arange(1, TOUCHED + 1))  # Zipf
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    began = time.monotonic()
    for number in range(int(rate * seconds) // batch):
        time.sleep(max(0.0, began + number * batch / rate - time.monotonic()))
        chosen = [account(int(one)) for one in np.searchsorted(edges, random.random(batch) * edges[-1])]
        _post(connection, messages(chosen, random))
        sent.note(chosen, time.monotonic())
    connection.close()
    return time.monotonic() - began


def messages(accounts: list[str], random: np.random.Generator) -> list[dict[str, object]]:
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    events, people = random.integers(0, len(EVENTS), len(accounts)), random.integers(0, 5, len(accounts))
    return [
        {"type": "track", "messageId": str(uuid4()), "event": EVENTS[event], "userId": f"{one}-{person}",
         "timestamp": now, "context": {"groupId": one}}
        for one, event, person in zip(accounts, events, people, strict=True)
    ]  # fmt: skip


def _post(connection: HTTPConnection, batch: list[dict[str, object]]) -> None:
    body = json.dumps({"batch": batch, "writeKey": KEY}).encode()
    connection.request("POST", "/v1/batch", body, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    said = answer.read()
    assert answer.status == 200, said
