"""What real clients make of refusals: they wait where they should, drop where nothing helps, and lose nothing else."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

import psycopg
import pytest

from tests.apps.usage.ingestion.box import KEY, Rows, basic, track
from tests.apps.usage.ingestion.running import Running, running

pytestmark = pytest.mark.slow

RUDDER = """
import sys
import rudderstack.analytics as client
errors = []
client.write_key, client.dataPlaneUrl = sys.argv[2], sys.argv[1]
client.on_error = lambda error, items: errors.append(repr(error))
client.track("user-1", "Opened", {"blob": "x" * 40_000})
client.track("user-1", "Opened")
client.flush()
client.shutdown()
print("errors:", errors)
"""
POSTHOG = """
import sys
from posthog import Posthog
errors = []
client = Posthog(sys.argv[2], host=sys.argv[1], max_retries=1, flush_at=500, flush_interval=5,
                 on_error=lambda error, batch: errors.append(str(error)))
for number in range(200):
    client.capture("Opened", distinct_id="user-1", properties={"blob": "x" * 25_000})
client.shutdown()
print("errors:", errors)
"""


@pytest.fixture(scope="module")
def limited(postgres: str, django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A key may send a hundred messages a second."""
    with running(postgres, tmp_path_factory.mktemp("limited"), "limited", KEEPWELL_KEY_RATE="100") as found:
        yield found


def segment(web: Running, shared: Path, *more: str, key: str = KEY) -> subprocess.CompletedProcess[str]:
    script = str(shared / "clients" / "py" / "segment_client.py")
    command = [sys.executable, script, "--host", web.url, "--write-key", key, "--max-retries", "10", *more]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def bulk(number: int) -> list[str]:
    return ["--scenario", "bulk", "-n", str(number)]


def ids(rows: Rows) -> list[str]:
    return [one["id"] for one in rows.stored()]


def script(text: str, web: Running) -> str:
    done = subprocess.run([sys.executable, "-c", text, web.url, KEY], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_client_that_is_too_quick_waits_as_it_is_told(limited: Running, shared: Path) -> None:
    with limited.rows() as rows:
        rows.add_key()
        began = time.monotonic()
        done = segment(limited, shared, *bulk(1500))
        assert done.returncode == 0, done.stdout + done.stderr
        assert time.monotonic() - began > 3, "two processes take at most 200 a second, and as many at once"
        assert (len(ids(rows)), len(set(ids(rows)))) == (1500, 1500)


def test_a_client_sends_again_when_the_database_is_back(web: Running, rows: Rows, shared: Path) -> None:
    with _gone(web, seconds=4):
        done = segment(web, shared, *bulk(50))
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(set(ids(rows))) == 50


def test_a_client_with_a_key_that_was_revoked_drops_and_says_so(web: Running, rows: Rows, shared: Path) -> None:
    rows.connection.execute("update usage_writekey set revoked_at = now()")
    time.sleep(2.5)  # what web processes know of keys is at most two seconds old
    done = segment(web, shared, *bulk(10))
    assert done.returncode == 1
    assert "revoked" in done.stdout
    assert ids(rows) == []


def test_a_message_that_is_too_large_is_quarantined_and_the_others_are_taken(web: Running, rows: Rows) -> None:
    assert "errors: []" in script(RUDDER, web)
    assert len(ids(rows)) == 1
    assert rows.reasons() == ["too_large"]


def test_a_request_beyond_what_is_taken_is_final(web: Running, rows: Rows) -> None:
    assert "413" in script(POSTHOG, web)
    assert ids(rows) == []


def test_a_body_without_a_length_is_read_to_its_end(web: Running, rows: Rows) -> None:
    text = json.dumps({"batch": [track()]}).encode()
    assert _sent(web, [text[:20], text[20:]]) == 200
    assert ids(rows) == ["m-1"]


@pytest.mark.parametrize("with_length", [True, False])
def test_a_client_that_sends_far_too_much_can_read_the_answer(web: Running, rows: Rows, with_length: bool) -> None:
    """It is not cut off while it sends, which it would take for a broken connection, and try again."""
    blocks = [b" " * 65_536] * 160
    assert _sent(web, blocks, str(160 * 65_536) if with_length else None) == 413


def _sent(web: Running, blocks: list[bytes], length: str | None = None) -> int:
    """The status of what is posted block by block."""
    connection = HTTPConnection(web.url.removeprefix("http://"), timeout=30)
    headers = {
        "Authorization": basic(KEY),
        **({"Content-Length": length} if length else {"Transfer-Encoding": "chunked"}),
    }
    connection.request("POST", "/v1/batch", iter(blocks), headers, encode_chunked=length is None)
    answer = connection.getresponse()
    assert {"code", "message"} <= json.loads(answer.read()).keys() or answer.status == 200
    connection.close()
    return answer.status


@contextmanager
def _gone(web: Running, seconds: float) -> Iterator[None]:
    """Nobody may connect to the database for a while, and nobody is connected."""
    with psycopg.connect(web.database.replace("/ingestion", "/postgres"), autocommit=True) as connection:
        connection.execute("alter database ingestion allow_connections false")
        connection.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = 'ingestion' "
                           "and application_name <> ''")  # fmt: skip

        def back() -> None:
            connection.execute("alter database ingestion allow_connections true")

        timer = threading.Timer(seconds, back)
        timer.start()
        yield
        timer.join()
