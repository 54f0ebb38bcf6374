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
