"""How many get how far."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from keepwell.definitions.expressions import Expression, ValueType
from keepwell.definitions.names import unknown
from keepwell.definitions.widgets import FunnelWidget
from keepwell.engine.metrics.visible import TIME
from keepwell.engine.reporting.charts.columns import spoken
from keepwell.engine.reporting.context import Context
from keepwell.engine.reporting.queries import Query
from keepwell.engine.reporting.relations import Relations, Rows
from keepwell.engine.reporting.results import Result, ResultColumn
from keepwell.engine.reporting.spans import Span
from keepwell.engine.reporting.tables import ACCOUNT_ID
from keepwell.errors import RequestRefused

WHO, _AT, _FIRST = "kw_who", "kw_at", "kw_first"


@dataclass(frozen=True)
class Steps:
    """How many reach each step: `step` (from 0) and `value`.

    Who reaches the first step does so by a row within the period where it is true. Who reaches a later one has reached
    the one before, and has a row where it is true at the time that they reached the one before or later: the first such
    row is when they reach it. With `within`, rows more than so many days after the first step do not count. Only the
    first time that somebody begins is looked at. Rows without a time have no order: who reaches a step then has a row
    for each step up to it.
    """

    dataset: str
    span: Span
    of: Expression | None
    steps: tuple[Expression, ...]
    where: Expression | None
    within: int | None

    def lowered(self, relations: Relations) -> ir.Table:
        counts = [
            one.aggregate(value=one.count()).mutate(step=ibis.literal(at, type="int64")).select("step", "value")
            for at, one in enumerate(self.reached(relations))
        ]
        return ibis.union(*counts).order_by("step") if len(counts) > 1 else counts[0]

    def reached(self, relations: Relations) -> list[ir.Table]:
        """Who reaches each step, each once, under `kw_who`."""
        read = [one for one in (*self.steps, self.of, self.where) if one is not None]
        rows = relations.rows(self.dataset, self.span, read).where(self.where)
        who = rows.value(self.of) if self.of is not None else rows.table[ACCOUNT_ID]
        rows = rows.of(rows.table.mutate(**{WHO: who}).filter(who.notnull()))
        reached = [self._first(rows, self.steps[0])]
        for step in self.steps[1:]:
            reached.append(self._next(rows, step, reached[-1]))
        return reached

    def _first(self, rows: Rows, step: Expression) -> ir.Table:
        here = rows.table.filter(rows.condition(step))
        if TIME not in here.columns:
            return here.select(WHO).distinct()
        return here.group_by(WHO).aggregate(**{_AT: here[TIME].min(), _FIRST: here[TIME].min()})

    def _next(self, rows: Rows, step: Expression, before: ir.Table) -> ir.Table:
        here = rows.table.filter(rows.condition(step))
        if TIME not in here.columns:
            return here.select(WHO).distinct().semi_join(before, WHO)
        joined = here.select(WHO, TIME).inner_join(before, WHO)
        tests = [joined[TIME] >= joined[_AT]]
        if self.within is not None:
            tests.append(joined[TIME] <= joined[_FIRST] + ibis.interval(days=self.within))
        kept = joined.filter(*tests)
        return kept.group_by(WHO).aggregate(**{_AT: kept[TIME].min(), _FIRST: kept[_FIRST].min()})


def queries(widget: FunnelWidget, context: Context) -> list[Query]:  # noqa: ARG001 - its own kind of question
    return []


def steps_of(widget: FunnelWidget, context: Context, last: str | None = None) -> Steps:
    """What a widget asks, up to the step of that name or title. Raises RequestRefused for a step it does not have."""
    names = list(widget.steps)
    found = [at for at, name in enumerate(names) if last in (None, name, spoken(name), widget.steps[name].title)]
    if not found:
        raise RequestRefused(unknown("step", str(last), names))
    end = found[-1] if last is None else found[0]
    steps = tuple(widget.steps[name].where for name in names[: end + 1])
    return Steps(widget.dataset, context.span(widget), widget.of, steps, widget.where, widget.within)


def answer(widget: FunnelWidget, context: Context) -> Result:
    """A row for each step: `step`, `value`, `of_first` and `of_previous` as shares, null where there was nobody."""
    values = context.ask(steps_of(widget, context))["value"].to_pylist()
    before = [None, *values[:-1]]
    rows = pa.table(
        {
            "step": [one.title or spoken(name) for name, one in widget.steps.items()],
            "value": pa.array(values, pa.int64()),
            "of_first": pa.array([_share(one, values[0]) for one in values], pa.float64()),
            "of_previous": pa.array([_share(*pair) for pair in zip(values, before, strict=True)], pa.float64()),
        }
    )
    who = "Accounts" if widget.of is None else str(widget.of)
    columns = (
        ResultColumn("step", "Step", "dimension", ValueType.TEXT),
        ResultColumn("value", who, "measure"),
        ResultColumn("of_first", "Of the first", "measure", unit="%"),
        ResultColumn("of_previous", "Of the one before", "measure", unit="%"),
    )
    return Result("funnel", columns, rows, context.span(widget), found=len(values))


def _share(number: int, of: int | None) -> float | None:
    return number / of if of else None
