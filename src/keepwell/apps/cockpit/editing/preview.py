"""The calendar that a drafted playbook makes: each task on its day, from a start that is chosen."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from pydantic import ValidationError

from keepwell.apps.cockpit.business_days import Calendar
from keepwell.apps.cockpit.dating import due_days
from keepwell.definitions.delays import Delay
from keepwell.definitions.playbooks import AfterTask, Playbook, Task

_WEEK = timedelta(days=7)
ROLES = {"csm": "the CSM", "manager": "the CSM's manager", "team": "the CSM's team"}


@dataclass(frozen=True)
class Due:
    """A task on its day. `number`: among the tasks of the playbook; `days`: since the start, `business_days` of these
    on which the team works; `note`: what is special about the day."""

    number: int
    title: str
    day: date
    days: int
    business_days: int
    after: str
    owner: str
    note: str
    required: bool


@dataclass(frozen=True)
class PreviewDay:
    date: date
    dues: Sequence[Due]
    holiday: str
    is_free: bool
    is_start: bool


@dataclass(frozen=True)
class Week:
    """Seven days from Monday; `gap`: instead of these, so many weeks in which nothing is due."""

    days: Sequence[PreviewDay] = ()
    gap: int = 0


@dataclass(frozen=True)
class Preview:
    start: date
    dues: Sequence[Due]
    weeks: Sequence[Week]

    @property
    def last(self) -> date:
        return max(one.day for one in self.dues)


def playbook_meant(written: Any) -> Playbook | None:
    """A playbook as it is written; None for one that is not valid by itself."""
    try:
        return Playbook.model_validate_json(json.dumps(written))
    except (ValidationError, TypeError):
        return None


def preview_of(book: Playbook, calendar: Calendar, start: date) -> Preview:
    """As if everything were done on its day, by one calendar: whose it will be is known once it is applied."""
    tasks = {task.name: task for task in book.tasks}
    days = due_days(tasks, lambda _: calendar, lambda _: start)
    dues = [_due(number, task, days, tasks, calendar, start) for number, task in enumerate(book.tasks, start=1)]
    dues.sort(key=lambda one: (one.day, one.number))
    return Preview(start, dues, tuple(_weeks(dues, calendar, start)))


def owner_said(owner: str) -> str:
    """A role in words."""
    kind, _, name = owner.partition(":")
    if kind == "round_robin":
        return f"who has least to do in {name}"
    return f"the team {name}" if kind == "team" and name else ROLES.get(owner, owner)


def _due(
    number: int, task: Task, days: dict[str, date], tasks: dict[str, Task], calendar: Calendar, start: date
) -> Due:
    day = days[task.name]
    free = "" if calendar.is_business_day(day) else calendar.holiday(day) or "weekend"
    return Due(
        number=number,
        title=title_of(task),
        day=day,
        days=(day - start).days,
        business_days=_business_days(calendar, start, day),
        after=_after(task, tasks),
        owner=owner_said(task.owner),
        note=f"a day off: {free}" if free else "",
        required=task.required,
    )


def title_of(task: Task) -> str:
    return task.title or task.name.replace("_", " ").capitalize()


def _after(task: Task, tasks: dict[str, Task]) -> str:
    after = task.after
    if isinstance(after, AfterTask):
        return f"{after.delay} after “{title_of(tasks[after.task])}”"
    return "at the start" if after == Delay(0) else f"{after} after the start"


def _business_days(calendar: Calendar, start: date, day: date) -> int:
    return sum(calendar.is_business_day(start + timedelta(days=one)) for one in range(1, (day - start).days + 1))


def _weeks(dues: Sequence[Due], calendar: Calendar, start: date) -> Iterator[Week]:
    monday, last, empty = start - timedelta(days=start.weekday()), max(one.day for one in dues), 0
    while monday <= last:
        days = [_day(monday + timedelta(days=place), dues, calendar, start) for place in range(7)]
        if any(one.dues or one.is_start for one in days):
            if empty:
                yield Week(gap=empty)
            yield Week(days)
            empty = 0
        else:
            empty += 1
        monday += _WEEK


def _day(day: date, dues: Sequence[Due], calendar: Calendar, start: date) -> PreviewDay:
    own = [one for one in dues if one.day == day]
    return PreviewDay(day, own, calendar.holiday(day), not calendar.is_business_day(day), day == start)
