"""The accounts behind charts that follow them: those that moved from one value to another, those of a cohort."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import ibis
import ibis.expr.types as ir

from keepwell.definitions.expressions import Expression, Name, names_in, segments_in
from keepwell.definitions.names import unknown
from keepwell.definitions.widget_parts import Dimension
from keepwell.definitions.widgets import CohortWidget, FunnelWidget, SankeyWidget
from keepwell.engine.reporting.charts.cohort import COHORT, Cells, cells_of
from keepwell.engine.reporting.charts.columns import columns_of, dimension_title
from keepwell.engine.reporting.charts.funnel import WHO, Steps, steps_of
from keepwell.engine.reporting.charts.sankey import HERE, Moves, moves
from keepwell.engine.reporting.context import Context
from keepwell.engine.reporting.queries import GROUPS
from keepwell.engine.reporting.relations import Relations
from keepwell.engine.reporting.results import Result
from keepwell.engine.reporting.tables import ACCOUNT_ID
from keepwell.errors import RequestRefused

Value = str | float | bool | date | None
_KEYS = {"sankey": ("source", "target"), "cohort": (COHORT, "period"), "funnel": ("step",)}
FollowedWidget = SankeyWidget | CohortWidget | FunnelWidget


@dataclass(frozen=True)
class Followed:
    """Accounts for which a chart of moves or cohorts has the values of `point`: `account_id`, the `columns` by key as
    they are at the date of the report, and how many there are. `where`: over the accounts."""

    asked: Moves | Cells | Steps
    point: tuple[tuple[str, Value], ...]
    where: Expression | None
    columns: tuple[tuple[str, Expression], ...]
    limit: int

    def lowered(self, relations: Relations) -> ir.Table:
        found = self._chosen(relations)
        if isinstance(self.asked, Steps) and self.asked.of is not None:  # who goes through them is no account
            return self._listed(found.select(c0=WHO))
        read = [*(one for _, one in self.columns), *([self.where] if self.where is not None else [])]
        segments = [name for one in read for name in segments_in(one)]
        accounts = relations.accounts(relations.asked.as_of, segments=segments, ended=True)
        key = found.columns[0]
        joined = accounts.of(found.left_join(accounts.table, [(key, ACCOUNT_ID)])).where(self.where)
        own = {name: found[name] for name in found.columns[1:] if name in ("source", "target")}
        chosen = {name: joined.value(one) for name, one in self.columns}
        table = joined.table.select(**{"c0": joined.table[key]}, **{name: joined.table[name] for name in own}, **chosen)
        return self._listed(table)

    def _listed(self, table: ir.Table) -> ir.Table:
        table = table.mutate(**{GROUPS: table.count().over(ibis.window())})
        return table.order_by("c0").limit(self.limit)

    def _chosen(self, relations: Relations) -> ir.Table:
        """The accounts, by their first column."""
        if isinstance(self.asked, Steps):
            return self.asked.reached(relations)[-1].select(WHO)
        values = dict(self.point)
        if isinstance(self.asked, Moves):
            ends = self.asked.ends(relations).select(HERE, "source", "target")
            return _where(ends, values)
        if "period" not in values:
            members = self.asked.cohorts.members(relations)
            return _where(members, values).select(kw_here=ACCOUNT_ID)
        seen = self.asked.seen(relations)
        found = _where(seen.select(kw_here=seen["kw_same"], cohort=seen[COHORT], period=seen["period"]), values)
        return found.select("kw_here").distinct()


def _where(table: ir.Table, values: Mapping[str, Value]) -> ir.Table:
    tests = [table[key].isnull() if value is None else table[key] == _of_column(value) for key, value in values.items()]
    return table.filter(*tests) if tests else table


def _of_column(value: Value) -> Any:
    return ibis.literal(value, type="date") if isinstance(value, date) else value


def accounts_behind(widget: FollowedWidget, context: Context, point: Mapping[str, Any], *, most: int) -> Result:
    """A row an account: who it is, between what it moved, and what the widget reads of it. Raises RequestRefused."""
    keys = _KEYS[widget.chart]
    for key in point:
        if key not in keys:
            raise RequestRefused(unknown("dimension", key, keys))
    asked: Moves | Cells | Steps
    if isinstance(widget, SankeyWidget):
        asked, span = moves(widget, context)
    elif isinstance(widget, FunnelWidget):
        asked = steps_of(widget, context, str(point["step"]))
        span = asked.span
    else:
        asked = cells_of(widget, context)
        span = asked.cohorts.span
    columns = tuple((f"c{at}", one) for at, one in enumerate(_read(context, widget), start=1))
    who = (widget.of if isinstance(widget, FunnelWidget) else None) or Name((ACCOUNT_ID,))
    question = Followed(asked, tuple(point.items()), _where_of(widget), columns, most)
    rows = context.ask(question)
    found = int(rows[GROUPS][0].as_py()) if rows.num_rows else 0
    shown = rows.drop_columns([GROUPS])
    named = {"c0": Dimension(of=who), **{key: Dimension(of=one) for key, one in columns}}
    named |= _ends(widget, asked) if isinstance(asked, Moves) else {}
    heads = columns_of(shown, [(key, named[key]) for key in shown.column_names], ())
    return Result("table", heads, shown, span, truncated=found > shown.num_rows, found=found)


def _where_of(widget: FollowedWidget) -> Expression | None:
    return widget.measure.where if isinstance(widget, SankeyWidget) else None


def _ends(widget: FollowedWidget, asked: Moves) -> dict[str, Dimension]:
    assert isinstance(widget, SankeyWidget)
    title = dimension_title(widget.of)
    return {
        "source": widget.of.model_copy(update={"title": f"{title} on {asked.first}"}),
        "target": widget.of.model_copy(update={"title": f"{title} on {asked.last}"}),
    }


def _read(context: Context, widget: FollowedWidget) -> Iterator[Expression]:
    """The name of an account, and what the widget reads of accounts, each once."""
    found = context.relations.project.with_role("accounts")
    own: list[Expression] = [Name((found[1].name,))] if found is not None and found[1].name else []
    if isinstance(widget, SankeyWidget) and widget.measure.aggregate is not None:
        argument = widget.measure.aggregate.argument
        own += [*names_in(argument)] if argument is not None else []
    if isinstance(widget, CohortWidget):
        own.append(widget.start)
    yield from dict.fromkeys(own)
