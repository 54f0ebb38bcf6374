"""From a file to a dataset: what is loaded, what is refused, and what a run that fails leaves."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from keepwell.apps.connectors.models import Status, Sync, SyncRun
from keepwell.apps.connectors.operations.syncs import change_sync
from keepwell.apps.connectors.place import lake
from keepwell.apps.connectors.queries import errors_of
from keepwell.connect.document import SyncDocument, document_of
from tests.apps.connectors.conftest import SYSTEM

pytestmark = pytest.mark.django_db
Ran = Callable[..., SyncRun]


def rows(dataset: str = "calls") -> list[dict[str, Any]]:
    found = lake().table(f"facts/{dataset}").read().to_pylist()
    return sorted(found, key=lambda row: str(row["number"]))


def changed(sync: Sync, **said: Any) -> SyncDocument:
    return document_of({**sync.document, **said})


@pytest.mark.slow
def test_a_run_loads_rows_and_says_how_many(tickets: Sync, ran: Ran) -> None:
    run = ran(tickets)
    assert (run.status, run.error) == (Status.DONE, "")
    assert (run.rows_read, run.rows_added, run.rows_refused) == (2, 2, 0)
    assert [row["account"] for row in rows()] == ["acme", "brix"]


@pytest.mark.slow
def test_reading_again_changes_nothing_and_writes_nothing(tickets: Sync, ran: Ran) -> None:
    version = ran(tickets).version
    again = ran(tickets)
    assert (again.rows_unchanged, again.rows_added, again.version) == (2, 0, version)


@pytest.mark.slow
def test_a_row_with_a_known_key_takes_the_place_of_the_one_before(tickets: Sync, ran: Ran, exchange: Path) -> None:
    ran(tickets)
    (exchange / "tickets.csv").write_text("No,Company,Opened\n2,cato,2026-02-02\n3,dune,2026-02-03\n", encoding="utf-8")
    run = ran(tickets)
    assert (run.rows_added, run.rows_changed) == (1, 1)
    assert [(row["number"], row["account"]) for row in rows()] == [("1", "acme"), ("2", "cato"), ("3", "dune")]


@pytest.mark.slow
def test_rows_that_do_not_fit_are_kept_with_a_reason_and_the_others_loaded(
    tickets: Sync, ran: Ran, exchange: Path
) -> None:
    text = "No,Company,Opened\n1,acme,soon\n,brix,2026-02-02\n3,dune\n4,eyre,2026-02-04\n"
    (exchange / "tickets.csv").write_text(text, encoding="utf-8")
    run = ran(tickets)
    assert (run.status, run.rows_read, run.rows_refused, run.rows_added) == (Status.DONE, 4, 3, 1)
    kept = errors_of(run).read_text(encoding="utf-8")
    assert "'soon' is not a date" in kept
    assert "the key 'number' is empty" in kept
    assert "has 2 cells, the header has 3" in kept


@pytest.mark.slow
def test_where_no_row_fits_nothing_is_loaded(tickets: Sync, ran: Ran, exchange: Path) -> None:
    ran(tickets)
    (exchange / "tickets.csv").write_text("No,Company,Opened\n1,acme,soon\n", encoding="utf-8")
    run = ran(tickets)
    assert (run.status, run.rows_refused) == (Status.HELD, 1)
    assert "none of the 1 rows fits" in run.error
    assert len(rows()) == 2


@pytest.mark.slow
def test_rows_that_are_missing_are_marked_and_come_back(tickets: Sync, ran: Ran, exchange: Path) -> None:
    change_sync(actor=SYSTEM, sync=tickets, document=changed(tickets, deleted="missing"), schedule="never")
    tickets.refresh_from_db()
    both = (exchange / "tickets.csv").read_text(encoding="utf-8")
    ran(tickets)
    (exchange / "tickets.csv").write_text("No,Company,Opened\n2,brix,2026-02-02\n", encoding="utf-8")
    assert ran(tickets).rows_deleted == 1
    assert [row["deleted_at"] is not None for row in rows()] == [True, False]
    (exchange / "tickets.csv").write_text(both, encoding="utf-8")
    ran(tickets)
    assert [row["deleted_at"] for row in rows()] == [None, None]


@pytest.mark.slow
def test_a_source_that_is_suddenly_empty_empties_nothing(tickets: Sync, ran: Ran, exchange: Path) -> None:
    change_sync(actor=SYSTEM, sync=tickets, document=changed(tickets, mode="replace", keys=[]), schedule="never")
    tickets.refresh_from_db()
    ran(tickets)
    (exchange / "tickets.csv").write_text("No,Company,Opened\n", encoding="utf-8")
    run = ran(tickets)
    assert run.status == Status.FAILED
    assert "gave no rows" in run.error
    assert len(rows()) == 2
    assert ran(tickets, allow_empty=True).status == Status.DONE
    assert rows() == []


@pytest.mark.slow
def test_a_column_that_says_deleted_ends_a_row(tickets: Sync, ran: Ran, exchange: Path) -> None:
    document = changed(tickets, deleted={"column": "State", "values": ["gone"]})
    change_sync(actor=SYSTEM, sync=tickets, document=document, schedule="never")
    tickets.refresh_from_db()
    (exchange / "tickets.csv").write_text("No,Company,Opened,State\n1,acme,2026-02-01,gone\n2,brix,2026-02-02,\n")
    assert ran(tickets).rows_deleted == 1
    assert [row["deleted_at"] is not None for row in rows()] == [True, False]


@pytest.mark.slow
def test_history_keeps_what_a_row_was(tickets: Sync, ran: Ran, exchange: Path) -> None:
    change_sync(actor=SYSTEM, sync=tickets, document=changed(tickets, mode="history"), schedule="never")
    tickets.refresh_from_db()
    ran(tickets)
    (exchange / "tickets.csv").write_text("No,Company,Opened\n1,acme,2026-02-01\n2,cato,2026-02-02\n", encoding="utf-8")
    run = ran(tickets)
    assert (run.rows_changed, run.rows_unchanged) == (1, 1)
    found = sorted(rows(), key=lambda row: (row["number"], row["synced_at"]))
    assert [(row["number"], row["account"]) for row in found] == [("1", "acme"), ("2", "brix"), ("2", "cato")]


@pytest.mark.slow
def test_append_leaves_out_what_is_there(tickets: Sync, ran: Ran, exchange: Path) -> None:
    change_sync(actor=SYSTEM, sync=tickets, document=changed(tickets, mode="append"), schedule="never")
    tickets.refresh_from_db()
    ran(tickets)
    (exchange / "tickets.csv").write_text(
        "No,Company,Opened\n2,other,2026-02-02\n3,dune,2026-02-03\n", encoding="utf-8"
    )
    run = ran(tickets)
    assert (run.rows_added, run.rows_unchanged) == (1, 1)
    assert [row["account"] for row in rows()] == ["acme", "brix", "dune"]


@pytest.mark.slow
def test_a_failed_run_loads_nothing_and_says_why(tickets: Sync, ran: Ran, exchange: Path) -> None:
    ran(tickets)
    (exchange / "tickets.csv").unlink()
    run = ran(tickets)
    assert run.status == Status.FAILED
    assert "no file 'tickets.csv' is there" in run.error
    assert len(rows()) == 2


@pytest.mark.parametrize("stream", ["../secret.key", "/etc/passwd", "a/../../b.csv"])
def test_nothing_outside_the_folder_is_read(tickets: Sync, ran: Ran, stream: str) -> None:
    change_sync(actor=SYSTEM, sync=tickets, document=changed(tickets, stream=stream), schedule="never")
    tickets.refresh_from_db()
    run = ran(tickets)
    assert run.status == Status.FAILED
    assert "no leading '/', no '..'" in run.error


def test_a_link_out_of_the_folder_is_not_followed(tickets: Sync, ran: Ran, exchange: Path, tmp_path: Path) -> None:
    (tmp_path / "away.csv").write_text("No,Company,Opened\n9,acme,2026-02-01\n", encoding="utf-8")
    (exchange / "tickets.csv").unlink()
    (exchange / "tickets.csv").symlink_to(tmp_path / "away.csv")
    run = ran(tickets)
    assert run.status == Status.FAILED
    assert "link to a file outside" in run.error
