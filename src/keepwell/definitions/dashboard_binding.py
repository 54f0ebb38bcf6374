"""Checks names and types in the expressions of dashboards against the columns that there are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from keepwell.definitions.catalogue import holds_accounts, known_table
from keepwell.definitions.expressions import (
    NameScope,
    Problem,
    ValueType,
    check,
    check_aggregate,
    check_condition,
    names_in,
)
from keepwell.definitions.expressions.problems import nearest
from keepwell.definitions.issues import Path
from keepwell.definitions.project import Project
from keepwell.definitions.widget_reading import Reading, account_expressions, measures, readings
from keepwell.definitions.widgets import DistributionWidget, WidgetBase

Schemas = Mapping[str, Mapping[str, ValueType]]
Report = Callable[[Path, Iterable[Problem]], None]

ID = "account_id"
"""What every row of a report calls its account, whatever the data does."""

_NUMERIC = (ValueType.NUMBER, ValueType.UNKNOWN, ValueType.NULL)


@dataclass(frozen=True)
class Scopes:
    """What may be named where, in one project. `accounts`: in expressions over accounts."""

    project: Project
    accounts: NameScope
    schemas: Schemas

    def rows(self, dataset: str) -> NameScope:
        """Of a dataset: its columns, and what is known of their account after `account.`."""
        place = f"a row expression of dataset '{dataset}'"
        of_account = {f"account.{name}": kind for name, kind in self.accounts.names.items()}
        if holds_accounts(self.project, dataset):
            names = {ID: ValueType.TEXT, **self.accounts.names, **of_account}
            return NameScope(place, names, self.accounts.segments, self.accounts.complete)
        known = known_table(self.project, dataset)
        columns = known.columns if known and dataset not in self.schemas else self.schemas.get(dataset)
        complete = columns is not None and (known is None or known.complete or dataset in self.schemas)
        names = {ID: ValueType.TEXT, **of_account, **(columns or {})}
        return NameScope(place, names, self.accounts.segments, complete and self.accounts.complete)


def check_dashboard_expressions(scopes: Scopes, report: Report) -> None:
    """Reports every name that is not there and every type that does not fit, of all dashboards."""
    for name, dashboard in scopes.project.dashboards.items():
        path: Path = ("dashboards", name)
        for below, expression, is_condition in account_expressions(dashboard):
            scope = replace(scopes.accounts, place=f"a filter of dashboard '{name}'")
            problems = check_condition(expression, scope) if is_condition else check(expression, scope)[1]
            report((*path, *below), problems)
        for widget_name, widget in dashboard.widgets.items():
            for below, problems in widget_problems(scopes, widget):
                report((*path, "widgets", widget_name, *below), problems)


def widget_problems(scopes: Scopes, widget: WidgetBase) -> Iterable[tuple[Path, list[Problem]]]:
    """The problems of one widget's expressions, by where they stand in it."""
    row_scope = scopes.rows(widget.dataset)
    types = {
        str(below[-1]): check_aggregate(one.aggregate, row_scope)[0]
        for below, one in measures(widget).items()
        if one.aggregate is not None
    }
    over = {
        "rows": row_scope,
        "accounts": replace(
            scopes.accounts,
            place="an expression over accounts",
            names={ID: ValueType.TEXT, **scopes.accounts.names},
        ),
        "measures": NameScope("a formula of measures", types),
    }
    for reading in readings(widget):
        unknown = _not_in_known(scopes, widget, reading) if not row_scope.complete else []
        if problems := [*_problems(reading, over[reading.over], widget), *unknown]:
            yield reading.path, problems


def _not_in_known(scopes: Scopes, widget: WidgetBase, reading: Reading) -> list[Problem]:
    """Names without a dot that a known table does not have, also where columns of accounts are not known yet."""
    known = known_table(scopes.project, widget.dataset)
    if known is None or not known.complete or reading.over != "rows":
        return []
    columns = {ID, *known.columns}
    return [
        Problem(f"unknown name `{name}` in '{widget.dataset}'", name.offset, nearest(name.dotted, columns))
        for one in reading.expressions
        for name in names_in(one)
        if len(name.parts) == 1 and name.dotted not in columns
    ]


def _problems(reading: Reading, scope: NameScope, widget: WidgetBase) -> list[Problem]:
    if reading.aggregate is not None:
        return check_aggregate(reading.aggregate, scope)[1]
    assert reading.expression is not None
    if reading.is_condition:
        return check_condition(reading.expression, scope)
    found, problems = check(reading.expression, scope)
    if problems:
        return problems
    needs_time = reading.grain or reading.path == ("start",)
    if needs_time and not (found.is_temporal or found.is_open):
        return [Problem(f"a grain is of dates and times, and `{reading.expression}` is {found}")]
    is_number = reading.over == "measures" or (isinstance(widget, DistributionWidget) and reading.path == ("of",))
    if is_number and found not in _NUMERIC:
        return [Problem(f"`{reading.expression}` is {found}, and this shows numbers")]
    return []
