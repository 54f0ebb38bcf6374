"""Workers: one that is killed in the middle of a run leaves it to the next, and a long run holds up no mail."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection

from keepwell.apps.access.actors import Person
from keepwell.apps.customers.models import Account
from keepwell.apps.health.models import CurrentHealth, Run
from keepwell.apps.health.operations import ask_for_run
from keepwell.apps.health.place import lake
from keepwell.apps.health.workers import live_workers
from keepwell.apps.notices.models import Mail
from keepwell.apps.notices.operations import write_mail
from keepwell.lake.history import SCORES, read_run
from tests.apps.conftest import People
from tests.apps.notices.server import mail_server
from tests.apps.scored import TODAY


@contextmanager
def worker(data_dir: Path, mail_url: str = "") -> Iterator[subprocess.Popen[bytes]]:
    """A real worker on the database of the test."""
    told = connection.settings_dict
    address = f"postgresql://{told['USER']}@/{told['NAME']}?host={told['HOST']}"
    environment = {**os.environ, "DATABASE_URL": address, "KEEPWELL_DATA_DIR": str(data_dir), "KEEPWELL_NIGHTLY": "off"}
    environment |= {"KEEPWELL_MAIL_URL": mail_url, "KEEPWELL_MAIL_FROM": "keepwell@test.example"}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    process = subprocess.Popen([sys.executable, "-m", "keepwell.cli", "worker"], env=environment)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(60)


def wait_for(what: Callable[[], bool], seconds: float) -> None:
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "it took too long"
        time.sleep(0.05)


@contextmanager
def writing_is_held() -> Iterator[None]:
    """Whoever wants to write scores waits."""
    with (lake().root / SCORES / "_writer.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@pytest.mark.faults
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_killed_run_is_finished_by_the_next_worker_without_doubling(
    transactional_db: None, company: Account, people: People, data_dir: Path
) -> None:
    asked = ask_for_run(actor=Person(people.manager), as_of=TODAY)

    def step() -> str:
        return Run.objects.values_list("step", flat=True).get(pk=asked.pk)

    with writing_is_held(), worker(data_dir) as first:
        wait_for(lambda: step() == "writing history", 60)
        first.kill()
        first.wait(10)
    assert Run.objects.get(pk=asked.pk).status == "running"
    with worker(data_dir):
        wait_for(lambda: Run.objects.get(pk=asked.pk).status == "done", 120)
    run = Run.objects.get(pk=asked.pk)
    assert run.attempts == 2
    rows = read_run(lake(), run.name)
    ids = list(zip(rows["entity_kind"].to_pylist(), rows["entity_id"].to_pylist(), strict=True))
    assert len(ids) == len(set(ids)) == 6  # six accounts, each once
    assert set(CurrentHealth.objects.values_list("run_id", flat=True)) == {run.pk}
    assert CurrentHealth.objects.count() == 6
    assert Run.objects.filter(purpose="asked").count() == 1


@pytest.mark.faults
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_mail_leaves_while_a_run_takes_its_time(
    transactional_db: None, company: Account, people: People, data_dir: Path
) -> None:
    def steps() -> list[str]:
        return list(Run.objects.filter(status="running").values_list("step", flat=True))

    with mail_server() as (inbox, host), worker(data_dir, mail_url=f"smtp://{host}"):
        with writing_is_held():
            asked = ask_for_run(actor=Person(people.manager), as_of=TODAY)
            wait_for(lambda: steps() == ["writing history"], 60)
            write_mail(to=["ada@test.example"], subject="At once", text="While a run is at work")
            wait_for(lambda: not Mail.objects.filter(sent_at=None).exists(), 60)  # the run waits for longer than that
            assert steps() == ["writing history"]
            assert live_workers() == 1
        wait_for(lambda: Run.objects.get(pk=asked.pk).status == "done", 60)
    assert inbox.subjects == ["At once"]
