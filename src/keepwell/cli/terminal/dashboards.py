"""Dashboards on the terminal: each widget as its numbers, with bars where they help."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pyarrow as pa
from rich.text import Text

from keepwell.cli.terminal.bars import bar
from keepwell.cli.terminal.cells import shown, shown_change
from keepwell.cli.terminal.tables import Column, Table, number, words
from keepwell.cli.terminal.terminal import Terminal
from keepwell.cli.terminal.wording import joined, printable, titled
from keepwell.definitions.dashboards import Dashboard
from keepwell.definitions.project import Project
from keepwell.engine.reporting.asking import Asked
from keepwell.engine.reporting.results import Result, ResultColumn

_BAR = 24
_DRAWN = frozenset({"bar", "distribution", "funnel", "stacked", "sankey"})
_MOST = 40
_CROSSED = frozenset({"by", "split", "rows", "columns", "cohort", "period"})
_BY_VALUE = frozenset({"line", "stacked", "heatmap"})
"""Charts of which some values of a dimension are shown, each with all its cells."""


def print_dashboards(terminal: Terminal, project: Project) -> None:
    """All dashboards of a project."""
    if not project.dashboards:
        terminal.paragraph("There are no dashboards; keepwell dashboard start FOLDER writes some to begin with.")
    for name, one in project.dashboards_in_order().items():
        whose = f"for {joined(one.roles)}" if one.roles else "for everybody"
        terminal.heading(titled(one.title, name), f"{name}, {whose}")
        for widget_name, widget in one.widgets.items():
            about = f"{widget_name}, {widget.chart} over {widget.dataset}"
            terminal.line(Text.assemble("  ", titled(widget.title, widget_name), (f"  {about}", "dim")))


def print_dashboard(
    terminal: Terminal, name: str, dashboard: Dashboard, results: Mapping[str, Result], asked: Asked, *, brief: bool
) -> None:
    """Every widget under its title; with `brief` only what could not be answered."""
    if not brief:
        terminal.heading(titled(dashboard.title, name), f"as of {asked.as_of}")
        for condition in asked.conditions:
            terminal.line(f"only accounts where {printable(str(condition))}", style="dim")
    for widget_name, result in results.items():
        if not brief or result.problem is not None:
            title = titled(dashboard.widgets[widget_name].title, widget_name)
            print_result(terminal, title, result)


def print_result(terminal: Terminal, title: str, result: Result, *, most: int = _MOST) -> None:
    """One widget, `most` of its rows (0: all)."""
    terminal.heading(title, _about(result))
    if result.problem is not None:
        terminal.paragraph(printable(result.problem), style="yellow")
        return
    if result.is_empty:
        terminal.paragraph("Nothing matches.", style="dim")
    elif result.chart == "number":
        _print_number(terminal, result)
    else:
        _table(terminal, _crossed(result), most).print(terminal)
    _print_below(terminal, result, most)


def _about(result: Result) -> str:
    if result.span is None:
        return ""
    span = f"at {result.span.last}" if result.span.first is None else str(result.span)
    if result.compared is None:
        return span
    before = result.compared
    return f"{span}, before: " + (f"at {before.last}" if before.first is None else str(before))


def _print_number(terminal: Terminal, result: Result) -> None:
    row = result.rows.to_pylist()[0]
    now, *before = result.columns
    line = Text(shown(row[now.name], now), "bold")
    if before:
        change = shown_change(terminal.glyphs, row[now.name], row[before[0].name], now)
        line.append(f"  {change} from {shown(row[before[0].name], now)}", "dim")
    terminal.line(line)


def _table(terminal: Terminal, result: Result, most: int) -> Table:
    drawn = next((one for one in result.columns if one.role == "measure"), None) if result.chart in _DRAWN else None
    table = Table(*(_column(one) for one in result.columns), *([words()] if drawn else []))
    rows = result.rows.slice(0, most or None).to_pylist()
    largest = max((abs(_number(row[drawn.name])) for row in rows), default=0.0) if drawn else 0.0
    for row in rows:
        cells: list[Text | str] = [_cell(row[one.name], one) for one in result.columns]
        if drawn:
            cells.append(bar(terminal.glyphs, abs(_number(row[drawn.name])), _BAR, of=largest))
        table.add(*cells)
    if result.totals:
        _add_totals(table, result, blank=1 if drawn else 0)
    return table


def _add_totals(table: Table, result: Result, blank: int) -> None:
    cells: list[Text | str] = []
    for at, one in enumerate(result.columns):
        total = result.totals.get(one.name)
        text = "all" if at == 0 and one.role == "dimension" else shown(total, one) if total is not None else ""
        cells.append(Text(text, "dim"))
    table.add(*cells, *([""] * blank))


def _column(one: ResultColumn) -> Column:
    head = f"{one.title} before" if one.role == "before" else one.title
    return words(printable(head), 40) if one.role == "dimension" else number(printable(head))


def _cell(value: Any, one: ResultColumn) -> Text:
    return Text(printable(shown(value, one)), "dim" if one.role == "before" else "")


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _crossed(result: Result) -> Result:
    """Two dimensions and a measure as a row for each value of the first and a column for each of the second."""
    pair = [one for one in result.columns if one.role == "dimension" and one.name in _CROSSED]
    value = next(
        (one for one in result.columns if one.role == "measure" and one.name not in ("size", "accounts")), None
    )
    if result.chart not in ("line", "heatmap", "cohort") or len(pair) != 2 or value is None:
        return result
    first, second = pair
    heads = sorted(set(result.column(second.name)), key=lambda one: (one is None, one))
    cells = {(row[first.name], row[second.name]): row[value.name] for row in result.rows.to_pylist()}
    rows = [
        {first.name: key, **{f"c{at}": cells.get((key, head)) for at, head in enumerate(heads)}}
        for key in dict.fromkeys(result.column(first.name))
    ]
    columns = [replace(value, name=f"c{at}", title=shown(head, second)) for at, head in enumerate(heads)]
    return replace(result, rows=pa.Table.from_pylist(rows), columns=(first, *columns))


def _print_below(terminal: Terminal, result: Result, most: int) -> None:
    there = min(result.rows.num_rows, most or result.rows.num_rows)
    if result.truncated and result.found is not None and result.chart in _BY_VALUE:
        terminal.line(f"the largest of {result.found:,} are shown", style="dim")
    elif result.truncated or there < result.rows.num_rows:
        of = f" of {result.found:,}" if result.found else ""
        terminal.line(f"{there:,}{of} shown", style="dim")
    for note in result.notes:
        terminal.paragraph(printable(note), style="dim")
