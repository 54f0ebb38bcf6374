"""A point of one widget as a condition over accounts, so that it narrows all the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime
from typing import Any

from keepwell.definitions.catalogue import holds_accounts
from keepwell.definitions.expressions import Binary, Expression, IsNull, Literal, Name, names_in
from keepwell.definitions.project import Project
from keepwell.definitions.widget_parts import Dimension
from keepwell.definitions.widget_reading import ACCOUNT, dimensions
from keepwell.definitions.widgets import DistributionWidget, WidgetBase
from keepwell.engine.reporting.charts.scatter import ACCOUNT_POINT
from keepwell.engine.reporting.spans import following


def condition_of(project: Project, widget: WidgetBase, point: Mapping[str, Any]) -> Expression | None:
    """None where the point says nothing of accounts: of a time of rows, or a column of theirs."""
    tests = [_test(project, widget, key, value) for key, value in point.items()]
    known = [one for one in tests if one is not None]
    if not known or len(known) < len(tests):
        return None
    whole = known[0]
    for one in known[1:]:
        whole = Binary("and", whole, one)
    return whole


def _test(project: Project, widget: WidgetBase, key: str, value: Any) -> Expression | None:
    if isinstance(widget, DistributionWidget) and key in ("from", "to"):
        of = _over_accounts(project, widget, widget.of)
        return (
            None
            if of is None or not isinstance(value, float)
            else Binary(">=" if key == "from" else "<", of, Literal(value))
        )
    known = {str(path[-1]): one for path, one in dimensions(widget).items()}
    if widget.chart == "scatter":
        known["point"] = known.pop("by", ACCOUNT_POINT)
    dimension = known.get(key)
    if dimension is None or dimension.of is None or widget.chart == "sankey":
        return None
    of = _over_accounts(project, widget, dimension.of)
    return None if of is None else _is(of, dimension, value)


def _is(of: Expression, dimension: Dimension, value: Any) -> Expression | None:
    if value is None:
        return IsNull(of)
    if dimension.grain is not None and isinstance(value, date):
        after = Binary(">=", of, Literal(value))
        return Binary("and", after, Binary("<", of, Literal(following(value, dimension.grain))))
    constant = float(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
    if not isinstance(constant, bool | float | str | date) or isinstance(constant, datetime):
        return None
    return Binary("=", of, Literal(constant))


def _over_accounts(project: Project, widget: WidgetBase, expression: Expression) -> Expression | None:
    """An expression over rows as one over accounts; None where it reads the rows themselves."""
    if holds_accounts(project, widget.dataset):
        return expression
    names = names_in(expression)
    if not names or any(name.parts[0] != ACCOUNT for name in names):
        return None
    found: Expression = _stripped(expression)
    return found


def _stripped(found: Any) -> Any:
    if isinstance(found, Name):
        return Name(found.parts[1:]) if found.parts[0] == ACCOUNT and len(found.parts) > 1 else found
    if isinstance(found, tuple):
        return tuple(map(_stripped, found))
    if isinstance(found, Expression) and is_dataclass(found):
        return replace(found, **{one.name: _stripped(getattr(found, one.name)) for one in fields(found)})
    return found
