"""The panels of the customer page, in their usual order."""

from __future__ import annotations

from keepwell.apps.customer360.panels import (
    audit,
    benchmark,
    change,
    entered,
    feedback,
    hierarchy,
    history,
    people,
    reach,
    scorecard,
    timeline,
)
from keepwell.apps.customer360.panels.panel import Panel

PANELS: tuple[Panel, ...] = (
    scorecard.PANEL,
    reach.PANEL,
    history.PANEL,
    change.PANEL,
    benchmark.PANEL,
    entered.PANEL,
    timeline.PANEL,
    people.PANEL,
    hierarchy.PANEL,
    feedback.PANEL,
    audit.PANEL,
)
BY_NAME = {panel.name: panel for panel in PANELS}
