"""Deciles and the map of metrics that say the same, as options of ECharts."""

from __future__ import annotations

from typing import Any

from keepwell.apps.experiments.kinds.kind import Found

MOST = 6
"""Curves that are drawn: of the metrics that tell most. Tables have all of them."""
_LARGEST = 40
"""Metrics that a map holds and can still be read."""


def foremost(found: Found) -> list[tuple[int, Found]]:
    """Measures show the same as the metrics behind them."""
    curves = list(enumerate(found["correlation"]["curves"]))
    metrics = [pair for pair in curves if pair[1]["kind"] == "metric" and pair[1]["reason"] is None]
    return (metrics or curves)[:MOST]


def curve_option(one: Found, base: float | None) -> dict[str, Any]:
    """Loss rates by slice, lowest values first, each with its interval; the dashed line is the rate of all."""
    slices = one["slices"]
    values = [_percent(each["rate"]["value"]) for each in slices]
    bars: dict[str, Any] = {"name": "Left, %", "type": "bar", "data": values, "itemStyle": {"color": "token:bar"},
                            "barCategoryGap": "20%"}  # fmt: skip
    if base is not None:
        bars["markLine"] = {"symbol": "none", "silent": True, "label": {"show": False},
                            "lineStyle": {"color": "token:ink-2", "type": "dashed"},
                            "data": [{"yAxis": _percent(base)}]}  # fmt: skip
    spans = [_span(at, each["rate"]) for at, each in enumerate(slices) if each["rate"]["low"] is not None]
    return {
        "grid": {"left": 44, "right": 8, "top": 12, "bottom": 28},
        "xAxis": {"type": "category", "data": [each["label"] for each in slices],
                  "axisLabel": {"hideOverlap": True, "width": 72, "overflow": "truncate"}},
        "yAxis": {"type": "value", "min": 0, "axisLabel": {"formatter": "{value} %"}},
        "tooltip": {"trigger": "item"},
        "series": [bars, *spans],
    }  # fmt: skip


def _span(at: int, rate: Found) -> dict[str, Any]:
    ends = [[at, _percent(rate["low"])], [at, _percent(rate["high"])]]
    return {"name": "95 % interval", "type": "line", "data": ends, "symbol": "none", "silent": True,
            "lineStyle": {"color": "token:ink", "width": 1}}  # fmt: skip


def likeness_option(found: Found) -> dict[str, Any] | None:
    """Rank correlations of each metric with each, those that say the same beside each other."""
    names, matrix = found["correlation"]["likeness"]["names"], found["correlation"]["likeness"]["matrix"]
    if not 2 <= len(names) <= _LARGEST:
        return None
    cells = [[i, j, round(abs(matrix[i][j]), 2)] for i in range(len(names)) for j in range(len(names))]
    label = {"width": 132, "overflow": "truncate", "interval": 0}
    return {
        "grid": {"left": 148, "right": 16, "top": 8, "bottom": 120},
        "xAxis": {"type": "category", "data": names, "axisLabel": {**label, "rotate": 50, "width": 110}},
        "yAxis": {"type": "category", "data": names, "inverse": True, "axisLabel": label},
        "tooltip": {"trigger": "item"},
        "visualMap": {"show": False, "min": 0, "max": 1, "inRange": {"color": ["token:paper", "token:accent"]}},
        "series": [{"name": "Rank correlation", "type": "heatmap", "data": cells}],
    }


def _percent(share: float | None) -> float | None:
    return None if share is None else round(100 * share, 1)
