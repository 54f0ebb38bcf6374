"""Channels and what is delivered to them, over the API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema, Status
from pydantic import Field

from keepwell.apps.access.actors import Actor
from keepwell.apps.notices.channels import dead_letters, operations, queries
from keepwell.apps.notices.models import Channel, Delivery
from keepwell.apps.notices.queries import HIDDEN
from keepwell.apps.rest.authentication import ADMINISTER, CONFIGURE, actor_of
from keepwell.apps.rest.paging import Cursor, Limit, Page, page
from keepwell.apps.rest.schemas import Done, Id, Sent

router = Router(tags=["Channels"])
State = Annotated[Literal["", "waiting", "sent", "dead"], Query(description="Empty for all; dead: given up")]
ChannelName = Annotated[str, Query(max_length=60, description="Of one channel alone")]


class ChannelIn(Sent):
    """`secret`: whsec_…, where the other side of a webhook has one already."""

    name: str = Field(min_length=1, max_length=60, examples=["cs-alerts"])
    kind: Literal["slack", "webhook"]
    address: str = Field(min_length=1, max_length=2000, examples=["https://hooks.example.com/keepwell"])
    secret: str = Field("", max_length=200)


class ChannelChange(Sent):
    """What is left out stays as it is."""

    address: str = Field("", max_length=2000)
    active: bool | None = None


class SecretIn(Sent):
    """Empty: one is made."""

    secret: str = Field("", max_length=200)


class ChannelOut(Schema):
    """Without secrets. `place`: as much of the address as may be shown."""

    name: str
    kind: str
    place: str
    active: bool
    waiting: int
    dead: int
    rests_until: datetime | None
    rotated_at: datetime | None


class NewChannelOut(ChannelOut):
    """`secret` is told this once; empty for Slack."""

    secret: str


class SecretOut(Schema):
    secret: str


class DeliveryOut(Schema):
    """`message_id` is the header webhook-id, the same at every try. `due_at`: the next try of one that waits."""

    id: int
    message_id: str
    channel: str
    account_id: str
    subject: str
    status: str
    attempts: int
    made_at: datetime
    due_at: datetime
    tried_at: datetime | None
    ended_at: datetime | None
    code: int | None
    error: str


class DeliveryWhole(DeliveryOut):
    """With what is sent and the beginning of what was answered."""

    body: str
    response: str


@router.get("/channels", response=list[ChannelOut], auth=CONFIGURE, summary="List channels")
def list_channels(request: HttpRequest) -> list[Channel]:
    """By name."""
    return list(queries.channels(actor_of(request)))


@router.post("/channels", response={201: NewChannelOut}, auth=ADMINISTER, summary="Make a channel")
def post_channel(request: HttpRequest, response: HttpResponse, sent: ChannelIn) -> Status[dict[str, Any]]:
    """The secret that calls are signed with is in this answer alone."""
    actor = actor_of(request)
    made, secret = operations.make_channel(actor=actor, **sent.dict())
    response["Cache-Control"] = "no-store"
    return Status(201, {**_out(actor, made.name), "secret": secret})


@router.get("/channels/{name}", response=ChannelOut, auth=CONFIGURE, summary="Get a channel")
def get_channel(request: HttpRequest, name: str) -> Channel:
    """Without secrets."""
    return queries.channel_for(actor_of(request), name)


@router.patch("/channels/{name}", response=ChannelOut, auth=ADMINISTER, summary="Change a channel")
def patch_channel(request: HttpRequest, name: str, sent: ChannelChange) -> dict[str, Any]:
    """What waits goes to the new address."""
    actor = actor_of(request)
    operations.change_channel(actor=actor, channel=queries.channel_for(actor, name), **sent.dict())
    return _out(actor, name)


@router.delete("/channels/{name}", response={204: None}, auth=ADMINISTER, summary="Remove a channel")
def delete_channel(request: HttpRequest, name: str) -> None:
    """With what waits and what was given up."""
    actor = actor_of(request)
    operations.remove_channel(actor=actor, channel=queries.channel_for(actor, name))


@router.post("/channels/{name}/secret", response=SecretOut, auth=ADMINISTER, summary="Renew a channel's secret")
def post_secret(request: HttpRequest, response: HttpResponse, name: str, sent: SecretIn) -> dict[str, str]:
    """For a day calls are signed with the one before as well."""
    actor = actor_of(request)
    found = queries.channel_for(actor, name)
    response["Cache-Control"] = "no-store"
    return {"secret": operations.rotate_secret(actor=actor, channel=found, secret=sent.secret)}


@router.post("/channels/{name}/try", response={201: DeliveryOut}, auth=ADMINISTER, summary="Try out a channel")
def post_try(request: HttpRequest, name: str) -> Status[dict[str, Any]]:
    """A message is put into its queue; ask for the delivery to see what came of it."""
    actor = actor_of(request)
    return Status(201, _told(operations.try_out(actor=actor, channel=queries.channel_for(actor, name))))


@router.post("/channels/{name}/replay", response=Done, auth=ADMINISTER, summary="Send all given up again")
def replay_channel(request: HttpRequest, name: str) -> dict[str, int]:
    """With all their tries and the same ids."""
    actor = actor_of(request)
    return {"changed": dead_letters.replay_all(actor=actor, channel=queries.channel_for(actor, name))}


@router.post("/channels/{name}/drop", response=Done, auth=ADMINISTER, summary="Drop all given up")
def drop_channel(request: HttpRequest, name: str) -> dict[str, int]:
    """They are gone for good."""
    actor = actor_of(request)
    return {"changed": dead_letters.drop_all(actor=actor, channel=queries.channel_for(actor, name))}


@router.get("/deliveries", response=Page[DeliveryOut], auth=CONFIGURE, summary="List deliveries")
def list_deliveries(
    request: HttpRequest, channel: ChannelName = "", status: State = "", cursor: Cursor = "", limit: Limit = 50
) -> dict[str, Any]:
    """Newest first."""
    actor = actor_of(request)
    of = queries.channel_for(actor, channel) if channel else None
    found = page(queries.deliveries(actor, channel=of, status=status), ["-pk"], cursor, limit)
    unseen = queries.hidden(actor, found["items"])
    return {**found, "items": [_told(one, is_hidden=one.pk in unseen) for one in found["items"]]}


@router.get("/deliveries/{int:delivery_id}", response=DeliveryWhole, auth=ADMINISTER, summary="Get a delivery")
def get_delivery(request: HttpRequest, delivery_id: Id) -> dict[str, Any]:
    """With what was sent, which may tell of an account: for those who see the account."""
    actor = actor_of(request)
    found = queries.delivery_for(actor, delivery_id)
    return {**_told(found), "body": found.body, "response": found.response}


@router.post("/deliveries/{int:delivery_id}/replay", response={204: None}, auth=ADMINISTER, summary="Send one again")
def replay_delivery(request: HttpRequest, delivery_id: Id) -> None:
    """One that was given up, with all its tries and the same id."""
    actor = actor_of(request)
    dead_letters.replay(actor=actor, delivery_id=queries.delivery_for(actor, delivery_id).pk)


@router.delete("/deliveries/{int:delivery_id}", response={204: None}, auth=ADMINISTER, summary="Drop a delivery")
def delete_delivery(request: HttpRequest, delivery_id: Id) -> None:
    """One that was given up, for good."""
    actor = actor_of(request)
    dead_letters.drop(actor=actor, delivery_id=queries.delivery_for(actor, delivery_id).pk)


def _out(actor: Actor, name: str) -> dict[str, Any]:
    found = queries.channel_for(actor, name)
    return {one: getattr(found, one) for one in ChannelOut.model_fields}


def _told(one: Delivery, *, is_hidden: bool = False) -> dict[str, Any]:
    """What may be said of it."""
    plain = {name: getattr(one, name) for name in DeliveryOut.model_fields if name != "channel"}
    return {**plain, "channel": one.channel.name, **({"subject": HIDDEN, "account_id": ""} if is_hidden else {})}
