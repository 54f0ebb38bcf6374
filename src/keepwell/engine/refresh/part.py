"""The part of a state that belongs to one dataset: built from all facts, or moved on by what is new."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import pyarrow as pa

from keepwell.engine.metrics.visible import ENTITY
from keepwell.engine.moments import Moment
from keepwell.engine.refresh.codes import coded
from keepwell.engine.refresh.group import Group
from keepwell.engine.refresh.kept import Numbers
from keepwell.engine.refresh.plan import AdvancePlan
from keepwell.engine.refresh.reading import DayReader, Seen
from keepwell.errors import DataRefused

_LARGEST = 2**62


@dataclass(frozen=True)
class Part:
    """What is known of one dataset at `seen`.

    `identity`: of the plan, see there. `rows`: by day, how many rows were seen, whosever they are.
    """

    plan: AdvancePlan
    identity: str
    seen: Seen
    rows: Mapping[date, int]
    entities: pa.Array
    groups: tuple[Group, ...]

    def table(self) -> pa.Table:
        """`kw_entity` (text) and a column for each metric, as `Lowering` gives them."""
        columns: dict[str, pa.Array] = {ENTITY: self.entities}
        for group in self.groups:
            columns |= group.columns(self.seen.moment.as_of, len(self.entities))
        return pa.table(columns)


@dataclass(frozen=True)
class Moved:
    """A part, the entities that new rows came for (None: all were read), and why it was built anew, if it was."""

    part: Part
    touched: pa.Array | None
    rebuilt: str | None = None


def built(plan: AdvancePlan, identity: str, reader: DayReader, moment: Moment) -> Part:
    """From all facts that are visible at `moment`, some days at a time."""
    seen = Seen(moment, reader.highest_load(plan.dataset))
    rows = reader.rows_by_day(plan, moment)
    entities, groups = pa.array([], pa.string()), tuple(Group.empty(group) for group in plan.groups)
    for tables in reader.everything(plan, moment, rows):
        entities, groups, _ = _with_new(entities, groups, tables, moment.as_of)
    return _checked(Part(plan, identity, seen, rows, entities, groups))


def moved(part: Part, reader: DayReader, moment: Moment) -> Moved:
    """At a later moment; built anew where the rows that had been seen are not just those that are there."""
    reason = _why_anew(part, reader, moment)
    if reason is not None:
        return Moved(built(part.plan, part.identity, reader, moment), None, reason)
    seen = Seen(moment, reader.highest_load(part.plan.dataset))
    old, new = part.seen.moment.as_of, moment.as_of
    groups = tuple(group.copied(len(part.entities)) for group in part.groups)
    for group in groups:
        group.move(old, new, part.plan.horizon)
    tables = reader.entered(part.plan, moment, part.seen)
    entities, groups, touched = _with_new(part.entities, groups, tables, new)
    rows = _rows_now(part, reader, moment)
    now = replace(part, seen=seen, rows=rows, entities=entities, groups=groups)
    return Moved(_checked(now), entities.take(pa.array(touched)))


def _why_anew(part: Part, reader: DayReader, moment: Moment) -> str | None:
    if moment.as_of < part.seen.moment.as_of or moment.known_at < part.seen.moment.known_at:
        return f"the state is of a later moment, {part.seen.moment.as_of}"
    expected = sum(_within(part.rows, part.plan, moment).values())
    found = reader.standing(part.plan, moment, part.seen)
    if found != expected:
        return f"of the days up to {part.seen.moment.as_of} there were {expected} rows, now there are {found}"
    return None


def _rows_now(part: Part, reader: DayReader, moment: Moment) -> dict[date, int]:
    rows = _within(part.rows, part.plan, moment)
    for day, count in reader.entered_by_day(part.plan, moment, part.seen).items():
        rows[day] = rows.get(day, 0) + count
    return rows


def _within(rows: Mapping[date, int], plan: AdvancePlan, moment: Moment) -> dict[date, int]:
    first = date.min if plan.horizon is None else moment.as_of - timedelta(days=plan.horizon - 1)
    return {day: count for day, count in rows.items() if day >= first}


def _with_new(
    entities: pa.Array, groups: Sequence[Group], tables: Sequence[pa.Table], as_of: date
) -> tuple[pa.Array, tuple[Group, ...], Numbers]:
    """The groups with new rows taken in, the entities with those that are new, and the numbers of those touched."""
    numbers = []
    for table in tables:
        entities, codes = coded(entities, table[ENTITY])
        numbers.append(codes)
    wider = tuple(group.copied(len(entities)) for group in groups)
    for group, table, codes in zip(wider, tables, numbers, strict=True):
        group.add(table, codes, as_of)
    return entities, wider, np.unique(np.concatenate(numbers)) if numbers else np.zeros(0, dtype=np.int64)


def _checked(part: Part) -> Part:
    """Raises DataRefused where a sum leaves the whole numbers that are kept exactly."""
    for group in part.groups:
        for total in group.totals:
            if total.sums.size and max(int(total.sums.max()), -int(total.sums.min())) > _LARGEST:
                raise DataRefused(f"dataset '{part.plan.dataset}': a sum is too large for its type")
    return part
