"""From reductions to Ibis: one table expression each, of rows grouped by cell or listed. Nothing is executed here."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2s

import ibis
import ibis.expr.types as ir

from keepwell.definitions.expressions import Aggregate, Expression
from keepwell.engine.metrics.aggregates import enters
from keepwell.engine.metrics.cells.plan import CellPartial, Reduction
from keepwell.engine.metrics.cells.stretches import Stretches
from keepwell.engine.metrics.extremes import largest, smallest
from keepwell.engine.metrics.facts import AGE, FactReader
from keepwell.engine.metrics.grid import Grid
from keepwell.engine.metrics.lowering import Lowering, columns_of, rank_name
from keepwell.engine.metrics.plan import DatasetPlan, Request
from keepwell.engine.metrics.visible import ENTITY

BY = "kw_by"
STRETCH = "kw_stretch"
ARRIVAL = "kw_arrival"
CELL = "kw_cell"
"""Both in one: stretch * number of arrivals + arrival."""


def partial_name(index: int) -> str:
    return f"p{index}"


def value_name(index: int) -> str:
    """Beside a rank: the value of the row that has it."""
    return f"v{index}"


def age_name(index: int) -> str:
    """Beside a rank: the age of the row that has it."""
    return f"a{index}"


@dataclass(frozen=True)
class CellLowering:
    """Turns reductions of one dataset's plan into table expressions over `reader`."""

    reader: FactReader
    stretches: Stretches

    def table(self, plan: DatasetPlan, reduction: Reduction) -> ir.Table:
        """A row for each entity (and value of `kw_by`) and cell that has rows; listed, for each entity and value.

        Columns: `kw_entity`, `kw_by` where there is one, `kw_stretch`, `kw_arrival`, and one for each partial. Where
        rows are listed, the two are one number in `kw_cell`, which is a list, and so are the partials, with 0 for rows
        that do not enter; partials that count all rows are left out.
        """
        facts, keys = self._facts(plan), [ENTITY]
        if reduction.by is not None:
            facts, keys = facts.mutate(**{BY: self._value(facts, reduction.by)}), [BY, ENTITY]
        if reduction.listed:
            return facts.group_by(keys).aggregate(**self._lists(facts, reduction))
        facts = facts.mutate(
            **{STRETCH: self.stretches.stretch(facts), ARRIVAL: self.stretches.arrival(facts)},
        )
        if reduction.days:
            return self._days(facts, reduction, keys)
        facts, partials = self._partials(facts, reduction)
        return facts.group_by([*keys, STRETCH, ARRIVAL]).aggregate(**partials)

    def _facts(self, plan: DatasetPlan) -> ir.Table:
        """All rows that any moment sees, once."""
        return self.reader.facts(
            plan.dataset, plan.entity_kind, self._grid, columns=columns_of(plan), horizon=self.stretches.days
        )

    def _lists(self, facts: ir.Table, reduction: Reduction) -> dict[str, ir.Value]:
        cell = (
            facts[AGE] * len(self.stretches.arrivals) + self.stretches.arrival(facts)
            if self.stretches.waits
            else facts[AGE]
        )
        lists = {CELL: cell.cast("int32" if self.stretches.waits else "int16").collect()}
        for index, partial in enumerate(reduction.partials):
            condition, argument, _ = self._parts(facts, partial)
            if partial.kind == "sum":
                assert argument is not None
                number = argument if argument.type().is_integer() else argument.cast("float64")
                lists[partial_name(index)] = _or_zero(number, condition).collect()
            elif (entered := enters(argument, condition)) is not None:
                lists[partial_name(index)] = entered.fill_null(False).cast("int8").collect()
        return lists

    def _days(self, facts: ir.Table, reduction: Reduction, keys: list[str]) -> ir.Table:
        """Days with rows that enter, each in the cell of the row that was known first."""
        (partial,) = reduction.partials
        condition, _, _ = self._parts(facts, partial)
        rows = facts if condition is None else facts.filter(condition)
        days = rows.group_by([*keys, STRETCH, AGE]).aggregate(**{ARRIVAL: rows[ARRIVAL].min()})
        return days.group_by([*keys, STRETCH, ARRIVAL]).aggregate(**{partial_name(0): days.count()})

    def _partials(self, facts: ir.Table, reduction: Reduction) -> tuple[ir.Table, dict[str, ir.Value]]:
        """The columns of a grouping, and the rows with the ranks that some of them need."""
        lowering = self._lowering
        for partial in reduction.partials:
            if partial.kind == "rank":
                facts = lowering.ranked(facts, _request(partial))
        found: dict[str, ir.Value] = {}
        for index, partial in enumerate(reduction.partials):
            found |= self._partial(facts, partial, index)
        return facts, found

    def _partial(self, facts: ir.Table, partial: CellPartial, index: int) -> dict[str, ir.Value]:
        condition, argument, fault = self._parts(facts, partial)
        entered = enters(argument, condition)
        if partial.kind == "faults":
            return {partial_name(index): facts.count(where=fault if fault is not None else ibis.literal(False))}
        if partial.kind == "rank":
            assert argument is not None
            rank = facts[rank_name(_request(partial))]
            return {
                partial_name(index): rank.min(where=entered),
                value_name(index): argument.argmin(rank, where=entered),
                age_name(index): facts[AGE].argmin(rank, where=entered),
            }
        if partial.kind in ("rows", "age"):
            value = facts.count(where=entered) if partial.kind == "rows" else facts[AGE].min(where=entered)
            return {partial_name(index): value}
        assert argument is not None
        if partial.kind == "sum":
            number = argument if argument.type().is_integer() else argument.cast("float64")
            return {partial_name(index): number.sum(where=condition)}
        extreme = smallest if partial.kind == "least" else largest
        return {partial_name(index): extreme(argument, self.reader.dialect, condition)}

    def _parts(
        self, facts: ir.Table, partial: CellPartial
    ) -> tuple[ir.BooleanValue | None, ir.Value | None, ir.BooleanValue | None]:
        return self._lowering.parts(facts, _request(partial))

    def _value(self, facts: ir.Table, by: Expression) -> ir.Value:
        """The value that rows are grouped by; NaN is null."""
        _, value, _ = self._lowering.parts(facts, Request("", Aggregate("count", by), None, None))
        assert value is not None
        return value

    @property
    def _lowering(self) -> Lowering:
        return Lowering(self.reader, self._grid)

    @property
    def _grid(self) -> Grid:
        return Grid((self.stretches.last,))


def _request(partial: CellPartial) -> Request:
    """A partial as a request, which has a name of its own if it is a rank."""
    said = f"{partial.aggregate} where {partial.where}"
    return Request(blake2s(said.encode(), digest_size=8).hexdigest(), partial.aggregate, partial.where, None)


def _or_zero(number: ir.NumericValue, condition: ir.BooleanValue | None) -> ir.NumericValue:
    known = number.fill_null(0)
    return known if condition is None else ibis.ifelse(condition.fill_null(False), known, 0)
