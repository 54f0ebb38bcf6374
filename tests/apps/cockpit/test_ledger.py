"""Calls to action and the timeline are metrics like any other, as they were known at a date."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from keepwell.apps.cockpit.models import CallToAction
from keepwell.apps.customers.models import Account
from keepwell.apps.timeline.logging import built_in
from keepwell.apps.timeline.models import TimelineEntry
from tests.apps.measured import of_acme
from tests.apps.rules.published import publish_rules

METRICS = """
datasets:
  calls_to_action:
    {table: keepwell.calls_to_action, account: account_id, occurred_at: opened_at,
     known_later: {closed_at: closed_at, outcome: closed_at}}
  timeline: {table: keepwell.timeline, account: account_id, occurred_at: occurred_at, recorded_at: recorded_at}
metrics:
  open_risks: {dataset: calls_to_action, aggregate: count(), where: type = 'risk' and closed_at is null}
  risks_won:
    {dataset: calls_to_action, aggregate: count(), where: type = 'risk' and outcome = 'succeeded', window: 365 days}
  meetings: {dataset: timeline, aggregate: count(), where: type = 'meeting', window: 90 days}
"""


@pytest.mark.slow
def test_calls_and_entries_count_from_when_they_were_known(company: Account) -> None:
    CallToAction.objects.create(
        account_id="acme", type="risk", reason="left", title="Win back", status="closed", outcome="succeeded",
        opened_by="test", opened_at=_at(20), last_opened_at=_at(20), closed_at=_at(25),
    )  # fmt: skip
    entry = TimelineEntry.objects.create(
        account_id="acme", type=built_in("meeting"), title="Quarterly", occurred_at=_at(19), author="test"
    )
    TimelineEntry.objects.filter(pk=entry.pk).update(recorded_at=_at(22))
    TimelineEntry.objects.create(
        account_id="acme", type=built_in("meeting"), title="Not yet", occurred_at=_at(19), author="test", is_draft=True
    )
    publish_rules(METRICS)
    assert _values(date(2026, 2, 19)) == (0, 0, 0)
    assert _values(date(2026, 2, 21)) == (1, 0, 0)  # the meeting was written down a day later
    assert _values(date(2026, 2, 24)) == (1, 0, 1)
    assert _values(date(2026, 2, 26)) == (0, 1, 1)


def _at(day: int) -> datetime:
    return datetime(2026, 2, day, 9, tzinfo=UTC)


def _values(as_of: date) -> tuple[float, ...]:
    return of_acme(as_of, "open_risks", "risks_won", "meetings")
