"""How a number is spread: bins between round numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa

from keepwell.definitions.expressions import Expression
from keepwell.definitions.metrics import ZERO_WHEN_EMPTY
from keepwell.definitions.widget_parts import ReportMeasure
from keepwell.definitions.widgets import DistributionWidget
from keepwell.engine.reporting.charts.columns import measure_title
from keepwell.engine.reporting.context import Context
from keepwell.engine.reporting.queries import Query, aggregated
from keepwell.engine.reporting.relations import Relations
from keepwell.engine.reporting.results import Result, ResultColumn
from keepwell.engine.reporting.spans import Span
from keepwell.errors import RequestRefused

MOST_BINS = 500


@dataclass(frozen=True)
class Extent:
    """The smallest and largest number, how many there are, and how many rows have none."""

    dataset: str
    span: Span
    of: Expression
    where: Expression | None

    def lowered(self, relations: Relations) -> ir.Table:
        rows = relations.rows(self.dataset, self.span, _read(self.of, self.where)).where(self.where)
        value = rows.value(self.of).cast("float64")
        return rows.table.aggregate(low=value.min(), high=value.max(), known=value.count(), rows=rows.table.count())


@dataclass(frozen=True)
class Bins:
    """The measure of each bin [k width, (k + 1) width) that has rows, by k."""

    dataset: str
    span: Span
    of: Expression
    where: Expression | None
    width: float
    measure: ReportMeasure

    def lowered(self, relations: Relations) -> ir.Table:
        own = (self.measure.where, self.measure.aggregate.argument if self.measure.aggregate is not None else None)
        rows = relations.rows(self.dataset, self.span, _read(self.of, self.where, *own)).where(self.where)
        value = rows.value(self.of).cast("float64")
        condition = rows.condition(self.measure.where) if self.measure.where is not None else None
        assert self.measure.aggregate is not None
        argument = rows.value(self.measure.aggregate.argument) if self.measure.aggregate.argument is not None else None
        number = aggregated(rows, self.measure.aggregate, argument, condition)
        bins = (value / self.width).floor().cast("int64")
        grouped = rows.table.group_by(bin=bins).aggregate(value=number)
        return grouped.filter(grouped["bin"].notnull()).order_by("bin")


def _read(*expressions: Expression | None) -> list[Expression]:
    return [one for one in expressions if one is not None]


def queries(widget: DistributionWidget, context: Context) -> list[Query]:  # noqa: ARG001 - its own kind of question
    return []


def answer(widget: DistributionWidget, context: Context) -> Result:
    """A row for each bin: `from`, `to` (not included) and the measure; empty ones between others are there too."""
    if widget.measure.formula is not None:
        raise RequestRefused("a distribution counts with an aggregate; a formula of measures has none to name here")
    span = context.span(widget)
    (extent,) = context.ask(Extent(widget.dataset, span, widget.of, widget.where)).to_pylist()
    columns = (
        ResultColumn("from", str(widget.of), "dimension"),
        ResultColumn("to", "up to", "dimension"),
        ResultColumn("value", measure_title("value", widget.measure), "measure", unit=widget.measure.unit),
    )
    if extent["low"] is None:
        return Result("distribution", columns, _rows([], 1.0), span, found=0)
    width = widget.width or round_width(extent["low"], extent["high"], widget.bins)
    if (extent["high"] - extent["low"]) / width > MOST_BINS:
        raise RequestRefused(f"bins of {width:g} would be more than {MOST_BINS}; make 'width' larger, or leave it out")
    bins = context.ask(Bins(widget.dataset, span, widget.of, widget.where, width, widget.measure))
    unknown = extent["rows"] - extent["known"]
    notes = (f"{unknown:,} of {extent['rows']:,} have no number here, and are in no bin",) if unknown else ()
    return Result("distribution", columns, _filled(bins, width, widget.measure), span, found=len(bins), notes=notes)


def round_width(low: float, high: float, bins: int) -> float:
    """The smallest of 1, 2, 2.5, 5 and 10 times a power of ten that needs at most `bins` bins between the ends."""
    if high <= low:
        return 1.0
    least = (high - low) / bins
    power = 10.0 ** math.floor(math.log10(least))
    return next(power * step for step in (1.0, 2.0, 2.5, 5.0, 10.0) if power * step >= least * (1 - 1e-9))


def _filled(bins: pa.Table, width: float, measure: ReportMeasure) -> pa.Table:
    found = dict(zip(bins["bin"].to_pylist(), bins["value"].to_pylist(), strict=True))
    assert measure.aggregate is not None
    empty = 0 if measure.aggregate.function in ZERO_WHEN_EMPTY else None
    return _rows([(at, found.get(at, empty)) for at in range(min(found), max(found) + 1)] if found else [], width)


def _rows(bins: list[tuple[int, Any]], width: float) -> pa.Table:
    values = [None if number is None else float(number) for _, number in bins]
    return pa.table(
        {
            "from": pa.array([at * width for at, _ in bins], pa.float64()),
            "to": pa.array([(at + 1) * width for at, _ in bins], pa.float64()),
            "value": pa.array(values, pa.float64()),
        }
    )
