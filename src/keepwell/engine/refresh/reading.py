"""What a state asks of the facts: the rows that came in since, and whether those before them still stand."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from keepwell.definitions.scorecards import EntityKind
from keepwell.engine.facts import LOAD_ID, FactSource, Holdings, TellsHoldings
from keepwell.engine.metrics.facts import FactReader
from keepwell.engine.metrics.grid import Grid
from keepwell.engine.metrics.visible import DAY, RECORDED
from keepwell.engine.moments import Moment, end_of_day
from keepwell.engine.refresh.plan import AdvancePlan, columns_of
from keepwell.engine.refresh.rows import COUNT, by_day, each_row, stood_for

ROWS_AT_ONCE = 6_000_000
"""So many rows are held at once; a day of more is added up where the rows are."""


@dataclass(frozen=True)
class Seen:
    """What a state has seen: everything visible at `moment` of loads up to `load_id` (None: no loads) in `holdings`."""

    moment: Moment
    load_id: int | None
    holdings: Holdings | None = None

    def files_since(self, now: Holdings | None) -> frozenset[str] | None:
        """The files that came since, where all others are as they were; None where that is not known."""
        if self.holdings is None or now is None or not self.holdings.files.items() <= now.files.items():
            return None
        return frozenset(now.files.keys() - self.holdings.files.keys())


@dataclass(frozen=True)
class DayReader:
    """Reads one dataset for entities of one kind, by day. `is_settled`: no row is known later than it is seen."""

    reader: FactReader
    source: FactSource
    entity_kind: EntityKind
    is_settled: bool = False

    def seeing(self, dataset: str, moment: Moment, before: Seen | None = None) -> Seen:
        """What is there to be seen now, and was not `before`."""
        held = self.source.holdings(dataset) if isinstance(self.source, TellsHoldings) else None
        files = before.files_since(held) if before is not None else None
        if before is None or before.load_id is None or files is None:
            return Seen(moment, self._highest_load(self.source.table(dataset)), held)
        newest = self._highest_load(self._rows_in(dataset, files)) if files else 0
        return Seen(moment, max(before.load_id, newest or 0), held)

    def rows_by_day(self, plan: AdvancePlan, moment: Moment) -> dict[date, int]:
        """How many rows of each day are visible."""
        return self._counted(self._facts(plan, moment, plan.horizon))

    def standing(self, plan: AdvancePlan, moment: Moment, seen: Seen, files: Collection[str] | None = None) -> int:
        """How many rows visible then (events, where the plan has a weight), that lie in the horizon of `moment`, are
        there now: in all files or in some."""
        horizon = None if plan.horizon is None else plan.horizon - (moment.as_of - seen.moment.as_of).days
        if (horizon is not None and horizon <= 0) or (files is not None and not files):
            return 0
        rows = (self if files is None else self._within(plan.dataset, files))._facts(plan, seen.moment, horizon)
        if seen.load_id is not None:
            rows = rows.filter(rows[LOAD_ID] <= seen.load_id)
        return int(self.source.run(rows.aggregate(rows=stood_for(rows, plan.weight)))["rows"][0].as_py())

    def everything(self, plan: AdvancePlan, moment: Moment, days: Mapping[date, int]) -> Iterator[pa.Table]:
        """All rows visible at `moment`, some days at a time. `days`: how many there are of each."""
        yield from self._in_parts(plan, moment, self._facts(plan, moment, plan.horizon), days)

    def entered(
        self, plan: AdvancePlan, moment: Moment, seen: Seen, busiest: int, files: Collection[str] | None = None
    ) -> Iterator[pa.Table]:
        """Rows visible at `moment` that were not seen before. `busiest`: the most rows that a day had so far; `files`:
        those that came since, where that is known."""
        alone = files is not None and self._lie_in_new_files(plan.dataset, moment, seen)
        if alone and files:
            yield from self._within(plan.dataset, files).entered(plan, moment, seen, busiest)
            return
        facts = self._new(self._facts(plan, moment, self._look_back(plan, moment, seen)), plan, seen)
        rows = each_row(self.reader, facts, plan, moment)
        if alone:
            yield self.source.run(rows.limit(0))
            return
        expected = 2 * busiest * (moment.as_of - seen.moment.as_of).days
        surely_few = self._comes_in_order(plan.dataset, seen) and expected <= ROWS_AT_ONCE
        found = self.source.run(rows if surely_few else rows.limit(ROWS_AT_ONCE + 1))  # a limit slows the reading
        if surely_few or len(found) <= ROWS_AT_ONCE:
            yield found
        else:
            yield from self._in_parts(plan, moment, facts, self._counted(facts))

    def _in_parts(
        self, plan: AdvancePlan, moment: Moment, facts: ir.Table, days: Mapping[date, int]
    ) -> Iterator[pa.Table]:
        for first, last, rows in _parts(days):
            between = facts[DAY].between(ibis.literal(first, type="date"), ibis.literal(last, type="date"))
            read = each_row if rows <= ROWS_AT_ONCE else by_day
            yield self.source.run(read(self.reader, facts.filter(between), plan, moment))

    def _lie_in_new_files(self, dataset: str, moment: Moment, seen: Seen) -> bool:
        """Whether no row of an old file can have become visible since."""
        definition = self.reader.project.datasets[dataset]
        waits = (definition.recorded_at or definition.arrives_after) and not self.is_settled
        return seen.load_id is not None and moment.as_of == seen.moment.as_of and not waits

    def _highest_load(self, rows: ir.Table) -> int | None:
        """The highest load there is, None where rows carry no load."""
        if LOAD_ID not in rows.columns:
            return None
        return int(self.source.run(rows.aggregate(highest=rows[LOAD_ID].max()))["highest"][0].as_py() or 0)

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

    def _within(self, dataset: str, files: Collection[str]) -> DayReader:
        """Reads the dataset from some of its files alone."""
        part = self._rows_in(dataset, files)
        reader = FactReader(
            self.reader.project, lambda name: part if name == dataset else self.reader.table(name), self.source.dialect
        )
        return DayReader(reader, self.source, self.entity_kind)

    def _rows_in(self, dataset: str, files: Collection[str]) -> ir.Table:
        source = self.source
        assert isinstance(source, TellsHoldings)
        return source.table_in(dataset, files)

    def _counted(self, rows: ir.Table) -> dict[date, int]:
        counted = self.source.run(rows.group_by(DAY).aggregate(rows=rows.count()))
        return dict(zip(counted[DAY].to_pylist(), counted["rows"].to_pylist(), strict=True))

    def _comes_in_order(self, dataset: str, seen: Seen) -> bool:
        """Whether what is new can only be of days after the earlier date."""
        definition = self.reader.project.datasets[dataset]
        ended = seen.moment.known_at >= end_of_day(seen.moment.as_of, self.reader.project.settings.time_zone)
        return ended and seen.load_id is None and not definition.recorded_at and not definition.arrives_after

    def _facts(self, plan: AdvancePlan, moment: Moment, horizon: int | None) -> ir.Table:
        columns = columns_of(plan.groups) | ({LOAD_ID} & set(self.source.table(plan.dataset).columns))
        columns |= {plan.weight} if plan.weight else set()
        return self.reader.facts(plan.dataset, self.entity_kind, Grid((moment,)), columns=columns, horizon=horizon)


def days_of(table: pa.Table) -> dict[date, int]:
    """How many rows of each day a table of rows stands for, or events, where its plan has a weight."""
    summed = COUNT in table.column_names
    grouped = table.group_by(DAY).aggregate([(COUNT, "sum")] if summed else [(DAY, "count")])
    counts = grouped[f"{COUNT}_sum" if summed else f"{DAY}_count"]
    return dict(zip(grouped[DAY].to_pylist(), counts.to_pylist(), strict=True))


def _parts(days: Mapping[date, int]) -> Iterator[tuple[date, date, int]]:
    """Runs of days of at most so many rows each, a larger day by itself: first, last, rows."""
    first, last, held = None, None, 0
    for day in sorted(days):
        if first is not None and last is not None and held + days[day] > ROWS_AT_ONCE:
            yield first, last, held
            first, held = None, 0
        first, last, held = first or day, day, held + days[day]
    if first is not None and last is not None:
        yield first, last, held
