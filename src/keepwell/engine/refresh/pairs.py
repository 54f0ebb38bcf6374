"""When each entity last had each value of a column: in a table while that is small, as a sorted list beyond."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from keepwell.engine.refresh.kept import Numbers
from keepwell.engine.refresh.plan import DayPartial

MOST_CELLS = 2**24
"""Entities times values that are kept as a table."""

_NEVER = np.iinfo(np.int32).min


@dataclass
class PairTable:
    """The latest day of each entity and value on which a partial was not zero.

    `day`: int32 [values, entities], the least number of its type where there was none.
    """

    partial: DayPartial
    day: npt.NDArray[np.int32] = field(default_factory=lambda: np.zeros((0, 0), dtype=np.int32))

    def add(self, entity: Numbers, value: Numbers, day: Numbers) -> None:
        """Takes rows in; there must be room for their entities and values."""
        known = value >= 0
        if not known.all():
            entity, value, day = entity[known], value[known], day[known]
        np.maximum.at(self.day.reshape(-1), value * self.day.shape[1] + entity, day.astype(np.int32))

    def forget(self, before: int) -> None:
        """Nothing to be done: a table takes the same room whatever it remembers."""

    def count(self, since: int, entities: int) -> Numbers:
        """How many values each entity had since a day."""
        counted = np.zeros(entities, dtype=np.int64)
        for days in self.day:
            counted[: len(days)] += days >= max(since, _NEVER + 1)
        return counted


@dataclass
class PairList:
    """The same for many values. `key`: entity * 2^32 + value, ascending; `day`: of each."""

    partial: DayPartial
    key: Numbers = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    day: Numbers = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    def add(self, entity: Numbers, value: Numbers, day: Numbers) -> None:
        """Takes rows in."""
        known = value >= 0
        keys, days = _latest_of_each((entity[known] << 32) | value[known], day[known])
        places = np.searchsorted(self.key, keys)
        there = places < len(self.key)
        there[there] = self.key[places[there]] == keys[there]
        latest = self.day.copy()
        latest[places[there]] = np.maximum(latest[places[there]], days[there])
        fresh = ~there
        self.key = np.insert(self.key, places[fresh], keys[fresh])
        self.day = np.insert(latest, places[fresh], days[fresh])

    def forget(self, before: int) -> None:
        """Leaves out pairs last seen before a day."""
        kept = self.day >= before
        self.key, self.day = self.key[kept], self.day[kept]

    def count(self, since: int, entities: int) -> Numbers:
        """How many values each entity had since a day."""
        return np.bincount(self.key[self.day >= since] >> 32, minlength=entities).astype(np.int64)


Pairs = PairTable | PairList


def with_room(pairs: Pairs, entities: int, values: int, *, copy: bool) -> Pairs:
    """The pairs with room for so many entities and values; a copy where asked for or needed. A list stays a list."""
    if isinstance(pairs, PairList):
        return replace(pairs) if copy else pairs
    if entities * values > MOST_CELLS:
        return _listed(pairs)
    if pairs.day.shape == (values, entities):
        return PairTable(pairs.partial, pairs.day.copy()) if copy else pairs
    wider: npt.NDArray[Any] = np.full((values, entities), _NEVER, dtype=np.int32)
    wider[: pairs.day.shape[0], : pairs.day.shape[1]] = pairs.day
    return PairTable(pairs.partial, wider)


def _listed(pairs: PairTable) -> PairList:
    entity, value = np.nonzero(pairs.day.T > _NEVER)
    key = (entity.astype(np.int64) << 32) | value
    return PairList(pairs.partial, key, pairs.day[value, entity].astype(np.int64))


def _latest_of_each(keys: Numbers, days: Numbers) -> tuple[Numbers, Numbers]:
    """Each key once, in ascending order, with its latest day."""
    order = np.argsort(keys, kind="stable")
    keys, days = keys[order], days[order]
    starts = np.flatnonzero(np.diff(keys, prepend=keys[:1] - 1))
    return keys[starts], np.maximum.reduceat(days, starts) if len(starts) else days
