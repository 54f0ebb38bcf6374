"""keepwell sync against a server that answers."""

from __future__ import annotations

import threading
import time

import pytest
from django.db import connection
from pytest_django.live_server_helper import LiveServer

from keepwell.apps.access.roles import Permission
from keepwell.apps.access.tokens import new_token
from keepwell.apps.connectors.models import Sync, SyncRun
from keepwell.apps.connectors.pulling import carry_out
from keepwell.cli.app import run
from tests.apps.conftest import People

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def _next_run() -> None:
    """What a worker would do, once."""
    for _ in range(600):
        found = SyncRun.objects.select_related("sync", "sync__connection").filter(status="waiting").first()
        if found is not None:
            carry_out(found)
            break
        time.sleep(0.05)
    connection.close()


def test_a_sync_is_run_and_followed(
    live_server: LiveServer, tickets: Sync, people: People, capsys: pytest.CaptureFixture[str]
) -> None:
    token = new_token(people.manager, "cli", [Permission.CONFIGURE], None)[1]
    arguments = ["sync", "calls", "--server", live_server.url, "--token", token]
    worker = threading.Thread(target=_next_run)
    worker.start()
    code = run(arguments)
    worker.join()
    assert (code, capsys.readouterr().out.strip()) == (
        0, "calls: 2 read, 2 added, 0 changed, 0 unchanged, 0 deleted, 0 refused",
    )  # fmt: skip
    assert run([*arguments, "--no-wait"]) == 0
    assert "is asked for" in capsys.readouterr().out
    assert run(["sync", "nothing", *arguments[2:]]) == 1
    assert "has no sync 'nothing': its page of connectors lists" in capsys.readouterr().err
    assert run(["sync", "calls"]) == 1
    assert "give --server and --token" in capsys.readouterr().err
