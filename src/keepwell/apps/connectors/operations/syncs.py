"""Syncs: made and changed by those who configure."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from keepwell.apps.access.actors import Actor, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.audit.operations import record
from keepwell.apps.connectors.models import Connection, Status, Sync, SyncRun
from keepwell.apps.connectors.place import project
from keepwell.apps.connectors.refusals import refuse_name
from keepwell.apps.connectors.scheduling import in_words, next_after, schedule_of
from keepwell.connect.document import SyncDocument, as_plain
from keepwell.connect.extra import require_extra
from keepwell.errors import FieldRefused

_LONGEST_FRESH = 60 * 24 * 366


@transaction.atomic
def make_sync(
    *, actor: Actor, name: str, connection: Connection, document: SyncDocument, schedule: str = "never",
    fresh_within_minutes: int | None = None,
) -> Sync:  # fmt: skip
    """One sync a dataset: two would take each other's rows away."""
    require(actor, Permission.CONFIGURE)
    require_extra()
    refuse_name(name)
    if Sync.objects.filter(name=name).exists():
        raise FieldRefused("name", f"there is a sync '{name}' already")
    sync = Sync(name=name, connection=connection, author=actor.user)
    _put(sync, document, schedule, fresh_within_minutes)
    sync.save()
    record(actor, "made", kind="sync", of=sync.pk, name=name, after=_told(sync))
    return sync


@transaction.atomic
def change_sync(
    *, actor: Actor, sync: Sync, document: SyncDocument, schedule: str, fresh_within_minutes: int | None = None
) -> Sync:
    """Where another stream, mapping, key or cursor is read, the next run reads everything again."""
    require(actor, Permission.CONFIGURE)
    held = Sync.objects.select_for_update(of=("self",)).select_related("connection").get(pk=sync.pk)
    before, was = _told(held), held.document
    _put(held, document, schedule, fresh_within_minutes)
    if held.document != was:
        held.cursor, held.allow_gone = None, []
        if held.document.get("stream") != was.get("stream"):
            held.columns = {}
    held.save()
    record(actor, "changed", kind="sync", of=held.pk, name=held.name, before=before, after=_told(held))
    return held


@transaction.atomic
def pause_sync(*, actor: Actor, sync: Sync, paused: bool) -> None:
    require(actor, Permission.CONFIGURE)
    sync.is_paused = paused
    sync.next_at = None if paused else next_after(sync, timezone.now())
    sync.save(update_fields=["is_paused", "next_at"])
    record(actor, "paused" if paused else "resumed", kind="sync", of=sync.pk, name=sync.name)


@transaction.atomic
def remove_sync(*, actor: Actor, sync: Sync) -> None:
    """What was loaded stays in the dataset."""
    require(actor, Permission.CONFIGURE)
    record(actor, "removed", kind="sync", of=sync.pk, name=sync.name, before=_told(sync))
    sync.delete()


@transaction.atomic
def ask_run(
    *, actor: Actor, sync: Sync, whole: bool = False, allow_empty: bool = False, allow_gone: bool = False
) -> SyncRun:
    """A run that a worker carries out; one that waits already is that one.

    `allow_gone`: columns that the newest run found gone may stay without values.
    """
    require(actor, Permission.CONFIGURE)
    from keepwell.apps.connectors.jobs import defer_run

    held = Sync.objects.select_for_update(of=("self",)).get(pk=sync.pk)
    if allow_gone:
        _allow_gone(actor, held)
    waiting = held.runs.filter(status=Status.WAITING).order_by("-pk").first()
    if waiting is not None and waiting.whole >= whole and waiting.allow_empty >= allow_empty:
        return waiting
    run = SyncRun.objects.create(sync=held, asked_by=actor.name, whole=whole, allow_empty=allow_empty)
    if actor.user is not None:
        record(actor, "ran", kind="sync", of=held.pk, name=held.name, after={"run": run.pk, "whole": whole})
    defer_run(run.pk, held.dataset)
    return run


def _allow_gone(actor: Actor, sync: Sync) -> None:
    run = sync.runs.filter(status=Status.HELD).order_by("-pk").first()
    gone = [one["column"] for one in (run.drift if run else ()) if one["what"] == "gone"]
    sync.allow_gone = sorted({*sync.allow_gone, *gone})
    sync.save(update_fields=["allow_gone"])
    record(actor, "let columns go", kind="sync", of=sync.pk, name=sync.name, after={"columns": gone})


def _put(sync: Sync, document: SyncDocument, schedule: str, fresh_within_minutes: int | None) -> None:
    taken = Sync.objects.filter(dataset=document.dataset).exclude(pk=sync.pk).first()
    if taken is not None:
        raise FieldRefused("dataset", f"sync {taken.name} fills the dataset '{document.dataset}' already")
    found = project()
    if found is not None and (known := found.datasets.get(document.dataset)) is not None and known.table is not None:
        raise FieldRefused(
            "dataset", f"the dataset '{document.dataset}' is a table ({known.table}); choose another name"
        )
    if fresh_within_minutes is not None and not 1 <= fresh_within_minutes <= _LONGEST_FRESH:
        raise FieldRefused("fresh_within_minutes", "give from 1 minute to a year")
    sync.document, sync.dataset = as_plain(document), document.dataset
    sync.fresh_within_minutes = fresh_within_minutes
    schedule_of(schedule).put_on(sync, timezone.now())


def _told(sync: Sync) -> dict[str, Any]:
    return {
        "connection": sync.connection.name, **sync.document, "schedule": in_words(sync),
        "fresh_within_minutes": sync.fresh_within_minutes,
    }  # fmt: skip
