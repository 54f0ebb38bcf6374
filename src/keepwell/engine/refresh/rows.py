"""Rows as a state takes them in: whose, of which day, the values of the groups' columns, and what each adds."""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from keepwell.engine.metrics.aggregates import enters
from keepwell.engine.metrics.facts import FactReader
from keepwell.engine.metrics.grid import Grid
from keepwell.engine.metrics.lowering import Lowering
from keepwell.engine.metrics.plan import Request
from keepwell.engine.metrics.visible import DAY, ENTITY
from keepwell.engine.moments import Moment
from keepwell.engine.refresh.plan import AdvancePlan, DayPartial, all_partials

COUNT = "kw_rows"
"""How many rows a row stands for, where they were added up; where the plan has a weight, how many events."""


def value_name(column: str) -> str:
    """The name that the values of a group's column have in a table of rows."""
    return f"of:{column}"


def partial_name(partials: Sequence[DayPartial], partial: DayPartial) -> str:
    """The name that what rows add to a partial has in a table of rows."""
    return f"p{partials.index(partial)}"


def each_row(reader: FactReader, facts: ir.Table, plan: AdvancePlan, moment: Moment) -> ir.Table:
    """`kw_entity`, `kw_day`, `of:<column>` of each group's column, what the row adds to partials: p0, p1, ..., and of a
    plan with a weight `kw_rows`."""
    lowering = Lowering(reader, Grid((moment,)))
    columns: dict[str, ir.Value] = {ENTITY: facts[ENTITY], DAY: facts[DAY]}
    columns |= {value_name(group.column): facts[group.column] for group in plan.groups if group.column}
    columns |= {COUNT: _weight(facts, plan.weight)} if plan.weight else {}
    for index, partial in enumerate(all_partials(plan.groups)):
        columns[f"p{index}"] = _adds(lowering, facts, partial)
    return facts.select(**columns)


def by_day(reader: FactReader, facts: ir.Table, plan: AdvancePlan, moment: Moment) -> ir.Table:
    """The same added up by entity, day and values, always with `kw_rows`."""
    rows = each_row(reader, facts, plan, moment)
    partials = [name for name in rows.columns if name.startswith("p")]
    keys = [name for name in rows.columns if name not in (*partials, COUNT)]
    count = rows[COUNT].sum() if plan.weight else rows.count()
    return rows.group_by(keys).aggregate(**{COUNT: count}, **{name: rows[name].sum() for name in partials})


def stood_for(facts: ir.Table, weight: str | None) -> ir.Value:
    """How many rows, or by a weight how many events, there are in all."""
    return facts.count() if weight is None else _weight(facts, weight).sum().fill_null(0)


def _weight(facts: ir.Table, weight: str) -> ir.Value:
    return facts[weight].cast("int64").fill_null(0)


def _adds(lowering: Lowering, facts: ir.Table, partial: DayPartial) -> ir.Value:
    """1 for a row that a count counts, its number for a sum, 0 for a row that does not enter."""
    condition, argument, _ = lowering.parts(facts, Request("", partial.aggregate, partial.where, None))
    entering = enters(argument, condition)
    amount = ibis.literal(1) if partial.aggregate.function == "count" or argument is None else argument
    whole = amount.cast("int64")
    return whole if entering is None else ibis.ifelse(entering, whole, ibis.literal(0, type="int64"))
