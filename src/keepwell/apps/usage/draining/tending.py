"""Small files put together, days that are over sorted and added up, what nobody needs any more deleted."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import inf
from typing import Any

from django.conf import settings

from keepwell.apps.usage.draining import placing, seen
from keepwell.apps.usage.draining.erasing import erase
from keepwell.apps.usage.draining.writing import Tables
from keepwell.lake.tables import LakeTable

MANY_FILES = 64
_SMALL = 32 * 2**20
_SOON, _MINUTE, _HOUR, _READ_HOURS = 10.0, 60.0, 3600.0, 24
_DAY = "local_day"


@dataclass
class Tending:
    """What the one writer does between batches. Times are of the process's own clock, in seconds.

    `seen`: the last load of daily use that the newest run has seen; its state stays good where these stay apart.
    `keep`: so many days of single events; None: all.
    """

    tables: Tables
    seen: Callable[[], int] = int
    keep: int | None = field(default_factory=lambda: settings.ENVIRONMENT.keep_events)
    squeezed: float = field(default_factory=time.monotonic)
    forgot: float = field(default_factory=lambda: time.monotonic() - _HOUR + _MINUTE)
    settled: date | None = None

    def due(self, today: date) -> None:
        """Does what is due: a fraction of a second of work every few; once an hour and once a day more."""
        now = time.monotonic()
        if now - self.squeezed >= _SOON:
            self.squeezed = now
            squeeze(self.tables)
        if now - self.forgot >= _HOUR and not self._settles(today):
            self.forgot = now
            forget(self.tables, today)

    def _settles(self, today: date) -> bool:
        """Whether a day was put in order: batches come between it and the next."""
        if self.settled == today:
            return False
        if settle(self.tables, today, self.seen()):
            return True
        self.settled = today
        retain(self.tables, today, self.keep)
        erase(self.tables)
        return False


def squeeze(tables: Tables) -> int:
    """Files of days that have many; returns how many went."""
    return sum(
        one.squeeze({_DAY: day}, target_bytes=_SMALL)
        for one in (tables.events, tables.daily)
        for day in _crowded(one, MANY_FILES, _SMALL)
    )


def settle(tables: Tables, today: date, seen: int = 0) -> int:
    """The oldest day that is over and not in order, into one file of each table that is sorted for how it is read; of
    daily use, rows alike are added up. Returns how many tables had it in several files."""
    over = [day for one in (tables.events, tables.daily) for day in _crowded(one, 2) if day < today]
    if not over:
        return 0

    def is_first(partition: Mapping[str, Any]) -> bool:
        return bool(partition[_DAY] == min(over))

    return tables.events.compact(among=is_first) + tables.daily.compact(among=is_first, fold="events", apart=seen)


def retain(tables: Tables, today: date, days: int | None) -> int:
    """Deletes single events of days that are further back; daily use stays. Returns how many there were."""
    if days is None or not tables.events.exists:
        return 0
    return tables.events.retain(_DAY, today - timedelta(days=days))


def forget(tables: Tables, today: date) -> None:
    """Ids of messages that are sent no more, and files that no reader is at any more."""
    while seen.forget(today):
        pass
    placing.forget(today)
    for one in (tables.events, tables.daily):
        if one.exists:
            one.vacuum(older_than_hours=_READ_HOURS)


def _crowded(one: LakeTable, least: int, below: float = inf) -> list[date]:
    """The days of so many files, of those `below` a size."""
    files = Counter[date](file.partition[_DAY] for file in one.files() if file.size < below)
    return [day for day, count in files.items() if day is not None and count >= least]
