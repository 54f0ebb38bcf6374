"""Write-back over the API."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from keepwell.apps.connectors import queries
from keepwell.apps.connectors.models import Connection, Export, Sending
from keepwell.apps.connectors.operations import exports as operations
from keepwell.apps.connectors.scheduling import in_words
from keepwell.apps.connectors.scores import USUAL
from keepwell.apps.rest.authentication import ADMINISTER, CONFIGURE, actor_of
from keepwell.apps.rest.paging import Cursor, Limit, Page, page
from keepwell.apps.rest.schemas import Sent

router = Router(tags=["Connectors"])


class ExportChange(Sent):
    """`settings`: of the target: file and format; table; url and secret; records, record_id and fields."""

    connection: str = Field("", max_length=60, examples=["crm"])
    settings: dict[str, str] = Field(max_length=20, examples=[{"fields": "score = Health_Score__c"}])
    columns: list[str] = Field(list(USUAL), max_length=30)
    only_changes: bool = True
    schedule: str = Field("never", max_length=40, examples=["daily at 05:00"])


class ExportIn(ExportChange):
    """`target`: files, table, webhook or field."""

    name: str = Field(min_length=1, max_length=60, examples=["scores-to-crm"])
    target: str = Field(max_length=10, examples=["field"])


class ExportOut(Schema):
    """Without secrets."""

    name: str
    target: str
    connection: str
    settings: dict[str, str]
    columns: list[str]
    only_changes: bool
    schedule: str
    is_paused: bool
    next_at: datetime | None


class SendIn(Sent):
    """`everything`: rows that did not change as well."""

    everything: bool = False


class SendingOut(Schema):
    """`refused`: accounts that the other side did not take, with its reason; the first thousand."""

    id: int
    status: str
    asked_by: str
    asked_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    rows_sent: int
    rows_unchanged: int
    rows_refused: int
    refused: list[dict[str, Any]]
    error: str


@router.get("/exports", response=list[ExportOut], auth=CONFIGURE, summary="List write-backs")
def list_exports(request: HttpRequest) -> list[dict[str, Any]]:
    """By name."""
    return [_out(one) for one in queries.exports(actor_of(request))]


@router.post("/exports", response={201: ExportOut}, auth=ADMINISTER, summary="Make a write-back")
def post_export(request: HttpRequest, sent: ExportIn) -> Status[dict[str, Any]]:
    """Scores of all accounts are sent by its schedule, or when it is asked to."""
    actor = actor_of(request)
    made = operations.make_export(actor=actor, name=sent.name, target=sent.target, **_said(request, sent))
    return Status(201, _out(made))


@router.get("/exports/{name}", response=ExportOut, auth=CONFIGURE, summary="Get a write-back")
def get_export(request: HttpRequest, name: str) -> dict[str, Any]:
    """Without secrets."""
    return _out(queries.export_for(actor_of(request), name))


@router.put("/exports/{name}", response=ExportOut, auth=ADMINISTER, summary="Change a write-back")
def put_export(request: HttpRequest, name: str, sent: ExportChange) -> dict[str, Any]:
    """Where it goes elsewhere now, everything is sent the next time."""
    actor = actor_of(request)
    found = queries.export_for(actor, name)
    return _out(operations.change_export(actor=actor, export=found, **_said(request, sent)))


@router.delete("/exports/{name}", response={204: None}, auth=ADMINISTER, summary="Remove a write-back")
def delete_export(request: HttpRequest, name: str) -> None:
    """What was written stays."""
    actor = actor_of(request)
    operations.remove_export(actor=actor, export=queries.export_for(actor, name))


@router.put("/exports/{name}/pause", response=ExportOut, auth=CONFIGURE, summary="Pause a write-back")
def pause_export(request: HttpRequest, name: str) -> dict[str, Any]:
    """It is sent only when it is asked to be."""
    return _paused(request, name, True)


@router.delete("/exports/{name}/pause", response=ExportOut, auth=CONFIGURE, summary="Resume a write-back")
def resume_export(request: HttpRequest, name: str) -> dict[str, Any]:
    """By its schedule again."""
    return _paused(request, name, False)


@router.get("/exports/{name}/sendings", response=Page[SendingOut], auth=CONFIGURE, summary="List what was sent")
def list_sendings(request: HttpRequest, name: str, cursor: Cursor = "", limit: Limit = 50) -> dict[str, Any]:
    """Newest first."""
    found = queries.export_for(actor_of(request), name)
    return page(found.sendings.all(), ["-pk"], cursor, limit)


@router.post("/exports/{name}/sendings", response={202: SendingOut}, auth=CONFIGURE, summary="Send scores")
def post_sending(request: HttpRequest, name: str, sent: SendIn) -> Status[Sending]:
    """As soon as a worker is free."""
    actor = actor_of(request)
    found = queries.export_for(actor, name)
    return Status(202, operations.ask_sending(actor=actor, export=found, everything=sent.everything))


def _paused(request: HttpRequest, name: str, paused: bool) -> dict[str, Any]:
    actor = actor_of(request)
    found = queries.export_for(actor, name)
    operations.pause_export(actor=actor, export=found, paused=paused)
    return _out(found)


def _said(request: HttpRequest, sent: ExportChange) -> dict[str, Any]:
    connection: Connection | None = None
    if sent.connection:
        connection = queries.connection_for(actor_of(request), sent.connection)
    return {
        "connection": connection, "said": sent.settings, "columns": sent.columns, "only_changes": sent.only_changes,
        "schedule": sent.schedule,
    }  # fmt: skip


def _out(found: Export) -> dict[str, Any]:
    return {
        "name": found.name, "target": found.target, "connection": found.connection.name if found.connection else "",
        "settings": found.settings, "columns": found.columns, "only_changes": found.only_changes,
        "schedule": in_words(found), "is_paused": found.is_paused, "next_at": found.next_at,
    }  # fmt: skip
