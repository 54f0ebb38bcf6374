"""How entries are written on pages."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from keepwell.apps.timeline.markdown import as_html

register = template.Library()


@register.filter
def markdown(text: str) -> SafeString:
    return as_html(text)


@register.filter
def of(names: dict[str, str], key: str | None) -> str:
    """A value of a mapping by its key."""
    return names.get(key or "", key or "")
