"""One group of an advance plan at one moment: what is kept of it, how it moves on, and the metrics it gives."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from keepwell.engine.metrics.lowering import OBSERVED
from keepwell.engine.metrics.visible import DAY
from keepwell.engine.refresh.codes import code_of, coded
from keepwell.engine.refresh.kept import (
    NEVER,
    DaySet,
    Latest,
    Mask,
    Numbers,
    Pairs,
    Rows,
    Total,
    day_number,
    day_table,
    rows_of,
    widened,
)
from keepwell.engine.refresh.plan import Advance, DayGroup, DayPartial
from keepwell.engine.refresh.reading import VALUE


class DayRows(Protocol):
    """Rows of one day that a window still holds and will have to give up, in memory or in a file."""

    def table(self) -> pa.Table:
        """As `day_table` made it."""


@dataclass(frozen=True)
class Held:
    """Rows in memory."""

    rows: pa.Table

    def table(self) -> pa.Table:
        return self.rows


Leaving = Mapping[date, tuple[DayRows, ...]]
"""By day: as many tables as times rows of it came."""


@dataclass
class Group:
    """`values`: the dictionary of the group's column. Arrays have one place for each entity of the part."""

    plan: DayGroup
    values: pa.Array
    totals: list[Total]
    days: list[DaySet]
    latest: list[Latest]
    pairs: list[Pairs]
    leaving: Leaving = field(default_factory=dict)

    @classmethod
    def empty(cls, plan: DayGroup) -> Group:
        return cls(
            plan,
            pa.array([], pa.string()),
            [Total(*key, values, np.zeros((len(values), 0), np.int64)) for key, values in _totals(plan).items()],
            [DaySet(one, np.zeros((-(-window // 64), 0), np.uint64)) for one, window in _day_sets(plan)],
            [Latest(one, np.zeros(0, np.int64)) for one in _of(plan, "days_since_latest")],
            [Pairs(one) for one in dict.fromkeys(advance.partial for advance in _of(plan, "count_distinct"))],
        )

    def copied(self, entities: int) -> Group:
        """A copy with room for so many entities, to be moved on."""
        return replace(
            self,
            totals=[replace(one, sums=widened(one.sums, entities)) for one in self.totals],
            days=[replace(one, words=widened(one.words, entities)) for one in self.days],
            latest=[replace(one, day=widened(one.day, entities, NEVER)) for one in self.latest],
            pairs=[replace(one) for one in self.pairs],
            leaving=dict(self.leaving),
        )

    def move(self, old: date, new: date, horizon: int | None) -> None:
        """Makes the date later: what falls out of a window leaves it."""
        codes = self._codes()
        leaving = dict(self.leaving)
        for day in sorted(leaving):
            gone = [one for one in self.totals if _leaves(one.window, (old - day).days, (new - day).days)]
            for held in leaving[day] if gone else ():
                rows = rows_of(held.table(), _adding(self.plan), day_number(day))
                for one in gone:
                    one.add(rows, codes, sign=-1)
            if all(one.window is not None and (new - day).days >= one.window for one in self.totals):
                del leaving[day]
        self.leaving = leaving
        for days in self.days:
            days.shift((new - old).days)
        if horizon is not None:
            for pairs in self.pairs:
                pairs.forget(day_number(new) - horizon + 1)

    def add(self, table: pa.Table, entity: Numbers, as_of: date) -> None:
        """Takes new rows in. `entity`: the number of each row's entity."""
        rows = self._rows(table, entity)
        age = day_number(as_of) - rows.day
        codes = self._codes()
        for total in self.totals:
            total.add(rows if total.window is None else rows.where(age < total.window), codes)
        for days in self.days:
            there = self._there(rows, days.advance, codes)
            days.add(rows.entity[there], age[there])
        for latest in self.latest:
            there = self._there(rows, latest.advance, codes)
            latest.add(rows.entity[there], rows.day[there])
        for pairs in self.pairs:
            there = rows.partials[pairs.partial] > 0
            pairs.add(rows.entity[there], rows.value[there], rows.day[there])
        self._remember(rows, age)

    def columns(self, as_of: date, entities: int) -> dict[str, pa.Array]:
        """The metrics of the group, by name, with the days on which they were observed where these differ."""
        found: dict[str, pa.Array] = {}
        for advance in self.plan.advances:
            found |= self._column(advance, as_of, entities)
        return found

    def _rows(self, table: pa.Table, entity: Numbers) -> Rows:
        value = np.full(len(entity), -1, dtype=np.int64)
        if VALUE in table.column_names:
            self.values, value = coded(self.values, table[VALUE])
        day = table[DAY].cast(pa.date32()).cast(pa.int32()).to_numpy().astype(np.int64)
        partials = {
            partial: pc.fill_null(table[f"p{index}"].cast(pa.int64()), 0).to_numpy()
            for index, partial in enumerate(self.plan.partials)
        }
        return Rows(entity, value, day, partials)

    def _codes(self) -> dict[str | None, int]:
        named = {advance.value for advance in self.plan.advances if advance.value is not None}
        return {value: code_of(self.values, value) for value in named}

    def _there(self, rows: Rows, advance: Advance, codes: Mapping[str | None, int]) -> Mask:
        there = rows.partials[advance.partial] > 0
        return there if advance.value is None else there & (rows.value == codes[advance.value])

    def _remember(self, rows: Rows, age: Numbers) -> None:
        """Keeps what a window will have to give up."""
        longest = max((one.window for one in self.totals if one.window), default=0)
        adding = _adding(self.plan)
        some = np.zeros(len(age), dtype=np.bool_)
        for partial in adding:
            some |= rows.partials[partial] != 0
        kept = rows.where(some & (age < longest))
        leaving = dict(self.leaving)
        order = np.argsort(kept.day, kind="stable")
        days, starts = np.unique(kept.day[order], return_index=True)
        for day, mine in zip(days, np.split(order, starts[1:]), strict=len(days) > 0):
            on = date(1970, 1, 1) + timedelta(days=int(day))
            leaving[on] = (*leaving.get(on, ()), Held(day_table(kept.where(mine), adding)))
        self.leaving = leaving

    def _column(self, advance: Advance, as_of: date, entities: int) -> dict[str, pa.Array]:
        request = advance.request
        if advance.adds_up:
            (total,) = (t for t in self.totals if (t.partial, t.window) == (advance.partial, request.window))
            return {request.name: pa.array(total.sums[total.values.index(advance.value)])}
        since = day_number(as_of) - request.window + 1 if request.window else NEVER + 1
        if request.aggregate.function == "days_active":
            (days,) = (one for one in self.days if _same_rows(one.advance, advance))
            return {request.name: pa.array(days.count(request.window or 0))}
        if request.aggregate.function == "count_distinct":
            (pairs,) = (one for one in self.pairs if one.partial == advance.partial)
            return {request.name: pa.array(pairs.count(since, entities))}
        (latest,) = (one for one in self.latest if one.advance == advance)
        never = latest.day < since
        observed = pa.array(latest.day.astype(np.int32), mask=never).cast(pa.date32())
        ages = pa.array((day_number(as_of) - latest.day).astype(np.float64), mask=never)
        return {request.name: ages, OBSERVED + request.name: observed}


def _leaves(window: int | None, old_age: int, new_age: int) -> bool:
    return window is not None and old_age < window <= new_age


def _adding(plan: DayGroup) -> tuple[DayPartial, ...]:
    """The partials that are summed over windows."""
    return tuple(dict.fromkeys(partial for partial, window in plan.adding if window is not None))


def _totals(plan: DayGroup) -> dict[tuple[DayPartial, int | None], tuple[str | None, ...]]:
    found: dict[tuple[DayPartial, int | None], list[str | None]] = defaultdict(list)
    for advance in plan.advances:
        if advance.adds_up:
            found[advance.partial, advance.request.window].append(advance.value)
    return {key: tuple(dict.fromkeys(values)) for key, values in found.items()}


def _of(plan: DayGroup, function: str) -> list[Advance]:
    return [one for one in plan.advances if one.request.aggregate.function == function]


def _day_sets(plan: DayGroup) -> Iterable[tuple[Advance, int]]:
    """One set of days for all windows over the same rows, with the longest of them."""
    longest: dict[tuple[DayPartial, str | None], tuple[Advance, int]] = {}
    for advance in _of(plan, "days_active"):
        window = advance.request.window or 0
        key = (advance.partial, advance.value)
        if key not in longest or longest[key][1] < window:
            longest[key] = (advance, window)
    return longest.values()


def _same_rows(one: Advance, other: Advance) -> bool:
    return (one.partial, one.value) == (other.partial, other.value)
