"""Values between the file, where quotes tell "20" from 20, and an input, where a text that looks like 20 is quoted."""

from __future__ import annotations

import re
from typing import Any

import yaml

from keepwell.apps.configuration.document import child, composed, entries

_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?")
_WORDS = {"true": True, "false": False, "null": None, "~": None}


class Absent:
    """Nothing stands there, which is not the same as null."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT = Absent()


def read_typed(text: str, *path: str | int) -> Any:
    """What stands at a path, as the language reads it; ABSENT for nothing. Raises Unreadable."""
    node = composed(text)
    for step in path:
        node = child(node, step)
    return ABSENT if node is None else _typed(node)


def typed(text: str) -> Any:
    """What somebody typed for a value that may be text, a number, true, false or null."""
    plain = text.strip()
    if plain in _WORDS or not plain:
        return _WORDS.get(plain)
    if _NUMBER.fullmatch(plain):
        return number(plain)
    if len(plain) > 1 and plain[0] == plain[-1] == '"':
        return plain[1:-1]
    return text.replace("\r\n", "\n")


def shown(value: Any) -> str:
    """The text that `typed` reads back as the value."""
    if value is None or isinstance(value, Absent):
        return ""
    if isinstance(value, str):
        return value if typed(value) == value else f'"{value}"'
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float) else ""


def number(text: str) -> Any:
    """A number where it is one, else the text as it was typed."""
    text = text.strip()
    if not _NUMBER.fullmatch(text):
        return text
    value = float(text)
    if value in (float("inf"), float("-inf")):
        return text
    return int(value) if value.is_integer() and abs(value) < 1e15 else value


def _typed(node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return {key.value: _typed(value) for key, value in entries(node)}
    if isinstance(node, yaml.SequenceNode):
        return [_typed(one) for one in node.value]
    value = str(node.value)
    if getattr(node, "style", None):
        return value
    if value.lower() in _WORDS or not value:
        return _WORDS.get(value.lower())
    return number(value) if _NUMBER.fullmatch(value) else value
