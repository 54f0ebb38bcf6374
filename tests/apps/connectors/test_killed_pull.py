"""A run that is killed leaves its dataset as it was or as it should be, and is ended by whoever comes next."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import pytest
from django.conf import settings
from django.db import connection, transaction

from keepwell.apps.access.actors import Person
from keepwell.apps.connectors.models import Status, Sync, SyncRun
from keepwell.apps.connectors.operations.connections import make_connection
from keepwell.apps.connectors.operations.syncs import ask_run, make_sync
from keepwell.apps.connectors.place import lake, staging_of
from keepwell.apps.connectors.pulling import carry_out
from keepwell.connect.document import document_of
from tests.apps.conftest import People
from tests.apps.connectors.conftest import SYSTEM
from tests.connect.served import Answer, Call, served

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
_CODE = """
from keepwell.server.processes import prepare
prepare()
from keepwell.apps.connectors.models import SyncRun
from keepwell.apps.connectors.pulling import carry_out
carry_out(SyncRun.objects.select_related("sync", "sync__connection").get(pk={run}))
"""


@contextmanager
def carried_out_elsewhere(run: SyncRun, data_dir: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Another process at the run; killed in the end, as by kill -9."""
    told = connection.settings_dict
    environment = {
        **os.environ, "DATABASE_URL": f"postgresql://{told['USER']}@/{told['NAME']}?host={told['HOST']}",
        "KEEPWELL_DATA_DIR": str(data_dir), "KEEPWELL_SECRET_KEY": settings.SECRET_KEY,
        "KEEPWELL_OUTGOING": "127.0.0.1",
    }  # fmt: skip
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    process = subprocess.Popen([sys.executable, "-c", _CODE.format(run=run.pk)], env=environment)
    try:
        yield process
    finally:
        process.kill()
        process.wait(60)


def wait_for(what: Callable[[], bool], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "it took too long"
        time.sleep(0.02)


@pytest.fixture
def sync(people: People) -> Callable[[str], Sync]:
    def make(address: str) -> Sync:
        declaration = (
            "resources: [{name: things, endpoint: {path: things, data_selector: items, paginator: "
            "{type: page_number, base_page: 1, total_path: pages}}}]"
        )
        said = {"address": address, "declaration": declaration}
        source = make_connection(actor=Person(people.admin), name="api", kind="rest", said=said)
        document = document_of({"stream": "things", "dataset": "things", "columns": {"id": "id"}, "keys": ["id"]})
        return make_sync(actor=SYSTEM, name="things", connection=source, document=document)

    return make


def page_of(call: Call) -> Answer:
    number = int(call.query.get("page", 1))
    return Answer({"items": [{"id": f"{number}-{one}"} for one in range(3)], "pages": 2})


@pytest.mark.faults
def test_killed_while_it_reads_it_leaves_nothing_and_is_done_again(data_dir: Path, sync: Callable[[str], Sync]) -> None:
    stuck, go_on = Event(), Event()

    def slow(call: Call) -> Answer:
        if call.query.get("page") == "2" and not stuck.is_set():
            stuck.set()
            go_on.wait(60)
        return page_of(call)

    with served(slow) as place:
        run = ask_run(actor=SYSTEM, sync=sync(place.address))
        with carried_out_elsewhere(run, data_dir):
            assert stuck.wait(90)
        go_on.set()
        assert not lake().table("facts/things").exists
        run.refresh_from_db()
        assert run.status == Status.RUNNING
        carry_out(SyncRun.objects.get(pk=run.pk))
    run.refresh_from_db()
    assert (run.status, run.rows_added, run.attempt) == (Status.DONE, 6, 2)
    assert lake().table("facts/things").read().num_rows == 6


@pytest.mark.faults
def test_killed_after_the_commit_it_is_ended_without_loading_again(data_dir: Path, sync: Callable[[str], Sync]) -> None:
    with served(page_of) as place:
        found = sync(place.address)
        run = ask_run(actor=SYSTEM, sync=found)
        with transaction.atomic():
            Sync.objects.select_for_update().get(pk=found.pk)  # whoever ends the run waits for this row
            with carried_out_elsewhere(run, data_dir):
                wait_for(lambda: lake().table("facts/things").exists)
        version, asked = lake().table("facts/things").version, len(place.calls)
        run.refresh_from_db()
        assert run.status == Status.RUNNING
        carry_out(SyncRun.objects.get(pk=run.pk))
    run.refresh_from_db()
    assert (run.status, run.rows_read, run.rows_added) == (Status.DONE, 6, 6)
    assert len(place.calls) == asked, "nothing is read again"
    assert lake().table("facts/things").version == version
    assert not staging_of(run.pk).folder.exists()
