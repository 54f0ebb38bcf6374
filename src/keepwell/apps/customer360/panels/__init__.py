"""The panels of the customer page, in the order in which a new person sees them."""

from __future__ import annotations

from keepwell.apps.customer360.panels import audit, hierarchy, people, timeline
from keepwell.apps.customer360.panels.panel import Panel

PANELS: tuple[Panel, ...] = (
    timeline.PANEL,
    people.PANEL,
    hierarchy.PANEL,
    audit.PANEL,
)
BY_NAME = {panel.name: panel for panel in PANELS}
