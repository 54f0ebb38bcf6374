"""Rules and what they do in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from keepwell.definitions.actions import ACTION_KINDS, model_of
from keepwell.definitions.rules import Rule
from keepwell.engine.rules.telling import sentences


def title_of(name: str, rule: Rule | None) -> str:
    """What pages call a rule; its name in words where it has no title, or is gone."""
    return (rule.title if rule else None) or name.replace("_", " ").capitalize()


def sentence_of(rule: Rule) -> str:
    """The whole rule, read from its start to its end."""
    return " ".join(one.text for one in sentences(rule))


def short_sentence_of(rule: Rule) -> str:
    """What sets it off, what it asks and what it does: enough to tell it from others."""
    scope = {"scope"} if rule.scope is not None else set()
    return " ".join(one.text for one in sentences(rule) if one.part in {"on", "when", "actions"} | scope)


def parameters_said(kind: str, parameters: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What an effect says, by name, in the order of the language, without what it does not say."""
    order = list(model_of(kind).model_fields) if kind in ACTION_KINDS else []
    keys = sorted(parameters, key=lambda key: order.index(key) if key in order else len(order))
    said = {key: _value(parameters[key]) for key in keys}
    return [(key.replace("_", " "), text) for key, text in said.items() if text]


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_value(one)}" for key, one in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(_value(one) for one in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
