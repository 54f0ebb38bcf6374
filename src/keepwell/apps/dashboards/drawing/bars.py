"""Bars: beside each other, of parts, of bins, of steps. They begin at zero."""

from __future__ import annotations

from typing import Any

from keepwell.apps.dashboards.drawing.drawing import LABEL, Drawing, Option, Row, legend, number_axis
from keepwell.apps.dashboards.drawing.words import number_said, said, short
from keepwell.engine.reporting.charts.columns import BEFORE
from keepwell.engine.reporting.results import ResultColumn

_LYING = 7
"""Words of more values than fit below bars stand beside them: the bars lie."""


def bar(drawing: Drawing) -> Option:
    """A group of bars for each value; a second measure of another size has an axis of its own."""
    columns = [one for one in drawing.result.columns if one.role != "dimension"]
    rows = _in_order(drawing)
    names = [drawing.said("by", row) for _, row in rows]
    lying = drawing.columns["by"].grain is None and (len(names) > _LYING or max(map(len, names)) > 14)
    shown = [one for one in columns if _fits(one, columns[0])] or columns[:1]
    series = [_bars(drawing, rows, one, alone=len(shown) == 1, lying=lying) for one in shown]
    found = _axes(names, number_axis(columns[0]), lying=lying)
    return {**found, "series": series, **({} if len(shown) == 1 else {"legend": _of_measures(shown)})}


def _fits(column: ResultColumn, first: ResultColumn) -> bool:
    """Others than the first are in the table: amounts and counts have no axis in common."""
    return column.name in (first.name, first.name + BEFORE)


def _in_order(drawing: Drawing) -> list[tuple[int, Row]]:
    """As the definition orders them; bands from worst to best."""
    rows = list(enumerate(drawing.rows))
    if "by" not in drawing.bands:
        return rows
    place = {value: at for at, value in enumerate(drawing.values("by"))}
    return sorted(rows, key=lambda one: place[one[1]["by"]])


def _bars(drawing: Drawing, rows: list[tuple[int, Row]], column: ResultColumn, *, alone: bool, lying: bool) -> Option:
    is_before = column.role == "before"
    data = [
        {"value": row[column.name], "at": place, "text": short(column, row[column.name]),
         "itemStyle": {"color": "token:line" if is_before else drawing.color("by", row["by"])}}
        for place, row in rows
    ]  # fmt: skip
    label = {"show": alone or lying, "position": "right" if lying else "top", **LABEL}
    name = f"{column.title}, before" if is_before else column.title
    color = "token:line" if is_before else "token:accent"
    return {"type": "bar", "name": name, "data": data, "label": label, "color": color, "barMaxWidth": 48}


def _of_measures(columns: list[ResultColumn]) -> Option:
    names = [f"{one.title}, before" if one.role == "before" else one.title for one in columns]
    return {"show": True, "top": 0, "left": 0, "itemWidth": 12, "itemHeight": 10, "data": names}


def _axes(names: list[str], values: Option, *, lying: bool) -> Option:
    category: Option = {"type": "category", "data": names}
    if lying:
        return {"yAxis": {**category, "inverse": True, "axisLabel": {"width": 120, "overflow": "truncate"}},
                "xAxis": {**values, "splitNumber": 3}}  # fmt: skip
    return {"xAxis": category, "yAxis": {**values, "splitNumber": 3}}


def stacked(drawing: Drawing) -> Option:
    """A series for each part, bands from worst to best."""
    measure = drawing.measures[-1]  # the share, where it is asked for
    wholes, parts = drawing.values("by"), drawing.values("split")
    found: dict[tuple[Any, Any], int] = {(row["by"], row["split"]): at for at, row in enumerate(drawing.rows)}
    names = [said(drawing.columns["by"], one) for one in wholes]
    lying = drawing.columns["by"].grain is None and (len(names) > _LYING or max(map(len, names)) > 14)
    series = [
        {"type": "bar", "stack": "all", "name": said(drawing.columns["split"], part), "barMaxWidth": 48,
         "color": drawing.color("split", part, at),
         "data": [_part(drawing, measure, found.get((whole, part))) for whole in wholes]}
        for at, part in enumerate(parts)
    ]  # fmt: skip
    axis = number_axis(measure, **({"max": 1} if measure.name == "share" else {}))
    return {**_axes(names, axis, lying=lying), "series": series, "legend": legend(drawing, "split", parts)}


def _part(drawing: Drawing, measure: ResultColumn, at: int | None) -> Any:
    if at is None:
        return None
    value = drawing.rows[at][measure.name]
    return {"value": value, "at": at, "text": said(measure, value)}


def distribution(drawing: Drawing) -> Option:
    """Bins stand against each other without room between them."""
    measure = drawing.measures[-1]
    names = [f"{number_said(row['from'])} – {number_said(row['to'])}" for row in drawing.rows]
    series = {**_bars_of_one(drawing, measure), "barCategoryGap": "4%", "label": {"show": False}}
    series["barMaxWidth"] = None
    return {**_axes(names, number_axis(measure), lying=False), "series": [series]}


def funnel(drawing: Drawing) -> Option:
    """Steps from the first down, each with its share of the first."""
    measure = next(one for one in drawing.measures if one.name == "value")
    names = [drawing.said("step", row) for row in drawing.rows]
    series = _bars_of_one(drawing, measure)
    for item, row in zip(series["data"], drawing.rows, strict=True):
        share = row["of_first"]
        item["text"] += f" · {number_said(share, '%')}" if share is not None else ""
    series["label"] = {"show": True, "position": "right", **LABEL}
    return {**_axes(names, number_axis(measure), lying=True), "series": [series], "grid": {"right": 96}}


def _bars_of_one(drawing: Drawing, measure: ResultColumn) -> Option:
    data = [
        {"value": row[measure.name], "at": at, "text": said(measure, row[measure.name])}
        for at, row in enumerate(drawing.rows)
    ]
    return {"type": "bar", "name": measure.title, "color": "token:accent", "data": data, "barMaxWidth": 48}
