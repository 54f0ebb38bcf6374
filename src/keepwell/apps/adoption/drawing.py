"""Charts of adoption, as options for the island: colours are names of tokens, gaps are nulls."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from keepwell.apps.adoption.titles import in_words
from keepwell.engine.adoption.active import Active
from keepwell.engine.adoption.lifecycle import Lifecycle
from keepwell.engine.adoption.paths import Link
from keepwell.engine.adoption.retention import Retention

_GRID = {"left": 48, "right": 88, "top": 28, "bottom": 28}
_NAMED = {"nameLocation": "middle", "nameGap": 28, "nameTextStyle": {"color": "token:ink-2"}}
_PERCENT = {
    "type": "value",
    "min": 0,
    "max": 100,
    "axisLabel": {"formatter": "{value} %", "color": "token:ink-2", "hideOverlap": True},
}
_COLORS = ("token:accent", "token:ink-2", "token:bar")


def active_option(found: Active, days: int) -> dict[str, Any]:
    """Daily, weekly and monthly active users of the last days."""
    names = {1: "Daily", 7: "Weekly", 28: "Monthly"}
    dates = [day.isoformat() for day in found.dates[-days:]]
    series = [
        _line(names[window], list(zip(dates, counts[-days:].tolist(), strict=True)), color)
        for (window, counts), color in zip(found.counts.items(), _COLORS, strict=False)
    ]
    return {
        "xAxis": {"type": "time"},
        "yAxis": {"type": "value", "min": 0, "minInterval": 1},
        "grid": _GRID,
        "series": series,
    }


def _line(name: str, points: Sequence[Any], color: str) -> dict[str, Any]:
    words = "token:ink-2" if color == "token:bar" else color
    return {
        "type": "line", "name": name, "data": [list(point) for point in points], "showSymbol": False, "color": color,
        "lineStyle": {"width": 2}, "endLabel": {"show": True, "formatter": name, "color": words},
    }  # fmt: skip


def lifecycle_option(found: Lifecycle, last: int) -> dict[str, Any]:
    """Who is there above the line, those who stayed away below it."""
    starts = [f"{day:%d %b %Y}" for day in found.starts_on[-last:]]
    above = (("New", found.new, "token:accent"), ("Returning", found.returning, "token:bar"),
             ("Resurrected", found.resurrected, "token:ink-2"))  # fmt: skip
    series = [_bar(name, counts[-last:].tolist(), color) for name, counts, color in above]
    series.append(_bar("Dormant", [-count for count in found.dormant[-last:].tolist()], "token:line"))
    return {
        "xAxis": {"type": "category", "data": starts},
        "yAxis": {"type": "value", "minInterval": 1},
        "grid": _GRID,
        "series": series,
    }


_ABOUT_THE_LINE = {"New": -6, "Dormant": 8}


def _bar(name: str, values: list[int], color: str) -> dict[str, Any]:
    """The last bar says what its parts are; those about the line stand apart from it."""
    label = {"show": True, "position": "right", "formatter": name, "color": "token:ink-2",
             "offset": [0, _ABOUT_THE_LINE.get(name, 0)]}  # fmt: skip
    last = [{"value": one, "label": label} if one else one for one in values[-1:]]
    return {"type": "bar", "stack": "all", "name": name, "data": [*values[:-1], *last], "color": color}


def retention_option(found: Retention) -> dict[str, Any]:
    """All cohorts together: the share that is there in period k, and in k or later; periods that are over alone."""
    both = (("In the period", False, "token:accent"), ("Then or later", True, "token:ink-2"))
    series = [
        _line(name, [(k, round(100 * there / size, 1)) for k, size, there in overall if size], color)
        for name, later, color in both
        for overall in [found.overall(cumulative=later, partial=False)]
    ]
    return {
        "xAxis": {"type": "value", "minInterval": 1, "min": 0, "splitLine": {"show": False},
                  "name": f"{found.period}s after the first", **_NAMED},
        "yAxis": _PERCENT,
        "grid": {**_GRID, "right": 104, "left": 56, "bottom": 48},
        "series": series,
    }  # fmt: skip


def reach_option(rows: Sequence[dict[str, Any]], titles: dict[str, str], most: int = 20) -> dict[str, Any]:
    """The share of active accounts that use each feature, the widest first."""
    shown = list(rows[:most])[::-1]
    names = [titles.get(row["feature"]) or in_words(row["feature"]) for row in shown]
    return {
        "xAxis": {**_PERCENT, "name": "of active accounts", **_NAMED, "splitLine": {"show": False}},
        "yAxis": {"type": "category", "data": names, "splitLine": {"show": False}},
        "grid": {"left": 112, "right": 64, "top": 28, "bottom": 48},
        "series": [{"type": "bar", "name": "Accounts, %", "color": "token:accent",
                    "label": {"show": True, "position": "right", "formatter": "{c} %", "color": "token:ink-2"},
                    "data": [round(100 * row["account_reach"]) for row in shown]}],
    }  # fmt: skip


def sankey_option(links: Sequence[Link], *, towards: bool) -> dict[str, Any] | None:
    """Each step a column; the same event in two steps is two nodes. None without links."""
    if not links:
        return None
    nodes: dict[str, str] = {}
    drawn = []
    for one in links:
        source, target = (one.level + 1, one.level) if towards else (one.level, one.level + 1)
        ends = (f"{source}:{one.source}", f"{target}:{one.target}")
        nodes.update(zip(ends, (one.source, one.target), strict=True))
        drawn.append({"source": ends[0], "target": ends[1], "value": one.people})
    label = {"color": "token:ink", "fontSize": 12}
    return {
        "tooltip": {"trigger": "item"},
        "series": [
            {
                "type": "sankey", "left": 8, "right": 120, "top": 8, "bottom": 8, "nodeGap": 10,
                "nodeAlign": "left", "nodeWidth": 12, "labelLayout": {"hideOverlap": True},
                "draggable": False, "label": label, "lineStyle": {"color": "token:line", "opacity": 0.7},
                "itemStyle": {"color": "token:accent", "borderWidth": 0}, "links": drawn,
                "data": [{"name": name, "label": {"formatter": shown}} for name, shown in nodes.items()],
            }
        ],
    }  # fmt: skip


def share(part: float | None) -> str:
    """A share as a whole percentage; a dash where it is not known."""
    return "–" if part is None or math.isnan(part) else f"{100 * part:.0f} %"
