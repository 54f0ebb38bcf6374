"""Syncs over the API."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, StreamingHttpResponse
from ninja import Router, Schema, Status
from pydantic import Field

from keepwell.apps.connectors import queries
from keepwell.apps.connectors.downloading import sent_csv
from keepwell.apps.connectors.models import Sync, SyncRun
from keepwell.apps.connectors.operations import syncs as operations
from keepwell.apps.connectors.previewing import looked_at
from keepwell.apps.connectors.scheduling import in_words
from keepwell.apps.rest.authentication import CONFIGURE, actor_of
from keepwell.apps.rest.paging import Cursor, Limit, Page, page
from keepwell.apps.rest.schemas import Id, Sent, plain
from keepwell.connect.document import document_of

router = Router(tags=["Connectors"])
_DOCUMENT = {
    "stream": "Account", "dataset": "accounts", "keys": ["id"], "cursor": "SystemModstamp",
    "columns": {"id": "Id", "name": "Name", "arr": {"from": "AnnualRevenue", "type": "number"}},
}  # fmt: skip


class SyncChange(Sent):
    """`document`: stream, dataset, columns, mode, keys, cursor, deleted, time_zone; as the page shows it as YAML."""

    document: dict[str, Any] = Field(max_length=20, examples=[_DOCUMENT])
    schedule: str = Field("never", max_length=40, examples=["every 15 minutes"])
    fresh_within_minutes: int | None = Field(None, ge=1, le=527_040)


class SyncIn(SyncChange):
    """A sync reads one stream of a connection into one dataset."""

    name: str = Field(min_length=1, max_length=60, examples=["accounts"])
    connection: str = Field(max_length=60, examples=["crm"])


class PreviewIn(Sent):
    """A document as that of a sync; nothing of it is kept."""

    document: dict[str, Any] = Field(max_length=20, examples=[_DOCUMENT])


class Misfit(Schema):
    row: int
    column: str
    reason: str


class PreviewOut(Schema):
    """`types`: of the stream's columns. `rows`: the first as the dataset would have them."""

    types: dict[str, str]
    columns: list[str]
    rows: list[dict[str, Any]]
    refused: list[Misfit]


class SyncOut(Schema):
    """`late`: the data is older than it may be."""

    name: str
    connection: str
    document: dict[str, Any]
    schedule: str
    fresh_within_minutes: int | None
    is_paused: bool
    next_at: datetime | None
    loaded_at: datetime | None
    late: bool
    last_status: str | None


class RunIn(Sent):
    """`allow_gone`: columns that the held run found gone stay without values; `allow_empty`: no rows are right."""

    whole: bool = False
    allow_empty: bool = False
    allow_gone: bool = False


class RunOut(Schema):
    """`drift`: columns of the source that are new, gone or retyped."""

    id: int
    status: str
    asked_by: str
    asked_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    attempt: int
    whole: bool
    rows_read: int
    rows_added: int
    rows_changed: int
    rows_unchanged: int
    rows_deleted: int
    rows_refused: int
    drift: list[dict[str, Any]]
    error: str


@router.post("/connections/{name}/preview", response=PreviewOut, auth=CONFIGURE, summary="Try a mapping")
def preview_sync(request: HttpRequest, name: str, sent: PreviewIn) -> dict[str, Any]:
    """The first fifty rows, read now."""
    found = queries.connection_for(actor_of(request), name)
    document = document_of(sent.document)
    shown = looked_at(found, document.stream, document)
    rows = [{key: plain(value) for key, value in row.items()} for row in shown.rows]
    return {"types": dict(shown.types), "columns": list(shown.columns), "rows": rows, "refused": shown.refused}


@router.get("/syncs", response=list[SyncOut], auth=CONFIGURE, summary="List syncs")
def list_syncs(request: HttpRequest) -> list[dict[str, Any]]:
    """By name, with how fresh each is."""
    return [_out(one) for one in queries.syncs(actor_of(request))]


@router.post("/syncs", response={201: SyncOut}, auth=CONFIGURE, summary="Make a sync")
def post_sync(request: HttpRequest, sent: SyncIn) -> Status[dict[str, Any]]:
    """It runs by its schedule, or when it is asked to."""
    actor = actor_of(request)
    connection = queries.connection_for(actor, sent.connection)
    operations.make_sync(
        actor=actor, name=sent.name, connection=connection, document=document_of(sent.document),
        schedule=sent.schedule, fresh_within_minutes=sent.fresh_within_minutes,
    )  # fmt: skip
    return Status(201, _out(queries.sync_for(actor, sent.name)))


