"""One widget with its numbers, as pages, letters and prints take it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from keepwell.apps.dashboards.answering.crossing import condition_of
from keepwell.apps.dashboards.drawing.charts import CHARTS
from keepwell.apps.dashboards.drawing.drawing import Drawing
from keepwell.apps.dashboards.drawing.points import AT, as_query, point_of
from keepwell.apps.dashboards.drawing.tones import band_keys, labels_in_order, score_keys, tone_of_score, tones_of
from keepwell.apps.dashboards.drawing.words import point_said, said
from keepwell.definitions.project import Project
from keepwell.definitions.widgets import WidgetBase
from keepwell.engine.reporting.charts.columns import spoken
from keepwell.engine.reporting.results import Result, ResultColumn

MOST_IN_TWIN = 200
"""So many rows of the table beside a chart; the file has all."""


@dataclass(frozen=True)
class Cell:
    """`tone`: of a band, empty for anything else."""

    text: str
    is_number: bool
    tone: str = ""


@dataclass(frozen=True)
class Line:
    """A row of the table. `at`: its point in an address, empty where there is none; `crossing`: the same as what
    narrows the page, empty where it cannot; `words`: the point in words."""

    cells: list[Cell]
    at: str
    crossing: str
    words: str


@dataclass(frozen=True)
class Picture:
    """`option`: for the island; None where the widget is a number or a table. `points`: of every row, for clicks."""

    result: Result
    heads: list[ResultColumn]
    lines: list[Line]
    option: dict[str, Any] | None = None
    points: list[list[str]] | None = None

    @property
    def more(self) -> int:
        """How many rows are in the file and not in the table."""
        return max(self.result.rows.num_rows - len(self.lines), 0)


def pictured(project: Project, name: str, widget: WidgetBase, result: Result) -> Picture:
    """A result drawn. A result with a problem, or without rows, has no chart."""
    bands, tones = band_keys(widget), tones_of(project)
    result = with_words(result, bands)
    rows = result.rows.to_pylist()
    places = [_place(project, name, widget, result, row) for row in rows]
    lines = [
        Line([_cell(column, row[column.name], bands, tones) for column in result.columns], *place)
        for row, place in zip(rows[:MOST_IN_TWIN], places, strict=False)
    ]
    heads = list(result.columns)
    if result.problem is not None or not rows or widget.chart not in CHARTS:
        return Picture(result, heads, lines)
    scores = score_keys(widget)
    drawing = Drawing(result, rows, bands, tones, labels_in_order(project), scores, tone_of_score(project))
    return Picture(result, heads, lines, CHARTS[widget.chart](drawing), [list(place) for place in places])


def with_words(result: Result, bands: frozenset[str]) -> Result:
    """Columns of bands are called so, unless the definition calls them otherwise."""
    columns = tuple(
        replace(one, title=one.title.replace("Label", "Band", 1)) if one.name in bands else one
        for one in result.columns
    )
    return replace(result, columns=columns)


def title_of(name: str, widget: WidgetBase) -> str:
    return widget.title or spoken(name)


def _place(
    project: Project, name: str, widget: WidgetBase, result: Result, row: dict[str, Any]
) -> tuple[str, str, str]:
    point = point_of(result, row)
    if not point:
        return "", "", ""
    crosses = condition_of(project, widget, point) is not None
    return as_query(point, AT), as_query(point, f"x.{name}.") if crosses else "", point_said(result, point)


def _cell(column: ResultColumn, value: Any, bands: frozenset[str], tones: dict[str, str]) -> Cell:
    tone = tones.get(str(value), "none") if column.name in bands and value is not None else ""
    return Cell(said(column, value), column.role != "dimension" or isinstance(value, int | float), tone)
