"""/healthz says that the process lives, /readyz what of database, worker and lake does not answer.

A database that is gone stands in test_database_gone.py.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from tests.apps.conftest import data_dir  # noqa: F401 - a fixture
from tests.apps.test_routes import worker_is_at_work

pytestmark = pytest.mark.django_db


def lanes_are_at_work() -> None:
    for _ in range(3):
        worker_is_at_work()


def test_a_process_that_answers_is_alive() -> None:
    answer = Client().get("/healthz")
    assert (answer.status_code, answer["Content-Type"], answer.json()) == (200, "application/json", {"status": "alive"})


def test_where_all_parts_answer_it_is_ready() -> None:
    lanes_are_at_work()
    answer = Client().get("/readyz")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    parts = {name: {"ok": True} for name in ("database", "worker", "lake")}
    assert answer.json() == {"status": "ready", **parts}


def test_without_a_worker_it_is_not_ready() -> None:
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (503, "not ready")
    assert answer.json()["worker"] == {"ok": False, "why": "no worker runs; start one with `keepwell worker`"}
    assert answer.json()["lake"]["ok"]


def test_a_worker_that_fell_silent_is_none() -> None:
    with connection.cursor() as cursor:
        cursor.execute("insert into procrastinate_workers (last_heartbeat) values (now() - interval '31 s')")
    assert not Client().get("/readyz").json()["worker"]["ok"]


def test_without_a_lake_it_is_not_ready(data_dir: Path) -> None:  # noqa: F811 - the fixture
    lanes_are_at_work()
    data_dir.mkdir(parents=True)
    (data_dir / "lake").write_text("no folder")
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()["worker"]["ok"]) == (503, True)
    assert not answer.json()["lake"]["ok"]
    assert "lake" in answer.json()["lake"]["why"]
