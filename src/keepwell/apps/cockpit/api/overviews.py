"""The risk register, playbooks, the calendar of due dates, and one's own calendar, over the API."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from keepwell.apps.cockpit.agenda import agenda_of
from keepwell.apps.cockpit.api.schemas import CallOut, Somebody, TaskOut
from keepwell.apps.cockpit.business_days import Calendar
from keepwell.apps.cockpit.calendars import calendar_of, choose_calendar, today_of
from keepwell.apps.cockpit.progress import fared
from keepwell.apps.cockpit.risks import register_of
from keepwell.apps.rest.authentication import VIEW, actor_of
from keepwell.apps.rest.schemas import Day, Sent

router = Router(tags=["Cockpit"])


class RiskOut(Schema):
    call: CallOut
    watchers: list[Somebody]


class RegisterOut(Schema):
    """`arr`: of the customers with an open risk, each counted once; `risks`: the first 200 by value at risk."""

    total: int
    customers: int
    arr: float
    risks: list[RiskOut]


class PlaybookOut(Schema):
    """`completed`: of the closed calls, those whose required tasks were all done; `score_change`: the mean change from
    opening to 90 days after closing; `version` null: no longer in force."""

    name: str
    title: str
    version: str | None
    applied: int
    running: int
    closed: int
    completed: int
    succeeded: int
    tasks: int
    tasks_done: int
    score_change: float | None


class AgendaDay(Schema):
    date: date
    holiday: str
    is_business_day: bool
    calls: list[CallOut]
    tasks: list[TaskOut]


class CalendarIn(Sent):
    zone: str = Field(min_length=1, max_length=60, examples=["Europe/Berlin"])
    holidays: str = Field("", max_length=12, examples=["DE-BY"], description="Empty: weekends alone")


class CalendarOut(Schema):
    zone: str
    holidays: str


@router.get("/risks", response=RegisterOut, auth=VIEW, summary="The risk register")
def get_risks(request: HttpRequest) -> dict[str, Any]:
    """Open risks of accounts that you see, the most at risk first."""
    found = register_of(actor_of(request))
    risks = [{"call": one.call, "watchers": one.watchers} for one in found.entries]
    return {"total": found.total, "customers": found.customers, "arr": found.arr, "risks": risks}


@router.get("/playbooks", response=list[PlaybookOut], auth=VIEW, summary="Playbooks and how they fared")
def list_playbooks(request: HttpRequest) -> list[dict[str, Any]]:
    """With the accounts that you see. What they consist of stands in the definitions."""
    return [
        {**vars(one), "version": one.book.version if one.book else None, "score_change": one.change}
        for one in fared(actor_of(request))
    ]


@router.get("/calls/due", response=list[AgendaDay], auth=VIEW, summary="What is due, day by day")
def list_due(request: HttpRequest, since: Day | None = None, everybody: bool = False) -> list[dict[str, Any]]:
    """The week from a day on, today unless it is named; your own work, or all that you see."""
    actor = actor_of(request)
    today = today_of(actor.user)
    first = since or today
    agendas = [
        agenda_of(actor, day, today, by_week=True, mine=not everybody) for day in (first, first + timedelta(days=7))
    ]
    days = [day for one in agendas for week in one.weeks for day in week]
    return [
        {"date": one.date, "holiday": one.holiday, "is_business_day": not one.is_free, "calls": one.calls,
         "tasks": one.tasks}
        for one in days if first <= one.date < first + timedelta(days=7)
    ]  # fmt: skip


@router.get("/me/calendar", response=CalendarOut, auth=VIEW, summary="By which calendar your dates are found")
def get_calendar(request: HttpRequest) -> Calendar:
    """Your own choice, else the project's."""
    return calendar_of(actor_of(request).user)


@router.put("/me/calendar", response=CalendarOut, auth=VIEW, summary="Choose your calendar")
def put_calendar(request: HttpRequest, sent: CalendarIn) -> Calendar:
    """Time zone and public holidays; dates that were found already stay."""
    return choose_calendar(actor=actor_of(request), zone=sent.zone, holidays=sent.holidays)
