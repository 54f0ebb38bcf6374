"""Rows of a source, whatever they are, as columns of values by name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa

from keepwell.connect.spec import Page

_DEPTH = 2
_MOST_COLUMNS = 500
_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")
_DATE = re.compile(r"\d{4}-\d\d-\d\d$")


def as_objects(page: Page) -> list[Mapping[str, Any]]:
    """The rows of a page one by one."""
    return page.to_pylist() if isinstance(page, pa.Table) else list(page)


def value_at(row: Mapping[str, Any], path: str) -> Any:
    """A value by name; where there is no such name, dots lead into objects and lists. None where nothing is there."""
    if path in row:
        return row[path]
    found: Any = row
    for part in path.split("."):
        if isinstance(found, Mapping):
            found = found.get(part)
        elif isinstance(found, list) and part.isdecimal() and int(part) < len(found):
            found = found[int(part)]
        else:
            return None
    return found


def types_of(rows: Iterable[Mapping[str, Any]], known: dict[str, str] | None = None) -> dict[str, str]:
    """The columns that rows have, objects two deep, each with text, number, boolean, date, time, list or empty."""
    found = {} if known is None else known
    for row in rows:
        for name, value in _flat(row, "", _DEPTH):
            if len(found) < _MOST_COLUMNS or name in found:
                found[name] = _wider(found.get(name, "empty"), _type(value))
    return found


def _flat(row: Mapping[str, Any], before: str, depth: int) -> Iterable[tuple[str, Any]]:
    for name, value in row.items():
        if isinstance(value, Mapping) and depth > 1:
            yield from _flat(value, f"{before}{name}.", depth - 1)
        else:
            yield f"{before}{name}", value


def _type(value: Any) -> str:
    if value is None or value == "":
        return "empty"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, Mapping | list | tuple):
        return "list"
    if isinstance(value, str):
        return "time" if _TIME.match(value) else "date" if _DATE.match(value) else "text"
    return {"datetime": "time", "date": "date"}.get(type(value).__name__, "number")


def _wider(one: str, other: str) -> str:
    if other in (one, "empty"):
        return one
    if one == "empty":
        return other
    return "time" if {one, other} == {"date", "time"} else "text"
