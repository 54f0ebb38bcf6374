"""Cells of the list as HTML, made in Python: a page has hundreds, and a template would cost several times as much."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from markupsafe import Markup, escape

from keepwell.apps.customers.sparkline import sparkline
from keepwell.apps.ui.formatting import compact
from keepwell.apps.ui.jinja import day, health, money
from keepwell.apps.ui.templatetags.ui import signed

Row = Mapping[str, Any]
Cell = Callable[[Row], str]
_LONGEST = 60


def cells_of(
    rows: Iterable[Row], names: Iterable[tuple[str, bool]], edges: Mapping[str, tuple[float, ...]]
) -> Iterator[Markup]:
    """What each row has beside its name. `names`: of columns, and whether they hold numbers."""
    makers = [KNOWN.get(name) or _own(name, number) for name, number in names]
    for row in rows:
        band = health(
            row["health__score"], row["health__label"], row["health__tone"], edges.get(row["health__scorecard"], ())
        )
        yield Markup(f"<td>{band}</td>" + "".join([make(row) for make in makers]))


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
    "trend": lambda row: f"<td>{sparkline(row['health__trend'])}</td>",
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
