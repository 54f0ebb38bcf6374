"""Advocates over the API."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from keepwell.apps.advocacy.models import Advocate
from keepwell.apps.advocacy.operations.advocates import Profile, change_advocate, end_advocate, make_advocate
from keepwell.apps.advocacy.overview import ranked
from keepwell.apps.advocacy.queries import advocate_for, advocates_seen
from keepwell.apps.rest.authentication import VIEW, WRITE, actor_of
from keepwell.apps.rest.paging import Cursor, Limit, Page, page
from keepwell.apps.rest.schemas import Day, Id, Key, Sent

router = Router(tags=["Advocacy"])
_Words = list[str]


class ProfileIn(Sent):
    status: Literal["active", "resting", "declined"] = "active"
    since: Day | None = None
    resting_until: Day | None = None
    willing: _Words = Field(default_factory=list, max_length=100, description="Kinds of activity; none: all of them")
    topics: _Words = Field(default_factory=list, max_length=100)
    languages: _Words = Field(default_factory=list, max_length=100)
    tags: _Words = Field(default_factory=list, max_length=100)
    at_most: int | None = Field(None, ge=1, le=100, description="Requests in a quarter that they wish for")
    note: str = Field("", max_length=5000)


class AdvocateIn(ProfileIn):
    person: uuid.UUID | None = Field(None, description="Key of a person of the account; none: the account as a whole")


class AdvocateOut(Schema):
    id: int
    account_id: str
    person: uuid.UUID | None = Field(None, alias="person_id")
    status: str
    since: date
    resting_until: date | None
    willing: list[str]
    topics: list[str]
    languages: list[str]
    tags: list[str]
    at_most: int | None
    note: str


class StandingOut(Schema):
    """`points` with decay, today; `recency` in days; amounts count each deal once."""

    count: int
    breadth: int
    recency: int | None
    points: float
    influenced: float
    won: float


class AdvocateDetail(AdvocateOut):
    standing: StandingOut

    @staticmethod
    def resolve_standing(advocate: Any) -> Any:
        return ranked([advocate])[0].standing


@router.get("/advocates", response=Page[AdvocateOut], auth=VIEW, summary="List advocates")
def list_advocates(
    request: HttpRequest, account: str = "", status: str = "", cursor: Cursor = "", limit: Limit = 50
) -> dict[str, Any]:
    """Of all accounts that you see, or of one; of one status, if given."""
    found = advocates_seen(actor_of(request))
    found = found.filter(account=account) if account else found
    return page(found.filter(status=status) if status else found, ["pk"], cursor, limit)


@router.post("/accounts/{account_id}/advocates", response={201: AdvocateOut}, auth=WRITE, summary="Make an advocate")
def post_advocate(request: HttpRequest, account_id: Key, sent: AdvocateIn) -> Status[Advocate]:
    """A person of the account, or the account as a whole."""
    said = sent.dict()
    person = said.pop("person")
    made = make_advocate(actor=actor_of(request), account_id=account_id, person=person, profile=Profile(**said))
    return Status(201, made)


@router.get("/advocates/{int:advocate_id}", response=AdvocateDetail, auth=VIEW, summary="Get an advocate")
def get_advocate(request: HttpRequest, advocate_id: Id) -> Advocate:
    """With where they stand today."""
    return advocate_for(actor_of(request), advocate_id)


@router.put("/advocates/{int:advocate_id}", response=AdvocateOut, auth=WRITE, summary="Change an advocate")
def put_advocate(request: HttpRequest, advocate_id: Id, sent: ProfileIn) -> Advocate:
    """What is known of them, all of it."""
    return change_advocate(actor=actor_of(request), advocate_id=advocate_id, profile=Profile(**sent.dict()))


@router.delete("/advocates/{int:advocate_id}", response={204: None}, auth=WRITE, summary="Remove an advocate")
def delete_advocate(request: HttpRequest, advocate_id: Id) -> Status[None]:
    """They are no advocate any more; what they did stays."""
    end_advocate(actor=actor_of(request), advocate_id=advocate_id)
    return Status(204, None)
