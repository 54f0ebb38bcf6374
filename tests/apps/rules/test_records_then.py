"""What records said in the past: stages, calls and milestones from their history, without what came later."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from keepwell.apps.cockpit.models import CallToAction
from keepwell.apps.customers.models import Account, StageChange
from keepwell.apps.rules.models import Milestone
from keepwell.apps.rules.standing.records import records
from keepwell.apps.rules.standing.records_then import as_now, records_then
from tests.apps.conftest import People

DAY = date(2026, 2, 1)
pytestmark = pytest.mark.slow


def at(days: int) -> datetime:
    """Noon, so many days after the day that is looked at."""
    return datetime(2026, 2, 1, 12, tzinfo=UTC) + timedelta(days=days)


def then(day: date = DAY) -> dict[str, dict[str, Any]]:
    return {row["account_id"]: row for row in records_then(records(), day).to_pylist()}


@pytest.fixture
def accounts(company: Account) -> None:
    """No moves are known of anybody."""
    StageChange.objects.all().delete()


def moved(account: str, stage: str, days: int) -> None:
    StageChange.objects.create(account_id=account, stage=stage, occurred_at=at(days), author="test")


def test_stages_are_those_of_the_day(accounts: None) -> None:
    for days, stage in ((-40, "onboarding"), (-10, "live"), (1, "at_risk")):
        moved("acme", stage, days)
    moved("brix", "live", 5)
    Account.objects.filter(pk="cato").update(started_on=DAY + timedelta(days=3))
    found = then()
    assert (found["acme"]["stage"], found["acme"]["stage_since"]) == ("live", date(2026, 1, 22))
    assert (found["brix"]["stage"], found["brix"]["stage_since"]) == (None, None), "its first move came later"
    assert found["cato"]["stage"] is None, "it began later"
    assert (found["dune"]["stage"], found["dune"]["stage_since"]) == ("live", date(2025, 1, 1)), "it never moved"
    assert then(DAY + timedelta(days=1))["acme"]["stage"] == "at_risk"


def test_calls_are_those_that_were_open(accounts: None) -> None:
    spans = (("risk", -9, None), ("risk", -9, -1), ("activity", -9, 1), ("risk", 1, None))
    for number, (kind, begin, end) in enumerate(spans):
        ended = {} if end is None else {"status": "closed", "closed_at": at(end), "outcome": "succeeded"}
        CallToAction.objects.create(account_id="acme", type=kind, reason=f"r{number}", title="T", opened_at=at(begin),
                                    last_opened_at=at(begin), opened_by="test", **ended)  # fmt: skip
    assert (then()["acme"]["open_calls"], then()["acme"]["open_risks"]) == (2.0, 1.0)
    assert then(DAY - timedelta(days=20))["acme"]["open_calls"] is None


def test_milestones_are_overdue_until_they_are_reached_or_left(accounts: None) -> None:
    for account, days in (
        ("acme", {}),
        ("brix", {"reached_on": 1}),
        ("cato", {"left_on": 0}),
        ("dune", {"reached_on": -1}),
    ):
        ended = {name: DAY + timedelta(days=after) for name, after in days.items()}
        Milestone.objects.create(account_id=account, stage="live", name="m", entered_on=DAY - timedelta(days=30),
                                 due_on=DAY - timedelta(days=4), **ended)  # fmt: skip
    found = {pk: row["days_overdue_milestone"] for pk, row in then().items()}
    assert (found["acme"], found["brix"], found["cato"], found["dune"]) == (4.0, 4.0, None, None)


def test_what_has_no_history_is_named(people: People) -> None:
    assert as_now(["stage", "days_in_stage", "score", "open_calls", "days_overdue_milestone"]) == []
    assert as_now(["owner.name", "open_requests", "open_calls"]) == ["open_requests", "owner.name"]
