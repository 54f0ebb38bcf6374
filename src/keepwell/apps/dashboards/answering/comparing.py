"""A dashboard with the comparison that a reader asks for."""

from __future__ import annotations

from dataclasses import replace

from keepwell.apps.dashboards.catalogue import Shown
from keepwell.definitions.widgets import BarWidget, LineWidget, NumberWidget, WidgetBase

_COMPARES = (NumberWidget, LineWidget, BarWidget)


def compared(shown: Shown, compare: bool | None) -> Shown:
    """With the period before in all widgets that can (True), or in none (False); None: as each says."""
    if compare is None:
        return shown
    widgets = {name: _compared(one, compare) for name, one in shown.dashboard.widgets.items()}
    return replace(shown, dashboard=shown.dashboard.model_copy(update={"widgets": widgets}))


def _compared(widget: WidgetBase, compare: bool) -> WidgetBase:
    if not isinstance(widget, _COMPARES):
        return widget
    return widget.model_copy(update={"compare": "previous_period" if compare else None})
