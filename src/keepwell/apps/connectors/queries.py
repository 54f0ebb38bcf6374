"""Reads of connections, syncs and exports. Those who may configure see them; nobody sees secrets."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from keepwell.apps.access.actors import Actor, NotVisible, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.connectors.gone import Gone, gone_columns
from keepwell.apps.connectors.models import Connection, Export, Sending, Sync, SyncRun
from keepwell.apps.connectors.place import folders, staging_of
from keepwell.apps.connectors.scheduling import fresh_within
from keepwell.apps.connectors.secrets import opened
from keepwell.connect.document import SyncDocument, document_of
from keepwell.connect.registry import spec_of
from keepwell.connect.spec import Settings

_SHOWN = 20


def connections(actor: Actor) -> QuerySet[Connection]:
    require(actor, Permission.CONFIGURE)
    return Connection.objects.order_by("name")


def connection_for(actor: Actor, name: str) -> Connection:
    return _found(connections(actor), name)


def syncs(actor: Actor) -> QuerySet[Sync]:
    """Every sync with `last_status` and `last_ended`, of its newest run."""
    require(actor, Permission.CONFIGURE)
    newest = SyncRun.objects.filter(sync=OuterRef("pk")).order_by("-pk")
    return (
        Sync.objects.select_related("connection")
        .annotate(last_status=Subquery(newest.values("status")[:1]), last_error=Subquery(newest.values("error")[:1]))
        .order_by("name")
    )


def sync_for(actor: Actor, name: str) -> Sync:
    return _found(syncs(actor), name)


def runs_of(sync: Sync) -> QuerySet[SyncRun]:
    return sync.runs.order_by("-pk")


def run_for(actor: Actor, run_id: int) -> SyncRun:
    require(actor, Permission.CONFIGURE)
    found = SyncRun.objects.select_related("sync", "sync__connection").filter(pk=run_id).first()
    if found is None:
        raise NotVisible
    return found


def has_errors(run: SyncRun) -> bool:
    """Whether the rows that did not fit are kept."""
    return bool(run.rows_refused) and staging_of(run.pk).errors_path.exists()


def errors_of(run: SyncRun) -> Path:
    """The file of rows that did not fit. Raises NotVisible where there is none, or it is not kept any more."""
    if not has_errors(run):
        raise NotVisible
    return staging_of(run.pk).errors_path


def first_errors(run: SyncRun) -> list[dict[str, str]]:
    """A few of the rows that did not fit: row, column, reason, text."""
    if not has_errors(run):
        return []
    with errors_of(run).open(encoding="utf-8", newline="") as stream:
        return list(islice(csv.DictReader(stream), _SHOWN))


def exports(actor: Actor) -> QuerySet[Export]:
    """Every export with `last_status`."""
    require(actor, Permission.CONFIGURE)
    newest = Sending.objects.filter(export=OuterRef("pk")).order_by("-pk")
    return (
        Export.objects.select_related("connection")
        .annotate(last_status=Subquery(newest.values("status")[:1]), last_ended=Subquery(newest.values("ended_at")[:1]))
        .order_by("name")
    )


def export_for(actor: Actor, name: str) -> Export:
    return _found(exports(actor), name)


def settings_of(connection: Connection) -> Settings:
    """What a source is read with, secrets included: to be used, never to be shown."""
    return Settings(connection.settings, opened(connection.secrets), folders())


def shown_settings(connection: Connection) -> dict[str, str]:
    """What may be shown: of a secret only whether there is one."""
    spec = spec_of(connection.kind)
    plain = {one.name: connection.settings.get(one.name, "") for one in spec.settings if not one.secret}
    return {name: str(value) for name, value in plain.items() if value}


def document(sync: Sync) -> SyncDocument:
    return document_of(sync.document)


@dataclass(frozen=True)
class Freshness:
    """How old a sync's data is. `late`: older than it may be."""

    loaded_at: datetime | None
    due_by: datetime | None
    late: bool


def freshness(sync: Sync, now: datetime | None = None) -> Freshness:
    """A sync that is paused is never late."""
    within = fresh_within(sync, sync.fresh_within_minutes)
    since = sync.loaded_at or sync.created_at
    due_by = since + within if within and not sync.is_paused else None
    return Freshness(sync.loaded_at, due_by, due_by is not None and due_by < (now or timezone.now()))


def late_syncs() -> list[Sync]:
    return [one for one in Sync.objects.select_related("connection") if freshness(one).late]


def columns_gone() -> list[Gone]:
    """Definitions in force that name a column which their data no longer have."""
    return gone_columns()


def _found(rows: QuerySet[Any], name: str) -> Any:
    found = rows.filter(name=name).first()
    if found is None:
        raise NotVisible
    return found
