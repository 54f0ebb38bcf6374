"""Charts of results, as options for the island: colours are names of tokens, periods without an answer are gaps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from keepwell.apps.customers.sparkline import sparkline
from keepwell.apps.surveys.results.words import number_text, score_name
from keepwell.definitions.survey_questions import Scale
from keepwell.engine.surveys.comparing import Point
from keepwell.engine.surveys.scoring import Scored

_GRID = {"left": 48, "right": 72, "top": 28, "bottom": 28}


def trend_option(scale: Scale, points: Sequence[Point], began: Sequence[tuple[date, str]]) -> dict[str, Any]:
    """The score with its interval as a band, and a line where a version of the survey began."""
    days = [point.starts_on.isoformat() for point in points]
    scores = [None if point.score is None else round(point.score.value, 1) for point in points]
    lows = [None if point.score is None or point.score.low is None else point.score.low for point in points]
    heights = [
        None if low is None or point.score is None or point.score.high is None else point.score.high - low
        for point, low in zip(points, lows, strict=True)
    ]
    line = {
        "type": "line", "name": score_name(scale), "data": _pairs(days, scores), "color": "token:accent",
        "symbolSize": 6, "lineStyle": {"width": 2}, "connectNulls": False,
        "endLabel": {"show": True, "formatter": score_name(scale), "color": "token:accent"},
        "markLine": _marks(began),
    }  # fmt: skip
    lowest, highest = (-100, 100) if scale.kind == "nps" else (0, 100)
    edges = [_edge("Low", days, lows, shown=False), _edge("Band", days, heights, shown=True)]
    return {
        "xAxis": {"type": "time"}, "yAxis": {"type": "value", "min": lowest, "max": highest, "interval": 50},
        "grid": _GRID, "series": [*edges, line], "tooltip": {"show": False},
    }  # fmt: skip


def _edge(name: str, days: Sequence[str], values: Sequence[float | None], *, shown: bool) -> dict[str, Any]:
    """Two areas on top of each other: the lower one is not seen."""
    rounded = [None if value is None else round(value, 1) for value in values]
    area = {"areaStyle": {"color": "token:accent", "opacity": 0.14}} if shown else {}
    return {
        "type": "line", "name": name, "data": _pairs(days, rounded), "stack": "interval", "stackStrategy": "all",
        "symbol": "none", "lineStyle": {"opacity": 0}, "silent": True, **area,
    }  # fmt: skip


def _pairs(days: Sequence[str], values: Sequence[float | None]) -> list[list[Any]]:
    return [[day, value] for day, value in zip(days, values, strict=True)]


def _marks(began: Sequence[tuple[date, str]]) -> dict[str, Any]:
    return {
        "silent": True, "symbol": "none", "lineStyle": {"color": "token:ink-2", "type": "dotted"},
        "label": {"formatter": "{b}", "color": "token:ink-2", "position": "insideEndTop", "rotate": 0},
        "data": [{"xAxis": day.isoformat(), "name": "new version"} for day, _ in began],
    }  # fmt: skip


def distribution_option(scale: Scale, found: Scored) -> dict[str, Any]:
    """How many gave which answer."""
    return {
        "xAxis": {"type": "category", "data": [str(answer) for answer in found.counts], "splitLine": {"show": False}},
        "yAxis": {"type": "value", "min": 0, "minInterval": 1},
        "grid": {**_GRID, "right": 16},
        "series": [{"type": "bar", "name": "Answers", "color": "token:accent", "barCategoryGap": "30%",
                    "label": {"show": True, "position": "top", "color": "token:ink-2"},
                    "data": list(found.counts.values())}],
    }  # fmt: skip


def spark(scale: Scale, points: Sequence[Point]) -> str:
    """The trend as a line of HTML; a score from -100 to 100 fills the same height."""
    scores = [None if one.score is None else one.score.value for one in points]
    known = [one for one in scores if one is not None]
    if not known:
        return sparkline(None)
    words = f"from {number_text(known[0])} to {number_text(known[-1])} in {len(points)} months"
    low = -100 if scale.kind == "nps" else 0
    return sparkline([None if one is None else 100 * (one - low) / (100 - low) for one in scores], words)
