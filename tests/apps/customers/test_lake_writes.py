"""A change of records and its write to the lake are one: whoever dies in between, nothing is lost or there twice."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from keepwell.apps.access.actors import Person, System
from keepwell.apps.administration.checks import lake as lake_check
from keepwell.apps.customers.identity import source_ids_of
from keepwell.apps.customers.lake_writes import lake_table, waiting_tables, write_waiting
from keepwell.apps.customers.models import Account, LakeWrite
from keepwell.apps.customers.operations import merge_accounts, undo_merge
from keepwell.apps.customers.operations.upserting import AccountRow, upsert
from keepwell.apps.health.place import lake
from tests.apps.conftest import People
from tests.apps.health.test_killed_run import wait_for, worker

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
FREY = AccountRow("frey", {"name": "Frey Ltd", "arr": 5000.0})
_UPSERT = """
from keepwell.server.processes import prepare
prepare()
from keepwell.apps.access.actors import System
from keepwell.apps.customers.operations.upserting import AccountRow, upsert
upsert(actor=System("import"), accounts=[AccountRow("frey", {"name": "Frey Ltd", "arr": 5000.0})], people=())
"""


@contextmanager
def importing(data_dir: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A real process that upserts one account into the database of the test."""
    told = connection.settings_dict
    address = f"postgresql://{told['USER']}@/{told['NAME']}?host={told['HOST']}"
    environment = {**os.environ, "DATABASE_URL": address, "KEEPWELL_DATA_DIR": str(data_dir)}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    process = subprocess.Popen([sys.executable, "-c", _UPSERT], env=environment)
    try:
        yield process
    finally:
        process.kill()
        process.wait(10)


def rows(account: str = "frey") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = lake_table("facts/accounts").read(where="id = ?", parameters=[account]).to_pylist()
    return found


@pytest.mark.faults
def test_a_process_killed_between_the_commit_and_the_lake_loses_nothing(
    transactional_db: None, company: Account, data_dir: Path
) -> None:
    with (lake().root / "facts/accounts/_writer.lock").open("w") as held, importing(data_dir) as process:
        fcntl.flock(held, fcntl.LOCK_EX)  # whoever writes the accounts waits
        wait_for(lambda: Account.objects.filter(pk="frey").exists(), 60)
        assert process.poll() is None
        process.kill()
        process.wait(10)
    assert (rows(), waiting_tables()) == ([], ["facts/accounts"])
    with worker(data_dir):
        wait_for(lambda: waiting_tables() == [], 60)
    write_waiting()  # there is nothing to do
    assert [(row["name"], row["arr"]) for row in rows()] == [("Frey Ltd", 5000)]
    assert lake_table("facts/accounts").read().num_rows == 7


def test_what_the_lake_has_already_is_not_written_again(transactional_db: None, company: Account) -> None:
    with transaction.atomic():
        merge_accounts(actor=System("tests"), account_id="eyre", into_id="acme")
        version = lake_table("identity").version
    assert lake_table("identity").version == version + 1
    with transaction.atomic():
        merge_accounts(actor=System("tests"), account_id="dune", into_id="acme")
        with transaction.atomic():
            write_waiting()  # reaches the lake, and its note in the database is lost, as by a power cut
            transaction.set_rollback(True)
        assert LakeWrite.objects.filter(done_at=None).count() == 1
    assert waiting_tables() == []
    assert sorted(str(row["source_id"]) for row in source_ids_of("acme")) == ["dune", "eyre"]
    assert lake_table("identity").version == version + 2
    assert lake_table("identity").read().num_rows == 2


def test_what_is_rolled_back_never_reaches_the_lake(transactional_db: None, company: Account) -> None:
    before = lake_table("facts/accounts").version
    with transaction.atomic():
        upsert(actor=System("tests"), accounts=[FREY], people=())
        transaction.set_rollback(True)
    assert (lake_table("facts/accounts").version, LakeWrite.objects.count()) == (before, 0)


def test_what_the_lake_refuses_waits_and_follows_in_order(
    transactional_db: None, company: Account, people: People, data_dir: Path
) -> None:
    in_the_way = data_dir / "lake/identity/_writer.lock"
    in_the_way.mkdir(parents=True)  # what is to be locked cannot be opened, so nothing is written
    admin = Person(people.admin)
    merge_accounts(actor=admin, account_id="eyre", into_id="acme")
    assert Account.objects.get(pk="eyre").merged_into_id == "acme"
    undo_merge(actor=admin, account_id="eyre")
    waiting = LakeWrite.objects.filter(done_at=None).order_by("number")
    assert [one.kind for one in waiting] == ["merge", "undo merge"]
    assert waiting[0].error
    assert "1 write waits" in lake_check().says
    assert not lake_check().good
    in_the_way.rmdir()
    write_waiting()
    assert (source_ids_of("acme"), waiting_tables()) == ([], [])
    assert lake_table("identity").version == 1
    assert lake_check().good
