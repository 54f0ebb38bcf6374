"""Writes to the lake that belong to a change of records: both happen, or neither.

The change and a row that says what to write are committed together. The write follows at once in the process that
committed; where that dies, or the lake refuses, the worker does it, and every run before it reads. Writes of a table
are done in the order in which they were committed; each carries its number into the lake's commit, so that one that was
done already is skipped. Nothing is lost or doubled, wherever a process ends.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from keepwell.apps.access.locks import Lock, hold
from keepwell.apps.customers.models import LakeWrite
from keepwell.lake.place import Lake
from keepwell.lake.tables import LakeTable

log = logging.getLogger("keepwell.lake")
APPLICATION = "keepwell.records"
"""Under this name the lake notes the number of the last write that it has."""

Writer = Callable[[LakeTable, Mapping[str, Any], datetime, int], None]
_writers: dict[str, Writer] = {}


def register_writer(kind: str, writer: Writer) -> None:
    """`writer(table, content, recorded_at, number)` writes what a kind of row says, noting `number` in its commit."""
    _writers[kind] = writer


def lake() -> Lake:
    return Lake(Path(settings.ENVIRONMENT.data_dir) / "lake")


def lake_table(name: str) -> LakeTable:
    return lake().table(name)


def write_after_commit(*, table: str, kind: str, content: Mapping[str, Any]) -> None:
    """Must run inside a transaction. Others that write to the same table wait until it ends, so that numbers are
    committed in their order."""
    assert connection.in_atomic_block, "a write to the lake belongs to a change of records"
    hold(Lock.LAKE_ORDER, of=table)
    with connection.cursor() as cursor:
        cursor.execute("select (extract(epoch from clock_timestamp()) * 1000000)::bigint")
        (now,) = cursor.fetchone()
    last = LakeWrite.objects.filter(table=table).aggregate(last=Max("number"))["last"] or 0
    LakeWrite.objects.create(table=table, number=max(now, last + 1), kind=kind, content=dict(content))
    transaction.on_commit(_at_once)


def write_waiting() -> None:
    """Every write that waits, table by table. Raises what the lake raised of the first table that refuses."""
    for table in waiting_tables():
        while _write_next(table):
            pass


def waiting_tables() -> list[str]:
    return sorted(LakeWrite.objects.filter(done_at=None).values_list("table", flat=True).distinct().order_by())


def _at_once() -> None:
    """What was committed stands whether this works or not."""
    try:
        write_waiting()
    except Exception:
        log.exception("a write to the lake waits for the worker, which tries it every minute")


def _write_next(table: str) -> bool:
    """Whether there was one."""
    with transaction.atomic():
        hold(Lock.LAKE_WRITES, of=table)
        found = LakeWrite.objects.filter(table=table, done_at=None).order_by("number").first()
        if found is not None:
            error = _written(found)
            found.save()
    if found is None:
        return False
    if error is not None:
        raise error
    return True


def _written(write: LakeWrite) -> Exception | None:
    try:
        _writers[write.kind](lake_table(write.table), write.content, write.recorded_at, write.number)
    except Exception as error:
        write.error = f"{type(error).__name__}: {error}"[:2000]
        return error
    LakeWrite.objects.filter(table=write.table, number__lt=write.number).delete()
    write.done_at, write.content, write.error = timezone.now(), {}, ""
    return None
