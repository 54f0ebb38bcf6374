"""Stages and milestones are metrics like any other, as they were known at a date."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from keepwell.apps.customers.models import Account, StageChange
from keepwell.apps.rules.models import Milestone
from tests.apps.measured import of_acme
from tests.apps.rules.published import publish_rules

METRICS = """
datasets:
  stage_changes: {table: keepwell.stages, account: account_id, occurred_at: occurred_at}
  milestones:
    {table: keepwell.milestones, account: account_id, occurred_at: entered_on,
     known_later: {reached_on: reached_on, left_on: left_on}}
metrics:
  time_in_stage: {dataset: stage_changes, aggregate: days_since_latest()}
  overdue_milestones:
    {dataset: milestones, aggregate: count(), where: due_on < as_of and reached_on is null and left_on is null}
"""


@pytest.mark.slow
def test_time_in_stage_and_overdue_milestones_are_metrics(company: Account) -> None:
    StageChange.objects.all().delete()
    StageChange.objects.create(account_id="acme", stage="onboarding", author="test",
                               occurred_at=datetime(2026, 2, 20, 9, tzinfo=UTC))  # fmt: skip
    Milestone.objects.create(account_id="acme", stage="onboarding", name="first_value", entered_on=date(2026, 2, 20),
                             due_on=date(2026, 2, 25), reached_on=date(2026, 3, 1))  # fmt: skip
    publish_rules(METRICS)
    assert _values(date(2026, 2, 25)) == (5, 0)
    assert _values(date(2026, 2, 27)) == (7, 1)  # it was reached later, which nobody knew then
    assert _values(date(2026, 3, 2)) == (10, 0)


def _values(as_of: date) -> tuple[float, ...]:
    return of_acme(as_of, "time_in_stage", "overdue_milestones")
