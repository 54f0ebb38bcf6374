"""Numbers and dates as people read them. A missing one is a dash, never 0."""

from __future__ import annotations

import math
from datetime import date

from keepwell.cli.terminal.glyphs import Glyphs


def is_missing(value: float | None) -> bool:
    return value is None or math.isnan(value)


def compact(value: float | None) -> str:
    """Money and other large numbers in three digits: 950, 48.2k, 1.25M."""
    if value is None or math.isnan(value):
        return "–"
    for size, suffix in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= size * 0.9995:
            return f"{_three_digits(value / size)}{suffix}"
    return f"{value:.0f}"


def plain(value: float | None, unit: str | None = None) -> str:
    """A value as it was measured: up to four digits, with its unit."""
    if value is None or math.isnan(value):
        return "–"
    shown = f"{value:,.0f}" if float(value).is_integer() or abs(value) >= 1000 else f"{value:.3g}"
    shown = "0" if shown == "-0" else shown
    return shown if not unit else f"{shown}{unit}" if unit == "%" else f"{shown} {unit}"


def percent(share: float | None, places: int = 0) -> str:
    if share is None or math.isnan(share):
        return "–"
    return f"{100 * share:.{places}f}%"


def signed(glyphs: Glyphs, value: float | None, places: int = 0) -> str:
    """+3 and −3; 0 where it rounds to nothing."""
    if value is None or math.isnan(value):
        return ""
    shown = f"{abs(value):.{places}f}"
    if float(shown) == 0:
        return shown
    return f"+{shown}" if value > 0 else f"{glyphs.minus}{shown}"


def distance(day: date, today: date) -> str:
    """How far a date lies from another, in the unit one would say."""
    days = (day - today).days
    if days == 0:
        return "today"
    size, unit = _in_words(abs(days))
    return f"in {size} {unit}" if days > 0 else f"{size} {unit} ago"


def _in_words(days: int) -> tuple[int, str]:
    size, unit = (days, "day") if days < 60 else (round(days / 30.44), "month") if days < 730 else (days // 365, "year")
    return size, unit if size == 1 else f"{unit}s"


def _three_digits(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 99.95 else f"{value:.1f}" if abs(value) >= 9.995 else f"{value:.2f}"
