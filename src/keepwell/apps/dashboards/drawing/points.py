"""Points of a chart in an address: values with their type, so that a date stays a date."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from math import isfinite
from typing import Any
from urllib.parse import urlencode

from keepwell.engine.moments import FIRST
from keepwell.engine.reporting.results import Result
from keepwell.errors import FieldRefused

AT = "at."
"""Before the key of a dimension in the address of what is behind a value."""

_FOLLOWS = {"is_over"}  # says of a cell what it is, not which it is


def keys_of(result: Result) -> list[str]:
    """The dimensions by which a row of a result is told from the others."""
    found = [one.name for one in result.columns if one.role == "dimension" and one.name not in _FOLLOWS]
    return found if result.chart != "table" or any(one.role == "measure" for one in result.columns) else []


def encoded(value: Any) -> str:
    """A value with its type before a colon: s:red, f:4.0, d:2026-10-01."""
    if value is None:
        return "n:"
    if isinstance(value, bool):
        return f"b:{'true' if value else 'false'}"
    if isinstance(value, int | float):
        return f"f:{float(value)!r}"
    if isinstance(value, datetime):
        return f"t:{value.isoformat()}"
    return f"d:{value.isoformat()}" if isinstance(value, date) else f"s:{value}"


def decoded(text: str) -> Any:
    """The value again; a text without a type is a text. Raises FieldRefused."""
    kind, colon, rest = text.partition(":")
    read = _KINDS.get(kind) if colon else None
    if read is None:
        return text
    try:
        return read(rest)
    except (ValueError, KeyError):
        raise FieldRefused("at", f"'{text}' is no value of a chart; follow a link of the page") from None


def _number(text: str) -> float:
    found = float(text)
    if not isfinite(found):
        raise ValueError(text)
    return found


def _day(text: str) -> date:
    return _known(date.fromisoformat(text))


def _time(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    _known(found)
    return found


def _known(found: date) -> date:
    """Of years that have a year before and after them."""
    if not FIRST.year < found.year < date.max.year:
        raise ValueError(str(found))
    return found


_KINDS: dict[str, Any] = {
    "n": lambda _: None,
    "b": {"true": True, "false": False}.__getitem__,
    "f": _number,
    "d": _day,
    "t": _time,
    "s": str,
}


def point_of(result: Result, row: Mapping[str, Any]) -> dict[str, Any]:
    """What tells a row from the others."""
    return {key: row[key] for key in keys_of(result)}


def as_query(point: Mapping[str, Any], before: str = AT) -> str:
    return urlencode([(before + key, encoded(value)) for key, value in point.items()])


def from_query(pairs: Iterable[tuple[str, str]], before: str = AT) -> dict[str, Any]:
    """The point that an address names."""
    return {name.removeprefix(before): decoded(text) for name, text in pairs if name.startswith(before)}
