"""What people and rules do with the portfolio: calls with tasks, stages with milestones, runs with effects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import yaml
from django.utils import timezone

from keepwell.apps.access.actors import System
from keepwell.apps.access.models import User
from keepwell.apps.cockpit.models import CallToAction, Task
from keepwell.apps.configuration.operations import publish
from keepwell.apps.customers.models import Account, StageChange
from keepwell.apps.rules.models import Effect, EffectStatus, Milestone, RuleRun, RuleState, RunStatus

CALLS, RULES, RUNS = 20_000, 30, 600
_TYPES = ("risk", "risk", "opportunity", "lifecycle", "activity")
_WHEN = {"when": "score < 50", "actions": [{"open_call": {"type": "risk", "reason": "low"}}]}
_STAGES = {
    "onboarding": {"order": 1, "expected": 60, "milestones": {"first_value": {"due": 30, "reached": "score >= 60"}}},
    "live": {"order": 2},
    "at_risk": {"order": 3, "expected": 30},
    "renewing": {"order": 4, "expected": 90},
}


def define(project: dict[str, Any]) -> None:
    """Publishes the definitions with thirty rules and four stages."""
    rules = {f"rule_{number}": {"title": f"Rule {number}", **_WHEN} for number in range(RULES)}
    whole = {**project, "rules": rules, "stages": _STAGES}
    publish(actor=System("benchmark"), files={"all.yaml": yaml.safe_dump(whole)}, note="All")


def fill_work(accounts: Sequence[Account], people: Sequence[User], today: date, random: np.random.Generator) -> str:
    """20,000 open calls and as many closed ones, two tasks each; gives the number of a run with 20,000 effects."""
    now = timezone.now()
    calls = CallToAction.objects.bulk_create(_calls(accounts, people, today, now, random), batch_size=5000)
    Task.objects.bulk_create(_tasks(calls), batch_size=5000)
    StageChange.objects.bulk_create(_moves(accounts, today, random), batch_size=5000)
    Milestone.objects.bulk_create(_milestones(accounts, today, random), batch_size=5000)
    return str(_runs(accounts, today, now).pk)


def _calls(
    accounts: Sequence[Account], people: Sequence[User], today: date, now: datetime, random: np.random.Generator
) -> Iterator[CallToAction]:
    several = random.choice(len(accounts), 2 * CALLS, replace=len(accounts) < 2 * CALLS)
    for number, place in enumerate(several):
        account, is_open = accounts[int(place)], number < CALLS
        ended = {} if is_open else {"closed_at": now - timedelta(days=number % 300), "outcome": "succeeded"}
        yield CallToAction(
            account=account, type=_TYPES[number % 5], reason=f"reason_{number}", title=f"Call {number} about usage",
            priority=1 + number % 3, status=("open", "open", "in_progress")[number % 3] if is_open else "closed",
            owner=people[number % len(people)], due_on=today + timedelta(days=int(random.integers(-30, 120))),
            opened_at=now - timedelta(days=number % 200), opened_by="benchmark", last_opened_at=now, **ended,
        )  # fmt: skip


def _tasks(calls: Sequence[CallToAction]) -> Iterator[Task]:
    for call in calls:
        for place in (1, 2):
            yield Task(call=call, place=place, title=f"Step {place}", owner=call.owner, due_on=call.due_on)


def _moves(accounts: Sequence[Account], today: date, random: np.random.Generator) -> Iterator[StageChange]:
    noon = datetime(today.year, today.month, today.day, 12, tzinfo=UTC)
    for account in accounts:
        for stage, days in (("onboarding", 700), (account.stage, int(random.integers(1, 600)))):
            yield StageChange(account=account, stage=stage, occurred_at=noon - timedelta(days=days), author="benchmark")


def _milestones(accounts: Sequence[Account], today: date, random: np.random.Generator) -> Iterator[Milestone]:
    for account in accounts:
        if account.stage == "onboarding":
            entered = today - timedelta(days=int(random.integers(1, 90)))
            yield Milestone(account=account, stage="onboarding", name="first_value", entered_on=entered,
                            due_on=entered + timedelta(days=30))  # fmt: skip


def _runs(accounts: Sequence[Account], today: date, now: datetime) -> RuleRun:
    """Many small runs, and a large one that waits for approval."""
    made = [
        RuleRun(rule=f"rule_{number % RULES}", version="v", cause=f"run:{number}", trigger="new scores", as_of=today,
                decided_at=now - timedelta(hours=number), status=RunStatus.DONE, considered=len(accounts), fired=9)
        for number in range(RUNS)
    ]  # fmt: skip
    large, *_ = RuleRun.objects.bulk_create(made)
    RuleRun.objects.filter(pk=large.pk).update(status=RunStatus.WAITING, fired=CALLS)
    chosen = [accounts[number % len(accounts)] for number in range(CALLS)]
    Effect.objects.bulk_create(
        (Effect(key=f"rule_0/{number}", run=large, rule="rule_0", account=account, occurrence=number, place=0,
                kind="open_call", parameters={"type": "risk", "title": "Low"}, status=EffectStatus.PROPOSED)
         for number, account in enumerate(chosen)), batch_size=5000,
    )  # fmt: skip
    states = (RuleState(rule="rule_0", account_id=account.pk, is_open=True, occurrence=1, decided_on=today)
              for account in dict.fromkeys(chosen))  # fmt: skip
    RuleState.objects.bulk_create(states, batch_size=5000)
    return large
