"""What a state asks of the facts: the rows that came in since, and whether those before them still stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from keepwell.definitions.scorecards import EntityKind
from keepwell.engine.facts import LOAD_ID, FactSource
from keepwell.engine.metrics.aggregates import aggregate_value
from keepwell.engine.metrics.facts import FactReader
from keepwell.engine.metrics.grid import Grid
from keepwell.engine.metrics.lowering import Lowering
from keepwell.engine.metrics.plan import Request
from keepwell.engine.metrics.visible import DAY, ENTITY, RECORDED, visible_rows
from keepwell.engine.moments import Moment, end_of_day
from keepwell.engine.refresh.plan import AdvancePlan, DayGroup, columns_of

VALUE = "kw_value"
ROWS_AT_ONCE = 6_000_000
"""So many rows, in whole days, are read together when a state is made."""


@dataclass(frozen=True)
class Seen:
    """What a state has seen: everything visible at `moment` of loads up to `load_id` (None: no loads)."""

    moment: Moment
    load_id: int | None


@dataclass(frozen=True)
class DayReader:
    """Reads one dataset for entities of one kind, by day."""

    reader: FactReader
    source: FactSource
    entity_kind: EntityKind

    def highest_load(self, dataset: str) -> int | None:
        """The highest load there is now, None where rows carry no load."""
        rows = self.source.table(dataset)
        if LOAD_ID not in rows.columns:
            return None
        return int(self.source.run(rows.aggregate(highest=rows[LOAD_ID].max()))["highest"][0].as_py() or 0)

    def rows_by_day(self, plan: AdvancePlan, moment: Moment) -> dict[date, int]:
        """How many rows of each day are visible, whosever they are."""
        return self._counted(self._visible(plan, moment, plan.horizon))

    def standing(self, plan: AdvancePlan, moment: Moment, seen: Seen) -> int:
        """How many rows that were seen, and lie in the horizon of `moment`, are there now."""
        horizon = None if plan.horizon is None else plan.horizon - (moment.as_of - seen.moment.as_of).days
        if horizon is not None and horizon <= 0:
            return 0
        rows = self._visible(plan, seen.moment, horizon)
        if seen.load_id is not None:
            rows = rows.filter(rows[LOAD_ID] <= seen.load_id)
        return int(self.source.run(rows.aggregate(rows=rows.count()))["rows"][0].as_py())

    def entered_by_day(self, plan: AdvancePlan, moment: Moment, seen: Seen) -> dict[date, int]:
        """How many rows of each day are visible at `moment` that were not seen before."""
        return self._counted(self._new(self._visible(plan, moment, self._look_back(plan, moment, seen)), plan, seen))

    def everything(self, plan: AdvancePlan, moment: Moment, days: dict[date, int]) -> Iterator[list[pa.Table]]:
        """All rows visible at `moment`, in tables for the groups of the plan, some days at a time."""
        facts = self._facts(plan, moment, plan.horizon)
        for first, last in _in_parts(days):
            between = facts[DAY].between(ibis.literal(first, type="date"), ibis.literal(last, type="date"))
            yield self._by_group(plan, moment, facts.filter(between))

    def entered(self, plan: AdvancePlan, moment: Moment, seen: Seen) -> list[pa.Table]:
        """Rows visible at `moment` that were not seen before, in tables for the groups of the plan."""
        facts = self._facts(plan, moment, self._look_back(plan, moment, seen))
        return self._by_group(plan, moment, self._new(facts, plan, seen))

    def _look_back(self, plan: AdvancePlan, moment: Moment, seen: Seen) -> int | None:
        """So many days can hold what is new: a scan can skip all others."""
        if not self._comes_in_order(plan.dataset, seen):
            return plan.horizon
        steps = max(1, (moment.as_of - seen.moment.as_of).days)
        return min(steps, plan.horizon or steps)

    def _new(self, rows: ir.Table, plan: AdvancePlan, seen: Seen) -> ir.Table:
        """Of the rows visible now, those that were not visible then or came with a later load."""
        new = rows[DAY] > ibis.literal(seen.moment.as_of, type="date")
        if not self._comes_in_order(plan.dataset, seen):
            new = new | (rows[RECORDED] > ibis.literal(seen.moment.known_at, type="timestamp"))
        if seen.load_id is not None:
            new = new | (rows[LOAD_ID] > seen.load_id)
        return rows.filter(new)

    def _visible(self, plan: AdvancePlan, moment: Moment, horizon: int | None) -> ir.Table:
        source = self.reader.source(plan.dataset)
        return visible_rows(source, Grid((moment,)), columns=self._loads(plan.dataset), horizon=horizon)

    def _loads(self, dataset: str) -> frozenset[str]:
        return frozenset({LOAD_ID} & set(self.source.table(dataset).columns))

    def _counted(self, rows: ir.Table) -> dict[date, int]:
        counted = self.source.run(rows.group_by(DAY).aggregate(rows=rows.count()))
        return dict(zip(counted[DAY].to_pylist(), counted["rows"].to_pylist(), strict=True))

    def _comes_in_order(self, dataset: str, seen: Seen) -> bool:
        """Whether what is new can only be of days after the earlier date."""
        definition = self.reader.project.datasets[dataset]
        ended = seen.moment.known_at >= end_of_day(seen.moment.as_of, self.reader.project.settings.time_zone)
        return ended and seen.load_id is None and not definition.recorded_at and not definition.arrives_after

    def _facts(self, plan: AdvancePlan, moment: Moment, horizon: int | None) -> ir.Table:
        columns = columns_of(plan.groups) | self._loads(plan.dataset)
        return self.reader.facts(plan.dataset, self.entity_kind, Grid((moment,)), columns=columns, horizon=horizon)

    def _by_group(self, plan: AdvancePlan, moment: Moment, facts: ir.Table) -> list[pa.Table]:
        lowering = Lowering(self.reader, Grid((moment,)))
        return [self.source.run(_by_day(lowering, facts, group)) for group in plan.groups]


def _by_day(lowering: Lowering, facts: ir.Table, group: DayGroup) -> ir.Table:
    """`kw_entity`, `kw_day`, `kw_value` (the group's column, where it has one) and the partials p0, p1, ..."""
    keys: dict[str, ir.Value] = {ENTITY: facts[ENTITY], DAY: facts[DAY]}
    if group.column:
        keys[VALUE] = facts[group.column]
    partials = {}
    for index, partial in enumerate(group.partials):
        request = Request(f"p{index}", partial.aggregate, partial.where, None)
        condition, argument, _ = lowering.parts(facts, request)
        value = aggregate_value(facts, partial.aggregate, argument, condition, None, lowering.reader.dialect)
        partials[request.name] = value
    return facts.group_by(**keys).aggregate(**partials)


def _in_parts(days: dict[date, int]) -> Iterator[tuple[date, date]]:
    """Runs of days of at most so many rows each."""
    ordered = sorted(days)
    filled = np.cumsum([days[day] for day in ordered]) // ROWS_AT_ONCE
    for part in np.unique(filled):
        inside = [day for day, number in zip(ordered, filled, strict=True) if number == part]
        yield inside[0], inside[-1]
