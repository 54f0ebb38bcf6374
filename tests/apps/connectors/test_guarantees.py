"""What a run promises whatever happens: all of a reading or nothing, the cursor with the commit, no secret told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pytest
from django.db import connection as database
from django.test import Client

from keepwell.apps.access.actors import Person
from keepwell.apps.connectors.models import Status, Sync, SyncRun
from keepwell.apps.connectors.operations.connections import make_connection
from keepwell.apps.connectors.operations.syncs import ask_run, change_sync, make_sync
from keepwell.apps.connectors.place import lake, staging_of
from keepwell.apps.connectors.pulling import TryLater, carry_out
from keepwell.connect.document import document_of
from keepwell.connect.outgoing import _TRIES
from tests.apps.conftest import People
from tests.apps.connectors.conftest import SYSTEM
from tests.apps.rest.calling import Caller
from tests.connect.served import Answer, Call, Served, served

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
SECRET = "a-secret-0123456789"
TABLES = (
    "connectors_connection", "connectors_sync", "connectors_syncrun", "audit_change", "notices_notice", "notices_mail",
    "procrastinate_jobs",
)  # fmt: skip
DECLARATION = """\
resources:
  - name: things
    endpoint:
      path: things
      data_selector: items
      paginator: {type: page_number, base_page: 1, total_path: pages}
      incremental: {cursor_path: changed_at, start_param: since}
