"""What effects say, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from keepwell.apps.rules.wording import parameters_said

register = template.Library()


@register.filter
def said(effect: Any) -> list[tuple[str, str]]:
    """What an effect, or what would be one, says, by name."""
    return parameters_said(effect.kind, effect.parameters)


@register.filter
def item(held: Mapping[str, Any], key: str) -> Any:
    return held.get(key)
