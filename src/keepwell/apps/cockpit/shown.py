"""One call as its page shows it: who, why, what is next; then everything else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from keepwell.apps.access.actors import Actor
from keepwell.apps.access.roles import Permission
from keepwell.apps.audit.models import Change
from keepwell.apps.audit.queries import Difference, differences
from keepwell.apps.cockpit.calendars import today_of
from keepwell.apps.cockpit.measuring import CLOSED, OPENED
from keepwell.apps.cockpit.models import Attachment, CallToAction, Comment, Measurement, PlaybookRun, Task, Watcher
from keepwell.apps.cockpit.ordering import AtRisk, at_risk
from keepwell.apps.cockpit.queries import attachments_of, history_of, tasks_of
from keepwell.apps.cockpit.words import TaskStatus

SHOWN_CHANGES = 30
_MOMENTS = {OPENED: "When it was opened", CLOSED: "When it was closed"}


@dataclass(frozen=True)
class Step:
    """A task; `waits_for`: what has to be done before."""

    task: Task
    waits_for: Sequence[str]
    is_late: bool


@dataclass(frozen=True)
class Measured:
    """Score and revenue at a moment, and how far they are from what they were when the call was opened."""

    title: str
    measurement: Measurement
    change: float | None
    arr_change: float | None


@dataclass(frozen=True)
class Shown:
    call: CallToAction
    at_risk: AtRisk
    today: date
    steps: Sequence[Step]
    next: Step | None
    progress: tuple[int, int]
    runs: Sequence[PlaybookRun]
    opened: Measurement | None
    change: float | None
    measured: Sequence[Measured]
    comments: Sequence[Comment]
    watchers: Sequence[Watcher]
    attachments: Sequence[Attachment]
    history: Sequence[tuple[Change, Sequence[Difference]]]
    watching: bool
    may_write: bool

    @property
    def run(self) -> PlaybookRun | None:
        """The playbook that it goes by."""
        return next((one for one in self.runs if one.replaced_at is None), None)

    @property
    def is_late(self) -> bool:
        return self.call.is_open and self.call.due_on is not None and self.call.due_on < self.today

    @property
    def owner_left(self) -> bool:
        return self.call.is_open and self.call.owner is not None and not self.call.owner.is_active


def shown(actor: Actor, call: CallToAction) -> Shown:
    """Everything about a call that the actor sees."""
    today = today_of(actor.user)
    steps = [_step(task, today) for task in tasks_of(call)]
    measured = list(call.measurements.order_by("due_on", "pk"))
    opened = next((one for one in measured if one.moment == OPENED), None)
    watchers = list(call.watchers.select_related("user").order_by("user__name"))
    changes = history_of(call)[:SHOWN_CHANGES]
    return Shown(
        call=call,
        at_risk=at_risk(call.account),
        today=today,
        steps=steps,
        next=next((one for one in steps if one.task.status == TaskStatus.OPEN and not one.waits_for), None),
        progress=(sum(one.task.status != TaskStatus.OPEN for one in steps), len(steps)),
        runs=list(call.runs.order_by("-applied_at")),
        opened=opened,
        change=_less(getattr(getattr(call.account, "health", None), "score", None), opened.score if opened else None),
        measured=[_measured(one, opened) for one in measured],
        comments=list(call.comments.order_by("-pk")),
        watchers=watchers,
        attachments=attachments_of(call),
        history=[(one, list(differences(one)) if one.before else []) for one in changes],
        watching=any(one.user == actor.user for one in watchers),
        may_write=actor.may(Permission.WRITE),
    )


def _step(task: Task, today: date) -> Step:
    waits = [one.title for one in task.needs.all() if one.status == TaskStatus.OPEN]
    late = task.status == TaskStatus.OPEN and task.due_on is not None and task.due_on < today
    return Step(task, waits, late)


def _measured(one: Measurement, opened: Measurement | None) -> Measured:
    title = _MOMENTS.get(one.moment, f"{one.moment} days after")
    base: Any = opened if one is not opened else None
    return Measured(title, one, _less(one.score, base and base.score), _less(one.arr, base and base.arr))


def _less(now: float | None, before: float | None) -> float | None:
    return None if now is None or before is None else now - before
