"""Entries of maps in a YAML file under another name, in another order, or in another map, with the comments they carry.

What belongs to an entry of a block is its lines, the comment behind its last line, and comment lines right above its
key. As in `rewriting`, what was written is read again and refused where anything else would have changed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import yaml

from keepwell.apps.configuration.document import Missing, Path, at, composed, end_of, entries, plain, read
from keepwell.apps.configuration.rewriting import checked, refused, with_value, without
from keepwell.learning.optimizer.card_yaml import flow


def renamed(text: str, path: Path, name: str) -> str:
    """The entry at `path` under another key, in its place."""
    key = _key(composed(text), path)
    expected = read(text)
    above = _below(expected, path[:-1])
    pairs = [(name if one == path[-1] else one, value) for one, value in above.items()]
    above.clear()
    above.update(pairs)
    return checked(text[: key.start_mark.index] + flow(name) + text[key.end_mark.index :], expected, path)


def exchanged(text: str, path: Path, by: int) -> str:
    """The entry at `path` one place up (-1) or down (1) within its map; at its end nothing changes."""
    names = _names(text, path[:-1])
    if path[-1] not in names:
        raise Missing(path)
    place = names.index(str(path[-1]))
    if not 0 <= place + by < len(names):
        return text
    first, second = sorted((place, place + by))
    names[first], names[second] = names[second], names[first]
    written = checked(_in_lines(text, lambda lines: _swap(lines, path[:-1], first, second)), read(text), path)
    if _names(written, path[:-1]) != names:
        raise refused(path)
    return written


def transferred(text: str, path: Path, target: Path) -> str:
    """The entry at `path` at the end of the map at `target`, which is made where there is none."""
    name, held = str(path[-1]), plain(at(composed(text), path))
    expected = read(without(text, path))
    above = expected
    for step in target:
        if not isinstance(above.get(step), dict):
            above[step] = {}
        above = above[step]
    above[name] = held
    return checked(_in_lines(text, lambda lines: _transfer(lines, path, target, held)), expected, path)


def _swap(text: str, path: Path, first: int, second: int) -> str:
    parent = at(composed(text), path)
    (a, b), (c, d) = (span(text, parent, one) for one in (first, second))
    return text[:a] + text[c:d] + text[b:c] + text[a:b] + text[d:]


def _transfer(text: str, path: Path, target: Path, held: Any) -> str:
    name = str(path[-1])
    rest, lines = _taken_out(text, path)
    is_new = not _names(rest, target)
    if is_new:  # a place to put the lines: an entry that they replace
        rest = _as_block(with_value(rest, (*target, name), True), target)
    parent = at(composed(rest), target)
    if _is_flow(parent):
        return with_value(without(text, path), (*target, name), _typed(held))
    last = list(entries(parent))[-1][0]
    start, end = span(rest, parent, len(parent.value) - 1)
    pad = " " * last.start_mark.column
    moved = "".join(pad + line if line.strip() else line for line in lines.splitlines(keepends=True))
    return rest[: start if is_new else end] + moved + rest[end:]


def _taken_out(text: str, path: Path) -> tuple[str, str]:
    """A text without an entry, and the lines of that entry, moved to the left edge."""
    parent = at(composed(text), path[:-1])
    place = _names(text, path[:-1]).index(str(path[-1]))
    key = list(entries(parent))[place][0]
    (start, end), column = span(text, parent, place), key.start_mark.column
    if _is_flow(parent):
        return without(text, path), text[start:end] + _newline(text)
    lines = "".join(line[column:] if line.strip() else line for line in text[start:end].splitlines(keepends=True))
    if len(parent.value) > 1:
        return text[:start] + text[end:], lines
    comments = key.start_mark.index - column  # those above it go with it
    return without(text[:start] + text[comments:], path), lines


def _as_block(text: str, path: Path) -> str:
    """A map in braces below a key of a block, as a block."""
    node, above = at(composed(text), path), at(composed(text), path[:-1])
    if not _is_flow(node) or _is_flow(above):
        return text
    key = _key(composed(text), path)
    inner = " " * (key.start_mark.column + 2) + text[node.start_mark.index + 1 : node.end_mark.index - 1].strip()
    return text[: key.end_mark.index] + ":" + _newline(text) + inner + text[node.end_mark.index :]


def span(text: str, parent: yaml.Node, place: int) -> tuple[int, int]:
    """Where an entry begins and ends: in braces its key and value, in a block its lines with what belongs to them."""
    key, value = list(entries(parent))[place]
    end = max(end_of(value, text), key.end_mark.index)
    if _is_flow(parent):
        return key.start_mark.index, end
    start = text.rfind("\n", 0, key.start_mark.index) + 1
    if text[start : key.start_mark.index].strip():
        raise refused((key.value,))
    while start and _is_comment(text, above := text.rfind("\n", 0, start - 1) + 1, key.start_mark.column):
        start = above
    line_end = text.find("\n", end)
    return start, len(text) if line_end < 0 else line_end + 1


def _is_comment(text: str, start: int, column: int) -> bool:
    """Whether a line is a comment as far in as the key below it."""
    line = text[start : text.find("\n", start)]
    return line.lstrip().startswith("#") and len(line) - len(line.lstrip()) == column


def _in_lines(text: str, change: Callable[[str], str]) -> str:
    """The change of a text whose last line has an end, which is taken back where it had none."""
    if not text or text.endswith("\n"):
        return change(text)
    return change(text + _newline(text)).removesuffix("\n").removesuffix("\r")


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _names(text: str, path: Path) -> list[str]:
    """The keys of the map at a path, in their order; none where there is no map."""
    try:
        return [key.value for key, _ in entries(at(composed(text), path))]
    except Missing:
        return []


def _key(root: yaml.Node | None, path: Path) -> yaml.ScalarNode:
    for key, _ in entries(at(root, path[:-1])):
        if key.value == path[-1]:
            return key
    raise Missing(path)


def _below(held: Any, path: Path) -> dict[str, Any]:
    for step in path:
        held = held[step]
    found: dict[str, Any] = held
    return found


def _is_flow(node: yaml.Node) -> bool:
    return bool(getattr(node, "flow_style", False))


def _typed(held: Any) -> Any:
    """Scalars of a document as the values they mean, so that numbers are written as numbers again."""
    if isinstance(held, dict):
        return {key: _typed(one) for key, one in held.items()}
    if isinstance(held, list):
        return [_typed(one) for one in held]
    loaded = yaml.safe_load(held) if isinstance(held, str) and held.strip() else held
    return loaded if isinstance(loaded, bool | int | float) and str(loaded).lower() == held else held
