"""Metrics at every moment, put together block by block: each class is one way to come from cells to a metric."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

import numpy as np
import pyarrow as pa

from keepwell.engine.building.cells.blocks import Block, Keys
from keepwell.engine.building.cells.fields import Value, with_nulls
from keepwell.engine.building.cells.reach import Numbers, Reach
from keepwell.engine.metrics.cells.plan import CellPart, CellPartial
from keepwell.engine.metrics.cells.stretches import Stretches

Window = int | None


@dataclass(frozen=True)
class Frame:
    """What all answers from one reduction share.

    `wanted`: the windows over which each partial is added up. `is_whole`: whether a group is all there is of an entity.
    """

    keys: Keys
    reach: Reach
    stretches: Stretches
    wanted: Mapping[CellPartial, frozenset[Window]]
    is_whole: bool

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.stretches.moments), len(self.keys.entities)

    def days(self, ages: Numbers) -> pa.Array:
        """The days of so many days before the last date; null for infinity."""
        last = (self.stretches.last.as_of - date(1970, 1, 1)).days
        return with_nulls(last - ages).cast(pa.int32()).cast(pa.date32())


@dataclass
class View:
    """A block as answers look at it; what several of them need is computed once."""

    frame: Frame
    block: Block
    _dense: dict[CellPartial, Numbers] = field(default_factory=dict)
    _sums: dict[CellPartial, Mapping[Window, Numbers]] = field(default_factory=dict)

    def dense(self, partial: CellPartial) -> Numbers:
        """[cells, groups]"""
        if partial not in self._dense:
            self._dense[partial] = self.block.added(self.block.columns.get(partial))
        return self._dense[partial]

    def summed(self, partial: CellPartial, window: Window) -> Numbers:
        """[moments, groups]"""
        if partial not in self._sums:
            self._sums[partial] = self.frame.reach.summed(self.dense(partial), self.frame.wanted[partial])
        return self._sums[partial][window]

    def least(self, partial: CellPartial, window: Window) -> Numbers:
        """[moments, groups]"""
        return self.frame.reach.least(self.block.least(self.block.columns[partial]), window)


class Answer(Protocol):
    def take(self, view: View) -> None:
        """Takes in a block."""

    def column(self, moment: int) -> pa.Array:
        """The answer for every entity, once all blocks were taken in."""


class Total:
    """Sums of one value, or over all of them."""

    def __init__(self, frame: Frame, partial: CellPartial, part: CellPart) -> None:
        self._frame, self._partial, self._window = frame, partial, part.request.window
        self._value = None if part.value is None else frame.keys.number_of(part.value)
        self.sums: Numbers = np.zeros(frame.shape, dtype=np.int64)

    def take(self, view: View) -> None:
        self._add(view.block, view.summed(self._partial, self._window))

    def column(self, moment: int) -> pa.Array:
        return pa.array(self.sums[moment].astype(np.float64, copy=False))

    def _add(self, block: Block, sums: Numbers) -> None:
        if not np.issubdtype(sums.dtype, np.integer) and np.issubdtype(self.sums.dtype, np.integer):
            self.sums = self.sums.astype(np.float64)
        if self._value is not None:
            mine = np.flatnonzero(block.value == self._value)
            self.sums[:, block.entity[mine]] = sums[:, mine]
        elif self._frame.is_whole:
            self.sums[:, block.entity] = sums
        else:
            moments, entities = self.sums.shape
            places = np.arange(moments)[:, None] * entities + block.entity[None, :]
            np.add.at(self.sums.reshape(-1), places.reshape(-1), sums.reshape(-1))


class Present(Total):
    """How many values have rows; null is none."""

    def take(self, view: View) -> None:
        there = (view.summed(self._partial, self._window) > 0) & (view.block.value >= 0)
        self._add(view.block, there.astype(np.int64))


class Days:
    """On how many days there are rows, of one value or of any, told by the first arrival of each day."""

    def __init__(self, frame: Frame, part: CellPart) -> None:
        self._stretches, self._part = frame.stretches, part
        self._value = None if part.value is None else frame.keys.number_of(part.value)
        self._never = len(frame.stretches.arrivals)
        kind = np.min_scalar_type(self._never)
        self._first = np.full((len(frame.stretches.starts), frame.shape[1]), self._never, dtype=kind)

    def take(self, view: View) -> None:
        block = view.block
        pair, group = self._entering(block)
        day, arrival = np.divmod(pair, self._never) if self._never > 1 else (pair, None)
        places = day.astype(np.int64) * self._first.shape[1] + block.entity[group]
        if arrival is None:
            self._first.reshape(-1)[places] = 0
        else:
            np.minimum.at(self._first.reshape(-1), places, arrival.astype(self._first.dtype))

    def column(self, moment: int) -> pa.Array:
        days = self._stretches.seen(self._part.request.window)[moment, :, 0]
        known = self._first[days] <= self._stretches.looked[moment]
        return pa.array(known.sum(axis=0, dtype=np.float64))

    def _entering(self, block: Block) -> tuple[Numbers, Numbers]:
        """The pairs and groups of the rows that enter."""
        assert block.pair is not None  # days are told by lists
        enters = block.columns.get(self._part.partial)
        inside = None if enters is None else enters != 0
        if self._value is not None:
            mine = (block.value == self._value)[block.group]
            inside = mine if inside is None else inside & mine
        if inside is None:
            return block.pair, block.group
        rows = np.flatnonzero(inside)
        return block.pair[rows], block.group[rows]


class Least:
    """The least of the numbers that stand for extremes, ages and ranks; infinity where nothing entered."""

    def __init__(self, frame: Frame, partial: CellPartial, part: CellPart, value: Value) -> None:
        self._frame, self._partial, self._window, self._value = frame, partial, part.request.window, value
        self.numbers: Numbers = np.full(frame.shape, np.inf)

    def take(self, view: View) -> None:
        self.numbers[:, view.block.entity] = view.least(self._partial, self._window)

    def column(self, moment: int) -> pa.Array:
        return self._value(self.numbers[moment])


class Age(Least):
    """Days since the latest row that entered."""

    def column(self, moment: int) -> pa.Array:
        return with_nulls(self.numbers[moment] - self._frame.stretches.offsets[moment])


class Latest(Least):
    """The day of the latest row that entered."""

    def column(self, moment: int) -> pa.Array:
        return self._frame.days(self.numbers[moment])


class Ranked(Least):
    """The value of the row that ranks first. `ranks`, `values`: by row."""

    def __init__(self, frame: Frame, part: CellPart, ranks: Numbers, values: pa.Array) -> None:
        super().__init__(frame, part.partial, part, with_nulls)
        rows = np.flatnonzero(np.isfinite(ranks))
        self._ranks = int(ranks[rows].max(initial=0)) + 1
        places = frame.keys.entity[rows].astype(np.int64) * self._ranks + ranks[rows].astype(np.int64)
        order = np.argsort(places)
        self._places, self._values = places[order], values.take(pa.array(rows[order]))

    def column(self, moment: int) -> pa.Array:
        ranks = self.numbers[moment]
        known = np.isfinite(ranks)
        wanted = np.arange(len(ranks)) * self._ranks + np.where(known, ranks, 0).astype(np.int64)
        places = np.searchsorted(self._places, wanted)
        return self._values.take(pa.array(places, mask=~known))


class OrNull:
    """An answer that is null where nothing entered; with `divided` the mean of what did."""

    def __init__(self, total: Total, entered: Total, *, divided: bool) -> None:
        self._total, self._entered, self._divided = total, entered, divided

    def take(self, view: View) -> None:
        self._total.take(view)
        self._entered.take(view)

    def column(self, moment: int) -> pa.Array:
        entered = self._entered.sums[moment]
        total = self._total.sums[moment].astype(np.float64)
        found = total / np.maximum(entered, 1) if self._divided else total
        return pa.array(found, mask=entered == 0)
