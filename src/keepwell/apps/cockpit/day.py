"""What somebody has to do today: their calls and tasks, those first that press most, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from keepwell.apps.access.actors import Actor
from keepwell.apps.cockpit.calendars import today_of
from keepwell.apps.cockpit.models import CallToAction, Task
from keepwell.apps.cockpit.ordering import AtRisk, at_risk
from keepwell.apps.cockpit.queries import open_calls, open_tasks
from keepwell.apps.cockpit.words import CallStatus
from keepwell.apps.customers.models import Account
from keepwell.apps.health.dating import dates
from keepwell.apps.ui.formatting import compact
from keepwell.apps.ui.templatetags.ui import days_left

SOON, SHOWN, CONSIDERED = timedelta(days=7), 12, 300


@dataclass(frozen=True)
class Due:
    """A call, or a task of one; `reasons`: what speaks for doing it now, in words. `weight`: what it is ordered by."""

    call: CallToAction
    task: Task | None
    account: Account
    due_on: date | None
    is_late: bool
    reasons: Sequence[str]
    weight: tuple[int, float]

    @property
    def title(self) -> str:
        return self.task.title if self.task else self.call.title


def due_of(actor: Actor) -> list[Due]:
    """One's own work that is due within a week, was flagged or has no date; what is overdue first, then today's, then
    by value at risk."""
    if actor.user is None:
        return []
    today, shown = today_of(actor.user), dates().shown
    calls = open_calls(actor).filter(owner=actor.user).exclude(status=CallStatus.SNOOZED)
    tasks = open_tasks(actor).filter(owner=actor.user, due_on__lte=today + SOON)
    found = [_due(call, None, today, shown) for call in calls.order_by("due_on", "pk")[:CONSIDERED]]
    found += [_due(task.call, task, today, shown) for task in tasks.order_by("due_on", "pk")[:CONSIDERED]]
    near = [one for one in found if one.due_on is None or one.due_on <= today + SOON or one.call.is_flagged]
    return sorted(near, key=lambda one: (one.weight, one.call.pk, one.task.pk if one.task else 0))


def _due(call: CallToAction, task: Task | None, today: date, shown: date) -> Due:
    due = task.due_on if task else call.due_on
    value = at_risk(call.account, shown)
    is_late = due is not None and due < today
    rank = 0 if is_late else 1 if due == today or call.is_flagged else 2
    return Due(call, task, call.account, due, is_late, _reasons(call, due, today, value), (rank, -value.value))


def _reasons(call: CallToAction, due: date | None, today: date, value: AtRisk) -> list[str]:
    found = []
    if due is not None:
        left = (due - today).days
        found.append(f"was due {days_left(left)}" if left < 0 else f"due {days_left(left)}")
    if call.is_flagged:
        found.append("flagged")
    if value.value:
        found.append(f"{compact(value.value)} at risk")
    return [*found, call.reason_words] if call.reason_words else found
