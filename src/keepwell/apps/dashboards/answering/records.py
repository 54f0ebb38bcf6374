"""Records as Arrow, kept for a few seconds, so that reports do not read again what has not changed."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import partial
from threading import Lock

import pyarrow as pa
from django.conf import settings

from keepwell.apps.dashboards.answering.stamps import stamp_of
from keepwell.apps.health.ledgers import records
from keepwell.definitions.project import Project
from keepwell.lake.data import Records

KEPT_SECONDS = 5.0
"""What is read is at most so old."""

_KEPT: dict[Hashable, _Kept] = {}
_LOCK = Lock()
_MOST = 64


@dataclass(frozen=True)
class _Kept:
    looked_at: float
    stamp: Hashable | None
    rows: pa.Table


def kept_records(project: Project, digest: str) -> Records:
    """The tables that are kept in PostgreSQL, by the name that datasets give as their `table`."""
    found = records(None, project)
    place = (str(settings.ENVIRONMENT.data_dir), digest)
    return {name: partial(_current, (*place, name), name, found[name]) for name in found}


def _current(key: Hashable, name: str, read: Callable[[], pa.Table]) -> pa.Table:
    """Looked at again when it is too old, and read again where it has changed."""
    kept = _KEPT.get(key)
    if kept is not None and time.monotonic() - kept.looked_at <= KEPT_SECONDS:
        return kept.rows
    stamp = stamp_of(name)
    rows = kept.rows if kept is not None and stamp is not None and stamp == kept.stamp else read()
    with _LOCK:
        while len(_KEPT) >= _MOST and key not in _KEPT:
            _KEPT.pop(next(iter(_KEPT)))
        _KEPT[key] = _Kept(time.monotonic(), stamp, rows)
    return rows
