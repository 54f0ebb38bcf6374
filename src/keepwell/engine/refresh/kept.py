"""What is kept of a group's rows to advance its metrics: totals, bits of days, latest days, and days yet to leave.

Days are numbered from 1970-01-01. Entities and values are numbered by the dictionaries of their part.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
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

LARGEST = 2**62
"""Sums beyond it are refused: what is kept is exact."""

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
        """Some of the rows."""
        if mask.dtype == np.bool_ and mask.all():
            return self
        partials = {partial: amounts[mask] for partial, amounts in self.partials.items()}
        return Rows(self.entity[mask], self.value[mask], self.day[mask], partials)


@dataclass(frozen=True)
class Places:
    """Where rows add up in [values, entities]: the rows that do (None: all, in order), and the place of each, flat."""

    rows: Numbers | None
    flat: Numbers

    def of(self, column: npt.NDArray[Any]) -> npt.NDArray[Any]:
        return column if self.rows is None else column[self.rows]


def places(rows: Rows, values: tuple[str | None, ...], codes: Mapping[str | None, int], entities: int) -> Places:
    """The places for totals of these values, or of all rows (None). `codes`: the number of each value."""
    if values == (None,):
        return Places(None, rows.entity)
    last = max([0, *codes.values(), int(rows.value.max(initial=0))])
    starts = np.full(last + 2, -1, dtype=np.int64)  # the last one is for null
    for slot, value in enumerate(values):
        if codes[value] >= 0:
            starts[codes[value]] = slot * entities
    flat = starts[rows.value]
    if flat.min(initial=0) >= 0:
        return Places(None, np.add(flat, rows.entity, out=flat))
    picked = np.flatnonzero(flat >= 0)
    return Places(picked, flat[picked] + rows.entity[picked])


@dataclass
class Total:
    """A partial summed over the days of one window, for each of some values or for all rows (None)."""

    partial: DayPartial
    window: int | None
    values: tuple[str | None, ...]
    sums: Numbers  # [values, entities]

    def add(self, rows: Rows, where: Places, age: Numbers | None = None, sign: int = 1) -> None:
        """Adds (takes away) rows; with `age` those of the window only."""
        amounts, flat = where.of(rows.partials[self.partial]), where.flat
        if age is not None and self.window is not None and len(age) and int(age.max()) >= self.window:
            inside = where.of(age) < self.window
            amounts, flat = amounts[inside], flat[inside]
        into = self.sums.reshape(-1)
        _bounded(into, flat, amounts)
        (np.add if sign > 0 else np.subtract).at(into, flat, amounts)


def _bounded(into: Numbers, flat: Numbers, amounts: Numbers) -> None:
    """Raises OverflowError where adding could leave what is kept exactly."""
    if not len(amounts):
        return
    most = max(int(amounts.max()), -int(amounts.min()))
    if most * len(amounts) > LARGEST:
        sums = np.bincount(flat, weights=np.abs(amounts.astype(np.float64)), minlength=len(into))
        if float((sums + np.abs(into)).max()) > LARGEST:
            raise OverflowError


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


def widened(array: npt.NDArray[Any], entities: int, fill: int = 0) -> npt.NDArray[Any]:
    """A copy for so many entities: what is kept of an earlier moment is never changed."""
    return padded(array, entities, fill)


def roomy(array: npt.NDArray[Any], entities: int, fill: int = 0) -> npt.NDArray[Any]:
    """The array itself, or a copy where there are more entities now."""
    return array if array.shape[-1] == entities else padded(array, entities, fill)


def day_table(rows: Rows, partials: tuple[DayPartial, ...]) -> pa.Table:
    """Rows of one day as they are kept until they leave, in the smallest types that hold them."""
    columns = {ENTITY_CODE: rows.entity, VALUE_CODE: rows.value}
    columns |= {f"p{index}": rows.partials[partial] for index, partial in enumerate(partials)}
    return pa.table({name: smallest(column) for name, column in columns.items()})


def rows_of(table: pa.Table, partials: tuple[DayPartial, ...], day: int) -> Rows:
    """What `day_table` kept."""
    numbers = {name: table[name].to_numpy().astype(np.int64) for name in table.column_names}
    amounts = {partial: numbers[f"p{index}"] for index, partial in enumerate(partials)}
    days = np.full(table.num_rows, day, dtype=np.int64)
    return Rows(numbers[ENTITY_CODE], numbers[VALUE_CODE], days, amounts)


def smallest(column: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The numbers in the smallest type that holds them."""
    low, high = (int(column.min()), int(column.max())) if column.size else (0, 0)
    for kind in (np.int8, np.int16, np.int32):
        if np.iinfo(kind).min <= low and high <= np.iinfo(kind).max:
            return column.astype(kind)
    return column
