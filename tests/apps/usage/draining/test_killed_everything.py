"""Web, worker and drain are killed again and again while clients send: what was answered 200 is in the lake once."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from uuid import uuid4

import msgspec
import pytest

from keepwell.apps.usage.draining.writing import table
from keepwell.apps.usage.models import InboxEntry, WriteKey
from tests.apps.usage.draining.inbox import AT, usage
from tests.apps.usage.draining.running import environment, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

MESSAGES, KILLS, CLIENTS = 100_000, 10, 4


@pytest.mark.faults
def test_what_was_acknowledged_is_in_the_lake_once(data_dir: Path) -> None:
    WriteKey.objects.create(name="product", key="wk_test_of_killing")
    installation = Installation(data_dir)
    sent: set[str] = set()
    with installation.running(), _sending(installation.port, sent):
        moments = random.Random(11)
        killed = [*installation.verbs] * 3 + ["drain"]
        moments.shuffle(killed)
        for number, name in enumerate(killed[:KILLS], start=1):
            share = number * MESSAGES // (KILLS + 2)
            wait_for(lambda share=share: len(sent) >= share, 300)  # type: ignore[misc]
            time.sleep(moments.random() * 0.5)
            installation.kill(name)
        wait_for(lambda: len(sent) == MESSAGES, 300)
        wait_for(lambda: not InboxEntry.objects.exists(), 60)
    found = table("keepwell.events").read(columns=["message_id"])["message_id"].to_pylist()
    assert len(found) == MESSAGES
    assert set(found) == sent
    assert sum(row["events"] for row in usage()) == MESSAGES


class Installation:
    """Its processes, each with a group of its own, so that all below it die with it."""

    def __init__(self, data_dir: Path) -> None:
        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            self.port = int(one.getsockname()[1])
        web = ["web", "--port", str(self.port), "--processes", "1"]
        self.verbs = {"web": web, "worker": ["worker"], "drain": ["drain"]}
        self._environment = environment(data_dir)
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    @contextmanager
    def running(self) -> Iterator[None]:
        for name in self.verbs:
            self._start(name)
        try:
            yield
        finally:
            for name in self.verbs:
                self._end(name)

    def kill(self, name: str) -> None:
        """And starts it again."""
        self._end(name)
        self._start(name)

    def _start(self, name: str) -> None:
        command = [sys.executable, "-m", "keepwell.cli", *self.verbs[name]]
        self._processes[name] = subprocess.Popen(command, env=self._environment, start_new_session=True)

    def _end(self, name: str) -> None:
        process = self._processes[name]
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextmanager
def _sending(port: int, sent: set[str]) -> Iterator[None]:
    """Clients that send every batch until it is answered with 200, as the real ones do."""
    turn, stopped = threading.Lock(), threading.Event()

    def client() -> None:
        for _ in range(MESSAGES // CLIENTS // 100):
            ids = [str(uuid4()) for _ in range(100)]
            body = msgspec.json.encode({"batch": [_message(one) for one in ids], "writeKey": "wk_test_of_killing"})
            while not stopped.is_set() and not _is_taken(port, body):
                time.sleep(0.1)
            if stopped.is_set():
                return
            with turn:
                sent.update(ids)

    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stopped.set()
        for thread in threads:
            thread.join()


def _is_taken(port: int, body: bytes) -> bool:
    try:
        connection = HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("POST", "/v1/batch", body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer.status == 200
    except (OSError, HTTPException):
        return False


def _message(one: str) -> dict[str, object]:
    return {"type": "track", "messageId": one, "event": "Saved", "userId": one[:2], "timestamp": AT.isoformat(),
            "context": {"groupId": one[:1]}}  # fmt: skip
