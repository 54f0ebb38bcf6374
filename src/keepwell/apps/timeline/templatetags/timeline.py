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


@register.filter
def felt(feelings: dict[int, str] | None, entry: int) -> str:
    """How the writer of an entry feels; empty where that is not known."""
    return feelings.get(entry, "") if feelings else ""
