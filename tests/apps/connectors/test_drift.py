"""Sources that change their columns: said before a metric breaks, and on the system page when one has."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from keepwell.apps.configuration.operations import publish
from keepwell.apps.configuration.queries import current_version
from keepwell.apps.connectors.models import Connection, Status, Sync, SyncRun
from keepwell.apps.connectors.operations.due import ask_for_what_is_due, tell_of_what_is_late
from keepwell.apps.connectors.operations.syncs import change_sync, make_sync, pause_sync
from keepwell.apps.connectors.place import lake
from keepwell.apps.connectors.queries import document, freshness
from keepwell.apps.connectors.scheduling import in_words, next_after, schedule_of
from keepwell.apps.customers.models import Account
from keepwell.apps.notices.models import Notice
from keepwell.connect.document import document_of
from keepwell.errors import RequestRefused
from tests.apps.conftest import People
from tests.apps.connectors.conftest import SYSTEM

pytestmark = pytest.mark.django_db
Ran = Callable[..., SyncRun]
HEADER = "ticket,account,opened_at,priority"


@pytest.fixture
def desk(company: Account, files: Connection, exchange: Path) -> Sync:
    """Fills the dataset `tickets`, on whose priority the metric open_urgent rests."""
    (exchange / "desk.csv").write_text(f"{HEADER}\nt1,zeta,2026-03-01,urgent\n", encoding="utf-8")
    columns = {"ticket": "ticket", "account": "account", "priority": "priority"}
    said = {"stream": "desk.csv", "dataset": "tickets", "keys": ["ticket"],
            "columns": {**columns, "opened_at": {"from": "opened_at", "type": "date"}}}  # fmt: skip
    return make_sync(actor=SYSTEM, name="desk", connection=files, document=document_of(said))


@pytest.mark.slow
def test_a_column_that_is_gone_holds_the_run_back_and_names_what_rests_on_it(
    desk: Sync, ran: Ran, exchange: Path, as_manager: Client, people: People
) -> None:
    assert ran(desk).status == Status.DONE
    before = lake().table("facts/tickets").version
    (exchange / "desk.csv").write_text(
        "ticket,account,opened_at,importance\nt1,zeta,2026-03-01,low\n", encoding="utf-8"
    )
    run = ran(desk)
    assert run.status == Status.HELD
    assert "'priority', which fills priority: nothing was loaded" in run.error
    assert lake().table("facts/tickets").version == before
    assert {(one["column"], one["what"]) for one in run.drift} == {("priority", "gone"), ("importance", "new")}
    page = as_manager.get(f"/configure/sync-runs/{run.pk}/").content.decode()
    assert "metric open_urgent" in page
    assert Notice.objects.filter(user=people.admin, text__contains="desk was held back").exists()
    assert "Let the columns go and run" in as_manager.get("/configure/syncs/desk/").content.decode()


@pytest.mark.slow
def test_a_column_that_was_let_go_is_said_on_the_system_page(
    desk: Sync, ran: Ran, exchange: Path, as_admin: Client
) -> None:
    ran(desk)
    assert "open_urgent" not in as_admin.get("/configure/system/").content.decode()
    (exchange / "desk.csv").write_text("ticket,account,opened_at\nt1,zeta,2026-03-01\n", encoding="utf-8")
    assert ran(desk).status == Status.HELD
    assert ran(desk, allow_gone=True).status == Status.DONE
    page = as_admin.get("/configure/system/").content.decode()
    assert "metric open_urgent names the column &#x27;priority&#x27; of tickets" in page
    assert "metric open_urgent names" in as_admin.get("/configure/connectors/").content.decode()


@pytest.mark.slow
def test_a_definition_that_names_a_column_which_is_not_there_is_said(company: Account, as_admin: Client) -> None:
    version = current_version()
    assert version is not None
    more = {"more.yaml": "metrics: {odd: {dataset: tickets, aggregate: count(), where: colour = 'red'}}\n"}
    publish(actor=SYSTEM, files={**version.files, **more}, note="Odd")
    page = as_admin.get("/configure/system/").content.decode()
    assert "metric odd names the column &#x27;colour&#x27; of tickets, which it does not have" in page


@pytest.mark.slow
def test_new_and_retyped_columns_are_told_and_load(desk: Sync, ran: Ran, exchange: Path, people: People) -> None:
    ran(desk)
    text = f"{HEADER},mood\nt1,zeta,2026-03-01T10:00:00,urgent,good\n"
    (exchange / "desk.csv").write_text(text, encoding="utf-8")
    run = ran(desk)
    assert run.status == Status.DONE
    assert {(one["column"], one["what"]) for one in run.drift} == {("mood", "new"), ("opened_at", "retyped")}
    notice = Notice.objects.get(user=people.admin, text__contains="desk changed")
    assert "Resting on it: dataset tickets" in notice.text


def test_what_is_due_is_asked_for_once(tickets: Sync, people: People) -> None:
    now = timezone.now()
    change_sync(actor=SYSTEM, sync=tickets, document=document(tickets), schedule="every 15 minutes")
    assert ask_for_what_is_due(now) == 0
    later = now + timedelta(minutes=16)
    assert ask_for_what_is_due(later) == 1
    assert ask_for_what_is_due(later) == 0
    tickets.refresh_from_db()
    pause_sync(actor=SYSTEM, sync=tickets, paused=True)
    SyncRun.objects.all().delete()
    assert ask_for_what_is_due(later + timedelta(days=1)) == 0


def test_data_that_is_late_is_told_once(tickets: Sync, people: People, as_manager: Client) -> None:
    change_sync(actor=SYSTEM, sync=tickets, document=document(tickets), schedule="never", fresh_within_minutes=30)
    tickets.refresh_from_db()
    later = timezone.now() + timedelta(minutes=31)
    assert not freshness(tickets).late
    assert freshness(tickets, later).late
    assert tell_of_what_is_late(later) == tell_of_what_is_late(later + timedelta(minutes=5)) == 1
    assert Notice.objects.filter(user=people.admin, text__contains="calls is late").count() == 1


@pytest.mark.parametrize("said", ["every 15 minutes", "every 6 hours", "every 1 hour", "daily at 02:30", "never"])
def test_schedules_read_as_they_are_written(tickets: Sync, said: str) -> None:
    change_sync(actor=SYSTEM, sync=tickets, document=document(tickets), schedule=said)
    tickets.refresh_from_db()
    assert in_words(tickets) == said
    due = next_after(tickets, timezone.now())
    assert (due is None) == (said == "never")


@pytest.mark.parametrize("said", ["every 0 minutes", "daily at 25:00", "hourly-ish", "every 99999 hours"])
def test_what_is_no_schedule_is_refused(said: str) -> None:
    with pytest.raises(RequestRefused, match="is no schedule: say"):
        schedule_of(said)
