"""Cells with a number in each: heatmaps and cohorts. One shade, from pale to full; scores have the colours of bands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from keepwell.apps.dashboards.drawing.drawing import LABEL, Drawing, Option
from keepwell.apps.dashboards.drawing.tones import GLYPHS
from keepwell.apps.dashboards.drawing.words import said, short
from keepwell.engine.reporting.results import ResultColumn


def heatmap(drawing: Drawing) -> Option:
    """Rows from the top; columns are values of a dimension, or the measures, each shaded by itself."""
    heads = drawing.values("rows")
    names = [said(drawing.columns["rows"], one) for one in heads]
    places = {one: at for at, one in enumerate(heads)}
    if "columns" in drawing.columns:
        across, measure = drawing.values("columns"), drawing.measures[0]
        titles = [said(drawing.columns["columns"], one) for one in across]
        at_column = {one: at for at, one in enumerate(across)}
        shade = _shade_of(drawing, measure)
        cells = [
            {"value": [at_column[row["columns"]], places[row["rows"]], *shade(row[measure.name])[0]],
             **shade(row[measure.name])[1], "at": at}
            for at, row in enumerate(drawing.rows)
        ]  # fmt: skip
        return _shaded(names, titles, cells)
    cells = [
        {"value": [column, places[row["rows"]], *number], **look, "at": at, "measure": measure.name}
        for column, measure in enumerate(drawing.measures)
        for shade in [_shade_of(drawing, measure)]
        for at, row in enumerate(drawing.rows)
        for number, look in [shade(row[measure.name])]
    ]
    return _shaded(names, [one.title for one in drawing.measures], cells)


def _shade_of(drawing: Drawing, measure: ResultColumn) -> Callable[[Any], tuple[list[Any], Option]]:
    """For a value of a measure where it lies between the smallest and the largest, and how its cell looks."""
    known = [row[measure.name] for row in drawing.rows if row[measure.name] is not None]
    low, high = min(known, default=0), max(known, default=0)

    def shade(value: Any) -> tuple[list[Any], Option]:
        if value is None:
            return ["-"], {"text": "–"}
        share = (float(value) - low) / (high - low) if high > low else 0.5
        if measure.name in drawing.scores:
            return [round(share, 4)], _of_score(float(value), drawing.tone_of_score(float(value)))
        return [round(share, 4)], {"text": short(measure, value)}

    return shade


def _of_score(score: float, tone: str) -> Option:
    """The colour of its band, with the shape and the number in it."""
    return {
        "text": f"{GLYPHS[tone]} {int(score + 0.5)}", "visualMap": False, "label": {"color": f"token:{tone}"},
        "itemStyle": {"color": f"token:{tone}-soft"},
    }  # fmt: skip


def _shaded(rows: list[str], columns: list[str], cells: list[Any]) -> Option:
    return {
        "xAxis": {"type": "category", "data": columns, "position": "top",
                  "axisLabel": {"interval": 0, "width": 80, "lineHeight": 14,
                                "overflow": "break", "hideOverlap": False}, "splitLine": {"show": False},
                  "axisLine": {"show": False}},
        "yAxis": {"type": "category", "data": rows, "inverse": True, "splitLine": {"show": False},
                  "axisLabel": {"width": 140, "overflow": "truncate", "interval": 0}},
        "grid": {"top": 8, "left": 8, "right": 8, "bottom": 8},
        "visualMap": {"show": False, "min": 0, "max": 1, "inRange": {"color": ["token:accent/8", "token:accent/60"]}},
        "tooltip": {"trigger": "item"},
        "series": [{"type": "heatmap", "data": cells, "label": {"show": True, **LABEL},
                    "itemStyle": {"borderColor": "token:paper", "borderWidth": 2, "borderRadius": 3}}],
        "needs": {"rows": len(rows), "columns": len(columns)},
    }  # fmt: skip


def cohort(drawing: Drawing) -> Option:
    """A row a cohort with its size, a column a period; a period that is not over has a dotted edge."""
    heads = drawing.values("cohort")
    places = {one: at for at, one in enumerate(heads)}
    sizes = {row["cohort"]: row["size"] for row in drawing.rows}
    names = [f"{said(drawing.columns['cohort'], one)} · {sizes[one]}" for one in heads]
    periods = sorted({row["period"] for row in drawing.rows})
    cells = [
        {"value": [row["period"], places[row["cohort"]], round(row["share"], 4)], "at": at,
         "text": f"{row['share'] * 100:.0f}%",
         **({} if row["is_over"] else {"itemStyle": {"borderColor": "token:ink-2", "borderType": "dotted",
                                                     "borderWidth": 1}})}
        for at, row in enumerate(drawing.rows)
    ]  # fmt: skip
    return _shaded(names, [str(one) for one in periods], cells)
