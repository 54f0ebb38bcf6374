"""Puts a card in the place of the one of its name in the text of a file; everything around it stays as it is."""

from __future__ import annotations

import re
from dataclasses import dataclass

import yaml

from keepwell.definitions.scorecards import Scorecard
from keepwell.errors import EngineFault
from keepwell.learning.optimizer.card_yaml import Notes, card_lines, flow

_COMMENT = re.compile(r"[ \t]+#[^\n]*")
"""Behind the last value: it spoke of what is replaced."""


@dataclass(frozen=True)
class _Found:
    key: yaml.ScalarNode
    value: yaml.Node
    is_inline: bool  # within braces, where blocks cannot stand


def with_card(text: str, name: str, card: Scorecard, notes: Notes) -> str:
    """`text`: a file of definitions that holds the scorecard `name`."""
    found = _find(text, name)
    start, end = found.key.start_mark.index, len(text[: _end(found.value)].rstrip())
    if found.is_inline:
        content = card.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        return f"{text[:start]}{name}: {flow(content)}{text[end:]}"
    column, comment = found.key.start_mark.column, _COMMENT.match(text, end)
    lines = list(card_lines(name, card, notes, 0))
    written = "\n".join([lines[0], *(" " * column + line for line in lines[1:])])
    return text[:start] + written + text[comment.end() if comment else end :]


def _find(text: str, name: str) -> _Found:
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    cards = _entry(root, "scorecards")
    found = _entry(cards[1], name) if cards else None
    if cards is None or found is None:
        raise EngineFault(f"the file that defines scorecard '{name}' does not hold it")
    inline = any(getattr(node, "flow_style", False) for node in (root, cards[1]))
    return _Found(found[0], found[1], bool(inline))


def _entry(node: yaml.Node | None, name: str) -> tuple[yaml.ScalarNode, yaml.Node] | None:
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    return next(((key, value) for key, value in pairs if key.value == name), None)


def _end(node: yaml.Node) -> int:
    """Where the text of a value ends. A block is said to end where the next thing begins, comments between included."""
    if not isinstance(node, yaml.CollectionNode) or node.flow_style or not node.value:
        return int(node.end_mark.index)
    last = node.value[-1]
    return _end(last[1] if isinstance(last, tuple) else last)
