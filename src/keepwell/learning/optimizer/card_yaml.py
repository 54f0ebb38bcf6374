"""A scorecard as YAML in the way a person writes it: a line for each measure's weight, score and odd settings.

Lists of numbers stand in one line; everything else in blocks. Defaults are not written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from keepwell.definitions.measures import Measure
from keepwell.definitions.schemes import Scheme
from keepwell.definitions.scorecards import Group, Scorecard
from keepwell.learning.optimizer.rounding import plain

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_ .'/()<>=*+-]*")
"""Texts that need no quotes within braces either."""
_NOT_TEXT = re.compile(r"(?i)true|false|null|~|yes|no|on|off|y|n")
_INDENT = "  "
_LONGEST = 110

Notes = Mapping[str, str]
"""Comments by measure."""


def card_lines(name: str, card: Scorecard, notes: Notes, depth: int) -> Iterator[str]:
    """Lines of `name: {...}` indented by `depth` steps, without the end of line. `notes` stand behind weights."""
    pad = _INDENT * depth
    yield f"{pad}{name}:"
    own = card.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude={"groups", "overrides"})
    for key, value in own.items():
        yield f"{pad}{_INDENT}{key}: {flow(value)}"
    yield f"{pad}{_INDENT}groups:"
    for group_name, group in card.groups.items():
        yield from _group_lines(group_name, group, notes, depth + 2)
    if card.overrides:
        yield f"{pad}{_INDENT}overrides:"
        for override in card.overrides:
            plain_values = override.model_dump(mode="json", by_alias=True, exclude_defaults=True)
            yield from _entry_lines(plain_values, pad + _INDENT * 2)


def scheme_lines(name: str, scheme: Scheme, depth: int) -> Iterator[str]:
    pad = _INDENT * depth
    yield f"{pad}{name}:"
    yield f"{pad}{_INDENT}bands:"
    for band in scheme.bands:
        yield f"{pad}{_INDENT * 2}- {flow(band.model_dump(mode='json', by_alias=True, exclude_defaults=True))}"


def flow(value: Any) -> str:
    """A value in one line, such as {linear: [[0, 0], [10, 100]]}."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(key)}: {flow(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(flow(one) for one in value) + "]"
    return _scalar(value)


def _group_lines(name: str, group: Group, notes: Notes, depth: int) -> Iterator[str]:
    pad = _INDENT * depth
    yield f"{pad}{name}:"
    own = group.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude={"measures"})
    for key, value in own.items():
        yield f"{pad}{_INDENT}{key}: {flow(value)}"
    yield f"{pad}{_INDENT}measures:"
    for measure_name, measure in group.measures.items():
        yield f"{pad}{_INDENT * 2}{measure_name}:"
        yield from _measure_lines(measure, notes.get(measure_name), pad + _INDENT * 3)


def _entry_lines(values: Mapping[str, Any], pad: str) -> Iterator[str]:
    """An entry of a list, in one line where it is short."""
    line = f"{pad}- {flow(values)}"
    if len(line) <= _LONGEST:
        yield line
        return
    for place, (key, value) in enumerate(values.items()):
        yield f"{pad}{'  ' if place else '- '}{key}: {flow(value)}"


def _measure_lines(measure: Measure, note: str | None, pad: str) -> Iterator[str]:
    own = measure.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    levels = own.pop("levels", None)
    for key, value in own.items():
        text = f"{pad}{key}: {flow(value)}"
        yield f"{text:<32}# {note}" if key == "weight" and note else text
    if levels:
        yield f"{pad}levels:"
        for level in levels:
            yield f"{pad}{_INDENT}- {flow(level)}"


def _key(key: Any) -> str:
    """`on` is a key of rules and `y` one of places, and both are text in YAML 1.2."""
    return key if key in ("on", "y", "n") else _scalar(key)


def _scalar(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(plain(value)) if isinstance(value, float) else str(value)
    text = str(value)
    if _PLAIN.fullmatch(text) and not _NOT_TEXT.fullmatch(text) and text == text.strip():
        return text
    quoted: str = yaml.safe_dump(text, default_style='"', width=10**9, allow_unicode=True).rstrip("\n")
    return quoted
