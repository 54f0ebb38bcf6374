"""Inputs of the editors of definitions."""

from __future__ import annotations

from typing import Any

from django import template

from keepwell.apps.configuration.editing.shown import Page, Shown

register = template.Library()


@register.inclusion_tag("configuration/editing/_input.html")
def control(page: Page, name: str, label: str = "", beside: str = "") -> dict[str, Any]:
    """An input of the entry itself, with words of its own before it and behind it."""
    return control_of(page.fields[name], label, beside)


@register.inclusion_tag("configuration/editing/_input.html")
def part_control(one: Shown, label: str = "", beside: str = "") -> dict[str, Any]:
    """An input of a part, with the words of the language where it has none of its own."""
    return control_of(one, label, beside)


def control_of(one: Shown, label: str = "", beside: str = "") -> dict[str, Any]:
    unknown = one.kind == "choice" and one.value and one.value not in one.choices
    return {
        "one": one,
        "label": label or one.label,
        "beside": beside,
        "choices": (one.value, *one.choices) if unknown else one.choices,
        "help": "" if label else one.help.replace("`", ""),
    }
