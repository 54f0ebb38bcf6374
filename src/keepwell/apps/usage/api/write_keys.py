"""Write keys over the API."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from keepwell.apps.rest.authentication import CONFIGURE, actor_of
from keepwell.apps.rest.paging import Cursor, Limit, Page, page
from keepwell.apps.rest.schemas import Id, Sent
from keepwell.apps.usage.models import WriteKey
from keepwell.apps.usage.operations.write_keys import MOST, change_write_key, create_write_key, revoke_write_key
from keepwell.apps.usage.queries.write_keys import write_key, write_keys

router = Router(tags=["Data"])


class KeepingIn(Sent):
    """`origins`: pages that may send with it. `properties`: what is kept of events beyond their names."""

    origins: list[str] = Field([], max_length=MOST, examples=[["https://app.example.com"]])
    properties: list[str] = Field([], max_length=MOST, examples=[["plan", "format"]])


class WriteKeyIn(KeepingIn):
    name: str = Field(min_length=1, max_length=100, pattern=r"\S", examples=["web app"])


class WriteKeyOut(Schema):
    """`accepted` and `refused`: messages of the last 30 days, about. `waiting`: messages in quarantine."""

    id: int
    name: str
    key: str
    origins: list[str]
    properties: list[str]
    created_at: datetime
    revoked_at: datetime | None
    last_seen: datetime | None
    accepted: int
    refused: int
    waiting: int


@router.get("/write-keys", response=Page[WriteKeyOut], auth=CONFIGURE, summary="List write keys")
def list_write_keys(request: HttpRequest, cursor: Cursor = "", limit: Limit = 50) -> dict[str, Any]:
    """Those that were revoked too, newest first."""
    return page(write_keys(actor_of(request)), ["-pk"], cursor, limit)


@router.post("/write-keys", response={201: WriteKeyOut}, auth=CONFIGURE, summary="Create a write key")
def post_write_key(request: HttpRequest, sent: WriteKeyIn) -> Status[WriteKey]:
    """The key works at once, and is no secret: it lets one write and nothing else."""
    actor = actor_of(request)
    made = create_write_key(actor=actor, name=sent.name, origins=sent.origins, properties=sent.properties)
    return Status(201, write_key(actor, made.pk))


@router.get("/write-keys/{int:key_id}", response=WriteKeyOut, auth=CONFIGURE, summary="Get a write key")
def get_write_key(request: HttpRequest, key_id: Id) -> WriteKey:
    """What it may and keeps, and what came with it."""
    return write_key(actor_of(request), key_id)


@router.put("/write-keys/{int:key_id}", response=WriteKeyOut, auth=CONFIGURE, summary="Change what a write key may")
def put_write_key(request: HttpRequest, key_id: Id, sent: KeepingIn) -> WriteKey:
    """Origins and kept properties are replaced; it counts for what is sent from then on."""
    actor = actor_of(request)
    change_write_key(actor=actor, key_id=key_id, origins=sent.origins, properties=sent.properties)
    return write_key(actor, key_id)


@router.delete("/write-keys/{int:key_id}", response={204: None}, auth=CONFIGURE, summary="Revoke a write key")
def delete_write_key(request: HttpRequest, key_id: Id) -> None:
    """Nothing is taken with it any more; what it sent stays."""
    revoke_write_key(actor=actor_of(request), key_id=key_id)
