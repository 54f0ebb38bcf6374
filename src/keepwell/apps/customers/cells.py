"""Cells of the list as HTML, made in Python: a page has hundreds, and a template would cost several times as much."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
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
    rows: Iterable[Row], columns: Iterable[Column], edges: Mapping[str, tuple[float, ...]], *, may_pick: bool
) -> str:
    """Rows of the table. `edges`: of the bands by scorecard. `may_pick`: they begin with a box to choose them by."""
    makers = [KNOWN.get(column.name) or _own(column.name, column.number) for column in columns]
    drawn = []
    for row in rows:
        account, name = escape(row["id"]), escape(row["name"])
        band = health_html(
            row["health__score"], row["health__label"], row["health__tone"], edges.get(row["health__scorecard"], ())
        )
        pick = _PICK.format(account, name) if may_pick else ""
        link = f'<a data-row href="/customers/{_quoted(row["id"])}/">{name}</a>'
        cells = "".join([make(row) for make in makers])
        drawn.append(f'<tr>{pick}<th scope="row">{link}</th><td>{band}</td>{cells}</tr>')
    return "\n".join(drawn)


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
