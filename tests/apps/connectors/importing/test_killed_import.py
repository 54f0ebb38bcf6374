"""A worker that is killed in the middle of an import leaves nothing half-taken, and the next one goes on."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from keepwell.apps.access.actors import Person
from keepwell.apps.access.locks import Lock
from keepwell.apps.connectors.importing import operations
from keepwell.apps.connectors.importing.models import Import
from keepwell.apps.customers.lake_writes import lake_table
from keepwell.apps.customers.models import Account
from tests.apps.conftest import People
from tests.apps.connectors.importing.bringing import checked
from tests.apps.health.test_killed_run import wait_for, worker

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
TEXT = "id,name,arr\nacme,Acme Ltd,300000\nnova,Nova,1000\n"


@contextmanager
def upserts_are_held() -> Iterator[None]:
    """Whoever wants to write accounts into the database waits."""
    told = connection.settings_dict
    with psycopg.connect(f"postgresql://{told['USER']}@/{told['NAME']}?host={told['HOST']}") as other:
        other.execute("select pg_advisory_xact_lock(%s)", [Lock.UPSERTS.value])
        yield


@contextmanager
def lake_is_held() -> Iterator[None]:
    with (lake_table("facts/accounts").path / "_writer.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def step(one: Import) -> str:
    return str(Import.objects.values_list("step", flat=True).get(pk=one.pk))


def in_lake() -> list[str]:
    return sorted(lake_table("facts/accounts").read(columns=["name"])["name"].to_pylist())


@pytest.mark.faults
def test_killed_before_and_after_its_commit_an_import_is_taken_once(
    transactional_db: None, company: Account, people: People, data_dir: Path, tmp_path: Path
) -> None:
    mo = Person(people.manager)
    one = checked(mo, "accounts", TEXT, tmp_path)
    operations.take(actor=mo, import_id=one.pk, mode=operations.ALL)

    with upserts_are_held(), worker(data_dir) as first:
        wait_for(lambda: step(one) == "putting rows into the database", 60)
        first.kill()
        first.wait(10)
    assert not Account.objects.filter(pk="nova").exists()
    assert "Nova" not in in_lake()

    with lake_is_held(), worker(data_dir) as second:
        wait_for(lambda: step(one) == "writing to the lake", 90)
        second.kill()
        second.wait(10)
    assert Account.objects.get(pk="nova").arr == 1000
    assert "Nova" not in in_lake()

    with worker(data_dir):
        wait_for(lambda: Import.objects.get(pk=one.pk).status == "done", 90)
    assert [name for name in in_lake() if name in ("Nova", "Acme Ltd", "Acme Inc")] == ["Acme Ltd", "Nova"]
    counts = Import.objects.get(pk=one.pk).counts
    assert (counts["new"], counts["changed"]) == (1, 1)
