"""What widgets read: each of their expressions, where it stands, and what it is over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from keepwell.definitions.catalogue import holds_accounts
from keepwell.definitions.dashboards import Dashboard
from keepwell.definitions.expressions import Aggregate, Expression, Name, names_in
from keepwell.definitions.issues import Path
from keepwell.definitions.project import Project
from keepwell.definitions.widget_parts import Dimension, ReportMeasure
from keepwell.definitions.widgets import (
    CohortWidget,
    DistributionWidget,
    FunnelWidget,
    SankeyWidget,
    WidgetBase,
)

Over = Literal["rows", "accounts", "measures"]
ACCOUNT = "account"
"""Before the dot of what is known of a row's account."""


@dataclass(frozen=True)
class Reading:
    """An expression of a widget. `over`: what its names are of. `is_condition`: it must be true or false."""

    path: Path
    over: Over
    expression: Expression | None = None
    aggregate: Aggregate | None = None
    is_condition: bool = False
    grain: bool = False

    @property
    def expressions(self) -> tuple[Expression, ...]:
        one = self.aggregate.argument if self.aggregate is not None else self.expression
        return () if one is None else (one,)


def readings(widget: WidgetBase) -> Iterator[Reading]:
    """All expressions of a widget; paths begin below it."""
    if widget.where is not None:
        yield Reading(("where",), "rows", widget.where, is_condition=True)
    for index, one in enumerate(widget.drill):
        yield Reading(("drill", index), "rows", one)
    for path, dimension in dimensions(widget).items():
        if dimension.of is not None:
            yield Reading((*path, "of"), "rows", dimension.of, grain=dimension.grain is not None)
    over: Over = "accounts" if isinstance(widget, SankeyWidget) else "rows"
    for path, measure in measures(widget).items():
        yield from _of_measure(path, measure, over)
    yield from _of_chart(widget)


def _of_measure(path: Path, measure: ReportMeasure, over: Over) -> Iterator[Reading]:
    if measure.aggregate is not None:
        yield Reading((*path, "aggregate"), over, aggregate=measure.aggregate)
    if measure.where is not None:
        yield Reading((*path, "where"), over, measure.where, is_condition=True)
    if measure.formula is not None:
        yield Reading((*path, "formula"), "measures", measure.formula)


def _of_chart(widget: WidgetBase) -> Iterator[Reading]:
    if isinstance(widget, DistributionWidget):
        yield Reading(("of",), "rows", widget.of)
    elif isinstance(widget, CohortWidget):
        yield Reading(("start",), "accounts", widget.start)
    elif isinstance(widget, FunnelWidget):
        for name, step in widget.steps.items():
            yield Reading(("steps", name, "where"), "rows", step.where, is_condition=True)
        if widget.of is not None:
            yield Reading(("of",), "rows", widget.of)


def dimensions(widget: WidgetBase) -> Mapping[Path, Dimension]:
    """The dimensions of a widget by where they stand."""
    found: dict[Path, Dimension] = {}
    for key in ("by", "split", "rows", "color"):
        if isinstance(one := getattr(widget, key, None), Dimension):
            found[(key,)] = one
    if isinstance(widget, SankeyWidget):
        found[("of",)] = widget.of
    columns = getattr(widget, "columns", None)
    if isinstance(columns, Dimension):
        found[("columns",)] = columns
    elif isinstance(columns, dict):
        found |= {("columns", name): one for name, one in columns.items()}
    return found


def measures(widget: WidgetBase) -> Mapping[Path, ReportMeasure]:
    """The measures of a widget by where they stand."""
    single = {(key,): getattr(widget, key, None) for key in ("measure", "x", "y", "size")}
    found: dict[Path, ReportMeasure] = {path: one for path, one in single.items() if isinstance(one, ReportMeasure)}
    return found | {("measures", name): one for name, one in getattr(widget, "measures", {}).items()}


def account_expressions(dashboard: Dashboard) -> Iterator[tuple[Path, Expression, bool]]:
    """Expressions over accounts that filter a dashboard: where they stand, and whether they are conditions."""
    if dashboard.where is not None:
        yield ("where",), dashboard.where, True
    for name, one in dashboard.filters.items():
        if one.of is not None:
            yield ("filters", name, "of"), one.of, False
        if one.where is not None:
            yield ("filters", name, "where"), one.where, True


def names_of_accounts(project: Project, widget: WidgetBase) -> frozenset[Name]:
    """What a widget reads of accounts, as expressions over accounts name it: `arr` for `account.arr`."""
    of_accounts = holds_accounts(project, widget.dataset)
    found: set[Name] = set()
    for reading in readings(widget):
        for name in (name for one in reading.expressions for name in names_in(one)):
            if name.parts[0] == ACCOUNT and len(name.parts) > 1 and reading.over != "measures":
                found.add(Name(name.parts[1:]))
            elif reading.over == "accounts" or (reading.over == "rows" and of_accounts):
                found.add(name)
    return frozenset(found)
