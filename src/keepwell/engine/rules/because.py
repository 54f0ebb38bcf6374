"""Reasons in words, the same wherever they are read: label is red · score fell by at least 5 over 28 days (-7.5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from keepwell.definitions.expressions import Binary, Expression, Literal, Name, parse
from keepwell.engine.rules.reasons import Reason
from keepwell.engine.rules.telling import condition_words
from keepwell.errors import InputError

BETWEEN = " · "


@dataclass(frozen=True)
class Said:
    """A part of a condition in words, whether it holds, and what stood there where the words do not say it."""

    words: str
    seen: str = ""
    holds: bool = True

    def __str__(self) -> str:
        return f"{'' if self.holds else 'not: '}{self.words}{f' ({self.seen})' if self.seen else ''}"


def because(reasons: Iterable[Reason | Mapping[str, Any]]) -> str:
    """All reasons in one line, without a full stop; "" for none."""
    return BETWEEN.join(str(one) for one in parts_said(reasons))


def parts_said(reasons: Iterable[Reason | Mapping[str, Any]]) -> tuple[Said, ...]:
    """Each part of a condition once, in the order of the text. Kept reasons, as JSON, are read as well as new ones."""
    found: dict[str, tuple[bool, list[tuple[str, Any]]]] = {}
    for one in reasons:
        reason = one if isinstance(one, Mapping) else {**one.as_dict(), "holds": one.holds}
        _, seen = found.setdefault(reason["condition"], (reason.get("holds", True), []))
        if reason["name"]:
            seen.append((reason["name"], reason["value"]))
    return tuple(Said(_words(text), _seen(text, seen), holds) for text, (holds, seen) in found.items())


@lru_cache(maxsize=2000)
def _parsed(text: str) -> Expression | None:
    """None for what a later grammar no longer reads: reasons outlive the definitions they came from."""
    try:
        return parse(text)
    except InputError:
        return None


def _words(text: str) -> str:
    condition = _parsed(text)
    return text if condition is None else condition_words(condition)


def _seen(text: str, seen: list[tuple[str, Any]]) -> str:
    if len(seen) == 1:
        return "" if _says_it(_parsed(text), seen[0][1]) else value_words(seen[0][1])
    return ", ".join(f"{name.replace('_', ' ').replace('.', ' ')} {value_words(value)}" for name, value in seen)


def _says_it(condition: Expression | None, value: Any) -> bool:
    """Whether the words hold the value already, as in "label is red"."""
    if isinstance(condition, Name):
        return value is True
    is_equal = isinstance(condition, Binary) and condition.operator == "="
    return is_equal and isinstance(condition.right, Literal) and condition.right.value == value  # type: ignore[union-attr]


def value_words(value: Any) -> str:
    """A value as a person reads it: 81,000 and -7.5, days as they are, "not known" for null."""
    if value is None:
        return "not known"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return f"{value:.2g}" if 0 < abs(value) < 1 else f"{round(value, 1):,.15g}"
    return _day(str(value))


def _day(text: str) -> str:
    """A moment as its day."""
    try:
        return str(date.fromisoformat(text[:10])) if text[4:5] == "-" and text[7:8] == "-" else text
    except ValueError:
        return text
