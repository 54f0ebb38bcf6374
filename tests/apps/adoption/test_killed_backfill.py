"""A backfill of the feature map whose drain is killed, with events arriving: every event once, with its feature."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from keepwell.apps.access.actors import Person
from keepwell.apps.adoption.mapping.backfilling import ask_for_backfill
from keepwell.apps.adoption.mapping.changing import change_map
from keepwell.apps.adoption.models import Backfill
from keepwell.apps.configuration.operations import publish_draft
from keepwell.apps.customers.models import Account
from keepwell.apps.usage.draining.writing import Tables
from keepwell.apps.usage.models import InboxEntry
from tests.apps.adoption.conftest import EVENTS, event, write_events
from tests.apps.conftest import People
from tests.apps.usage.draining.inbox import accepted, message
from tests.apps.usage.draining.running import draining, wait_for

OLD = 60


@pytest.mark.faults
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_killed_in_the_middle_it_goes_on_and_what_arrives_counts_once(
    transactional_db: None, used: Account, people: People, data_dir: Path
) -> None:
    write_events([event("old", "acme", "Report Exported", back, feature=None) for back in range(OLD)])
    actor = Person(people.admin)
    draft = change_map(actor=actor, do="add", given={"event": "Report Exported", "feature": "reporting"})
    publish_draft(actor=actor, draft=draft, note="Reports are a feature")
    asked = ask_for_backfill(actor=actor)
    came = 0
    for kill_at in (5, 20, 40):
        with draining(data_dir) as drain:
            wait_for(lambda at=kill_at: _done(asked) >= at or _is_over(asked), 90)  # type: ignore[misc]
            came += _arrive(came)
            time.sleep(0.05)
            drain.kill()
            drain.wait(10)
    assert not _is_over(asked)
    with draining(data_dir):
        came += _arrive(came)
        wait_for(lambda: _is_over(asked) and not InboxEntry.objects.exists(), 120)
    asked.refresh_from_db()
    assert (asked.error, asked.done) == ("", asked.total)
    tables = Tables()
    stored = tables.events.read(columns=["message_id", "event", "feature"]).to_pylist()
    assert len(stored) == len({row["message_id"] for row in stored}) == len(EVENTS) + OLD + came
    assert {row["feature"] for row in stored if row["event"] == "Report Exported"} == {"reporting"}
    daily = tables.daily.read(columns=["event", "feature", "events"]).to_pylist()
    assert sum(row["events"] for row in daily) == len(EVENTS) + OLD + came
    assert sum(row["events"] for row in daily if row["feature"] == "reporting") == OLD + came


def _done(asked: Backfill) -> int:
    return int(Backfill.objects.values_list("done", flat=True).get(pk=asked.pk))


def _is_over(asked: Backfill) -> bool:
    return Backfill.objects.filter(pk=asked.pk).exclude(ended_at=None).exists()


def _arrive(already: int) -> int:
    """Ten more: of today, and of days that the backfill has passed or has before it."""
    now = datetime.now(UTC)
    days = [
        0,
        0,
        *(int((now - datetime(2026, 3, 2, tzinfo=UTC)).days) + back for back in (0, 1, 5, 20, 30, 45, 58, 59)),
    ]
    messages = [
        message(1000 + already + place, user="u1", group="acme", at=now - timedelta(days=back))
        for place, back in enumerate(days)
    ]
    accepted(*messages, received_at=now)
    return len(messages)
