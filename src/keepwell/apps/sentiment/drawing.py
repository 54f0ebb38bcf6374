"""The chart of sentiment over time, as an option for the island: a gap where nothing was written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from keepwell.apps.sentiment.queries import Tally


def option_of(periods: Sequence[tuple[date, Tally]]) -> dict[str, Any] | None:
    """The mean by period; None where there is none."""
    points = [[day.isoformat(), None if one.mean is None else round(one.mean, 3)] for day, one in periods]
    if not any(mean is not None for _, mean in points):
        return None
    return {
        "xAxis": {"type": "time"},
        "yAxis": {"type": "value", "min": -1, "max": 1, "interval": 0.5},
        "grid": {"left": 48, "right": 16, "top": 16, "bottom": 28},
        "series": [
            {"type": "line", "name": "Mean sentiment", "data": points, "showSymbol": True, "connectNulls": False,
             "color": "token:accent", "lineStyle": {"width": 2}}
        ],
    }  # fmt: skip