"""


@dataclass
class Api:
    """Two pages of things. `broken`: how often the second one is still refused, and with what."""

    rows: list[dict[str, Any]] = field(default_factory=lambda: [thing(n, 1) for n in range(1, 5)])
    broken: int = 0
    with_: Answer = field(default_factory=lambda: Answer({"message": "gone"}, 410))

    def __call__(self, call: Call) -> Answer:
        page = int(call.query.get("page", 1))
        if page == 2 and self.broken:
            self.broken -= 1
            return self.with_
        found = [row for row in self.rows if row["changed_at"] >= call.query.get("since", "")]
        return Answer({"items": found[2 * page - 2 : 2 * page], "pages": -(-len(found) // 2)})


def thing(number: int, day: int, state: str = "new") -> dict[str, Any]:
    return {"id": str(number), "state": state, "changed_at": f"2026-01-0{day}T00:00:00Z"}


@pytest.fixture
def api() -> Api:
    return Api()


@pytest.fixture
def server(api: Api) -> Iterator[Served]:
    with served(api) as place:
        yield place


@pytest.fixture
def sync(people: People, server: Served) -> Sync:
    said = {"address": server.address, "sign_in": "token", "secret": SECRET, "declaration": DECLARATION}
    source = make_connection(actor=Person(people.admin), name="api", kind="rest", said=said)
    document = document_of({"stream": "things", "dataset": "things", "columns": {"id": "id", "state": "state"},
                            "keys": ["id"], "cursor": "changed_at"})  # fmt: skip
    return make_sync(actor=SYSTEM, name="things", connection=source, document=document)


def run(sync: Sync, **how: bool) -> SyncRun:
    asked = ask_run(actor=SYSTEM, sync=sync, **how)
    carry_out(SyncRun.objects.get(pk=asked.pk))
    sync.refresh_from_db()
    return SyncRun.objects.get(pk=asked.pk)


def held() -> dict[str, str]:
    return {row["id"]: row["state"] for row in lake().table("facts/things").read().to_pylist()}


def test_what_fails_in_the_middle_of_its_reading_changes_nothing(sync: Sync, api: Api) -> None:
    assert run(sync).status == Status.DONE
    before, version, cursor = held(), lake().table("facts/things").version, sync.cursor
    api.rows = [thing(n, 2, "changed") for n in range(1, 6)]
    api.broken = 1
    failed = run(sync)
    assert (failed.status, failed.rows_changed) == (Status.FAILED, 0)
    assert "answered 410" in failed.error
    assert (held(), lake().table("facts/things").version, sync.cursor) == (before, version, cursor)
    assert not staging_of(failed.pk).folder.exists()
    assert run(sync).rows_changed == 4
    assert held() == {str(n): "changed" for n in range(1, 6)}


def test_the_cursor_goes_on_with_the_commit_and_not_before(sync: Sync) -> None:
    other = pa.table({"id": [1], "state": ["a table whose ids are numbers"]})
    lake().table("facts/things").append(other)
    failed = run(sync)
    assert failed.status == Status.FAILED
    assert "a column keeps its type" in failed.error
    assert (sync.cursor, sync.loaded_at, sync.columns) == (None, None, {})
    lake().table("facts/things").replace({}, other.slice(0, 0))


def test_only_what_is_new_is_asked_for_from_where_the_last_run_ended(sync: Sync, api: Api, server: Served) -> None:
    run(sync)
    assert sync.cursor == "2026-01-01T00:00:00Z"
    api.rows += [thing(5, 3), thing(2, 2, "changed")]
    again = run(sync)
    assert server.calls[-1].query["since"] == "2026-01-01T00:00:00Z"
    assert (again.rows_added, again.rows_changed, again.rows_unchanged) == (1, 1, 3)
    assert sync.cursor == "2026-01-03T00:00:00Z"
    run(sync, whole=True)
    assert "since" not in server.calls[-1].query


def test_what_may_pass_is_tried_three_times_and_what_passed_is_loaded_once(sync: Sync, api: Api) -> None:
    api.broken, api.with_ = _TRIES, Answer({"message": "later"}, 503, {"Retry-After": "0"})
    asked = ask_run(actor=SYSTEM, sync=sync)
    with pytest.raises(TryLater):
        carry_out(SyncRun.objects.get(pk=asked.pk))
    waiting = SyncRun.objects.get(pk=asked.pk)
    assert (waiting.status, waiting.attempt, "answered 503" in waiting.error) == (Status.WAITING, 1, True)
    assert not lake().table("facts/things").exists
    carry_out(waiting)
    done = SyncRun.objects.get(pk=asked.pk)
    assert (done.status, done.attempt, done.error, done.rows_added) == (Status.DONE, 2, "", 4)
    api.broken = 3 * _TRIES
    api.rows.append(thing(9, 4))
    asked = ask_run(actor=SYSTEM, sync=sync, whole=True)
    for _ in range(2):
        with pytest.raises(TryLater):
            carry_out(SyncRun.objects.get(pk=asked.pk))
    carry_out(SyncRun.objects.get(pk=asked.pk))
    assert SyncRun.objects.get(pk=asked.pk).status == Status.FAILED
    assert "9" not in held()


def test_a_secret_that_the_other_side_says_back_is_told_nowhere(
    sync: Sync, api: Api, people: People, as_admin: Client, caplog: pytest.LogCaptureFixture
) -> None:
    api.broken, api.with_ = 1, Answer({"message": f"the token {SECRET} is no good"}, 401)
    with caplog.at_level(1):
        failed = run(sync)
    assert "it does not take the credentials" in failed.error
    change_sync(actor=SYSTEM, sync=sync, document=document_of(sync.document), schedule="daily at 02:00")
    told = [caplog.text, _everything()]
    for page in ("connectors/", "connectors/api/", "syncs/things/", f"sync-runs/{failed.pk}/", "audit/", "system/"):
        told.append(as_admin.get(f"/configure/{page}").content.decode())
    caller = Caller(people.admin)
    for path in ("/connections", "/connections/api", "/syncs", "/syncs/things/runs", "/audit"):
        told.append(caller.get(path).content.decode())
    told.append(as_admin.get("/notices/").content.decode())
    assert "it does not take the credentials" in told[1]
    assert [one[max(0, one.find(SECRET) - 200) :][:400] for one in told if SECRET in one] == []


def _everything() -> str:
    """All rows of the tables where something of a run or of a connection is written down."""
    held = []
    with database.cursor() as cursor:
        for table in TABLES:
            cursor.execute("select to_regclass(%s)", [table])
            if cursor.fetchone()[0] is not None:
                cursor.execute(f"select row_to_json(c)::text from {table} c")
                held += [row[0] for row in cursor.fetchall()]
    return json.dumps(held)
