"""Dashboards by mail over the API."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from keepwell.apps.dashboards.sending import operations, queries
from keepwell.apps.dashboards.sending.models import Schedule
from keepwell.apps.rest.authentication import VIEW, actor_of
from keepwell.apps.rest.paging import Cursor, Limit, Page, page
from keepwell.apps.rest.schemas import Done, Id, Sent

router = Router(tags=["Dashboards"])


class RhythmIn(Sent):
    """`weekday` counts from Monday, 0, where it is every week; `day` is of every month, or its last."""

    recipients: list[Id] = Field(min_length=1, max_length=operations.MOST_RECIPIENTS)
    every: Literal["day", "week", "month"] = "week"
    at: time = Field(time(8), examples=["08:00"])
    zone: str = Field("UTC", max_length=60, examples=["Europe/Berlin"])
    weekday: int = Field(0, ge=0, le=6)
    day: int = Field(1, ge=1, le=31)
    with_csv: bool = False
    with_pdf: bool = False


class ScheduleIn(RhythmIn):
    dashboard: str = Field(min_length=1, max_length=120, description="Its key, as in its address")
    query: str = Field("", max_length=2000, description="What narrows it, as in the address of its page")


class ScheduleOut(Schema):
    id: int
    dashboard: str
    title: str
    query: str
    owner_id: int
    recipients: list[int]
    every: str
    at: time
    zone: str
    weekday: int
    day: int
    with_csv: bool
    with_pdf: bool
    next_at: datetime | None
    ended_at: datetime | None
    ended_why: str

    @staticmethod
    def resolve_dashboard(schedule: Any) -> str:
        return str(schedule.key)

    @staticmethod
    def resolve_recipients(schedule: Any) -> list[int]:
        return sorted(one.pk for one in schedule.recipients.all())


class MailedOut(Schema):
    """`why`: of a letter that was not sent."""

    id: int
    user_id: int
    moment: datetime
    state: str
    why: str


@router.get("/schedules", response=Page[ScheduleOut], auth=VIEW, summary="List dashboards by mail")
def list_schedules(request: HttpRequest, cursor: Cursor = "", limit: Limit = 50) -> dict[str, Any]:
    """Those that you set up and those that you get; admins have all, ended ones too."""
    return page(queries.schedules_of(actor_of(request), ended=True), ["-pk"], cursor, limit)


@router.post("/schedules", response={201: ScheduleOut}, auth=VIEW, summary="Mail a dashboard")
def post_schedule(request: HttpRequest, sent: ScheduleIn) -> Status[Schedule]:
    """Each recipient gets the numbers that they may see when it is sent."""
    said = operations.Said(**sent.dict(exclude={"dashboard", "query"}))
    made = operations.make_schedule(actor=actor_of(request), key=sent.dashboard, said=said, query=sent.query)
    return Status(201, made)


@router.get("/schedules/{int:schedule_id}", response=ScheduleOut, auth=VIEW, summary="Get a dashboard by mail")
def get_schedule(request: HttpRequest, schedule_id: Id) -> Schedule:
    """For who set it up, who gets it, and admins."""
    return queries.schedule_for(actor_of(request), schedule_id)


@router.put("/schedules/{int:schedule_id}", response=ScheduleOut, auth=VIEW, summary="Change a dashboard by mail")
def put_schedule(request: HttpRequest, schedule_id: Id, sent: RhythmIn) -> Schedule:
    """Whom it goes to and when; what narrows it stays."""
    said = operations.Said(**sent.dict())
    return operations.change_schedule(actor=actor_of(request), schedule_id=schedule_id, said=said)


@router.post("/schedules/{int:schedule_id}/end", response=ScheduleOut, auth=VIEW, summary="End a dashboard by mail")
def post_schedule_end(request: HttpRequest, schedule_id: Id) -> Schedule:
    """Nothing more is mailed, what waits included."""
    return operations.end_schedule(actor=actor_of(request), schedule_id=schedule_id)


@router.post("/schedules/{int:schedule_id}/leave", response=Done, auth=VIEW, summary="Get a dashboard no more")
def post_schedule_leave(request: HttpRequest, schedule_id: Id) -> Done:
    """Others go on getting it."""
    operations.leave_schedule(actor=actor_of(request), schedule_id=schedule_id)
    return Done(changed=1)


@router.post("/schedules/{int:schedule_id}/send", response=Done, auth=VIEW, summary="Mail a dashboard now")
def post_schedule_send(request: HttpRequest, schedule_id: Id) -> Done:
    """To every recipient, beside its times."""
    return Done(changed=operations.send_now(actor=actor_of(request), schedule_id=schedule_id))


@router.get("/schedules/{int:schedule_id}/letters", response=Page[MailedOut], auth=VIEW,
            summary="List what became of each letter")  # fmt: skip
def list_schedule_letters(
    request: HttpRequest, schedule_id: Id, cursor: Cursor = "", limit: Limit = 50
) -> dict[str, Any]:
    """Newest first."""
    found = queries.letters_of(queries.schedule_for(actor_of(request), schedule_id))
    return page(found, ["-moment", "-pk"], cursor, limit)
