"""A score that goes over and under a threshold for a month opens one call to action, not ten."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise

import pyarrow as pa
import pytest

from keepwell.apps.cockpit.models import CallToAction
from keepwell.apps.configuration.queries import current_project
from keepwell.apps.customers.models import Account
from keepwell.apps.rules.deciding.carrying import carry_out
from keepwell.apps.rules.deciding.writing import Cause
from keepwell.apps.rules.doing import do_run
from keepwell.apps.rules.models import RuleRun
from keepwell.engine.rules.starting import Start
from tests.apps.rules.published import publish_rules

RISK = """
rules:
  turned_red:
    when: score < 50
    actions:
      - open_call: {type: risk, reason: turned_red, title: "{account.name} is at {score}", due: 3 business days}
    until:
      when: score >= 50
      persists: 7 days
      actions: [{close_call: {type: risk, reason: turned_red, outcome: recovered}}]
"""
FIRST = date(2026, 3, 3)


def day_passes(day: date, score: float) -> None:
    """The scores of a date, as a run would leave them, and what follows."""
    project = current_project()
    assert project is not None
    table = pa.table({
        "account_id": ["acme"], "as_of": pa.array([day], pa.date32()), "score": [score], "account.name": ["Acme Inc"],
    })  # fmt: skip
    cause = Cause(f"run:{day}", f"scores of {day}", datetime(day.year, day.month, day.day, 3).astimezone())
    for run in carry_out(project, table, [Start()], cause, everybody=True):
        do_run(run.pk)


@pytest.mark.slow
def test_one_call_and_it_closes_once_the_score_stays_up(company: Account) -> None:
    publish_rules(RISK)
    month = [FIRST + timedelta(days=number) for number in range(30)]
    scores = [45.0 if number % 3 else 55.0 for number in range(30)]
    crossings = sum((one < 50) != (other < 50) for one, other in pairwise(scores))
    for day, score in zip(month, scores, strict=True):
        day_passes(day, score)
    (call,) = CallToAction.objects.all()
    assert crossings > 15
    assert call.is_open
    assert RuleRun.objects.count() == 1
    for number in range(8):
        day_passes(month[-1] + timedelta(days=1 + number), 70)
    call.refresh_from_db()
    assert (call.is_open, call.outcome) == (False, "recovered")
    assert CallToAction.objects.count() == 1
