"""Carries out a run: read everything aside, look at how the columns changed, then load it in one commit."""

from __future__ import annotations

import logging
from dataclasses import asdict

from django.db import DatabaseError, transaction
from django.utils import timezone

from keepwell.apps.connectors.loaded import scores_follow
from keepwell.apps.connectors.models import Status, Sync, SyncRun
from keepwell.apps.connectors.place import door, lake, project, staging_of, zone_of
from keepwell.apps.connectors.queries import document, settings_of
from keepwell.apps.connectors.telling import tell_of_drift, tell_of_failure
from keepwell.connect.document import SyncDocument
from keepwell.connect.drift import drift_of, remembered
from keepwell.connect.failing import in_our_words
from keepwell.connect.loading import is_loaded, load
from keepwell.connect.registry import source_of
from keepwell.connect.spec import Since, SourceRefused
from keepwell.connect.staging import Outcome, Staging
from keepwell.errors import InputError
from keepwell.lake.place import FACTS

log = logging.getLogger("keepwell.connectors")
_ATTEMPTS = 3


class TryLater(Exception):
    """The run failed in a way that passes; it waits to be tried again."""


def carry_out(run: SyncRun) -> None:
    """Once, however often it is called. Raises TryLater for what passes while attempts are left."""
    if run.status in (Status.DONE, Status.HELD, Status.FAILED):
        return
    SyncRun.objects.filter(pk=run.pk).update(
        status=Status.RUNNING, attempt=run.attempt + 1, started_at=run.started_at or timezone.now()
    )
    run.refresh_from_db()
    staging = staging_of(run.pk)
    try:
        held = _pull(run, staging)
    except DatabaseError:
        raise  # the job is done again when the database answers
    except InputError as refused:
        passing = getattr(refused, "passing", False)
        _end(run, SourceRefused(str(refused), passing=passing), Status.FAILED)
    except Exception as fault:
        log.exception("sync %s: run %s met a fault", run.sync.name, run.pk)
        _end(run, SourceRefused(f"a fault of Keepwell ({type(fault).__name__}): it was logged"), Status.FAILED)
    else:
        if held is not None:
            _end(run, held, Status.HELD)


def _end(run: SyncRun, refused: SourceRefused, status: Status) -> None:
    """Nothing was loaded; everything that was read is thrown away but the rows that did not fit."""
    if refused.passing and run.attempt < _ATTEMPTS:
        SyncRun.objects.filter(pk=run.pk).update(status=Status.WAITING, error=str(refused))
        raise TryLater(str(refused))
    staging_of(run.pk).clear()
    with transaction.atomic():
        run.status, run.error, run.ended_at = status, str(refused), timezone.now()
        run.save(update_fields=["status", "error", "ended_at"])
        tell_of_failure(run)
    log.warning("sync %s: run %s is %s: %s", run.sync.name, run.pk, status.value, refused)


def _pull(run: SyncRun, staging: Staging) -> SourceRefused | None:
    """Returns why nothing was loaded where somebody must decide first."""
    wanted, found = document(run.sync), project()
    zone = zone_of(found, wanted.dataset)
    assert run.started_at is not None
    done = _loaded_before(run, staging, wanted)
    if done is None:
        whole = run.whole or wanted.reads_all or run.sync.cursor is None
        since = None if whole or wanted.cursor is None else Since(wanted.cursor, run.sync.cursor or "")
        sync = run.sync
        settings = settings_of(sync.connection)
        with in_our_words(settings):
            pages = source_of(sync.connection.kind).read(settings, door(), wanted.stream, since)
            done = staging.fill(wanted, pages, run.started_at, zone)
        done.partial = since is not None
        if held := _held_back(run, wanted, done):
            return held
        run.version = load(
            wanted, lake(), staging, done, sync=sync.name, run=run.pk, now=run.started_at,
            dataset=found.datasets.get(wanted.dataset) if found else None, zone=zone, whole=whole,
            allow_empty=run.allow_empty,
        )  # fmt: skip
    _finish(run, staging, done)
    return None


def _loaded_before(run: SyncRun, staging: Staging, wanted: SyncDocument) -> Outcome | None:
    """What an attempt that was killed came to, where its rows are in the lake."""
    if is_loaded(lake().table(FACTS + wanted.dataset), run.sync.name, run.pk):
        return staging.noted() or Outcome(cursor=run.sync.cursor, columns=run.sync.columns)
    return None


def _held_back(run: SyncRun, wanted: SyncDocument, done: Outcome) -> SourceRefused | None:
    """Why what was read must not be loaded as it is: a column that the dataset needs has gone, or no row fits."""
    changes = drift_of(wanted, run.sync.columns, done.columns, done.part)
    run.drift = [asdict(one) for one in changes]
    run.rows_read, run.rows_refused = done.read, done.refused
    run.save(update_fields=["drift", "rows_read", "rows_refused"])
    missing = [one for one in changes if one.breaks and one.column not in run.sync.allow_gone]
    if missing:
        named = ", ".join(f"'{one.column}', which fills {one.into}" for one in missing)
        return SourceRefused(
            f"the source no longer has {named}: nothing was loaded. Map another column, or let it go and run it again"
        )
    if done.read and done.refused == done.read:
        return SourceRefused(f"none of the {done.read} rows fits the mapping: nothing was loaded")
    return None


def _finish(run: SyncRun, staging: Staging, done: Outcome) -> None:
    with transaction.atomic():
        sync = Sync.objects.select_for_update().get(pk=run.sync_id)
        run.rows_read, run.rows_refused = done.read, done.refused
        run.rows_added, run.rows_changed = done.added, done.changed
        run.rows_unchanged, run.rows_deleted = done.unchanged, done.deleted
        run.status, run.ended_at, run.error = Status.DONE, timezone.now(), ""
        run.save()
        sync.loaded_at = run.started_at
        sync.cursor = sync.cursor if done.cursor is None else done.cursor
        if done.columns:
            sync.columns = remembered(sync.columns, done.columns, done.part)
        sync.save(update_fields=["loaded_at", "cursor", "columns"])
        if run.drift:
            tell_of_drift(run)
        if run.changed_rows:
            scores_follow(sync.dataset)
    staging.clear()
