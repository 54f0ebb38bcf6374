"""Moves between the values of a dimension, such as bands, from before a period to its end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import ibis
import ibis.expr.types as ir

from keepwell.definitions.expressions import Expression, segments_in
from keepwell.definitions.widget_parts import Dimension, ReportMeasure
from keepwell.definitions.widgets import SankeyWidget
from keepwell.engine.metrics.visible import TIME
from keepwell.engine.reporting.charts.columns import dimension_title, measure_title
from keepwell.engine.reporting.context import Context
from keepwell.engine.reporting.queries import Query, aggregated, dimension_value
from keepwell.engine.reporting.relations import Relations
from keepwell.engine.reporting.results import Result, ResultColumn
from keepwell.engine.reporting.spans import Span, span_of
from keepwell.engine.reporting.tables import ACCOUNT_ID
from keepwell.engine.rules.columns import TOLERANCE
from keepwell.engine.rules.matching import types_of
from keepwell.errors import RequestRefused

HERE = "kw_here"


@dataclass(frozen=True)
class Moves:
    """How much flows from each value at one date to each value at another: `source`, `target`, `value`.

    The value of an account at a date is that of its latest row of the 7 days up to it; without such a row it is null,
    as for accounts that were not scored yet, or not any more. The measure is over those accounts as they are at the
    date of the report.
    """

    dataset: str
    first: date
    last: date
    of: Dimension
    where: Expression | None
    measure: ReportMeasure

    def ends(self, relations: Relations) -> ir.Table:
        """`kw_here`, an account, with its `source` and `target`."""
        both = self._at(relations, self.first, "source").union(self._at(relations, self.last, "target"))
        return both.group_by(HERE).aggregate(source=both["source"].max(), target=both["target"].max())

    def lowered(self, relations: Relations) -> ir.Table:
        whole = self.ends(relations)
        own = (self.measure.where, self.measure.aggregate.argument if self.measure.aggregate is not None else None)
        segments = [name for one in own if one is not None for name in segments_in(one)]
        accounts = relations.accounts(relations.asked.as_of, segments=segments, ended=True)
        rows = accounts.of(whole.left_join(accounts.table, [(HERE, ACCOUNT_ID)]))
        condition = rows.condition(self.measure.where) if self.measure.where is not None else None
        assert self.measure.aggregate is not None
        argument = rows.value(self.measure.aggregate.argument) if self.measure.aggregate.argument is not None else None
        value = aggregated(rows, self.measure.aggregate, argument, condition)
        grouped = rows.table.group_by(["source", "target"]).aggregate(value=value)
        return grouped.order_by(*(ibis.asc(grouped[name], nulls_first=False) for name in ("source", "target")))

    def _at(self, relations: Relations, day: date, end: str) -> ir.Table:
        """`kw_here`, and its value at a date as one end of a move, null as the other."""
        read = [one for one in (self.of.of, self.where) if one is not None]
        rows = relations.rows(self.dataset, Span(day - timedelta(days=TOLERANCE - 1), day), read).where(self.where)
        table = rows.table
        latest = ibis.struct({"time": table[TIME], "value": dimension_value(rows, self.of, self.dataset)}).max()[
            "value"
        ]
        found = table.group_by(**{HERE: table[ACCOUNT_ID]}).aggregate(**{end: latest})
        other = "target" if end == "source" else "source"
        return found.mutate(**{other: ibis.null(found[end].type())}).select(HERE, "source", "target")


def queries(widget: SankeyWidget, context: Context) -> list[Query]:  # noqa: ARG001 - its own kind of question
    return []


def moves(widget: SankeyWidget, context: Context) -> tuple[Moves, Span]:
    """What a widget asks, and the days it is of. Raises RequestRefused."""
    span = span_of(context.period_of(widget), context.relations.asked.as_of)
    if span.first is None:
        raise RequestRefused("moves are from before a period to its end, and before 'all' is nothing; choose a period")
    if widget.measure.aggregate is None:
        raise RequestRefused("what flows is an aggregate over accounts, such as sum(arr), and not a formula")
    before = span.first - timedelta(days=1)
    return Moves(widget.dataset, before, span.last, widget.of, widget.where, widget.measure), span


def answer(widget: SankeyWidget, context: Context) -> Result:
    """A row for each pair of values that somebody moved between, or stayed in: `source`, `target`, `value`."""
    asked, span = moves(widget, context)
    rows = context.ask(asked)
    kind, title = types_of(rows)["source"], dimension_title(widget.of)
    columns = (
        ResultColumn("source", f"{title} on {asked.first}", "dimension", kind),
        ResultColumn("target", f"{title} on {asked.last}", "dimension", kind),
        ResultColumn("value", measure_title("value", widget.measure), "measure", unit=widget.measure.unit),
    )
    return Result("sankey", columns, rows, span, found=rows.num_rows)
