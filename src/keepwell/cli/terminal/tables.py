"""Tables: no frames, one rule under the heads, numbers to the right, and room for a sentence below a row.

Rows are printed line by line, so that a long table starts to appear at once and ends in a pipe like any text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.text import Text

from keepwell.cli.terminal.terminal import Terminal

Cell = Text | str
GAP = 2
_LEAST = 8
"""Texts are not cut below this."""


@dataclass(frozen=True)
class Column:
    """`right`: numbers. `most`: cells are cut to this width. `takes_rest`: the last column, folded to the terminal."""

    head: str = ""
    right: bool = False
    most: int | None = None
    takes_rest: bool = False


def number(head: str = "") -> Column:
    return Column(head, right=True)


def words(head: str = "", most: int | None = None) -> Column:
    return Column(head, most=most)


def rest(head: str = "") -> Column:
    return Column(head, takes_rest=True)


class Table:
    """Rows of cells under heads; `indent` blanks before each."""

    def __init__(self, *columns: Column, indent: int = 0) -> None:
        self._columns = columns
        self._indent = indent
        self._rows: list[tuple[list[Text], Text | None]] = []

    def add(self, *cells: Cell, below: Text | None = None) -> None:
        """One row. `below`: a sentence under it, folded to the width, indented."""
        self._rows.append(([_text(cell) for cell in cells], below))

    def print(self, terminal: Terminal) -> None:
        widths = self._widths(terminal)
        if any(column.head for column in self._columns):
            heads = [Text(column.head, "dim") for column in self._columns]
            terminal.line(self._line(heads, widths))
            terminal.line(
                Text(" " * self._indent + terminal.glyphs.rule * (sum(widths) + GAP * (len(widths) - 1)), "dim")
            )
        for cells, below in self._rows:
            for line in self._lines(terminal, cells, widths):
                terminal.line(line)
            if below is not None:
                for line in folded(terminal, below, terminal.width - self._indent - 4):
                    terminal.line(Text(" " * (self._indent + 4)).append_text(line))

    def _widths(self, terminal: Terminal) -> list[int]:
        widths = []
        for at, column in enumerate(self._columns):
            longest = max([cell_len(column.head), *(cells[at].cell_len for cells, _ in self._rows)])
            widths.append(min(longest, column.most or longest))
        used = self._indent + sum(widths) + GAP * (len(widths) - 1)
        for at, column in enumerate(self._columns):
            if column.takes_rest:
                widths[at] = max(min(widths[at], widths[at] + terminal.width - used), 20)
        return self._shrunk(widths, terminal.width - self._indent)

    def _shrunk(self, widths: list[int], room: int) -> list[int]:
        """Where a table is wider than the terminal, its widest texts are cut; numbers never are."""
        texts = [at for at, column in enumerate(self._columns) if not column.right and not column.takes_rest]
        excess = sum(widths) + GAP * (len(widths) - 1) - room
        for _ in range(max(excess, 0)):
            widest = max(texts, key=lambda at: widths[at], default=None)
            if widest is None or widths[widest] <= _LEAST:
                break
            widths[widest] -= 1
        return widths

    def _lines(self, terminal: Terminal, cells: Sequence[Text], widths: Sequence[int]) -> Iterator[Text]:
        """A row: its first line, and more where the last column folds."""
        last = self._columns[-1]
        if not last.takes_rest:
            yield self._line(cells, widths)
            return
        parts = folded(terminal, cells[-1], widths[-1]) or [Text()]
        yield self._line([*cells[:-1], parts[0]], widths)
        blank = [Text() for _ in cells[:-1]]
        for part in parts[1:]:
            yield self._line([*blank, part], widths)

    def _line(self, cells: Sequence[Text], widths: Sequence[int]) -> Text:
        line = Text(" " * self._indent)
        for at, (cell, width, column) in enumerate(zip(cells, widths, self._columns, strict=True)):
            fitted = cell.copy()
            fitted.truncate(width, overflow="ellipsis")
            room = Text(" " * (width - fitted.cell_len))
            line.append(" " * GAP if at else "")
            for part in (room, fitted) if column.right else (fitted, room):
                line.append_text(part)
        line.rstrip()
        return line


def folded(terminal: Terminal, text: Text, width: int) -> list[Text]:
    """A text over lines of at most `width` cells, broken between words."""
    return list(text.wrap(terminal.console, max(width, 20)))


def _text(cell: Cell) -> Text:
    return cell if isinstance(cell, Text) else Text(cell)
