"""The part of a state that belongs to one dataset: built from all facts, or moved on by what is new."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor, Future
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import chain

import numpy as np
import pyarrow as pa

from keepwell.engine.metrics.visible import ENTITY
from keepwell.engine.moments import Moment
from keepwell.engine.refresh.codes import coded
from keepwell.engine.refresh.group import Group
from keepwell.engine.refresh.kept import Mask, roomy
from keepwell.engine.refresh.plan import AdvancePlan, all_partials
from keepwell.engine.refresh.reading import DayReader, Seen, days_of
from keepwell.errors import DataRefused


@dataclass(frozen=True)
class Part:
    """What is known of one dataset at `seen`.

    `identity`: of the plan, see there. `rows`: by day, how many rows were seen; events, where the plan has a weight.
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
    seen = reader.seeing(plan.dataset, moment)
    empty = Part(plan, identity, seen, {}, pa.array([], pa.string()), tuple(map(Group.empty, plan.groups)))
    return _with_new(empty, reader.everything(plan, moment, reader.rows_by_day(plan, moment)))[0]


def coming(part: Part, reader: DayReader, moment: Moment, beside: Executor) -> Callable[[], Moved]:
    """The part at a later moment, once it is called; the facts are asked `beside` at once."""
    asked = beside.submit(_asked, part, reader, moment)
    return lambda: _moved(part, reader, moment, asked)


def _moved(part: Part, reader: DayReader, moment: Moment, asked: Future[_Answer]) -> Moved:
    """Built anew where the rows that had been seen are not just those that are there."""
    groups = _moved_groups(part, moment)
    answer = asked.result()
    if answer.why_anew is not None:
        return Moved(built(part.plan, part.identity, reader, moment), None, answer.why_anew)
    old = replace(part, seen=answer.seen, rows=_in_horizon(part.rows, part.plan, moment), groups=groups)
    later, touched = _with_new(old, answer.entered)
    return Moved(later, later.entities.filter(pa.array(touched)))


@dataclass(frozen=True)
class _Answer:
    """What is there now: why the part has to be built anew, or the rows that came in, the first of them read."""

    seen: Seen
    why_anew: str | None
    entered: Iterable[pa.Table] = ()


def _asked(part: Part, reader: DayReader, moment: Moment) -> _Answer:
    now = reader.seeing(part.plan.dataset, moment, part.seen)
    new_files = part.seen.files_since(now.holdings)
    reason = _why_anew(part, reader, now, new_files)
    if reason is not None:
        return _Answer(now, reason)
    entered = reader.entered(part.plan, moment, part.seen, max(part.rows.values(), default=0), new_files)
    return _Answer(now, None, chain([next(entered)], entered))


def _moved_groups(part: Part, moment: Moment) -> tuple[Group, ...]:
    """Copies of the groups at a later date; as they were where it is an earlier one, which the part is not kept for."""
    groups = tuple(group.copied(len(part.entities)) for group in part.groups)
    if moment.as_of >= part.seen.moment.as_of:
        for group in groups:
            group.move(part.seen.moment.as_of, moment.as_of, part.plan.horizon)
    return groups


def _why_anew(part: Part, reader: DayReader, now: Seen, new_files: frozenset[str] | None) -> str | None:
    moment, seen = now.moment, part.seen
    if moment.as_of < seen.moment.as_of or moment.known_at < seen.moment.known_at:
        return f"the state is of a later moment, {seen.moment.as_of}"
    if now.holdings and seen.holdings and now.holdings.basis != seen.holdings.basis:
        return "who the ids of its rows are has changed"
    expected = sum(_in_horizon(part.rows, part.plan, moment).values())
    found = reader.standing(part.plan, moment, seen, new_files) + (0 if new_files is None else expected)
    if found != expected:
        return f"of the days up to {seen.moment.as_of} there were {expected} rows, now there are {found}"
    return None


def _in_horizon(rows: Mapping[date, int], plan: AdvancePlan, moment: Moment) -> dict[date, int]:
    first = date.min if plan.horizon is None else moment.as_of - timedelta(days=plan.horizon - 1)
    return {day: count for day, count in rows.items() if day >= first}


def _with_new(part: Part, tables: Iterable[pa.Table]) -> tuple[Part, Mask]:
    """The part with new rows taken into its groups, which change, and which of its entities they touched.

    Raises DataRefused where a sum leaves the whole numbers that are kept exactly.
    """
    entities, rows = part.entities, dict(part.rows)
    touched = np.zeros(len(entities), dtype=np.bool_)
    partials = all_partials(part.plan.groups)
    for table in tables:
        entities, codes = coded(entities, table[ENTITY])
        touched = roomy(touched, len(entities))
        touched[codes] = True
        try:
            for group in part.groups:
                group.add(table, codes, len(entities), part.seen.moment.as_of, partials)
        except OverflowError:
            raise DataRefused(f"dataset '{part.plan.dataset}': a sum is too large for its type") from None
        for day, number in days_of(table).items():
            rows[day] = rows.get(day, 0) + number
    return replace(part, entities=entities, rows=rows), touched
