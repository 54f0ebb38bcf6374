"""A widget with all that it could show, for files: a chart is cut to what can be read, a file is not."""

from __future__ import annotations

from dataclasses import replace

from keepwell.apps.dashboards.catalogue import Shown
from keepwell.definitions.widgets import WidgetBase

MOST = 10_000
"""The highest limit that a definition may say."""


def whole(shown: Shown, name: str) -> Shown:
    """The dashboard with the limit of one of its widgets raised."""
    widgets = {one: _unlimited(widget) if one == name else widget for one, widget in shown.dashboard.widgets.items()}
    return replace(shown, dashboard=shown.dashboard.model_copy(update={"widgets": widgets}))


def _unlimited(widget: WidgetBase) -> WidgetBase:
    return widget.model_copy(update={"limit": MOST}) if "limit" in type(widget).model_fields else widget
