"""The definitions that Keepwell is given for the daily usage: 49 metrics over one dataset."""

from __future__ import annotations

from typing import Any

from usage.data import FEATURES

from keepwell.definitions import Project, parse_project

FEATURE_WINDOWS = (7, 30)
WINDOWS = (7, 30, 90)


def project() -> Project:
    """20 features over 7 and 30 days; events, breadth and active days over 7, 30 and 90 days."""
    datasets = {
        "accounts": {"role": "accounts", "file": "accounts.parquet", "key": "account_id"},
        "usage": {"file": "usage/*.parquet", "account": "account_id", "occurred_at": "day"},
    }
    metrics = {
        f"{feature}_{days}": _usage("sum(events)", days, where=f"feature = '{feature}'")
        for feature in FEATURES
        for days in FEATURE_WINDOWS
    }
    for days in WINDOWS:
        metrics[f"events_{days}"] = _usage("sum(events)", days)
        metrics[f"breadth_{days}"] = _usage("count_distinct(feature)", days)
        metrics[f"days_{days}"] = _usage("days_active()", days)
    return parse_project({"datasets": datasets, "metrics": metrics})


def _usage(aggregate: str, days: int, **more: Any) -> dict[str, Any]:
    return {"dataset": "usage", "aggregate": aggregate, "window": f"{days} days", **more}
