"""Calls and tasks by the day they are due: a month or a week of the calendar of who looks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, QuerySet, Window
from django.db.models.functions import RowNumber

from keepwell.apps.access.actors import Actor
from keepwell.apps.cockpit.calendars import calendar_of
from keepwell.apps.cockpit.models import CallToAction, Task
from keepwell.apps.cockpit.queries import in_their_order, open_calls, open_tasks

_WEEK = timedelta(days=7)
MOST_A_DAY, MOST_A_WEEKDAY = 5, 25
"""Calls, and as many tasks, of a day in a month and in a week; the rest is counted."""

_FIRST, _LAST = date(1990, 1, 1), date(2190, 1, 1)


@dataclass(frozen=True)
class Day:
    """`holiday`: what the day is called; `is_free`: nobody works; `is_outside`: of the month before or after.

    `more`: how many calls and tasks are due beside those that are shown.
    """

    date: date
    calls: Sequence[CallToAction]
    tasks: Sequence[Task]
    more: int
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
    most = MOST_A_WEEKDAY if month is None else MOST_A_DAY
    some, steps = _first_of_days(calls, ("-priority", "pk"), most), _first_of_days(tasks, ("call", "place", "pk"), most)
    there = _counted(calls)
    there.update(_counted(tasks))

    def of(one: date) -> Day:
        shown, also = some.get(one, []), steps.get(one, [])
        return Day(one, shown, also, there[one] - len(shown) - len(also), holiday=calendar.holiday(one),
                   is_free=not calendar.is_business_day(one), is_today=one == today,
                   is_outside=month is not None and one.month != month)  # fmt: skip

    return [of(start + timedelta(days=n)) for n in range((end - start).days)]


def _first_of_days(due: QuerySet[Any], order: tuple[str, ...], most: int) -> dict[date, list[Any]]:
    """Of each day the first ones in an order: a day may have a thousand for whoever sees everybody's."""
    place = Window(RowNumber(), partition_by=[F("due_on")], order_by=order)
    first = due.order_by().annotate(in_day=place).filter(in_day__lte=most).order_by("due_on", "in_day")
    found: dict[date, list[Any]] = {}
    for one in in_their_order(due, [pk for pk, _ in first.values_list("pk", "in_day")]):
        found.setdefault(one.due_on, []).append(one)
    return found


def _counted(due: QuerySet[Any]) -> Counter[date]:
    return Counter(dict(due.order_by().values_list("due_on").annotate(n=Count("pk"))))
