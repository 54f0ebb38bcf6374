"""The mapping editor, what runs came to, and who sees it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from keepwell.apps.connectors.models import Connection, Status, Sync, SyncRun
from keepwell.apps.customers.models import Account
from tests.apps.conftest import People
from tests.apps.rest.calling import Caller

pytestmark = pytest.mark.django_db
Ran = Callable[..., SyncRun]
NEW = "/configure/connectors/drop/sync/"
CSV = "No,Company,Opened At,Mail\n1,acme,2026-02-01T10:00:00Z,pat@acme.example\n2,brix,soon,x\n"


def typed(**other: str) -> dict[str, str]:
    said = {
        "name": "calls", "stream": "tickets.csv", "dataset": "calls", "mode": "upsert", "schedule": "every 2 hours",
        "from_0": "No", "into_0": "number", "type_0": "text", "key_0": "on",
        "from_1": "Company", "into_1": "account", "type_1": "text",
        "from_2": "Opened At", "into_2": "opened_at", "type_2": "time",
    }  # fmt: skip
    return {**said, **other}


@pytest.fixture
def file(files: Connection, exchange: Path) -> Path:
    path = exchange / "tickets.csv"
    path.write_text(CSV, encoding="utf-8")
    return path


@pytest.mark.slow
def test_the_editor_begins_with_what_the_stream_holds(file: Path, as_manager: Client) -> None:
    page = as_manager.get(NEW, {"stream": "tickets.csv"}).content.decode()
    for part in ('value="Opened At"', 'value="opened_at"', "<option selected>time</option>", "text: acme"):
        assert part in page


def test_a_preview_shows_rows_types_and_what_does_not_fit_and_keeps_nothing(file: Path, as_manager: Client) -> None:
    sent = typed(do="preview", from_3="Mail", into_3="mail", type_3="text")
    page = as_manager.post(NEW, sent).content.decode()
    assert "Row 2, Opened At: &#x27;soon&#x27; is not a time" in page
    assert "1 of the first rows fit" in page
    assert "mail seems to hold addresses of people" in page
    assert not Sync.objects.exists()


@pytest.mark.slow
def test_a_sync_is_saved_and_runs(file: Path, as_manager: Client, ran: Ran) -> None:
    answer = as_manager.post(NEW, typed())
    assert (answer.status_code, answer["Location"]) == (302, "/configure/syncs/calls/")
    sync = Sync.objects.get()
    assert sync.document["keys"] == ["number"]
    assert (sync.every_minutes, sync.next_at is not None) == (120, True)
    run = ran(sync)
    page = as_manager.get("/configure/syncs/calls/").content.decode()
    assert "every 2 hours" in page
    assert f"/configure/sync-runs/{run.pk}/" in page
    shown = as_manager.get(f"/configure/sync-runs/{run.pk}/").content.decode()
    assert "2 rows read: 1 added, 0 changed, 0 as before, 0 gone, 1 refused" in shown
    rows = as_manager.get(f"/configure/sync-runs/{run.pk}/errors.csv")
    assert b"'soon' is not a time" in b"".join(rows.streaming_content)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"key_0": ""}, ""),
        ({"into_0": "Number!"}, "columns.Number!"),
        ({"mode": "replace", "cursor": "Opened At"}, "replace reads everything each time"),
        ({"schedule": "sometimes"}, "is no schedule: say"),
        ({"name": "No Good"}, "is no name"),
        ({"time_zone": "Nowhere/City"}, "unknown time zone"),
        ({"into_1": "load_id"}, "a column that Keepwell adds"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_kept(
    file: Path, as_manager: Client, other: dict[str, str], words: str
) -> None:
    sent = typed(**other)
    if not words:
        del sent["key_0"]
        words = "upsert needs keys"
    page = as_manager.post(NEW, sent)
    assert page.status_code == 422
    assert words in page.content.decode()
    assert 'value="opened_at"' in page.content.decode()


@pytest.mark.slow
def test_the_same_as_yaml(tickets: Sync, as_manager: Client) -> None:
    address = "/configure/syncs/calls/edit/"
    page = as_manager.get(address + "?yaml").content.decode()
    assert "stream: tickets.csv" in page
    wrong = as_manager.post(address, {"yaml": "stream: [", "do": "preview"})
    assert wrong.status_code == 422
    assert "this is no YAML" in wrong.content.decode()
    text = "{stream: tickets.csv, dataset: calls, columns: {number: No, who: Company}, keys: [number]}"
    assert "brix" in as_manager.post(address, {"yaml": text, "do": "preview"}).content.decode()
    assert as_manager.post(address, {"yaml": text}).status_code == 302
    tickets.refresh_from_db()
    assert set(tickets.document["columns"]) == {"number", "who"}


def test_two_syncs_do_not_fill_one_dataset(tickets: Sync, as_manager: Client) -> None:
    page = as_manager.post(NEW, typed(name="other"))
    assert page.status_code == 422
    assert "sync calls fills the dataset" in page.content.decode()


@pytest.mark.slow
def test_who_does_not_configure_sees_nothing_of_it(
    tickets: Sync, ran: Ran, as_owner: Client, as_colleague: Client, as_stranger: Client
) -> None:
    run = ran(tickets)
    for client in (as_owner, as_colleague, as_stranger):
        for address in ("connectors/", "syncs/calls/", "syncs/calls/edit/", f"sync-runs/{run.pk}/"):
            assert client.get(f"/configure/{address}").status_code == 403
        assert client.post("/configure/syncs/calls/run/").status_code == 403


@pytest.mark.slow
def test_a_dataset_that_nothing_defines_comes_with_a_definition(
    company: Account, tickets: Sync, as_manager: Client
) -> None:
    page = as_manager.get("/configure/syncs/calls/").content.decode()
    assert "Nothing uses calls yet" in page
    assert "occurred_at: opened_on" in page


def test_without_the_extra_pages_say_what_to_install(
    as_admin: Client, monkeypatch: pytest.MonkeyPatch, people: People
) -> None:
    monkeypatch.setattr("keepwell.connect.extra._NEEDED", ("there_is_no_such_package",))
    for address in ("connectors/", "write-back/", "connectors/new/files/"):
        page = as_admin.get(f"/configure/{address}")
        assert page.status_code == 200
        assert "pip install &#x27;keepwell[connectors]&#x27;" in page.content.decode()


@pytest.mark.slow
def test_the_api_previews_makes_runs_and_tells(file: Path, people: People) -> None:
    caller = Caller(people.manager)
    document: dict[str, Any] = {
        "stream": "tickets.csv", "dataset": "calls", "keys": ["number"],
        "columns": {"number": "No", "opened_at": {"from": "Opened At", "type": "time"}},
    }  # fmt: skip
    shown = caller.post("/connections/drop/preview", {"document": document}).json()
    assert (len(shown["rows"]), shown["refused"][0]["row"]) == (1, 2)
    made = caller.post("/syncs", {"name": "calls", "connection": "drop", "document": document, "schedule": "never"})
    assert made.status_code == 201, made.content
    asked = caller.post("/syncs/calls/runs", {})
    assert (asked.status_code, asked.json()["status"]) == (202, "waiting")
    assert caller.post("/syncs/calls/runs", {}).json()["id"] == asked.json()["id"], "one that waits is enough"
    assert caller.send("put", "/syncs/calls/pause").json()["is_paused"]
    assert SyncRun.objects.get().status == Status.WAITING
    wrong = caller.send("put", "/syncs/calls", {"document": {**document, "keys": ["nothing"]}})
    assert (wrong.status_code, "the key 'nothing' is no column" in wrong.content.decode()) == (422, True)
