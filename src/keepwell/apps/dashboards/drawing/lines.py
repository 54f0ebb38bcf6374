"""Lines over time, and points. What is not known is a gap, never a line through it."""

from __future__ import annotations

from typing import Any

from keepwell.apps.dashboards.drawing.drawing import Drawing, Option, legend, number_axis
from keepwell.apps.dashboards.drawing.tones import PALETTE
from keepwell.apps.dashboards.drawing.words import said
from keepwell.engine.reporting.results import ResultColumn

_NAMED_AT_THE_END = 3


def line(drawing: Drawing) -> Option:
    """A line for each value of the split, or for each measure; the period before is dashed."""
    series = _of_splits(drawing) if "split" in drawing.columns else _of_measures(drawing)
    names = {one["name"] for one in series}
    few = len(names) <= _NAMED_AT_THE_END
    for one in series:
        one["labelLayout"] = {"moveOverlap": "shiftY"}
        one["endLabel"] = {"show": few and len(names) > 1, "formatter": one["name"], "color": "token:ink-2"}
    measure = drawing.measures[0]
    found: Option = {
        "xAxis": {"type": "time"}, "series": series, "yAxis": number_axis(measure, splitNumber=3),
        "grid": {"right": 24 if len(names) == 1 or not few else 112},
    }  # fmt: skip
    if not few:
        values = drawing.values("split") if "split" in drawing.columns else []
        found["legend"] = legend(drawing, "split", values) if values else {"show": True, "top": 0, "left": 0}
    return found


def _of_measures(drawing: Drawing) -> list[Option]:
    columns = [one for one in drawing.result.columns if one.role != "dimension"]
    return [_line(drawing, one, list(enumerate(drawing.rows)), _name(one), PALETTE[at % 4]) for at, one in enumerate(
        sorted(columns, key=lambda one: one.role == "before"))]  # fmt: skip


def _of_splits(drawing: Drawing) -> list[Option]:
    column, measure = drawing.columns["split"], drawing.measures[0]
    return [
        _line(
            drawing, measure, [(at, row) for at, row in enumerate(drawing.rows) if row["split"] == value],
            said(column, value), drawing.color("split", value, number),
        )
        for number, value in enumerate(drawing.values("split"))
    ]  # fmt: skip


def _name(column: ResultColumn) -> str:
    return f"{column.title}, before" if column.role == "before" else column.title


def _line(drawing: Drawing, column: ResultColumn, rows: list[tuple[int, Any]], name: str, color: str) -> Option:
    is_before = column.role == "before"
    data = [
        {"value": [row["by"].isoformat(), row[column.name]], "at": at, "text": said(column, row[column.name])}
        for at, row in rows
        if row["by"] is not None
    ]
    style = {"width": 2, "type": "dashed" if is_before else "solid"}
    return {
        "type": "line", "name": name, "data": data, "color": "token:ink-2" if is_before else color,
        "lineStyle": style, "showSymbol": len(data) < 40, "symbolSize": 6, "connectNulls": False,
        "symbol": "emptyCircle",
    }  # fmt: skip


def scatter(drawing: Drawing) -> Option:
    """A point for each account; points of a band have its shape and colour."""
    x, y = drawing.columns["x"], drawing.columns["y"]
    keyed = "color" in drawing.columns
    values = drawing.values("color") if keyed else [None]
    series = [
        {"type": "scatter", "name": said(drawing.columns["color"], value) if keyed else y.title,
         "color": drawing.color("color", value, at) if keyed else "token:accent",
         "symbol": drawing.icon("color", value) if keyed and "color" in drawing.bands else "circle",
         "itemStyle": {"opacity": 0.75}, "data": _points(drawing, value if keyed else None, keyed=keyed)}
        for at, value in enumerate(values)
    ]  # fmt: skip
    found: Option = {
        "xAxis": number_axis(x, name=x.title, nameLocation="middle", nameGap=26, scale=True),
        "yAxis": number_axis(y, name=y.title, splitNumber=4),
        "series": series, "grid": {"bottom": 44, "top": 40}, "tooltip": {"trigger": "item"},
    }  # fmt: skip
    return found | ({"legend": {**legend(drawing, "color", values), "left": 96}} if keyed else {})


def _points(drawing: Drawing, value: Any, *, keyed: bool) -> list[Option]:
    sizes = _sizes(drawing)
    return [
        {"value": [row["x"], row["y"]], "at": at, "symbolSize": sizes[at],
         "text": f"{said(drawing.columns['x'], row['x'])} · {said(drawing.columns['y'], row['y'])}",
         "name": drawing.said("point", row)}
        for at, row in enumerate(drawing.rows)
        if (not keyed or row["color"] == value) and row["x"] is not None and row["y"] is not None
    ]  # fmt: skip


def _sizes(drawing: Drawing) -> list[float]:
    """Areas in proportion, from 6 to 26 across; equal without a size."""
    if "size" not in drawing.columns:
        return [8.0] * len(drawing.rows)
    known = [max(row["size"] or 0.0, 0.0) for row in drawing.rows]
    most = max(known, default=0.0) or 1.0
    return [round(6 + 20 * float(one / most) ** 0.5, 1) for one in known]
