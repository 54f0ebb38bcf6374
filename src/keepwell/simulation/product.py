"""What the company sells: products made of modules made of features, and how customers take them up."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Feature:
    """A feature and its adoption curve.

    `onset_weeks`: weeks as a customer after which half of those who ever use it have begun (log-logistic).
    `popularity`: log odds that a customer of average breadth ever uses it. `stickiness`: rise of those log odds per sd
    of the breadth driver; 0 means that using it says nothing about health. `daily_use`: chance that a user at work uses
    it that day. `events`: mean events on such a day beyond the first. `released`: share of the data's time after which
    it exists.
    """

    name: str
    module: str
    product: str
    onset_weeks: float
    popularity: float
    stickiness: float
    daily_use: float
    events: float
    released: float = 0.0


FEATURES = (
    Feature("sign_in", "workspace", "core", 0.2, 9.0, 0.0, 1.0, 0.8),
    Feature("search", "workspace", "core", 1.0, 3.0, 0.0, 0.35, 3.0),
    Feature("comments", "workspace", "core", 2.0, 1.5, 0.3, 0.20, 2.0),
    Feature("notifications", "workspace", "core", 1.0, 2.5, 0.0, 0.30, 4.0),
    Feature("task_board", "projects", "core", 2.0, 2.0, 0.3, 0.25, 5.0),
    Feature("timelines", "projects", "core", 4.0, 0.8, 0.4, 0.12, 2.0),
    Feature("templates", "projects", "core", 5.0, 0.5, 0.4, 0.06, 0.5),
    Feature("approvals", "projects", "core", 8.0, -0.3, 1.0, 0.25, 1.0),
    Feature("import", "data", "core", 1.5, 1.0, 0.2, 0.04, 0.3),
    Feature("export", "data", "core", 3.0, 1.5, 0.0, 0.07, 0.5),
    Feature("api", "data", "core", 10.0, -0.6, 1.1, 0.22, 20.0),
    Feature("webhooks", "data", "core", 12.0, -1.2, 0.7, 0.04, 12.0),
    Feature("reports", "analytics", "insights", 4.0, 1.0, 0.5, 0.14, 2.0),
    Feature("dashboards", "analytics", "insights", 6.0, 0.3, 1.0, 0.25, 3.0),
    Feature("alerts", "analytics", "insights", 8.0, -0.4, 0.5, 0.08, 1.0),
    Feature("forecasts", "analytics", "insights", 12.0, -1.2, 0.5, 0.05, 1.0),
    Feature("automations", "automation", "insights", 9.0, -0.2, 1.2, 0.25, 6.0),
    Feature("integrations", "automation", "insights", 6.0, 0.4, 0.9, 0.22, 2.0),
    Feature("mobile_app", "mobile", "core", 3.0, 0.2, 0.0, 0.15, 2.0, released=0.25),
    Feature("assistant", "automation", "insights", 5.0, 0.3, 0.4, 0.10, 3.0, released=0.6),
)
PRODUCTS = tuple(dict.fromkeys(feature.product for feature in FEATURES))
MODULES = tuple(dict.fromkeys(feature.module for feature in FEATURES))

WEEKDAYS = (1.0, 1.08, 1.06, 1.0, 0.82, 0.14, 0.10)
"""Relative chance of a login, Monday to Sunday."""
