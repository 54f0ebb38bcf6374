"""Moves from one date to another: values at the first on the left, at the last on the right."""

from __future__ import annotations

from datetime import date
from typing import Any

from keepwell.apps.dashboards.drawing.drawing import LABEL, Drawing, Option
from keepwell.apps.dashboards.drawing.words import said, short, time_said

_ABSENT = "not scored"


def sankey(drawing: Drawing) -> Option:
    """Links have the colour of where they end, so that one sees at once what got worse; bands stand worst first."""
    measure = drawing.measures[-1]
    rows = [(at, row) for at, row in enumerate(drawing.rows) if (row[measure.name] or 0) > 0]
    nodes = [*_nodes(drawing, "source", rows), *_nodes(drawing, "target", rows)]
    links = [
        {"source": _key("source", row["source"]), "target": _key("target", row["target"]),
         "value": row[measure.name], "at": at,
         "text": f"{_words(drawing, row)}: {said(measure, row[measure.name])}",
         "lineStyle": {"color": drawing.color("target", row["target"]),
                       "opacity": 0.18 if row["source"] == row["target"] else 0.5}}
        for at, row in rows
    ]  # fmt: skip
    ends = [_dated(drawing.columns[one].title) for one in ("source", "target")]
    return {
        "tooltip": {"trigger": "item"},
        "ends": ends,
        "series": [{"type": "sankey", "left": 128, "right": 128, "top": 28, "bottom": 8, "nodeGap": 14, "nodeWidth": 14,
                    "nodeAlign": "justify", "layoutIterations": 0, "draggable": False, "links": links, "data": nodes,
                    "emphasis": {"focus": "adjacency"}, "label": LABEL,
                    "itemStyle": {"borderWidth": 0}}],
    }  # fmt: skip


def _nodes(drawing: Drawing, end: str, rows: list[tuple[int, Any]]) -> list[Option]:
    sums: dict[Any, float] = {}
    measure = drawing.measures[-1]
    for _, row in rows:
        sums[row[end]] = sums.get(row[end], 0.0) + row[measure.name]
    return [
        {"name": _key(end, value), "depth": 0 if end == "source" else 1,
         "text": f"{_word(drawing, value)}  {short(measure, sums[value])}",
         "label": {**LABEL, "position": "left" if end == "source" else "right"},
         "itemStyle": {"color": drawing.color(end, value) if value is not None else "token:line"},
         "ends": end, "value": sums[value]}
        for value in drawing.values(end)
        if value in sums
    ]  # fmt: skip


def _dated(title: str) -> str:
    """A title that ends with a date, with the date as it is written everywhere."""
    words, _, day = title.rpartition(" ")
    return f"{words} {time_said(date.fromisoformat(day))}"


def _key(end: str, value: Any) -> str:
    return f"{end}:{'' if value is None else value}"


def _words(drawing: Drawing, row: Any) -> str:
    return f"{_word(drawing, row['source'])} → {_word(drawing, row['target'])}"


def _word(drawing: Drawing, value: Any) -> str:
    return _ABSENT if value is None else str(value)
