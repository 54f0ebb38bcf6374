"""Activities over the API, and the deals that they influenced."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from keepwell.apps.advocacy.days import today
from keepwell.apps.advocacy.models import Activity
from keepwell.apps.advocacy.operations.activities import Said, correct, decide_deal, log, withdraw
from keepwell.apps.advocacy.queries import activities_seen, activity_for, done_of
from keepwell.apps.rest.authentication import VIEW, WRITE, actor_of
from keepwell.apps.rest.paging import Cursor, Limit, Page, page
from keepwell.apps.rest.schemas import Day, Done, Id, Key, Sent

router = Router(tags=["Advocacy"])
Amount = float | None


class SaidIn(Sent):
    happened_on: Day
    title: str = Field(min_length=1, max_length=300, examples=["Call with Northwind about roll-out"])
    text: str = Field("", max_length=20_000)
    link: str = Field("", max_length=1000)
    site: str = Field("", max_length=100, description="Of a review")
    rating: float | None = Field(None, ge=0, le=10)
    deal: str = Field("", max_length=200, description="The opportunity that it helped; the same name is the same deal")
    amount: Amount = Field(None, ge=0, le=1e12, description="Of the deal, in the currency of ARR")
    result: Literal["", "open", "won", "lost"] = ""
    decided_on: Day | None = None


class ActivityIn(SaidIn):
    kind: str = Field(min_length=1, max_length=100, examples=["reference_call"])
    person: uuid.UUID | None = Field(None, description="Key of a person of the account; none: the account as a whole")


class CorrectionIn(SaidIn):
    reason: str = Field(min_length=1, max_length=300)


class ReasonIn(Sent):
    reason: str = Field(min_length=1, max_length=300)


class DealIn(Sent):
    deal: str = Field(min_length=1, max_length=200)
    result: Literal["open", "won", "lost"]
    decided_on: Day | None = None
    amount: Amount = Field(None, ge=0, le=1e12)


class ActivityOut(Schema):
    id: int
    kind: str
    account_id: str
    person: uuid.UUID | None = Field(None, alias="person_id")
    request: int | None = Field(None, alias="request_id")
    happened_on: date
    title: str
    text: str
    link: str
    site: str
    rating: float | None
    deal: str
    amount: float | None
    result: str
    decided_on: date | None
    is_withdrawn: bool
    author: str = Field(alias="author_name")
    made_at: datetime


class ChangeOut(Schema):
    """What stood there until `recorded_at`, of that which changed."""

    recorded_at: datetime
    by: str
    reason: str
    before: dict[str, Any]


class ActivityDetail(ActivityOut):
    """`points`: on its day; `points_today`: what is left of them."""

    points: float
    points_today: float
    changes: list[ChangeOut]

    @staticmethod
    def resolve_points(activity: Any) -> float:
        return done_of([activity])[0].points

    @staticmethod
    def resolve_points_today(activity: Any) -> float:
        return done_of([activity])[0].left_on(today())

    @staticmethod
    def resolve_changes(activity: Any) -> list[Any]:
        return list(activity.changes.exclude(reason=""))


@router.get("/advocacy/activities", response=Page[ActivityOut], auth=VIEW, summary="List activities")
def list_advocacy_activities(
    request: HttpRequest, account: str = "", kind: str = "", person: uuid.UUID | None = None, cursor: Cursor = "",
    limit: Limit = 50,
) -> dict[str, Any]:  # fmt: skip
    """Of all accounts that you see, in the order in which they were logged; those taken back are left out."""
    wanted = {"account": account, "kind": kind, "person": person}
    found = activities_seen(actor_of(request)).filter(**{name: value for name, value in wanted.items() if value})
    return page(found, ["pk"], cursor, limit)


@router.post("/accounts/{account_id}/advocacy", response={201: ActivityOut}, auth=WRITE, summary="Log an activity")
def post_advocacy_activity(request: HttpRequest, account_id: Key, sent: ActivityIn) -> Status[Activity]:
    """The timeline has it, and measures count it."""
    said = sent.dict()
    kind, person = said.pop("kind"), said.pop("person")
    made = log(actor=actor_of(request), kind=kind, account_id=account_id, person=person, said=Said(**said))
    return Status(201, made)


@router.get("/advocacy/activities/{int:activity_id}", response=ActivityDetail, auth=VIEW, summary="Get an activity")
def get_advocacy_activity(request: HttpRequest, activity_id: Id) -> Activity:
    """With what it is worth and how it was corrected."""
    return activity_for(actor_of(request), activity_id)


@router.put("/advocacy/activities/{int:activity_id}", response=ActivityOut, auth=WRITE, summary="Correct an activity")
def put_advocacy_activity(request: HttpRequest, activity_id: Id, sent: CorrectionIn) -> Activity:
    """What it said before is kept."""
    said = sent.dict()
    reason = said.pop("reason")
    return correct(actor=actor_of(request), activity_id=activity_id, said=Said(**said), reason=reason)


@router.post("/advocacy/activities/{int:activity_id}/withdraw", response=ActivityOut, auth=WRITE,
             summary="Take an activity back")  # fmt: skip
def post_advocacy_withdrawal(request: HttpRequest, activity_id: Id, sent: ReasonIn) -> Activity:
    """It was logged by mistake and counts no more, also for the past."""
    return withdraw(actor=actor_of(request), activity_id=activity_id, reason=sent.reason)


@router.post("/advocacy/deals/decide", response=Done, auth=WRITE, summary="Decide a deal")
def post_deal_result(request: HttpRequest, sent: DealIn) -> dict[str, int]:
    """Won, lost or open again, for every activity that influenced it and that you see."""
    return {"changed": decide_deal(actor=actor_of(request), **sent.dict())}
