"""Values of results in words."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from keepwell.apps.ui.formatting import amount, compact
from keepwell.engine.reporting.results import Result, ResultColumn
from keepwell.engine.reporting.spans import Span

LARGE = 100_000
NONE = "none"
"""What a dimension is called where it has no value."""


def said(column: ResultColumn, value: Any) -> str:
    """A value as text: with its unit, a time as its grain has it, nothing as a dash or as none."""
    if value is None or value == "":
        return NONE if column.role == "dimension" else "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return time_said(value, column.grain)
    if isinstance(value, int | float):
        return number_said(float(value), column.unit)
    return str(value)


def short(column: ResultColumn, value: Any) -> str:
    """The same for the label of a mark: large numbers as 1.24M."""
    if isinstance(value, int | float) and not isinstance(value, bool) and column.unit != "%" and abs(value) >= LARGE:
        return compact(float(value)) + (f" {column.unit}" if column.unit else "")
    return said(column, value)


def number_said(value: float, unit: str | None = None) -> str:
    if unit == "%":
        return f"{value * 100:.1f}".removesuffix(".0").replace("-", "−") + " %"
    return amount(round(value, 6)) + (f" {unit}" if unit else "")


def time_said(value: date, grain: str | None = None) -> str:
    """The month of Oct 2026, the quarter Q4 2026, and of others the day."""
    if grain == "quarter":
        return f"Q{(value.month + 2) // 3} {value.year}"
    if isinstance(value, datetime):
        return f"{value:%d %b %Y %H:%M}"
    return f"{value:%b %Y}" if grain == "month" else f"{value:%d %b %Y}"


def span_said(span: Span, *, is_of_accounts: bool = False) -> str:
    """The days that rows are of; accounts are as they were on one."""
    if span.first is None:
        return f"{'on' if is_of_accounts else 'up to'} {time_said(span.last)}"
    return f"{time_said(span.first)} to {time_said(span.last)}"


def point_said(result: Result, point: dict[str, Any]) -> str:
    """Band: red, Month: Oct 2026."""
    columns = {one.name: one for one in result.columns}
    return ", ".join(f"{columns[key].title}: {said(columns[key], value)}" for key, value in point.items())
