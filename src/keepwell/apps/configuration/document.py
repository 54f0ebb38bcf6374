"""The text of one YAML file as a tree that knows where each value stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

Path = tuple[str | int, ...]
Plain = Any
"""Text for a scalar as it is written, None for null, dict and list for the rest."""

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULLS = ("", "~", "null", "Null", "NULL")


class Unreadable(ValueError):
    """A text that is no YAML; checking the definitions says where and why."""


class Missing(KeyError):
    """There is nothing at a path."""


def composed(text: str) -> yaml.Node | None:
    """The root of a document; None for one without content. Raises Unreadable."""
    try:
        root: yaml.Node | None = yaml.compose(text, Loader=_Loader)
    except (yaml.YAMLError, RecursionError) as error:
        raise Unreadable(str(error)) from None
    return root


def plain(node: yaml.Node | None) -> Plain:
    """What a node holds; of keys that stand twice the last."""
    if isinstance(node, yaml.MappingNode):
        return {key.value: plain(value) for key, value in node.value if isinstance(key, yaml.ScalarNode)}
    if isinstance(node, yaml.SequenceNode):
        return [plain(item) for item in node.value]
    if not isinstance(node, yaml.ScalarNode) or (not node.style and node.value in _NULLS):
        return None
    return str(node.value)


def read(text: str) -> Plain:
    """What a file holds. Raises Unreadable."""
    return plain(composed(text))


def entries(node: yaml.Node) -> Iterator[tuple[yaml.ScalarNode, yaml.Node]]:
    """Keys and values of a mapping."""
    if isinstance(node, yaml.MappingNode):
        yield from ((key, value) for key, value in node.value if isinstance(key, yaml.ScalarNode))


def child(node: yaml.Node | None, step: str | int) -> yaml.Node | None:
    """The value under a key or at a place; None where there is none."""
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int):
        return node.value[step] if 0 <= step < len(node.value) else None
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in entries(node) if key.value == step), None)
    return None


def at(root: yaml.Node | None, path: Path) -> yaml.Node:
    """The node at a path. Raises Missing."""
    node = root
    for step in path:
        node = child(node, step)
        if node is None:
            raise Missing(path)
    if node is None:
        raise Missing(path)
    return node


def end_of(node: yaml.Node, text: str) -> int:
    """Where the text of a value ends. A block is said to end where the next thing begins, comments between included."""
    if not isinstance(node, yaml.CollectionNode) or node.flow_style or not node.value:
        return max(len(text[: node.end_mark.index].rstrip()), node.start_mark.index)
    last = node.value[-1]
    return end_of(last[1] if isinstance(last, tuple) else last, text)
