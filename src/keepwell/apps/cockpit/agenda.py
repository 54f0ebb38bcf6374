"""Calls and tasks by the day they are due: a month or a week of the calendar of who looks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from keepwell.apps.access.actors import Actor
from keepwell.apps.cockpit.calendars import calendar_of
from keepwell.apps.cockpit.models import CallToAction, Task
from keepwell.apps.cockpit.queries import open_calls, open_tasks

_WEEK = timedelta(days=7)
_FIRST, _LAST = date(1990, 1, 1), date(2190, 1, 1)


@dataclass(frozen=True)
class Day:
    """`holiday`: what the day is called; `is_free`: nobody works; `is_outside`: of the month before or after."""

    date: date
    calls: Sequence[CallToAction]
    tasks: Sequence[Task]
    holiday: str
    is_free: bool
    is_today: bool
    is_outside: bool


@dataclass(frozen=True)
class Agenda:
    weeks: Sequence[Sequence[Day]]
    title: str
    before: date
    after: date
    by_week: bool


def agenda_of(actor: Actor, day: date, today: date, *, by_week: bool, mine: bool) -> Agenda:
    """The week or the month that a day is in, whole weeks from Monday on."""
    day = min(max(day, _FIRST), _LAST)
    first = day if by_week else day.replace(day=1)
    start = first - timedelta(days=first.weekday())
    following = (first + timedelta(days=32)).replace(day=1)
    end = start + _WEEK if by_week else following
    end += timedelta(days=-end.weekday() % 7)
    days = _days(actor, start, end, today, None if by_week else first.month, mine)
    weeks = [days[at : at + 7] for at in range(0, len(days), 7)]
    title = f"Week of {start:%d %B %Y}" if by_week else f"{first:%B %Y}"
    before = start - _WEEK if by_week else (first - timedelta(days=1)).replace(day=1)
    return Agenda(weeks, title, before, start + _WEEK if by_week else following, by_week)


def _days(actor: Actor, start: date, end: date, today: date, month: int | None, mine: bool) -> list[Day]:
    calendar = calendar_of(actor.user)
    between = {"due_on__gte": start, "due_on__lt": end}
    calls, tasks = open_calls(actor).filter(**between), open_tasks(actor).filter(**between)
    if mine:
        calls, tasks = calls.filter(owner=actor.user), tasks.filter(owner=actor.user)
    by_day: dict[date, tuple[list[CallToAction], list[Task]]] = {}
    for call in calls.order_by("-priority", "pk"):
        by_day.setdefault(_of(call.due_on), ([], []))[0].append(call)
    for task in tasks.order_by("call", "place"):
        by_day.setdefault(_of(task.due_on), ([], []))[1].append(task)
    return [
        Day(one, *by_day.get(one, ([], [])), holiday=calendar.holiday(one), is_free=not calendar.is_business_day(one),
            is_today=one == today, is_outside=month is not None and one.month != month)
        for one in (start + timedelta(days=n) for n in range((end - start).days))
    ]  # fmt: skip


def _of(day: date | None) -> date:
    assert day is not None, "what has no date is in no calendar"
    return day
