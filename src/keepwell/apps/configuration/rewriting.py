"""Changes one value in the text of a YAML file; everything around it keeps its layout and its comments.

Each function gives the new text. What was written is read again, and refused where anything else would have changed:
that happens with aliases and other rare ways of writing, which are for the text editor.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from typing import Any

import yaml

from keepwell.apps.configuration.document import Missing, Path, at, child, composed, end_of, entries, plain, read
from keepwell.errors import RequestRefused
from keepwell.learning.optimizer.card_yaml import flow

_COMMENT = re.compile(r"[ \t]*(#[^\r\n]*)")
_LONGEST = 100


def with_value(text: str, path: Path, value: Any) -> str:
    """`value` at `path`: a text, number, boolean, map or list. What is missing on the way there is made.

    Maps are changed key by key and lists of the same length item by item, so that only what differs is written anew.
    """
    expected = _plain_with(read(text), path, value)
    return checked(_put(text, path, value), expected, path)


def without(text: str, path: Path) -> str:
    """The same without what stands at `path`; the last entry of a map or list leaves it empty."""
    expected = _plain_with(read(text), path, None, remove=True)
    return checked(_remove(text, path), expected, path)


def appended(text: str, path: Path, value: Any) -> str:
    """A list at `path` with one more item; the list is made where there is none."""
    root = composed(text)
    try:
        held = plain(at(root, path)) or []
    except Missing:
        held = []
    expected = _plain_with(read(text), path, [*held, value])
    return checked(_append(text, path, value), expected, path)


def swapped(text: str, path: Path, first: int, second: int) -> str:
    """A list at `path` with two of its items in each other's place."""
    root = composed(text)
    nodes = [at(root, (*path, place)) for place in sorted((first, second))]
    (a, b), (c, d) = [(node.start_mark.index, end_of(node, text)) for node in nodes]
    held = plain(at(root, path))
    held[first], held[second] = held[second], held[first]
    expected = _plain_with(read(text), path, held)
    return checked(text[:a] + text[c:d] + text[b:c] + text[a:b] + text[d:], expected, path)


def same(written: Any, value: Any) -> bool:
    """Whether what stands in a file means `value`: 3 and 3.0 are the same number, however they are written."""
    if isinstance(value, Mapping):
        return isinstance(written, dict) and written.keys() == {str(key) for key in value} and all(
            same(written[str(key)], one) for key, one in value.items()
        )  # fmt: skip
    if isinstance(value, list | tuple):
        return isinstance(written, list) and len(written) == len(value) and all(map(same, written, value))
    if isinstance(value, bool) or value is None or written is None or not isinstance(written, str):
        return bool(written == (str(value).lower() if isinstance(value, bool) else value))
    if isinstance(value, int | float):
        try:
            return float(written) == float(value)
        except ValueError:
            return False
    return bool(written == str(value))


def _put(text: str, path: Path, value: Any) -> str:
    root = composed(text)
    try:
        node = at(root, path)
    except Missing:
        return _made(text, root, path, value)
    held = plain(node)
    if same(held, value):
        return text
    if isinstance(value, Mapping) and isinstance(held, dict) and held.keys() & {str(key) for key in value}:
        for key in held.keys() - {str(key) for key in value}:
            text = _remove(text, (*path, key))
        for key, one in value.items():
            text = _put(text, (*path, str(key)), one)
        return text
    if isinstance(value, list | tuple) and isinstance(held, list) and len(held) == len(value):
        for place, one in enumerate(value):
            text = _put(text, (*path, place), one)
        return text
    return _replaced(text, root, path, value)


def _replaced(text: str, root: yaml.Node | None, path: Path, value: Any) -> str:
    node = at(root, path)
    start, end = node.start_mark.index, end_of(node, text)
    if path and isinstance(path[-1], str) and not _is_flow(at(root, path[:-1])):
        key = next(key for key, one in entries(at(root, path[:-1])) if one is node)
        between = text[key.end_mark.index : start]
        comment = _COMMENT.search(between)
        behind = f"  {comment[1]}" if comment and "\n" in between else ""
        return f"{text[: key.end_mark.index]}: {flow(value)}{behind}{text[end:]}"
    return text[:start] + flow(value) + text[end:]


def _made(text: str, root: yaml.Node | None, path: Path, value: Any) -> str:
    """Puts a value where there is none, with all that is missing above it."""
    depth = next(length for length in range(len(path), -1, -1) if length == 0 or _is_there(root, path[:length]))
    nested = value
    for step in reversed(path[depth + 1 :]):
        nested = {step: nested}
    if root is None:
        lines = "".join(f"{line}\n" for line in _lines({str(path[0]): nested}, 0))
        return text + ("" if not text or text.endswith("\n") else "\n") + lines
    parent = at(root, path[:depth])
    if not isinstance(parent, yaml.MappingNode) or not parent.value:
        if plain(parent):
            raise refused(path)
        return _replaced(text, root, path[:depth], {path[depth]: nested})
    return _inserted(text, parent, str(path[depth]), nested)


