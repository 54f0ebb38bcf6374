"""What widgets name: of accounts, so that it is read once for all of them, and what is not there any more."""

from __future__ import annotations

from collections.abc import Iterable

from keepwell.definitions.catalogue import holds_accounts
from keepwell.definitions.dashboard_binding import Scopes, widget_problems
from keepwell.definitions.expressions import Expression, NameScope, ValueType, names_in, segments_in
from keepwell.definitions.project import Project
from keepwell.definitions.widget_reading import names_of_accounts, readings
from keepwell.definitions.widgets import WidgetBase
from keepwell.engine.metrics.compiling.operands import type_of
from keepwell.engine.reporting.relations import Relations
from keepwell.engine.reporting.tables import ACCOUNT_ID
from keepwell.errors import RequestRefused


def account_names(project: Project, widgets: Iterable[WidgetBase], conditions: Iterable[Expression]) -> frozenset[str]:
    """All that widgets and conditions read of accounts, also by way of segments."""
    names: set[str] = set()
    waiting = list(conditions)
    found = project.with_role("accounts")
    names |= {found[1].name} if found is not None and found[1].name else set()  # rows behind a value say whose they are
    for widget in widgets:
        names |= {one.dotted for one in names_of_accounts(project, widget)}
        waiting += [
            project.segments[segment]
            for reading in readings(widget)
            for one in reading.expressions
            for segment in segments_in(one)
            if segment in project.segments
        ]
    seen: set[str] = set()
    while waiting:
        one = waiting.pop()
        names |= {name.dotted for name in names_in(one)}
        for segment in set(segments_in(one)) - seen:
            seen.add(segment)
            waiting += [project.segments[segment]] if segment in project.segments else []
    return frozenset(names - {ACCOUNT_ID})


def refuse_unknown(widget: WidgetBase, relations: Relations) -> None:
    """Raises RequestRefused with all that a widget names and the tables do not have, or have of another type."""
    project, dataset = relations.project, widget.dataset
    schemas = {}
    if not holds_accounts(project, dataset):
        if dataset not in relations.reader.project.datasets:
            raise RequestRefused(f"there is no dataset '{dataset}' any more; choose another for this widget")
        rows = relations.reader.table(dataset)
        schemas[dataset] = {name: type_of(rows[name].type()) for name in rows.columns}
    scopes = Scopes(project, NameScope("an expression over accounts", _known(relations), project.segments), schemas)
    problems = [str(problem) for _, found in widget_problems(scopes, widget) for problem in found]
    if problems:
        raise RequestRefused(*dict.fromkeys(problems))


def _known(relations: Relations) -> dict[str, ValueType]:
    """The names of accounts with their types, as the tables have them at the date."""
    accounts = relations.all_accounts(relations.asked.as_of) if relations.account_names else None
    if accounts is None:
        return {}
    columns = [name for name in accounts.columns if not name.startswith("kw_")]
    return {name: type_of(accounts[name].type()) for name in columns}
