"""The process: one at a time, ending when asked, and losing nothing when it is killed."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import msgspec
import psycopg
import pytest
from django.db import connection

from keepwell.apps.access.locks import Lock
from keepwell.apps.usage.draining.writing import table
from keepwell.apps.usage.models import InboxEntry, SeenMessage
from tests.apps.usage.draining.inbox import AT, accepted, events, key, message, usage
from tests.apps.usage.draining.running import draining, environment, started, wait_for

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.slow
def test_events_reach_the_lake_and_one_drain_is_at_work(data_dir: Path) -> None:
    accepted(message(1, user="u"))
    with draining(data_dir) as first:
        wait_for(lambda: not InboxEntry.objects.exists(), 30)
        with draining(data_dir) as second:
            accepted(message(2, user="u"))
            wait_for(lambda: not InboxEntry.objects.exists(), 30)
            first.kill()
            first.wait()
            accepted(message(3, user="u"))
            wait_for(lambda: not InboxEntry.objects.exists(), 30)
            assert second.poll() is None
            second.terminate()
            assert second.wait(20) == 0
    assert [row["message_id"] for row in events()] == ["m1", "m2", "m3"]


@pytest.mark.slow
def test_a_worker_alone_brings_a_drain_that_ends_with_it(data_dir: Path) -> None:
    alone = {name: value for name, value in environment(data_dir).items() if name != "KEEPWELL_PARENT"}
    worker = subprocess.Popen([sys.executable, "-m", "keepwell.cli", "worker"], env=alone)
    try:
        accepted(message(1, user="u"))
        wait_for(lambda: not InboxEntry.objects.exists(), 60)
    finally:
        worker.kill()
        worker.wait()
    wait_for(lambda: not _is_held(), 30)


@pytest.mark.faults
@pytest.mark.slow
@pytest.mark.parametrize(
    ("messages", "kills", "writers"),
    [
        pytest.param(6_000, 3, 2, id="small"),
        pytest.param(100_000, 10, 4, id="whole", marks=pytest.mark.slow),
    ],
)
def test_every_acknowledged_message_is_in_the_lake_once(
    data_dir: Path, messages: int, kills: int, writers: int
) -> None:
    sent: set[str] = set()
    with _writing(messages, writers, sent) as done:
        _kill_again_and_again(data_dir, kills, done)
    with draining(data_dir):
        wait_for(lambda: not InboxEntry.objects.exists(), 60)
    found = table("keepwell.events").read(columns=["message_id"])["message_id"].to_pylist()
    assert len(sent) == messages
    assert len(found) == messages
    assert set(found) == sent
    assert sum(row["events"] for row in usage()) == messages
    assert SeenMessage.objects.count() == messages


def _kill_again_and_again(data_dir: Path, kills: int, done: threading.Event) -> None:
    """At moments that differ with every start; the first is given time to begin."""
    moments = random.Random(7)
    for number in range(kills):
        process = started(data_dir, "drain")
        _at_work(process, done if number >= kills // 2 else None)
        time.sleep(moments.random() * 1.5)
        process.kill()
        process.wait()


def _at_work(process: subprocess.Popen[bytes], done: threading.Event | None) -> None:
    """Waits until it holds the lock."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        if _is_held():
            return
        time.sleep(0.02)


def _is_held() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from pg_locks where locktype = 'advisory' and objid = %s", [Lock.DRAIN.value])
        return bool(cursor.fetchone()[0])


@contextmanager
def _writing(messages: int, writers: int, sent: set[str]) -> Iterator[threading.Event]:
    """Requests of a hundred messages from several connections; every tenth is sent again, as clients do."""
    number, done, turn = key().pk, threading.Event(), threading.Lock()
    parameters = connection.get_connection_params()
    saved = {"type": "track", "event": "Saved", "at": AT.isoformat()}

    def write(share: int) -> None:
        with psycopg.connect(**parameters, autocommit=True) as own:
            for request in range(share // 100):
                ids = [str(uuid4()) for _ in range(100)]
                body = msgspec.json.encode([{**saved, "id": one, "user": one[:2], "group": one[:1]} for one in ids])
                for _ in range(2 if request % 10 == 0 else 1):
                    own.execute(
                        "insert into usage_inbox (key_id, messages, body) values (%s, %s, %s)", [number, len(ids), body]
                    )
                with turn:
                    sent.update(ids)
                time.sleep(0.002)

    threads = [threading.Thread(target=write, args=(messages // writers,)) for _ in range(writers)]
    for thread in threads:
        thread.start()
    try:
        yield done
    finally:
        for thread in threads:
            thread.join()
        done.set()
