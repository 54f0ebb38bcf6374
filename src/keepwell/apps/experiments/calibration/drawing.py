"""Chances by score, and months foretold and come true, as options of ECharts."""

from __future__ import annotations

from typing import Any

from keepwell.apps.experiments.calibration.telling import EVERYBODY
from keepwell.apps.experiments.kinds.kind import Found

_DASHES = ("solid", "dashed", "dotted")
MOST = 6
"""So many curves are drawn; the table has all."""


def curves_option(found: Found) -> dict[str, Any] | None:
    """A line a segment, the first with its interval; segments differ in the dash, for colour is of health."""
    if not found["curves"]:
        return None
    return {
        "grid": {"left": 56, "right": 120, "top": 16, "bottom": 48},
        "tooltip": {"trigger": "axis"},
        "xAxis": {"type": "value", "min": 0, "max": 100, "name": "Score", "nameLocation": "middle", "nameGap": 28},
        "yAxis": {"type": "value", "min": 0, "max": 100, "name": "Chance of loss, %", "nameLocation": "middle",
                  "nameGap": 36},
        "series": [*_interval(found["curves"][0]), *(_line(one, at) for at, one in enumerate(found["curves"][:MOST]))],
    }  # fmt: skip


def _line(one: Found, at: int) -> dict[str, Any]:
    name = one["segment"] or EVERYBODY
    return {"name": name, "type": "line", "symbol": "none", "data": _points(one, "chance"),
            "endLabel": {"show": True, "formatter": "{a}", "color": "token:ink", "textBorderWidth": 0},
            "lineStyle": {"color": "token:accent" if at == 0 else "token:ink-2", "type": _DASHES[at % 3],
                          "width": 2 if at == 0 else 1}, "itemStyle": {"color": "token:ink-2"}}  # fmt: skip


def _interval(one: Found) -> list[dict[str, Any]]:
    if any(point["low"] is None for point in one["points"]):
        return []
    style = {"color": "token:accent", "width": 1, "type": "dotted", "opacity": 0.6}
    return [{"name": name, "type": "line", "symbol": "none", "silent": True, "data": _points(one, side),
             "lineStyle": style} for side, name in (("low", "95 %, low"), ("high", "95 %, high"))]  # fmt: skip


def _points(one: Found, field: str) -> list[list[float]]:
    return [[point["score"], round(100 * point[field], 1)] for point in one["points"]]


def months_option(found: Found) -> dict[str, Any] | None:
    """Losses by month: foretold beside come true."""
    drift = found["held"]["drift"]
    if not drift or not drift["months"]:
        return None
    rows = drift["months"]
    return {
        "grid": {"left": 48, "right": 16, "top": 32, "bottom": 32},
        "legend": {"top": 0},
        "tooltip": {"trigger": "axis"},
        "xAxis": {"type": "category", "data": [one["month"] for one in rows]},
        "yAxis": {"type": "value", "min": 0, "name": "Losses"},
        "series": [
            {"name": "Foretold", "type": "bar", "data": [round(one["foretold"], 1) for one in rows],
             "itemStyle": {"color": "token:ink-2"}},
            {"name": "Came true", "type": "bar", "data": [one["lost"] for one in rows],
             "itemStyle": {"color": "token:accent"}},
        ],
    }  # fmt: skip
