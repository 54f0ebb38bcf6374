"""One number in words: itself, what it was before, and whether the change is a good one."""

from __future__ import annotations

from dataclasses import dataclass

from keepwell.apps.dashboards.drawing.words import LARGE, number_said, said
from keepwell.apps.ui.formatting import compact
from keepwell.engine.reporting.charts.columns import BEFORE
from keepwell.engine.reporting.results import Result


@dataclass(frozen=True)
class Number:
    """`tone`: good or bad where the definition says which change is a good one; none otherwise."""

    text: str
    change: str = ""
    before: str = ""
    tone: str = "none"


def number_of(result: Result) -> Number | None:
    """None where there is nothing."""
    column = next((one for one in result.columns if one.role == "measure"), None)
    if column is None or result.is_empty:
        return None
    value = result.column(column.name)[0]
    text = _short(value, column.unit) if isinstance(value, int | float) else said(column, value)
    known = column.name + BEFORE in result.rows.column_names
    before = result.column(column.name + BEFORE)[0] if known else None
    if not isinstance(before, int | float) or not isinstance(value, int | float):
        return Number(text)
    change = float(value) - float(before)
    tone = "none" if column.good is None or not change else "good" if (change > 0) == (column.good == "up") else "bad"
    return Number(text, _signed(change, column.unit) if change else "", _short(before, column.unit), tone)


def _short(value: float, unit: str | None) -> str:
    if unit == "%":
        return number_said(value, unit)
    text = compact(value) if abs(value) >= LARGE else number_said(value)
    return f"{text} {unit}" if unit else text


def _signed(change: float, unit: str | None) -> str:
    """Shares change by points, all else by its own unit; ▲ and ▼ say which way without colour."""
    arrow = "▲" if change > 0 else "▼"
    if unit == "%":
        return f"{arrow} {number_said(abs(change) * 100)} points"
    return f"{arrow} {_short(round(abs(change), 2) or abs(change), unit)}"
