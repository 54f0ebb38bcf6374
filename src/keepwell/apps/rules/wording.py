"""Rules and what they do in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from keepwell.definitions.rules import Rule
from keepwell.engine.rules.telling import sentences


def title_of(name: str, rule: Rule | None) -> str:
    """What pages call a rule; its name in words where it has no title, or is gone."""
    return (rule.title if rule else None) or name.replace("_", " ").capitalize()


def sentence_of(rule: Rule) -> str:
    """The whole rule, read from its start to its end."""
    return " ".join(one.text for one in sentences(rule))


def parameters_said(parameters: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What an effect says, by name, without what it does not say."""
    said = {key: _value(value) for key, value in parameters.items()}
    return [(key.replace("_", " "), text) for key, text in said.items() if text]


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_value(one)}" for key, one in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(_value(one) for one in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
