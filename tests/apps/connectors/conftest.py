"""Connections of the tests: a folder of files that may be used, and servers on this machine that may be called."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings

from keepwell.apps.access.actors import Person, System
from keepwell.apps.connectors.models import Connection, Sync, SyncRun
from keepwell.apps.connectors.operations.connections import make_connection
from keepwell.apps.connectors.operations.syncs import ask_run, make_sync
from keepwell.apps.connectors.pulling import carry_out
from keepwell.connect.document import document_of
from tests.apps.conftest import People

SYSTEM = System("tests")


@pytest.fixture
def exchange(tmp_path: Path) -> Iterator[Path]:
    """A folder that the machine's admin allows."""
    folder = tmp_path / "exchange"
    folder.mkdir()
    before = settings.ENVIRONMENT.folders
    object.__setattr__(settings.ENVIRONMENT, "folders", (str(folder),))
    yield folder
    object.__setattr__(settings.ENVIRONMENT, "folders", before)


@pytest.fixture(autouse=True)
def loopback() -> Iterator[None]:
    """Servers of the tests may be called."""
    before = settings.ENVIRONMENT.outgoing
    object.__setattr__(settings.ENVIRONMENT, "outgoing", ("127.0.0.1",))
    yield
    object.__setattr__(settings.ENVIRONMENT, "outgoing", before)


@pytest.fixture
def files(people: People, exchange: Path) -> Connection:
    return make_connection(actor=Person(people.admin), name="drop", kind="files", said={"place": str(exchange)})


@pytest.fixture
def tickets(files: Connection, exchange: Path) -> Sync:
    """Two tickets, upserted by their number."""
    (exchange / "tickets.csv").write_text("No,Company,Opened\n1,acme,2026-02-01\n2,brix,2026-02-02\n", encoding="utf-8")
    document = document_of(
        {
            "stream": "tickets.csv", "dataset": "calls", "keys": ["number"],
            "columns": {"number": "No", "account": "Company", "opened_on": {"from": "Opened", "type": "date"}},
        }
    )  # fmt: skip
    return make_sync(actor=SYSTEM, name="calls", connection=files, document=document)


@pytest.fixture
def ran() -> Callable[..., SyncRun]:
    """Asks for a run and carries it out, as a worker would."""

    def run(sync: Sync, **how: bool) -> SyncRun:
        asked = ask_run(actor=SYSTEM, sync=sync, **how)
        carry_out(SyncRun.objects.select_related("sync", "sync__connection").get(pk=asked.pk))
        return SyncRun.objects.get(pk=asked.pk)

    return run
