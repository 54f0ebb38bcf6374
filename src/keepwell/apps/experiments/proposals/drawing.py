"""Shares of the card now and in the draft, with their intervals, as an option of ECharts."""

from __future__ import annotations

from typing import Any

from keepwell.apps.experiments.kinds.kind import Found


def shares_option(found: Found) -> dict[str, Any] | None:
    """A row for each measure: a ring now, a dot in the draft, and a line for its interval."""
    rows = found["changes"][::-1]
    if not rows:
        return None
    spans = [_span(at, one) for at, one in enumerate(rows) if one["low"] is not None]
    return {
        "grid": {"left": 200, "right": 24, "top": 8, "bottom": 44},
        "xAxis": {"type": "value", "min": 0, "name": "Share of the card, %", "nameLocation": "middle", "nameGap": 28},
        "yAxis": {"type": "category", "data": [one["title"] or one["name"] for one in rows],
                  "axisLabel": {"width": 184, "overflow": "truncate"}},
        "tooltip": {"trigger": "item"},
        "series": [
            *spans,
            {"name": "Now", "type": "scatter", "data": _points(rows, "old_share"), "symbol": "emptyCircle",
             "symbolSize": 10, "itemStyle": {"color": "token:ink-2"}},
            {"name": "Draft", "type": "scatter", "data": _points(rows, "new_share"), "symbolSize": 8,
             "itemStyle": {"color": "token:accent"}},
        ],
    }  # fmt: skip


def _span(at: int, one: Found) -> dict[str, Any]:
    return {"name": "95 % interval", "type": "line", "data": [[one["low"], at], [one["high"], at]], "symbol": "none",
            "silent": True, "lineStyle": {"color": "token:accent", "width": 1}}  # fmt: skip


def _points(rows: list[Found], share: str) -> list[list[float]]:
    return [[round(one[share], 1), at] for at, one in enumerate(rows) if one[share] is not None]
