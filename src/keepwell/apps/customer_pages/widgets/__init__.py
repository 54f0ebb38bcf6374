"""The widgets of a page for a customer, in their usual order."""

from __future__ import annotations

from keepwell.apps.customer_pages.widgets import activity, features, plan, seats, steps
from keepwell.apps.customer_pages.widgets.block import Widget

WIDGETS: tuple[Widget, ...] = (
    seats.WIDGET,
    activity.WIDGET,
    features.USED,
    features.UNUSED,
    plan.WIDGET,
    steps.WIDGET,
)
BY_NAME = {widget.name: widget for widget in WIDGETS}
