"""The reliability plot as an option of ECharts: what was foretold against what came true."""

from __future__ import annotations

from typing import Any

from keepwell.apps.experiments.telling import Found


def reliability_option(found: Found) -> dict[str, Any] | None:
    """Points with their intervals and the line of a perfect forecast; None where there is no chance to draw."""
    bins = [one for one in found["calibrated"]["bins"] if one["came_true"]["value"] is not None]
    if not bins:
        return None
    points = [[_percent(one["foretold"]), _percent(one["came_true"]["value"])] for one in bins]
    spans = [_interval(one) for one in bins if one["came_true"]["low"] is not None]
    highs = [_percent(one["came_true"]["high"]) for one in bins if one["came_true"]["high"] is not None]
    most = min(100, 10 * int(max([0, *highs, *(value for point in points for value in point)]) // 10 + 1))
    axis = {"type": "value", "min": 0, "max": most, "nameLocation": "middle"}
    return {
        "grid": {"left": 56, "right": 24, "top": 16, "bottom": 48},
        "xAxis": {**axis, "name": "Foretold chance of loss, %", "nameGap": 28},
        "yAxis": {**axis, "name": "Came true, %", "nameGap": 36},
        "tooltip": {"trigger": "item"},
        "series": [_perfect(most), *spans, _points(points)],
    }


def over_time_option(found: Found) -> dict[str, Any] | None:
    """AUC by period, with gaps where it cannot be known; None for fewer than two periods that can."""
    rows = [one for one in found["parts"] if one["kind"] == "period"]
    areas = [one["ranks"]["auc"] for one in rows]
    if sum(area["value"] is not None for area in areas) < 2:
        return None
    spans = [_of_period(at, area) for at, area in enumerate(areas) if area["low"] is not None]
    line = {"name": "AUC", "type": "line", "data": [_rounded(area["value"]) for area in areas], "symbolSize": 8,
            "connectNulls": False, "itemStyle": {"color": "token:accent"}, "lineStyle": {"color": "token:accent"},
            "markLine": {"symbol": "none", "silent": True, "label": {"formatter": "chance"},
                         "lineStyle": {"color": "token:ink-2", "type": "dashed"},
                         "data": [{"yAxis": 0.5}]}}  # fmt: skip
    return {
        "grid": {"left": 44, "right": 64, "top": 28, "bottom": 28},
        "xAxis": {"type": "category", "data": [one["name"] for one in rows]},
        "yAxis": {"type": "value", "min": 0, "max": 1, "name": "AUC"},
        "tooltip": {"trigger": "item"},
        "series": [*spans, line],
    }


def _of_period(at: int, area: Found) -> dict[str, Any]:
    ends = [[at, _rounded(area["low"])], [at, _rounded(area["high"])]]
    return {"name": "95 % interval", "type": "line", "data": ends, "symbol": "none", "silent": True,
            "lineStyle": {"color": "token:accent", "width": 1}}  # fmt: skip


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def _perfect(most: int) -> dict[str, Any]:
    return {"name": "A perfect forecast", "type": "line", "data": [[0, 0], [most, most]], "symbol": "none",
            "silent": True, "lineStyle": {"color": "token:ink-2", "type": "dashed", "width": 1}}  # fmt: skip


def _interval(one: Found) -> dict[str, Any]:
    x, figure = _percent(one["foretold"]), one["came_true"]
    ends = [[x, _percent(figure["low"])], [x, _percent(figure["high"])]]
    return {"name": "95 % interval", "type": "line", "data": ends, "symbol": "none", "silent": True,
            "lineStyle": {"color": "token:accent", "width": 1}}  # fmt: skip


def _points(points: list[list[float]]) -> dict[str, Any]:
    return {"name": "Tenth of the observations: foretold, came true", "type": "scatter", "data": points,
            "symbolSize": 9, "itemStyle": {"color": "token:accent"}}  # fmt: skip


def _percent(share: float) -> float:
    return round(100 * share, 1)