def _inserted(text: str, parent: yaml.MappingNode, key: str, value: Any) -> str:
    end = end_of(parent.value[-1][1], text)
    end = max(end, parent.value[-1][0].end_mark.index + 1)
    if parent.flow_style:
        return f"{text[:end]}, {flow({key: value})[1:-1]}{text[end:]}"
    column = parent.value[0][0].start_mark.column
    return _below(text, end, _lines({key: value}, column))


def _append(text: str, path: Path, value: Any) -> str:
    root = composed(text)
    if not _is_there(root, path) or not plain(at(root, path)):
        return _put(text, path, [value])
    node = at(root, path)
    assert isinstance(node, yaml.SequenceNode)
    end = end_of(node.value[-1], text)
    if node.flow_style:
        return f"{text[:end]}, {flow(value)}{text[end:]}"
    first, *others = _lines(value, node.start_mark.column + 2) if isinstance(value, Mapping) else [flow(value)]
    return _below(text, end, [" " * node.start_mark.column + "- " + first.lstrip(), *others])


def _remove(text: str, path: Path) -> str:
    root = composed(text)
    node, parent = at(root, path), at(root, path[:-1])
    children = [value for _, value in entries(parent)] if isinstance(parent, yaml.MappingNode) else parent.value
    keys = [key for key, _ in entries(parent)] if isinstance(parent, yaml.MappingNode) else children
    if len(children) == 1:
        return _replaced(text, root, path[:-1], {} if isinstance(parent, yaml.MappingNode) else [])
    place = next(number for number, one in enumerate(children) if one is node)
    start, end = keys[place].start_mark.index, end_of(node, text)
    if isinstance(parent, yaml.MappingNode):  # an item of a list is said to end where the next begins
        end = max(end, keys[place].end_mark.index)
    if _is_flow(parent) and place:
        return text[: end_of(children[place - 1], text)] + text[end:]
    if place == 0:
        return text[:start] + text[keys[1].start_mark.index :]
    line_end = text.find("\n", end)
    line_start = text.rfind("\n", 0, start)
    return text[: line_start + 1] + (text[line_end + 1 :] if line_end >= 0 else "")


def _below(text: str, end: int, lines: list[str]) -> str:
    """Lines put below the line in which `end` stands."""
    line_end = text.find("\n", end)
    newline = "\r\n" if "\r\n" in text else "\n"
    if line_end < 0:
        return text + newline + newline.join(lines) + newline
    return text[: line_end + 1] + "".join(line + newline for line in lines) + text[line_end + 1 :]


def _lines(value: Mapping[str, Any], column: int) -> list[str]:
    """A map as a person writes it: blocks outside, short and innermost things in one line."""
    found = []
    for key, one in value.items():
        head = flow({key: one})[1:-1]
        is_block = isinstance(one, Mapping) and one and any(isinstance(inner, Mapping) for inner in one.values())
        if is_block or (isinstance(one, Mapping) and one and column + len(head) > _LONGEST):
            found += [" " * column + flow({key: None})[1:-5] + "", *_lines(one, column + 2)]
        elif isinstance(one, list) and one and all(isinstance(item, Mapping) for item in one):
            found += [" " * column + flow({key: None})[1:-5], *(f"{' ' * (column + 2)}- {flow(item)}" for item in one)]
        else:
            found.append(" " * column + head)
    return [line.rstrip() for line in found]


def _is_flow(node: yaml.Node) -> bool:
    return bool(getattr(node, "flow_style", False))


def _is_there(root: yaml.Node | None, path: Path) -> bool:
    node = root
    for step in path:
        node = child(node, step)
    return node is not None


def _plain_with(held: Any, path: Path, value: Any, *, remove: bool = False) -> Any:
    """What the file should hold afterwards."""
    if not path:
        return value
    found: Any = copy.copy(held) if isinstance(held, dict | list) else {}
    step, *rest = path
    if isinstance(step, int) and not isinstance(found, list):
        raise Missing(path)
    if rest or not remove:
        below = found.get(step) if isinstance(found, dict) else found[step]
        found[step] = _plain_with(below, tuple(rest), value, remove=remove)
    elif isinstance(found, dict) and step not in found:
        raise Missing(path)
    else:
        del found[step]
    return found


def checked(text: str, expected: Any, path: Path) -> str:
    try:
        found = read(text)
    except ValueError:
        raise refused(path) from None
    if not same(found, expected):
        raise refused(path)
    return text


def refused(path: Path) -> RequestRefused:
    place = ".".join(map(str, path))
    return RequestRefused(f"{place} is written in a way that the form cannot change; edit the text below instead")
