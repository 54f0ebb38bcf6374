"""How results of surveys are written."""

from __future__ import annotations

from django import template

from keepwell.apps.surveys.results.words import CHANNELS, interval_text, number_text
from keepwell.engine.surveys.intervals import Estimate

register = template.Library()


@register.filter
def points(estimate: Estimate | None, unit: str = "") -> str:
    """A score in points, or with its unit."""
    return "–" if estimate is None else number_text(estimate.value, unit)


@register.filter
def mean(estimate: Estimate | None) -> str:
    """A mean on a scale, with two decimals."""
    return "–" if estimate is None else number_text(estimate.value, "", 2)


@register.filter
def interval(estimate: Estimate | None, unit: str = "") -> str:
    return interval_text(estimate, unit)


@register.filter
def mean_interval(estimate: Estimate | None) -> str:
    return interval_text(estimate, "", 2)


@register.filter
def way(channel: str) -> str:
    """How an answer came, in words."""
    return CHANNELS.get(channel, channel)


@register.filter
def difference(estimate: Estimate | None) -> str:
    """A difference in points, always with its sign."""
    if estimate is None:
        return "–"
    text = number_text(estimate.value)
    return f"+{text}" if estimate.value > 0 and text != "0" else text


@register.filter
def association(estimate: Estimate) -> str:
    """A correlation, with its sign."""
    text = number_text(estimate.value, "", 2)
    return f"+{text}" if estimate.value > 0 else text
