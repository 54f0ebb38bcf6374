"""One group of an advance plan at one moment: what is kept of it, how it moves on, and the metrics it gives."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from keepwell.engine.metrics.lowering import OBSERVED
from keepwell.engine.metrics.visible import DAY
from keepwell.engine.refresh.codes import code_of, coded, padded
from keepwell.engine.refresh.kept import (
    NEVER,
    DaySet,
    Latest,
    Mask,
    Numbers,
    Places,
    Rows,
    Total,
    day_number,
    day_table,
    places,
    roomy,
    rows_of,
    widened,
)
from keepwell.engine.refresh.pairs import Pairs, PairTable, with_room
from keepwell.engine.refresh.plan import Advance, DayGroup, DayPartial
from keepwell.engine.refresh.rows import partial_name, value_name


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
            [Total(*key[:2], values, np.zeros((len(values), 0), np.int64)) for key, values in _totals(plan).items()],
            [DaySet(one, np.zeros((-(-window // 64), 0), np.uint64)) for one, window in _day_sets(plan)],
            [Latest(one, np.zeros(0, np.int64)) for one in _of(plan, "days_since_latest")],
            [PairTable(one) for one in dict.fromkeys(advance.partial for advance in _of(plan, "count_distinct"))],
        )

    def copied(self, entities: int) -> Group:
        """A copy with room for so many entities, to be moved on."""
        return replace(
            self,
            totals=[replace(one, sums=padded(one.sums, entities, kind=np.int64)) for one in self.totals],
            days=[replace(one, words=widened(one.words, entities)) for one in self.days],
            latest=[replace(one, day=widened(one.day, entities, NEVER)) for one in self.latest],
            pairs=[with_room(one, entities, len(self.values), copy=True) for one in self.pairs],
            leaving=dict(self.leaving),
        )

    def _make_room(self, entities: int) -> None:
        for total in self.totals:
            total.sums = roomy(total.sums, entities)
        for days in self.days:
            days.words = roomy(days.words, entities)
        for latest in self.latest:
            latest.day = roomy(latest.day, entities, NEVER)
        self.pairs = [with_room(one, entities, len(self.values), copy=False) for one in self.pairs]

    def move(self, old: date, new: date, horizon: int | None) -> None:
        """Makes the date later: what falls out of a window leaves it."""
        if new == old:
            return
        leaving = dict(self.leaving)
        for day in sorted(leaving):
            gone = [one for one in self.totals if _leaves(one.window, (old - day).days, (new - day).days)]
            for held in leaving[day] if gone else ():
                self._total(gone, rows_of(held.table(), _adding(self.plan), day_number(day)), sign=-1)
            if all(one.window is not None and (new - day).days >= one.window for one in self.totals):
                del leaving[day]
        self.leaving = leaving
        for days in self.days:
            days.shift((new - old).days)
        if horizon is not None:
            for pairs in self.pairs:
                pairs.forget(day_number(new) - horizon + 1)

    def add(self, table: pa.Table, entity: Numbers, entities: int, as_of: date, partials: Sequence[DayPartial]) -> None:
        """Takes new rows in. `entity`: the number of each row's entity; `partials`: those of the table, in order."""
        rows = self._rows(table, entity, partials)
        self._make_room(entities)
        age = day_number(as_of) - rows.day
        codes = self._codes()
        self._total(self.totals, rows, age)
        for days in self.days:
            there = self._there(rows, days.advance, codes)
            days.add(rows.entity[there], age[there])
        for latest in self.latest:
            there = self._there(rows, latest.advance, codes)
            latest.add(rows.entity[there], rows.day[there])
        for pairs in self.pairs:
            seen = rows.where(rows.partials[pairs.partial] > 0)
            pairs.add(seen.entity, seen.value, seen.day)
        self._remember(rows, age)

    def _total(self, totals: Sequence[Total], rows: Rows, age: Numbers | None = None, sign: int = 1) -> None:
        """Adds rows to totals, or takes them away; totals over the same values find their places together."""
        codes, found = self._codes(), dict[tuple[str | None, ...], Places]()
        for total in totals:
            if total.values not in found:
                found[total.values] = places(rows, total.values, codes, total.sums.shape[1])
            total.add(rows, found[total.values], age, sign)

    def columns(self, as_of: date, entities: int) -> dict[str, pa.Array]:
        """The metrics of the group, by name, with the days on which they were observed where these differ."""
        found: dict[str, pa.Array] = {}
        for advance in self.plan.advances:
            found |= self._column(advance, as_of, entities)
        return found

    def _rows(self, table: pa.Table, entity: Numbers, partials: Sequence[DayPartial]) -> Rows:
        if self.plan.column is None:
            value = np.full(len(entity), -1, dtype=np.int64)
        else:
            self.values, value = coded(self.values, table[value_name(self.plan.column)])
        day = table[DAY].cast(pa.date32()).cast(pa.int32()).to_numpy().astype(np.int64)
        amounts = {
            partial: pc.fill_null(table[partial_name(partials, partial)].cast(pa.int64()), 0).to_numpy()
            for partial in self.plan.partials
        }
        return Rows(entity, value, day, amounts)

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
        leaving = dict(self.leaving)
        for day, kept in _each_day(rows.where(some & (age < longest))):
            on = date(1970, 1, 1) + timedelta(days=day)
            leaving[on] = (*leaving.get(on, ()), Held(day_table(kept, adding)))
        self.leaving = leaving

    def _column(self, advance: Advance, as_of: date, entities: int) -> dict[str, pa.Array]:
        request = advance.request
        if advance.adds_up:
            (total,) = (one for one in self.totals if _is_in(advance, one))
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


def _each_day(rows: Rows) -> Iterator[tuple[int, Rows]]:
    """The rows of each day, in the order in which they came."""
    if not len(rows.day):
        return
    if rows.day[0] == rows.day.min() == rows.day.max():
        yield int(rows.day[0]), rows
        return
    order = np.argsort(rows.day, kind="stable")
    days, starts = np.unique(rows.day[order], return_index=True)
    for day, mine in zip(days, np.split(order, starts[1:]), strict=True):
        yield int(day), rows.where(mine)


def _leaves(window: int | None, old_age: int, new_age: int) -> bool:
    return window is not None and old_age < window <= new_age


def _adding(plan: DayGroup) -> tuple[DayPartial, ...]:
    """The partials that are summed over windows."""
    return tuple(dict.fromkeys(partial for partial, window in plan.adding if window is not None))


def _totals(plan: DayGroup) -> dict[tuple[DayPartial, int | None, bool], tuple[str | None, ...]]:
    """The values of each total, by partial, window and whether it is of all rows."""
    found: dict[tuple[DayPartial, int | None, bool], list[str | None]] = defaultdict(list)
    for advance in plan.advances:
        if advance.adds_up:
            found[advance.partial, advance.request.window, advance.value is None].append(advance.value)
    return {key: tuple(dict.fromkeys(values)) for key, values in found.items()}


def _is_in(advance: Advance, total: Total) -> bool:
    return (total.partial, total.window) == (advance.partial, advance.request.window) and advance.value in total.values


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
