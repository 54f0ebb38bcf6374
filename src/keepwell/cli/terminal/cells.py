"""Values of results as people read them: by their type, unit and grain."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from keepwell.cli.terminal.glyphs import Glyphs
from keepwell.cli.terminal.numbers import compact, percent, plain, signed
from keepwell.engine.reporting.results import ResultColumn

MISSING = "–"
_LARGE = 100_000


def shown(value: Any, column: ResultColumn) -> str:
    """A value of a column; `%` is a share of 1, a month is its name and not its first day."""
    if value is None:
        return MISSING
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return shown_number(float(value), column.unit)
    if isinstance(value, date) and column.grain:
        return _period(value, column.grain)
    return f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else str(value)


def shown_number(value: float, unit: str | None) -> str:
    if unit == "%":
        return percent(value, 1)
    text = compact(value) if abs(value) >= _LARGE else plain(value)
    return f"{text} {unit}" if unit else text


def shown_change(glyphs: Glyphs, now: Any, before: Any, column: ResultColumn) -> str:
    """How a number has changed: in points of a share, else by itself and in percent."""
    if not isinstance(now, int | float) or not isinstance(before, int | float):
        return MISSING
    change = float(now) - float(before)
    if column.unit == "%":
        return f"{signed(glyphs, 100 * change, 1)} points"
    sign = "+" if change > 0 else glyphs.minus if change < 0 else ""
    share = f" ({signed(glyphs, 100 * change / abs(before), 1)}%)" if before else ""
    return f"{sign}{shown_number(abs(change), None)}{share}"


def _period(day: date, grain: str) -> str:
    if grain == "month":
        return f"{day:%Y-%m}"
    if grain == "quarter":
        return f"{day.year} Q{(day.month + 2) // 3}"
    return str(day)
