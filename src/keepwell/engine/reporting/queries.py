"""Queries over the rows of a dataset: dimensions, measures, an order and a limit, as one Ibis expression."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from keepwell.definitions.expressions import Aggregate, Expression, names_in
from keepwell.definitions.metrics import ZERO_WHEN_EMPTY
from keepwell.definitions.widget_parts import Dimension, Order, ReportMeasure
from keepwell.engine.metrics.aggregates import aggregate_value, all_of
from keepwell.engine.metrics.compile import Scope, compile_expression
from keepwell.engine.metrics.visible import DAY, TIME
from keepwell.engine.reporting.days import COUNT, SUM, by_day, folded, is_by_day
from keepwell.engine.reporting.grains import truncated
from keepwell.engine.reporting.relations import Relations, Rows
from keepwell.engine.reporting.spans import Span
from keepwell.errors import RequestRefused

GROUPS = "kw_groups"
"""How many groups there are, where a limit leaves some out."""

TOTAL = "kw_total:"
MOST_GROUPS = 100_000
"""So many groups of a query without a limit are read; a chart of more is none."""

_RANKED = frozenset({"latest", "earliest"})


@dataclass(frozen=True)
class Query:
    """Groups of rows. `dimensions` and `measures` by key; `where`: of all measures. `limit` None: all groups.

    Equal queries have equal results, so that one execution serves them all.
    """

    dataset: str
    span: Span
    dimensions: tuple[tuple[str, Dimension], ...]
    measures: tuple[tuple[str, ReportMeasure], ...]
    where: Expression | None = None
    order: Order | None = None
    limit: int | None = None

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """All that it reads of the rows."""
        own = [one.of for _, one in self.dimensions if one.of is not None]
        for _, measure in self.measures:
            own += [measure.where] if measure.where is not None else []
            if measure.aggregate is not None and measure.aggregate.argument is not None:
                own.append(measure.aggregate.argument)
        return (*own, *((self.where,) if self.where is not None else ()))

    def lowered(self, relations: Relations) -> ir.Table:
        """Its groups; see `groups_of`."""
        return groups_of(self, relations)


def groups_of(query: Query, relations: Relations) -> ir.Table:
    """The groups of a query: a column for each dimension and measure by its key; sums over no rows are 0, like counts.

    Without dimensions one row. With a limit: the first in order, with `kw_groups`, and `kw_total:KEY` of measures that
    are put together from parts.
    """
    rows = relations.rows(query.dataset, query.span, query.expressions).where(query.where)
    keys = {key: dimension_value(rows, one, query.dataset) for key, one in query.dimensions}
    grouped = _grouped(rows, query, keys)
    whole = _with_formulas(grouped, query, rows.dialect)
    if query.limit is not None:
        whole = _with_totals(whole, query, rows.dialect)
    ordered = whole.order_by(*_order(query, whole)) if keys else whole
    limited = ordered.limit(query.limit or MOST_GROUPS + 1) if keys else ordered
    return limited.select(*[name for name in limited.columns if not name.startswith((SUM, COUNT))])


def _grouped(rows: Rows, query: Query, keys: Mapping[str, ir.Value]) -> ir.Table:
    dimensions, measures = dict(query.dimensions), dict(query.measures)
    in_days = is_by_day(rows.table, dimensions, measures)
    with_parts = in_days or query.limit is not None
    aggregates: dict[str, ir.Value] = {}
    for key, measure in measures.items():
        aggregates |= dict(_aggregated(rows, key, measure, with_parts=with_parts))
    if not keys:
        return rows.table.aggregate(**aggregates)
    if not in_days:
        return rows.table.group_by(**keys).aggregate(**aggregates)
    days = rows.table.group_by(**by_day(keys, dimensions, rows.table)).aggregate(**aggregates)
    return folded(days, dimensions, measures, with_parts=query.limit is not None)


def dimension_value(rows: Rows, dimension: Dimension, dataset: str) -> ir.Value:
    """What rows are told apart by: a value, or the first day of the period it lies in."""
    if dimension.of is not None:
        value = rows.value(dimension.of)
    elif DAY in rows.table.columns:
        value = rows.table[DAY]
    else:
        raise RequestRefused(f"rows of '{dataset}' have no time; say which time is meant with 'of'")
    return truncated(value, dimension.grain) if dimension.grain else value


def _aggregated(rows: Rows, key: str, measure: ReportMeasure, *, with_parts: bool) -> Iterator[tuple[str, ir.Value]]:
    """A measure over rows; of a mean its parts too, where a total is made from them."""
    if measure.aggregate is None:
        return
    condition = rows.condition(measure.where) if measure.where is not None else None
    argument = None if measure.aggregate.argument is None else rows.value(measure.aggregate.argument)
    yield key, aggregated(rows, measure.aggregate, argument, condition)
    if measure.aggregate.function == "avg" and with_parts:
        assert argument is not None
        yield SUM + key, argument.cast("float64").sum(where=condition)
        yield COUNT + key, argument.count(where=condition)


def aggregated(
    rows: Rows, aggregate: Aggregate, argument: ir.Value | None, condition: ir.BooleanValue | None
) -> ir.Value:
    """An aggregate over rows. Of `latest` ties break by the larger value."""
    if aggregate.function in _RANKED:
        assert argument is not None
        known = all_of(condition, argument.notnull(), rows.table[TIME].notnull())
        pair = ibis.struct({"time": rows.table[TIME], "value": argument})
        found = pair.max(where=known) if aggregate.function == "latest" else pair.min(where=known)
        return found["value"]
    value = aggregate_value(rows.table, aggregate, argument, condition, None, rows.dialect)
    return value.fill_null(0) if aggregate.function in ZERO_WHEN_EMPTY else value


def _with_formulas(grouped: ir.Table, query: Query, dialect: str) -> ir.Table:
    formulas = {key: one.formula for key, one in query.measures if one.formula is not None}
    if not formulas:
        return grouped
    columns = {key: grouped[key] for key, one in query.measures if one.aggregate is not None}
    return grouped.mutate(**_computed(formulas, columns, dialect))


def _computed(formulas: Mapping[str, Expression], columns: Mapping[str, ir.Value], dialect: str) -> dict[str, ir.Value]:
    return {
        key: compile_expression(formula, Scope(columns, dialect=dialect)).value for key, formula in formulas.items()
    }


def _with_totals(whole: ir.Table, query: Query, dialect: str) -> ir.Table:
    """How many groups there are, and totals over all of them, beside each group."""
    totals = {key: total for key, one in query.measures if (total := _total(whole, key, one)) is not None}
    formulas = {
        key: one.formula
        for key, one in query.measures
        if one.formula is not None and all(name.dotted in totals for name in names_in(one.formula))
    }
    totals |= _computed(formulas, totals, dialect)
    groups = whole.count().over(ibis.window())
    return whole.mutate(**{GROUPS: groups}, **{TOTAL + key: value for key, value in totals.items()})


def _total(whole: ir.Table, key: str, measure: ReportMeasure) -> ir.Value | None:
    """The measure over all groups; None where parts do not make a whole."""
    function = measure.aggregate.function if measure.aggregate is not None else ""
    window = ibis.window()
    if function in ("count", "sum"):
        return whole[key].sum().over(window)
    if function in ("min", "max"):
        return getattr(whole[key], function)().over(window)
    if function == "avg":
        return whole[SUM + key].sum().over(window) / whole[COUNT + key].sum().over(window)
    return None


def _order(query: Query, table: ir.Table) -> list[ir.Value]:
    """As asked; else times by themselves, others by the first measure, the largest first. Then by all dimensions."""
    keys = [key for key, _ in query.dimensions]
    order = query.order
    if order is None and not query.dimensions[0][1].grain and query.measures:
        order = Order(query.measures[0][0], descending=True)
    return ordered(table, order, keys)


def ordered(table: ir.Table, order: Order | None, keys: Iterable[str]) -> list[ir.Value]:
    """What to order a table by: as asked, then by all keys, so that equal rows come alike each time."""
    first = [] if order is None else [_directed(table[order.by], descending=order.descending)]
    rest = (key for key in keys if order is None or key != order.by)
    return [*first, *(_directed(table[key], descending=False) for key in rest)]


def _directed(column: ir.Value, *, descending: bool) -> ir.Value:
    """Null comes last either way."""
    return ibis.desc(column, nulls_first=False) if descending else ibis.asc(column, nulls_first=False)
