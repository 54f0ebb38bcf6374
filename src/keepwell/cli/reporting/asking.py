"""What was asked for on the command line, as the engine takes it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from keepwell.definitions.dashboards import Dashboard
from keepwell.definitions.expressions import Expression, parse
from keepwell.definitions.periods import Period, parse_period
from keepwell.definitions.widget_reading import dimensions
from keepwell.definitions.widgets import WidgetBase
from keepwell.engine.reporting.asking import Asked
from keepwell.engine.reporting.filtering import chosen_conditions
from keepwell.errors import RequestRefused


def asked_for(
    dashboard: Dashboard,
    as_of: date,
    known_at: datetime | None,
    period: str | None,
    where: Sequence[str],
    chosen: Sequence[str],
) -> Asked:
    """Raises RequestRefused for a period, an expression or a filter that is none."""
    conditions: list[Expression] = [parse(one) for one in where]
    return Asked(
        as_of, known_at, _period(period), (*conditions, *chosen_conditions(dashboard, _values(chosen) or None))
    )


def point_of(widget: WidgetBase, at: Sequence[str]) -> dict[str, Any]:
    """KEY=VALUE as a value of the widget: dates of dimensions with a grain, numbers where they are written so."""
    found: dict[str, Any] = {}
    grains = {str(path[-1]): one.grain for path, one in dimensions(widget).items()}
    for one in at:
        key, has_value, text = one.partition("=")
        if not has_value:
            raise RequestRefused(f"'{one}' does not say which value; write KEY=VALUE, such as by=red")
        found[key.strip()] = _value(text, is_time=grains.get(key.strip()) is not None)
    return found


def _value(text: str, *, is_time: bool) -> Any:
    if is_time:
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise RequestRefused(f"'{text}' is not a date; write the first day, such as 2026-10-01") from None
    try:
        return float(text)
    except ValueError:
        return text or None


def _period(text: str | None) -> Period | None:
    try:
        return None if text is None else parse_period(text)
    except ValueError as error:
        raise RequestRefused(str(error)) from None


def _values(chosen: Sequence[str]) -> dict[str, list[str]]:
    """Values by filter; one that is switched on has none."""
    found: dict[str, list[str]] = {}
    for one in chosen:
        name, has_value, value = one.partition("=")
        found.setdefault(name.strip(), []).extend([value] if has_value else [])
    return found
