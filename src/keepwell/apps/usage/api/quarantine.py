"""The quarantine over the API."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from keepwell.apps.rest.authentication import ADMINISTER, CONFIGURE, actor_of
from keepwell.apps.rest.paging import Cursor, Limit, Page, page
from keepwell.apps.rest.schemas import Done, Id, Sent
from keepwell.apps.usage.models import Quarantined
from keepwell.apps.usage.operations import quarantine as operations
from keepwell.apps.usage.queries import quarantine as queries

router = Router(tags=["Data"])


class QuarantinedOut(Schema):
    """`reason`: for programs; `words`: for people. `message_id`: as the client named it."""

    id: int
    key_id: int
    received_at: datetime
    message_id: str
    reason: str
    words: str


class QuarantinedMessage(QuarantinedOut):
    """`message`: what was sent; of one that was too large, its beginning."""

    message: str


class QuarantineQuery(Schema):
    reason: str = Field("", max_length=40)
    key_id: Id | None = None


class QuarantineIn(Sent):
    """Which messages; without any field all of them."""

    reason: str = Field("", max_length=40, examples=["future"])
    key_id: Id | None = None


class ReplayedOut(Schema):
    """`left`: a call works on a thousand at most; so many more fit what was asked for."""

    accepted: int
    refused: int
    left: int


@router.get("/quarantine", response=Page[QuarantinedOut], auth=CONFIGURE, summary="List refused messages")
def list_quarantined(
    request: HttpRequest, asked: Query[QuarantineQuery], cursor: Cursor = "", limit: Limit = 50
) -> dict[str, Any]:
    """Those that are neither replayed nor discarded, newest first."""
    sought = queries.Sought(asked.reason, asked.key_id)
    return page(queries.quarantined(actor_of(request), sought), ["-pk"], cursor, limit)


@router.get("/quarantine/{int:number}", response=QuarantinedMessage, auth=ADMINISTER, summary="Get a refused message")
def get_quarantined(request: HttpRequest, number: Id) -> Quarantined:
    """With its text."""
    return queries.message(actor_of(request), number)


@router.post("/quarantine/{int:number}/replay", response=ReplayedOut, auth=ADMINISTER, summary="Replay a message")
def post_replay(request: HttpRequest, number: Id) -> operations.Replayed:
    """It goes through validation again; refused again it stays."""
    return operations.replay(actor=actor_of(request), message_id=number)


@router.delete("/quarantine/{int:number}", response={204: None}, auth=ADMINISTER, summary="Discard a message")
def delete_quarantined(request: HttpRequest, number: Id) -> None:
    """For good."""
    operations.discard(actor=actor_of(request), message_id=number)


@router.post("/quarantine/replay", response=ReplayedOut, auth=ADMINISTER, summary="Replay many messages")
def post_replay_all(request: HttpRequest, sent: QuarantineIn) -> operations.Replayed:
    """The oldest thousand that fit."""
    return operations.replay_all(actor=actor_of(request), sought=queries.Sought(sent.reason, sent.key_id))


@router.post("/quarantine/discard", response=Done, auth=ADMINISTER, summary="Discard many messages")
def post_discard_all(request: HttpRequest, sent: QuarantineIn) -> dict[str, int]:
    """All that fit, for good."""
    sought = queries.Sought(sent.reason, sent.key_id)
    return {"changed": operations.discard_all(actor=actor_of(request), sought=sought)}
