"""Requests for advocates over the API."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from keepwell.apps.advocacy.api.activities import ActivityOut, SaidIn
from keepwell.apps.advocacy.models import Activity, Request
from keepwell.apps.advocacy.operations.activities import Said
from keepwell.apps.advocacy.operations.requests import Wanted, ask, choose, finish, move
from keepwell.apps.advocacy.queries import request_for, requests_seen
from keepwell.apps.rest.authentication import VIEW, WRITE, actor_of
from keepwell.apps.rest.paging import Cursor, Limit, Page, page
from keepwell.apps.rest.schemas import Day, Id, Key, Sent

router = Router(tags=["Advocacy"])
_WHY = "Why somebody is asked beyond a limit; without it a limit refuses"


class WhomIn(Sent):
    account_id: Key
    person: uuid.UUID | None = None
    override: str = Field("", max_length=300, description=_WHY)


class RequestIn(Sent):
    kind: str = Field(min_length=1, max_length=100, examples=["reference_call"])
    deal: str = Field("", max_length=200)
    amount: float | None = Field(None, ge=0, le=1e12)
    needed_by: Day | None = None
    wanted: str = Field("", max_length=1000, description="Whom you look for, in words")
    condition: str = Field("", max_length=2000, description="The same as an expression over accounts and people")
    account_id: Key | None = Field(None, description="Whom to ask; none: it is open whom")
    person: uuid.UUID | None = None
    override: str = Field("", max_length=300, description=_WHY)


class StepIn(Sent):
    status: Literal["agreed", "scheduled", "declined", "withdrawn"]
    scheduled_for: Day | None = None
    note: str = Field("", max_length=5000)


class FinishIn(SaidIn):
    note: str = Field("", max_length=5000)


class RequestOut(Schema):
    id: int
    kind: str
    status: str
    account_id: str | None
    person: uuid.UUID | None = Field(None, alias="person_id")
    deal: str
    amount: float | None
    needed_by: date | None
    wanted: str
    condition: str
    scheduled_for: date | None
    override: str
    asked_by: str = Field(alias="asker_name")
    made_at: datetime


class StepOut(Schema):
    status: str
    person: uuid.UUID | None = Field(None, alias="person_id")
    at: datetime
    by: str
    note: str


class RequestDetail(RequestOut):
    """With every step; `activity`: what it became."""

    steps: list[StepOut]
    activity: int | None

    @staticmethod
    def resolve_steps(request: Any) -> list[Any]:
        return list(request.steps.all())

    @staticmethod
    def resolve_activity(request: Any) -> int | None:
        made = getattr(request, "activity", None)
        return made.pk if made else None


@router.get("/advocacy/requests", response=Page[RequestOut], auth=VIEW, summary="List requests for advocates")
def list_advocacy_requests(
    request: HttpRequest, status: str = "", account: str = "", cursor: Cursor = "", limit: Limit = 50
) -> dict[str, Any]:
    """Those for accounts that you see, and those that nobody was found for."""
    wanted = {"status": status, "account": account}
    found = requests_seen(actor_of(request)).filter(**{name: value for name, value in wanted.items() if value})
    return page(found, ["pk"], cursor, limit)


@router.post("/advocacy/requests", response={201: RequestOut}, auth=WRITE, summary="Ask for an advocate")
def post_advocacy_request(request: HttpRequest, sent: RequestIn) -> Status[Request]:
    """Somebody, within the limits, or whoever will be found."""
    said = sent.dict()
    whom = {name: said.pop(name) for name in ("account_id", "person", "override")}
    return Status(201, ask(actor=actor_of(request), wanted=Wanted(**said), **whom))


@router.get("/advocacy/requests/{int:request_id}", response=RequestDetail, auth=VIEW, summary="Get a request")
def get_advocacy_request(request: HttpRequest, request_id: Id) -> Request:
    """With every step of it."""
    return request_for(actor_of(request), request_id)


@router.put("/advocacy/requests/{int:request_id}/person", response=RequestOut, auth=WRITE, summary="Choose whom to ask")
def put_advocacy_person(request: HttpRequest, request_id: Id, sent: WhomIn) -> Request:
    """The first, or somebody else."""
    return choose(actor=actor_of(request), request_id=request_id, **sent.dict())


@router.put("/advocacy/requests/{int:request_id}/status", response=RequestOut, auth=WRITE, summary="Move a request on")
def put_advocacy_status(request: HttpRequest, request_id: Id, sent: StepIn) -> Request:
    """Agreed, scheduled for a day, declined, withdrawn."""
    return move(actor=actor_of(request), request_id=request_id, **sent.dict())


@router.post("/advocacy/requests/{int:request_id}/done", response={201: ActivityOut}, auth=WRITE,
             summary="Finish a request")  # fmt: skip
def post_advocacy_done(request: HttpRequest, request_id: Id, sent: FinishIn) -> Status[Activity]:
    """It becomes an activity."""
    said = sent.dict()
    note = said.pop("note")
    return Status(201, finish(actor=actor_of(request), request_id=request_id, said=Said(**said), note=note))
