"""A load that scores rest on leads to a run that nobody asks for: one for all that come together, and not too often."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from keepwell.apps.access.actors import Person
from keepwell.apps.configuration.queries import current_version
from keepwell.apps.connectors.importing.operations import ALL
from keepwell.apps.connectors.models import Connection, Sync, SyncRun
from keepwell.apps.connectors.operations.syncs import make_sync
from keepwell.apps.customers.models import Account
from keepwell.apps.health.loading import score_what_was_loaded
from keepwell.apps.health.models import CurrentHealth, Run, RunStatus
from keepwell.apps.health.running import carry_out
from keepwell.connect.document import document_of
from tests.apps.conftest import People
from tests.apps.connectors.conftest import SYSTEM
from tests.apps.connectors.importing.bringing import taken, undone

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
Ran = Callable[..., SyncRun]
JOB = "health:loaded"


@pytest.fixture
def desk(company: Account, files: Connection, exchange: Path) -> Sync:
    """Fills the dataset `tickets`, which a metric reads."""
    (exchange / "desk.csv").write_text("ticket,account,opened_at,priority\nx1,acme,2026-03-13,urgent\n")
    columns = {"ticket": "ticket", "account": "account", "priority": "priority"}
    said = {"stream": "desk.csv", "dataset": "tickets", "keys": ["ticket"],
            "columns": {**columns, "opened_at": {"from": "opened_at", "type": "date"}}}  # fmt: skip
    return make_sync(actor=SYSTEM, name="desk", connection=files, document=document_of(said))


@pytest.fixture(autouse=True)
def _no_jobs(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("delete from procrastinate_jobs")


def waiting() -> list[float]:
    """In how many seconds each job is due that asks for a run."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select extract(epoch from scheduled_at - now()) from procrastinate_jobs "
            "where task_name = %s and status = 'todo'",
            [JOB],
        )
        return [float(row[0]) for row in cursor.fetchall()]


def carried_out(run: object) -> Run:
    assert isinstance(run, Run)
    version = current_version()
    assert version is not None
    carry_out(run, version)
    run.refresh_from_db()
    assert run.status == RunStatus.DONE, run.error
    return run


def test_loads_that_come_together_share_one_run(desk: Sync, ran: Ran, exchange: Path) -> None:
    assert ran(desk).rows_added == 1
    (due,) = waiting()
    assert 50 < due <= 60
    (exchange / "desk.csv").write_text("ticket,account,opened_at,priority\nx1,acme,2026-03-13,low\n")
    ran(desk)
    assert len(waiting()) == 1
    run = score_what_was_loaded()
    assert isinstance(run, Run)
    assert run.asked_by == "load of tickets"
    assert score_what_was_loaded() is not None, "it has not begun, so nothing has read the rows"
    assert Run.objects.filter(asked_by="load of tickets").count() == 1


def test_the_run_counts_the_rows_and_then_there_is_nothing_to_ask(desk: Sync, ran: Ran) -> None:
    before = CurrentHealth.objects.get(pk="acme").score
    ran(desk)
    carried_out(score_what_was_loaded())
    assert CurrentHealth.objects.get(pk="acme").score != before
    assert score_what_was_loaded() is None


def test_the_next_one_waits_ten_minutes(desk: Sync, ran: Ran, exchange: Path) -> None:
    ran(desk)
    first = carried_out(score_what_was_loaded())
    (exchange / "desk.csv").write_text("ticket,account,opened_at,priority\nx2,acme,2026-03-13,low\n")
    ran(desk)
    wait = score_what_was_loaded()
    assert isinstance(wait, timedelta)
    assert timedelta(minutes=9) < wait <= timedelta(minutes=10)
    Run.objects.filter(pk=first.pk).update(asked_at=timezone.now() - timedelta(minutes=11))
    assert isinstance(score_what_was_loaded(), Run)


def test_what_changed_nothing_or_scores_nobody_asks_for_nothing(
    desk: Sync, ran: Ran, exchange: Path, tickets: Sync
) -> None:
    ran(tickets)  # into a dataset that nothing names
    assert waiting() == []
    ran(desk)
    with connection.cursor() as cursor:
        cursor.execute("delete from procrastinate_jobs")
    assert ran(desk).rows_unchanged == 1
    (exchange / "desk.csv").unlink()
    assert ran(desk).status == "failed"
    assert waiting() == []


def test_an_import_and_its_undoing_are_followed_by_scores(
    company: Account, people: People, tmp_path: Path, as_manager: Client
) -> None:
    mo = Person(people.manager)
    one = taken(mo, "accounts", "id,arr\nacme,1\n", tmp_path, ALL)
    assert len(waiting()) == 1
    assert (
        "a run that counts them is asked for by itself"
        in as_manager.get(f"/configure/imports/{one.pk}/").content.decode()
    )
    with connection.cursor() as cursor:
        cursor.execute("delete from procrastinate_jobs")
    undone(mo, one)
    assert len(waiting()) == 1


def test_the_page_of_the_run_says_so(desk: Sync, ran: Ran, as_manager: Client) -> None:
    page = as_manager.get(f"/configure/sync-runs/{ran(desk).pk}/").content.decode()
    assert "a run that counts these rows is asked for by itself" in page
    again = as_manager.get(f"/configure/sync-runs/{ran(desk).pk}/").content.decode()
    assert "asked for by itself" not in again
