"""A scorecard over the daily usage: ten measures in three groups, with overrides and two segments."""

from __future__ import annotations

from typing import Any

from usage.data import FEATURES

from keepwell.definitions import Project, parse_project


def project() -> Project:
    """Usage, breadth, activity and their changes, scored by one card."""
    datasets = {
        "accounts": {"role": "accounts", "file": "accounts.parquet", "key": "account_id"},
        "usage": {"file": "usage/*.parquet", "account": "account_id", "occurred_at": "day"},
    }
    return parse_project({**_model(), "datasets": datasets})


def _model() -> dict[str, Any]:
    metrics: dict[str, Any] = {
        "events": _usage("sum(events)"),
        "breadth": _usage("count_distinct(feature)"),
        "days": _usage("days_active()"),
        "idle": {**_usage("days_since_latest()"), "window": "90 days"},
        "change": {"change_of": "events", "over": "28 days", "as": "percent"},
        "events_a_day": {"formula": "events / nullif(days, 0)"},
    }
    metrics |= {feature: {**_usage("sum(events)"), "where": f"feature = '{feature}'"} for feature in FEATURES[:4]}
    linear = {"linear": [[0, 0], [20, 100]]}
    measures = {name: {"weight": 1, "score": linear} for name in metrics}
    measures["idle"] = {"weight": 2, "score": {"steps": [{"up_to": 7, "score": 100}, {"score": 20}]}}
    measures["events"] = {"weight": 3, "score": {"percentile": {}}}
    bands = [{"label": "red", "up_to": 50}, {"label": "yellow", "up_to": 75}, {"label": "green", "up_to": 100}]
    groups = {
        "activity": {"weight": 50, "measures": _named(measures, ("events", "days", "idle"))},
        "trend": {"weight": 20, "measures": _named(measures, ("change", "events_a_day"))},
        "features": {"weight": 30, "measures": _named(measures, ("breadth", *FEATURES[:4]))},
    }
    silent = {"name": "silent", "when": "days = 0", "effect": {"at_most": "red"}}
    return {
        "schemes": {"light": {"bands": bands}},
        "metrics": metrics,
        "segments": {"broad": "breadth >= 5"},
        "scorecards": {
            "broad": {"order": 1, "applies_to": "in_segment('broad')", "scheme": "light", "groups": groups},
            "others": {"order": 2, "scheme": "light", "groups": groups, "overrides": [silent]},
        },
    }


def _usage(aggregate: str) -> dict[str, Any]:
    return {"dataset": "usage", "aggregate": aggregate, "window": "28 days"}


def _named(measures: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: measures[name] for name in names}
