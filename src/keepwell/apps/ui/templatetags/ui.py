"""How numbers, dates and health are written on every page."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from keepwell.apps.ui.formatting import amount, compact, score_text

register = template.Library()

_DECIMAL = re.compile(r"(?<![\w.-])-?\d+\.\d{3,}(?![\w.])")
SHAPES = ("triangle", "diamond", "circle")


@register.filter
def money(value: Any) -> str:
    """An amount as people say it: 1.24M."""
    return "–" if value is None else compact(float(value))


@register.filter
def signed(value: Any) -> str:
    """A change with its sign, a true minus, and no sign where it is nothing; of a float always one decimal."""
    if value is None:
        return "–"
    rounded = round(value, 1) if isinstance(value, float) else value
    text = f"{abs(rounded):.1f}" if isinstance(value, float) else str(abs(value))
    return text if rounded == 0 else f"+{text}" if rounded > 0 else f"−{text}"


@register.filter
def value(found: Any) -> Any:
    """A value of the data as people read it: whole numbers whole, others with what tells them apart, nothing as –."""
    if found is None or found == "":
        return "–"
    if isinstance(found, bool):
        return "yes" if found else "no"
    if isinstance(found, int | float | Decimal):
        return amount(float(found))
    return day(found) if isinstance(found, date) else found


@register.filter
def words(name: Any) -> str:
    """A name of the definitions as words: seat_utilisation as seat utilisation."""
    return str(name).replace("_", " ")


@register.filter
def rounded(sentence: str) -> str:
    """A sentence of the engine with its long decimals as pages show numbers: -16.6667 as −16.67."""
    return _DECIMAL.sub(lambda found: amount(float(found[0])), sentence)


@register.filter
def score(number: float | None) -> str:
    """A score inside a sentence."""
    return "nothing" if number is None else f"{number:.1f}".removesuffix(".0")


@register.filter
def points_of(share: float) -> str:
    """The most points that a share of the score can bring."""
    return f"{share * 100:.1f}"


@register.filter
def percent(value: Any) -> str:
    """A share from 0 to 1 as 85%."""
    return "–" if value is None else f"{float(value) * 100:.0f}%"


@register.filter
def days_left(days: int | None) -> str:
    """How far a date is: in 12 days, today, 3 days ago."""
    if days is None:
        return ""
    count = f"{abs(days)} day{'' if abs(days) == 1 else 's'}"
    return "today" if days == 0 else f"in {count}" if days > 0 else f"{count} ago"


@register.filter
def day(value: date | datetime | None) -> SafeString | str:
    """A date that says itself exactly on hover."""
    if value is None:
        return "–"
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', value.isoformat(), f"{value:%A, %d %B %Y}", f"{value:%d %b %Y}"
    )


@register.inclusion_tag("ui/health.html")
def health(score: float | None, label: str, tone: str, edges: tuple[float, ...] = ()) -> dict[str, Any]:
    """A score with its band: shape, number and word; never colour alone."""
    return {"score": score_text(score, edges), "label": label, "tone": tone}


_SIGNS = {"positive": "+", "neutral": "○", "negative": "−"}


@register.inclusion_tag("ui/feeling.html")
def feeling(word: str, by: str = "") -> dict[str, str]:
    """A sentiment in words with its sign, without colour, which is for health. `by`: who says so."""
    return {"word": word, "sign": _SIGNS.get(word, ""), "by": by}
