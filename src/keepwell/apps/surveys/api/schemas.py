"""What the API of surveys is sent and says."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from ninja import Field, Schema
from pydantic import StringConstraints

Account = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class ReasonOut(Schema):
    words: str
    people: int


class ListedOut(Schema):
    person_id: str
    name: str
    account_id: str
    account: str
    asked: bool
    why: str
    until: date | None


class PlanOut(Schema):
    """Counts and names are of accounts that you see. `refused`: why nothing of it can be sent, empty otherwise."""

    survey: str
    considered: int
    asked: int
    not_asked: list[ReasonOut]
    by_channel: dict[str, int]
    sample: list[ListedOut]
    refused: str


class SendIn(Schema):
    accounts: list[Account] | None = Field(
        None, max_length=5000, description="Only people at these accounts; everybody that you see unless given"
    )


class SendOut(Schema):
    """Counts are of accounts that you see. `left`: letters that the mail server took, or refused for good."""

    id: int
    survey: str
    trigger: str
    asked_by: str
    status: str
    error: str
    made_at: datetime
    ended_at: datetime | None
    asked: int
    by_letter: int
    left: int
    bounced: int
    answered: int


class InvitationOut(Schema):
    """`link` is the personal one: whoever has it answers for the person."""

    id: int
    account_id: str | None
    person_id: str | None
    channel: str
    language: str
    asked_at: datetime
    sent_at: datetime | None
    finished_at: datetime | None
    bounced_at: datetime | None
    closes_on: date | None
    link: str


class LinkIn(Schema):
    title: str = Field("", max_length=100, description="What it is for")
    account_id: Account | None = Field(None, description="Answers by it count for this account")


class LinkOut(Schema):
    id: int
    title: str
    account_id: str | None
    link: str
    made_by: str
    made_at: datetime
    closed_at: datetime | None


class BounceIn(Schema):
    address: str = Field(max_length=254, description="The address that letters come back from")
    detail: str = Field("", max_length=300, description="What the provider says")


class BouncesIn(Schema):
    bounces: list[BounceIn] = Field(min_length=1, max_length=1000)


class RefusalOut(Schema):
    kind: str
    by: str
    detail: str
    at: datetime


class StopIn(Schema):
    detail: str = Field("", max_length=300, description="Why, for those who look at it later")
