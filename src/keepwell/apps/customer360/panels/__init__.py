"""The panels of the customer page, in their usual order."""

from __future__ import annotations

from keepwell.apps.customer360.panels import (
    adoption,
    advocacy,
    audit,
    benchmark,
    calls,
    change,
    customer_page,
    entered,
    feedback,
    hierarchy,
    history,
    people,
    plan,
    reach,
    records,
    scorecard,
    sentiment,
    stage,
    surveys,
    timeline,
    usage,
)
from keepwell.apps.customer360.panels.panel import Panel

PANELS: tuple[Panel, ...] = (
    scorecard.PANEL,
    calls.PANEL,
    stage.PANEL,
    reach.PANEL,
    history.PANEL,
    change.PANEL,
    benchmark.PANEL,
    usage.PANEL,
    adoption.PANEL,
    entered.PANEL,
    surveys.PANEL,
    timeline.PANEL,
    sentiment.PANEL,
    plan.PANEL,
    customer_page.PANEL,
    advocacy.PANEL,
    records.TICKETS,
    people.PANEL,
    hierarchy.PANEL,
    records.RECORDS,
    feedback.PANEL,
    audit.PANEL,
)
BY_NAME = {panel.name: panel for panel in PANELS}
