"""{% evidence measure as said %}: what people said of a measure, for whoever looks at the page."""

from __future__ import annotations

from typing import Any

from django import template

from keepwell.apps.access.actors import actor_of
from keepwell.apps.experiments.feedback.evidence import Evidence
from keepwell.apps.experiments.feedback.evidence import evidence as found_of

register = template.Library()


@register.simple_tag(takes_context=True)
def evidence(context: dict[str, Any], measure: str) -> Evidence | None:
    return found_of(actor_of(context["request"]), measure)
