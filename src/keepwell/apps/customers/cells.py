"""Cells of the list as HTML, made in Python: a page has hundreds, and a template would cost several times as much."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from html import escape
from typing import Any
from urllib.parse import quote

from keepwell.apps.customers.sparkline import sparkline_of
from keepwell.apps.customers.table import Column
from keepwell.apps.ui.formatting import compact
from keepwell.apps.ui.jinja import day, health_html, money
from keepwell.apps.ui.templatetags.ui import signed

Row = Mapping[str, Any]
Cell = Callable[[Row], str]
_LONGEST = 60
_PICK = '<td class="pick"><input type="checkbox" name="account" value="{}" aria-label="Choose {}"></td>'


def rows_html(
    rows: Sequence[Row], columns: Sequence[Column], edges: Mapping[str, tuple[float, ...]], *, may_pick: bool
) -> str:
    """Rows of the table. `edges`: of the bands by scorecard. `may_pick`: they begin with a box to choose them by."""
    if not rows:
        return ""
    writer = _writer(tuple(columns), tuple(rows[0]), may_pick)
    write = _kept_row if all(column.name in _KEPT for column in columns) else _row
    return "\n".join([write(writer, (*row.values(),), edges.get(row["health__scorecard"], ())) for row in rows])


@dataclass(frozen=True, eq=False)
class _Writer:
    """How rows of one kind are written. `names`: of the values in a row."""

    names: tuple[str, ...]
    cells: tuple[Cell, ...]
    may_pick: bool


@lru_cache(maxsize=64)
def _writer(columns: tuple[Column, ...], names: tuple[str, ...], may_pick: bool) -> _Writer:
    cells = tuple(KNOWN.get(column.name) or _own(column.name, column.number) for column in columns)
    return _Writer(names, cells, may_pick)


def _row(writer: _Writer, values: tuple[Any, ...], edges: tuple[float, ...]) -> str:
    row = dict(zip(writer.names, values, strict=True))
    account, name = escape(row["id"]), escape(row["name"])
    band = health_html(row["health__score"], row["health__label"], row["health__tone"], edges)
    pick = _PICK.format(account, name) if writer.may_pick else ""
    link = f'<a data-row href="/customers/{_quoted(row["id"])}/">{name}</a>'
    cells = "".join([write(row) for write in writer.cells])
    return f'<tr>{pick}<th scope="row">{link}</th><td>{band}</td>{cells}</tr>'


_kept_row = lru_cache(maxsize=4096)(_row)
"""Found again by all that it shows: what a row says changes once a day."""


def _quoted(account: str) -> str:
    """Quoting takes as long as the rest of a row, and few ids need it."""
    return account if account.isascii() and account.isalnum() else quote(account)


def shown(value: Any) -> str:
    """Any attribute or metric as a text."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return compact(value) if abs(value) >= 1000 else f"{value:.3g}"
    if isinstance(value, datetime):
        return f"{value:%d %b %Y %H:%M}"
    return f"{value:%d %b %Y}" if isinstance(value, date) else str(value)[:_LONGEST]


def _text(field: str) -> Cell:
    return lambda row: f"<td>{escape(row[field] or '–')}</td>"


def _words(field: str) -> Cell:
    return lambda row: f"<td>{escape((row[field] or '–').replace('_', ' '))}</td>"


def _own(name: str, number: bool) -> Cell:
    begin = '<td class="number">' if number else "<td>"
    return lambda row: f"{begin}{escape(shown(row['own'][name]))}</td>"


def _coverage(row: Row) -> str:
    share = row["health__coverage"]
    return '<td class="number">–</td>' if share is None else f'<td class="number">{100 * share:.0f} %</td>'


KNOWN: Mapping[str, Cell] = {
    "trend": lambda row: f"<td>{sparkline_of(row['trend'])}</td>",
    "change": lambda row: f'<td class="number">{signed(row["health__change"])}</td>',
    "arr": lambda row: f'<td class="number">{money(row["arr"])}</td>',
    "renewal": lambda row: f'<td class="date">{day(row["renews_on"])}</td>',
    "stage": _text("stage"),
    "csm": lambda row: f"<td>{escape(row['owner__name'] or row['owner_name'] or '–')}</td>",
    "why": _text("health__why"),
    "coverage": _coverage,
    "scorecard": _words("health__scorecard"),
    "segments": lambda row: f"<td>{escape(', '.join(row['segments']).replace('_', ' ') or '–')}</td>",
    "id": _text("id"),
}
"""How each built-in column is written."""

_KEPT = KNOWN.keys() - {"segments"}
"""Columns whose values a row can be found again by."""