@router.get("/syncs/{name}", response=SyncOut, auth=CONFIGURE, summary="Get a sync")
def get_sync(request: HttpRequest, name: str) -> dict[str, Any]:
    """Its document, schedule and freshness."""
    return _out(queries.sync_for(actor_of(request), name))


@router.put("/syncs/{name}", response=SyncOut, auth=CONFIGURE, summary="Change a sync")
def put_sync(request: HttpRequest, name: str, sent: SyncChange) -> dict[str, Any]:
    """Another document is read whole the next time."""
    actor = actor_of(request)
    operations.change_sync(
        actor=actor, sync=queries.sync_for(actor, name), document=document_of(sent.document), schedule=sent.schedule,
        fresh_within_minutes=sent.fresh_within_minutes,
    )  # fmt: skip
    return _out(queries.sync_for(actor, name))


@router.delete("/syncs/{name}", response={204: None}, auth=CONFIGURE, summary="Remove a sync")
def delete_sync(request: HttpRequest, name: str) -> None:
    """What it loaded stays."""
    actor = actor_of(request)
    operations.remove_sync(actor=actor, sync=queries.sync_for(actor, name))


@router.put("/syncs/{name}/pause", response=SyncOut, auth=CONFIGURE, summary="Pause a sync")
def pause_sync(request: HttpRequest, name: str) -> dict[str, Any]:
    """It runs only when asked to, and is never late."""
    return _paused(request, name, True)


@router.delete("/syncs/{name}/pause", response=SyncOut, auth=CONFIGURE, summary="Resume a sync")
def resume_sync(request: HttpRequest, name: str) -> dict[str, Any]:
    """By its schedule again."""
    return _paused(request, name, False)


@router.get("/syncs/{name}/runs", response=Page[RunOut], auth=CONFIGURE, summary="List runs of a sync")
def list_sync_runs(request: HttpRequest, name: str, cursor: Cursor = "", limit: Limit = 50) -> dict[str, Any]:
    """Newest first."""
    found = queries.sync_for(actor_of(request), name)
    return page(queries.runs_of(found), ["-pk"], cursor, limit)


@router.post("/syncs/{name}/runs", response={202: RunOut}, auth=CONFIGURE, summary="Run a sync")
def ask_sync_run(request: HttpRequest, name: str, sent: RunIn) -> Status[SyncRun]:
    """As soon as a worker is free; one that waits already is told again."""
    actor = actor_of(request)
    return Status(202, operations.ask_run(actor=actor, sync=queries.sync_for(actor, name), **sent.dict()))


@router.get("/sync-runs/{int:run_id}", response=RunOut, auth=CONFIGURE, summary="Get a run of a sync")
def get_sync_run(request: HttpRequest, run_id: Id) -> SyncRun:
    """What it read, loaded and refused."""
    return queries.run_for(actor_of(request), run_id)


@router.get("/sync-runs/{int:run_id}/errors", auth=CONFIGURE, summary="Get rows that did not fit")
def get_sync_errors(request: HttpRequest, run_id: Id) -> StreamingHttpResponse:
    """CSV: row, column, reason and the row as it stood."""
    found = queries.run_for(actor_of(request), run_id)
    return sent_csv(queries.errors_of(found), f"{found.sync.name}-{run_id}-errors.csv")


def _paused(request: HttpRequest, name: str, paused: bool) -> dict[str, Any]:
    actor = actor_of(request)
    operations.pause_sync(actor=actor, sync=queries.sync_for(actor, name), paused=paused)
    return _out(queries.sync_for(actor, name))


def _out(found: Sync) -> dict[str, Any]:
    return {
        "name": found.name, "connection": found.connection.name, "document": found.document,
        "schedule": in_words(found), "fresh_within_minutes": found.fresh_within_minutes, "is_paused": found.is_paused,
        "next_at": found.next_at, "loaded_at": found.loaded_at, "late": queries.freshness(found).late,
        "last_status": getattr(found, "last_status", None),
    }  # fmt: skip
