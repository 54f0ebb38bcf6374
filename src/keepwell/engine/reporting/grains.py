"""Times by the day, week, month or quarter they lie in."""

from __future__ import annotations

import ibis.expr.types as ir

from keepwell.definitions.widget_parts import Grain

_UNITS = {"week": "W", "month": "M", "quarter": "Q"}


def truncated(value: ir.Value, grain: Grain) -> ir.DateValue:
    """The first day of the day, week (from Monday), month or quarter of a date or a local time."""
    day: ir.DateValue = value.cast("date")
    if grain == "day":
        return day
    first: ir.DateValue = day.truncate(_UNITS[grain]).cast("date")
    return first
