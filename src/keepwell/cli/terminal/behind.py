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


class RowsPrinter:
    """Prints the rows behind metrics; what several of them share is shown once."""

    def __init__(self, terminal: Terminal, as_of: date) -> None:
        self._terminal = terminal
        self._as_of = as_of
        self._shown: set[tuple[str, date]] = set()

    def print(self, behind: RowsBehind, depth: int = 0) -> None:
        """A metric's rows, then those of what it is made from, indented."""
        again = (behind.metric, behind.moment.as_of) in self._shown
        self._shown.add((behind.metric, behind.moment.as_of))
        indent = 2 + 2 * depth
        self._terminal.line(Text.assemble(" " * indent, (behind.metric, "bold"), (self._about(behind, again), "dim")))
        if again:
            return
        if behind.note:
            self._terminal.line(" " * (indent + 2) + printable(behind.note), style="dim")
        if behind.table is not None and len(behind.table):
            _rows(self._terminal, behind, indent + 2).print(self._terminal)
            if behind.total > len(behind.table):
                self._terminal.line(" " * (indent + 2) + f"and {behind.total - len(behind.table):,} more", style="dim")
        for one in behind.inputs:
            self.print(one, depth + 1)

    def _about(self, behind: RowsBehind, again: bool) -> str:
        at = f" as of {behind.moment.as_of}" if behind.moment.as_of != self._as_of else ""
        if again:
            return f"{at}  shown above"
        count = f"  {counted(behind.total, 'row')}" if behind.table is not None else ""
        return f"{at}  {printable(behind.definition)}{count}"


def _rows(terminal: Terminal, behind: RowsBehind, indent: int) -> Table:
    assert behind.table is not None
    rows = behind.table.to_pylist()
    chosen = _fitting(behind, rows, terminal.width - indent)
    columns = [
        number(printable(name)) if _is_numeric([row[name] for row in rows]) else words(printable(name), _CELL)
        for name in chosen
    ]
    shown = Table(*columns, indent=indent)
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


def _is_numeric(values: list[object]) -> bool:
    return all(value is None or (isinstance(value, int | float) and not isinstance(value, bool)) for value in values)


def cell(value: object) -> str:
    """A value as it stands in the data; nothing for null."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return plain(value)
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds")
    return value.isoformat() if isinstance(value, date) else printable(str(value))
