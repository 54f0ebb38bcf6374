"""Inputs of the editor of rules, and counts of effects in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from keepwell.apps.rules.editing.page import Page, Shown
from keepwell.apps.rules.wording import parameters_said

register = template.Library()


@register.inclusion_tag("rules/_input.html")
def control(page: Page, name: str, label: str = "", beside: str = "") -> dict[str, Any]:
    """An input of the rule itself, with words of its own before it and behind it."""
    return control_of(page.fields[name], label, beside)


@register.inclusion_tag("rules/_input.html")
def part_control(one: Shown) -> dict[str, Any]:
    """An input of a trigger or an action, with the words of the language."""
    return control_of(one)


def control_of(one: Shown, label: str = "", beside: str = "") -> dict[str, Any]:
    unknown = one.kind == "choice" and one.value and one.value not in one.choices
    return {
        "one": one,
        "label": label or one.label,
        "beside": beside,
        "choices": (one.value, *one.choices) if unknown else one.choices,
        "help": "" if label else one.help.replace("`", ""),
    }


@register.filter
def said(effect: Any) -> list[tuple[str, str]]:
    """What an effect, or what would be one, says, by name."""
    return parameters_said(effect.kind, effect.parameters)


@register.filter
def item(held: Mapping[str, Any], key: str) -> Any:
    return held.get(key)
