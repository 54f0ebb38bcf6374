"""How kinds, people and shares are written on pages of advocacy."""

from __future__ import annotations

from collections.abc import Mapping

from django import template

from keepwell.apps.advocacy import queries
from keepwell.apps.advocacy.kinds import title_of
from keepwell.apps.advocacy.models import Activity, Advocate, Request

register = template.Library()


@register.filter
def kind_title(name: str, titles: Mapping[str, str]) -> str:
    """`titles`: as the view gives them, so that a list asks for them once."""
    return titles.get(name) or title_of(name)


@register.filter
def whose(one: Advocate | Activity | Request) -> str:
    return queries.whose(one)


@register.filter
def share(value: float | None) -> str:
    """A share from 0 to 1 as 8.5 %."""
    return "–" if value is None else f"{value * 100:.1f} %"


@register.filter
def points(value: float | None) -> str:
    """A difference of shares in percentage points, with its sign."""
    if value is None:
        return "–"
    shown = f"{abs(value) * 100:.1f}"
    return shown if float(shown) == 0 else f"+{shown}" if value > 0 else f"−{shown}"
