"""Who is still there, of those who began together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

import ibis.expr.types as ir
import pyarrow as pa

from keepwell.definitions.expressions import Expression, ValueType, segments_in
from keepwell.definitions.widgets import CohortWidget
from keepwell.engine.metrics.visible import DAY
from keepwell.engine.reporting.context import Context
from keepwell.engine.reporting.grains import truncated
from keepwell.engine.reporting.queries import Query
from keepwell.engine.reporting.relations import Relations
from keepwell.engine.reporting.results import Result, ResultColumn
from keepwell.engine.reporting.spans import Span, following, span_of
from keepwell.engine.reporting.tables import ACCOUNT_ID
from keepwell.errors import RequestRefused

Grain = Literal["week", "month", "quarter"]
COHORT, _SAME = "cohort", "kw_same"
_MONTHS = {"month": 1, "quarter": 3}


@dataclass(frozen=True)
class Cohorts:
    """Accounts by the first day of the week, month or quarter in which they began, of those that began in a span.

    Accounts that ended are of their cohort all the same; those without a beginning are of none.
    """

    start: Expression
    grain: Grain
    span: Span

    def lowered(self, relations: Relations) -> ir.Table:
        members = self.members(relations)
        return members.group_by(COHORT).aggregate(size=members.count()).order_by(COHORT)

    def members(self, relations: Relations) -> ir.Table:
        """`account_id` and `cohort`."""
        accounts = relations.accounts(relations.asked.as_of, segments=segments_in(self.start), ended=True)
        day = accounts.value(self.start).cast("date")
        inside = day <= self.span.last if self.span.first is None else day.between(self.span.first, self.span.last)
        return accounts.table.filter(inside).select(
            **{ACCOUNT_ID: accounts.table[ACCOUNT_ID], COHORT: truncated(day, self.grain)}
        )


@dataclass(frozen=True)
class Cells:
    """Of each cohort and period after it, how many accounts have a row in that period: `cohort`, `period`, `accounts`.

    Period 0 is that of the beginning itself.
    """

    cohorts: Cohorts
    dataset: str
    where: Expression | None
    periods: int

    def seen(self, relations: Relations) -> ir.Table:
        """`account_id`, `cohort` and `period`: who has a row in which period, each once."""
        read = [self.where] if self.where is not None else []
        last = relations.asked.as_of
        rows = relations.rows(self.dataset, Span(self.cohorts.span.first, last), read).where(self.where)
        if DAY not in rows.table.columns:
            raise RequestRefused(f"rows of '{self.dataset}' have no time, and cohorts are followed over time")
        seen = rows.table.select(
            **{_SAME: rows.table[ACCOUNT_ID], "seen": truncated(rows.table[DAY], self.cohorts.grain)}
        )
        seen = seen.distinct()
        members = self.cohorts.members(relations)
        joined = seen.inner_join(members, [(_SAME, ACCOUNT_ID)])
        joined = joined.mutate(period=_between(joined[COHORT], joined["seen"], self.cohorts.grain))
        return joined.filter(joined["period"].between(0, self.periods))

    def lowered(self, relations: Relations) -> ir.Table:
        inside = self.seen(relations)
        return inside.group_by([COHORT, "period"]).aggregate(accounts=inside.count()).order_by([COHORT, "period"])


def _between(first: ir.DateValue, later: ir.DateValue, grain: Grain) -> ir.IntegerValue:
    """How many periods lie between the first days of two."""
    if grain == "week":
        days: ir.IntegerValue = later.delta(first, unit="day")
        return (days / 7).cast("int64")
    months = (later.year() - first.year()) * 12 + later.month() - first.month()
    return (months / _MONTHS[grain]).cast("int64")


def cells_of(widget: CohortWidget, context: Context) -> Cells:
    """What a widget asks."""
    span = span_of(context.period_of(widget), context.relations.asked.as_of)
    return Cells(Cohorts(widget.start, widget.grain, span), widget.dataset, widget.where, widget.periods)


def queries(widget: CohortWidget, context: Context) -> list[Query]:  # noqa: ARG001 - its own kind of question
    return []


def answer(widget: CohortWidget, context: Context) -> Result:
    """A row for each cohort and period that has begun: `cohort`, `size`, `period`, `accounts`, `share` of the cohort,
    and `is_over`, whether the whole period lies before the end of the date."""
    if context.is_of_accounts(widget):
        raise RequestRefused("cohorts are followed by rows with a time; choose a dataset such as usage, not accounts")
    as_of = context.relations.asked.as_of
    asked = cells_of(widget, context)
    sizes, cells = context.ask(asked.cohorts).to_pylist(), context.ask(asked).to_pylist()
    found = {(cell[COHORT], cell["period"]): cell["accounts"] for cell in cells}
    rows = [row for one in sizes for row in _rows(one, found, widget, as_of)]
    columns = (
        ResultColumn(COHORT, "Cohort", "dimension", ValueType.DATE, grain=widget.grain),
        ResultColumn("size", "Began", "measure"),
        ResultColumn("period", f"{widget.grain.capitalize()}s later", "dimension"),
        ResultColumn("accounts", "Accounts", "measure"),
        ResultColumn("share", "Share", "measure", unit="%"),
        ResultColumn("is_over", "Is over", "dimension", ValueType.BOOLEAN),
    )
    return Result("cohort", columns, pa.Table.from_pylist(rows, schema=_SCHEMA), asked.cohorts.span, found=len(sizes))


_SCHEMA = pa.schema(
    [
        (COHORT, pa.date32()), ("size", pa.int64()), ("period", pa.int64()), ("accounts", pa.int64()),
        ("share", pa.float64()), ("is_over", pa.bool_()),
    ]
)  # fmt: skip


def _rows(
    cohort: dict[str, Any], found: dict[tuple[date, int], int], widget: CohortWidget, as_of: date
) -> Iterator[dict[str, Any]]:
    begins = cohort[COHORT]
    for period in range(widget.periods + 1):
        if begins > as_of:
            return
        ends = following(begins, widget.grain)
        accounts = found.get((cohort[COHORT], period), 0)
        yield {
            **cohort, "period": period, "accounts": accounts, "share": accounts / cohort["size"],
            "is_over": ends <= as_of + timedelta(days=1),
        }  # fmt: skip
        begins = ends
