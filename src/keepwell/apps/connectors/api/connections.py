"""Connections over the API: secrets go in and never come out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from keepwell.apps.connectors import queries
from keepwell.apps.connectors.models import Connection
from keepwell.apps.connectors.operations import connections as operations
from keepwell.apps.connectors.place import door
from keepwell.apps.rest.authentication import ADMINISTER, CONFIGURE, actor_of
from keepwell.apps.rest.schemas import Sent
from keepwell.connect.registry import all_specs, source_of

router = Router(tags=["Connectors"])
_PATIENCE = 10
Said = dict[str, str]


class ConnectionIn(Sent):
    """`settings`: by the names that `GET /connector-kinds` lists, secrets among them."""

    name: str = Field(min_length=1, max_length=60, examples=["warehouse"])
    kind: str = Field(max_length=20, examples=["sql"])
    settings: Said = Field(max_length=30, examples=[{"host": "db.example.com", "database": "crm", "user": "reader"}])


class ConnectionChange(Sent):
    """All settings; a secret that is left out stays, unless the address changes."""

    settings: Said = Field(max_length=30)


class ConnectionOut(Schema):
    """`check_says`: what the other side answered last."""

    name: str
    kind: str
    settings: Said
    has_secrets: bool
    checked_at: datetime | None
    check_failed: bool
    check_says: str


class SettingOut(Schema):
    name: str
    title: str
    help: str
    secret: bool
    required: bool
    default: str
    choices: list[str]


class KindOut(Schema):
    """A kind of source, and what is filled in for it."""

    name: str
    title: str
    about: str
    settings: list[SettingOut]


class StreamOut(Schema):
    """`cursor`: the column by which only newer rows can be asked for, empty where there is none."""

    name: str
    keys: list[str]
    cursor: str


@router.get("/connector-kinds", response=list[KindOut], auth=CONFIGURE, summary="List kinds of connections")
def list_connector_kinds(request: HttpRequest) -> list[Any]:
    """What can be connected, and the settings of each."""
    return list(all_specs())


@router.get("/connections", response=list[ConnectionOut], auth=CONFIGURE, summary="List connections")
def list_connections(request: HttpRequest) -> list[dict[str, Any]]:
    """By name, without secrets."""
    return [_out(one) for one in queries.connections(actor_of(request))]


@router.post("/connections", response={201: ConnectionOut}, auth=ADMINISTER, summary="Make a connection")
def post_connection(request: HttpRequest, sent: ConnectionIn) -> Status[dict[str, Any]]:
    """Secrets are encrypted at rest and never told again."""
    made = operations.make_connection(actor=actor_of(request), name=sent.name, kind=sent.kind, said=sent.settings)
    return Status(201, _out(made))


@router.get("/connections/{name}", response=ConnectionOut, auth=CONFIGURE, summary="Get a connection")
def get_connection(request: HttpRequest, name: str) -> dict[str, Any]:
    """Without secrets."""
    return _out(queries.connection_for(actor_of(request), name))


@router.put("/connections/{name}", response=ConnectionOut, auth=ADMINISTER, summary="Change a connection")
def put_connection(request: HttpRequest, name: str, sent: ConnectionChange) -> dict[str, Any]:
    """Everything but secrets is replaced."""
    actor = actor_of(request)
    found = queries.connection_for(actor, name)
    return _out(operations.change_connection(actor=actor, connection=found, said=sent.settings))


@router.delete("/connections/{name}", response={204: None}, auth=ADMINISTER, summary="Remove a connection")
def delete_connection(request: HttpRequest, name: str) -> None:
    """One that no sync and no write-back uses."""
    actor = actor_of(request)
    operations.remove_connection(actor=actor, connection=queries.connection_for(actor, name))


@router.post("/connections/{name}/check", response=ConnectionOut, auth=CONFIGURE, summary="Check a connection")
def check_connection(request: HttpRequest, name: str) -> dict[str, Any]:
    """Asks the other side for something small."""
    actor = actor_of(request)
    return _out(operations.check_connection(actor=actor, connection=queries.connection_for(actor, name)))


@router.get("/connections/{name}/streams", response=list[StreamOut], auth=CONFIGURE, summary="List what can be read")
def list_connection_streams(request: HttpRequest, name: str) -> list[Any]:
    """Asked of the other side now."""
    found = queries.connection_for(actor_of(request), name)
    return list(source_of(found.kind).streams(queries.settings_of(found), door(patience=_PATIENCE)))


def _out(found: Connection) -> dict[str, Any]:
    return {
        "name": found.name, "kind": found.kind, "settings": queries.shown_settings(found),
        "has_secrets": bool(found.secrets), "checked_at": found.checked_at, "check_failed": found.check_failed,
        "check_says": found.check_says,
    }  # fmt: skip
