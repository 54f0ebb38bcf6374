"""The raw rows behind a metric, as they stand in the data."""

from __future__ import annotations

from datetime import date, datetime

from rich.text import Text

from keepwell.cli.terminal.numbers import plain
from keepwell.cli.terminal.tables import Table, number, words
from keepwell.cli.terminal.terminal import Terminal
from keepwell.cli.terminal.wording import counted, printable
from keepwell.engine.explain import RowsBehind

_CELL = 28


def print_rows_behind(terminal: Terminal, behind: RowsBehind, depth: int = 0) -> None:
    """A metric's rows, then those of what it is made from, indented."""
    indent = 2 + 2 * depth
    count = counted(behind.total, "row") if behind.table is not None else "no rows of its own"
    terminal.line(
        Text.assemble(" " * indent, (behind.metric, "bold"), (f"  {printable(behind.definition)}  {count}", "dim"))
    )
    if behind.note:
        terminal.line(" " * indent + printable(behind.note), style="dim")
    if behind.table is not None and len(behind.table):
        _rows(terminal, behind, indent + 2).print(terminal)
        if behind.total > len(behind.table):
            terminal.line(" " * (indent + 2) + f"and {behind.total - len(behind.table):,} more", style="dim")
    for one in behind.inputs:
        print_rows_behind(terminal, one, depth + 1)


def _rows(terminal: Terminal, behind: RowsBehind, indent: int) -> Table:
    assert behind.table is not None
    rows = behind.table.to_pylist()
    chosen = _fitting(behind, rows, terminal.width - indent)
    numeric = [all(isinstance(row[name], int | float | None) for row in rows) for name in chosen]
    shown = Table(
        *(
            number(printable(name)) if is_number else words(printable(name), _CELL)
            for name, is_number in zip(chosen, numeric, strict=True)
        ),
        indent=indent,
    )
    for row in rows:
        shown.add(*(cell(row[name]) for name in chosen))
    return shown


def _fitting(behind: RowsBehind, rows: list[dict[str, object]], room: int) -> list[str]:
    """As many columns as fit, those that the metric names first."""
    chosen: list[str] = []
    for place, name in enumerate(behind.columns):
        widest = max([len(name), *(len(cell(row[name])) for row in rows)])
        room -= min(widest, _CELL) + 2
        if room < 0 and place >= max(behind.leading, 1):
            break
        chosen.append(name)
    return chosen


def cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return plain(value)
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds")
    return value.isoformat() if isinstance(value, date) else printable(str(value))
