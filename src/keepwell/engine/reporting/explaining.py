"""A widget with the statements that answered it: what is shown is what ran, the reader's sight included."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from keepwell.definitions.dashboards import Dashboard
from keepwell.definitions.project import Project
from keepwell.engine.reporting.asking import Asked
from keepwell.engine.reporting.reporter import answered, context_of, narrowed
from keepwell.engine.reporting.results import Result
from keepwell.engine.reporting.tables import Tables


@dataclass(frozen=True)
class Explained:
    """`statements`: SQL in the dialect of the tables, in the order in which they ran; the last of one that was refused
    may be among them. None where what is asked was refused before anything ran."""

    result: Result
    statements: tuple[str, ...]


def explain_widget(project: Project, tables: Tables, dashboard: Dashboard, widget: str, asked: Asked) -> Explained:
    """The result of one widget of a dashboard, with what was executed for it."""
    ran: list[str] = []
    context = context_of(project, tables, [dashboard.widgets[widget]], narrowed(dashboard, asked), dashboard.period)
    told = replace(context, run=_noting(tables, ran.append))
    return Explained(answered(dashboard.widgets[widget], told), tuple(ran))


def _noting(tables: Tables, note: Callable[[str], None]) -> Callable[[ir.Table], pa.Table]:
    def run(expression: ir.Table) -> pa.Table:
        note(statement(expression, tables.dialect))
        return tables.run(expression)

    return run


def statement(expression: ir.Table, dialect: str) -> str:
    """A query as SQL on several lines."""
    return str(ibis.to_sql(expression, dialect=dialect)).strip()
