"""What is kept of a group's rows to advance its metrics: totals, bits of days, latest days, and days yet to leave.

Days are numbered from 1970-01-01. Entities and values are numbered by the dictionaries of their part.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from keepwell.engine.refresh.codes import padded
from keepwell.engine.refresh.plan import Advance, DayPartial

Numbers = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Words = npt.NDArray[np.uint64]

NEVER = -(2**62)
"""The number of the day of what never was."""

ENTITY_CODE, VALUE_CODE = "entity", "value"


def day_number(day: date) -> int:
    return day.toordinal() - date(1970, 1, 1).toordinal()


@dataclass(frozen=True)
class Rows:
    """New rows of a group: numbers of entity, value (-1: null or no column) and day, and the partials by column."""

    entity: Numbers
    value: Numbers
    day: Numbers
    partials: Mapping[DayPartial, Numbers]

    def where(self, mask: Mask | Numbers) -> Rows:
        partials = {partial: amounts[mask] for partial, amounts in self.partials.items()}
        return Rows(self.entity[mask], self.value[mask], self.day[mask], partials)


@dataclass
class Total:
    """A partial summed over the days of one window, for all values together and for some of them."""

    partial: DayPartial
    window: int | None
    values: tuple[str | None, ...]
    sums: Numbers  # [values, entities]

    def add(self, rows: Rows, codes: Mapping[str | None, int], sign: int = 1) -> None:
        """Adds (takes away) rows. `codes`: the number of each value."""
        amounts = sign * rows.partials[self.partial]
        slots = np.full(max([0, *codes.values()]) + 2, -1, dtype=np.int64)  # the last one is for null
        for slot, value in enumerate(self.values):
            if value is None:
                np.add.at(self.sums[slot], rows.entity, amounts)
            elif codes[value] >= 0:
                slots[codes[value]] = slot
        slot_of = slots[np.minimum(rows.value, len(slots) - 1)]
        picked = slot_of >= 0
        flat = slot_of[picked] * self.sums.shape[1] + rows.entity[picked]
        np.add.at(self.sums.reshape(-1), flat, amounts[picked])


@dataclass
class DaySet:
    """The days on which a partial was not zero: bit n of the words is the day n days before the date."""

    advance: Advance
    words: Words  # [words, entities]

    def shift(self, days: int) -> None:
        """Makes the date later by so many days."""
        whole, bits = divmod(days, 64)
        count = len(self.words)
        moved = np.zeros_like(self.words)
        for index in range(whole, count):
            moved[index] = self.words[index - whole] << np.uint64(bits)
            if bits and index > whole:
                moved[index] |= self.words[index - whole - 1] >> np.uint64(64 - bits)
        self.words = moved

    def add(self, entity: Numbers, age: Numbers) -> None:
        inside = age < 64 * len(self.words)
        entity, age = entity[inside], age[inside]
        flat = (age >> 6) * self.words.shape[1] + entity
        np.bitwise_or.at(self.words.reshape(-1), flat, np.left_shift(np.uint64(1), (age & 63).astype(np.uint64)))

    def count(self, window: int) -> Numbers:
        """How many of the last `window` days."""
        counted = np.zeros(self.words.shape[1], dtype=np.int64)
        for index in range(-(-window // 64)):
            inside = min(64, window - 64 * index)
            mask = np.uint64((1 << inside) - 1)
            counted += np.bitwise_count(self.words[index] & mask)
        return counted


@dataclass
class Latest:
    """The latest day on which a partial was not zero, by entity."""

    advance: Advance
    day: Numbers  # [entities]

    def add(self, entity: Numbers, day: Numbers) -> None:
        np.maximum.at(self.day, entity, day)


@dataclass
class Pairs:
    """The latest day of each entity and value on which a partial was not zero.

    `key`: entity * 2^32 + value, ascending.
    """

    partial: DayPartial
    key: Numbers = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    day: Numbers = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    def add(self, entity: Numbers, value: Numbers, day: Numbers) -> None:
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


def _latest_of_each(keys: Numbers, days: Numbers) -> tuple[Numbers, Numbers]:
    """Each key once, in ascending order, with its latest day."""
    order = np.argsort(keys, kind="stable")
    keys, days = keys[order], days[order]
    starts = np.flatnonzero(np.diff(keys, prepend=keys[:1] - 1))
    return keys[starts], np.maximum.reduceat(days, starts) if len(starts) else days


def widened(array: npt.NDArray[Any], entities: int, fill: int = 0) -> npt.NDArray[Any]:
    """A copy for so many entities: what is kept of an earlier moment is never changed."""
    return padded(array, entities, fill)


def day_table(rows: Rows, partials: tuple[DayPartial, ...]) -> pa.Table:
    """Rows of one day as they are kept until they leave, in the smallest types that hold them."""
    columns = {ENTITY_CODE: rows.entity, VALUE_CODE: rows.value}
    columns |= {f"p{index}": rows.partials[partial] for index, partial in enumerate(partials)}
    return pa.table({name: _small(column) for name, column in columns.items()})


def rows_of(table: pa.Table, partials: tuple[DayPartial, ...], day: int) -> Rows:
    """What `day_table` kept."""
    numbers = {name: table[name].to_numpy().astype(np.int64) for name in table.column_names}
    amounts = {partial: numbers[f"p{index}"] for index, partial in enumerate(partials)}
    days = np.full(table.num_rows, day, dtype=np.int64)
    return Rows(numbers[ENTITY_CODE], numbers[VALUE_CODE], days, amounts)


def _small(column: Numbers) -> npt.NDArray[Any]:
    low, high = (int(column.min()), int(column.max())) if len(column) else (0, 0)
    for kind in (np.int8, np.int16, np.int32):
        if np.iinfo(kind).min <= low and high <= np.iinfo(kind).max:
            return column.astype(kind)
    return column
