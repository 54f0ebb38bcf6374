"""Advocacy as facts: the columns of its two tables, and the datasets and metrics over them as definitions."""

from __future__ import annotations

import pyarrow as pa

from keepwell.definitions.advocacy import REQUESTS_TABLE, TABLE

_UTC = pa.timestamp("us", tz="UTC")

ACTIVITIES = pa.schema(
    {
        "activity_id": pa.string(),  # several rows may speak of one: the latest change counts
        "account_id": pa.string(),
        "person_id": pa.string(),  # a random key; null for an activity of the whole account
        "kind": pa.string(),
        "happened_on": pa.date32(),
        "occurred_at": _UTC,
        "changed_at": _UTC,  # from when the row holds: the activity itself, or the day on which its deal was decided
        "recorded_at": _UTC,
        "is_withdrawn": pa.bool_(),
        "points": pa.float64(),  # on its day, by the definitions that are scored
        "half_life_days": pa.float64(),
        "zero_after_days": pa.float64(),
        "site": pa.string(),
        "rating": pa.float64(),
        "deal": pa.string(),
        "result": pa.string(),  # open, won, lost; null without a deal
        "influenced": pa.float64(),  # amount of the deal, at the account's first activity for it alone
        "won": pa.float64(),
    }
)
"""The table `keepwell.advocacy`."""

REQUESTS = pa.schema(
    {
        "request_id": pa.string(),
        "account_id": pa.string(),
        "person_id": pa.string(),
        "kind": pa.string(),
        "status": pa.string(),
        "occurred_at": _UTC,  # when it was asked
        "changed_at": _UTC,
        "recorded_at": _UTC,
        "amount": pa.float64(),
    }
)
"""The table `keepwell.advocacy_requests`: a row each time its status changed."""

DECAYED = (
    "points * case when half_life_days is not null "
    "then power(0.5, date_diff('day', happened_on, as_of) / half_life_days) when zero_after_days is not null "
    "then greatest(0, 1 - date_diff('day', happened_on, as_of) / zero_after_days) else 1 end"
)
"""What is left of an activity's points at the date that is scored, as an expression: the formulas of `points.left`."""

DATASETS = f"""\
datasets:
  advocacy:
    {{title: What customers did for us, table: {TABLE}, key: activity_id, changed_at: changed_at,
     deleted: is_withdrawn, account: account_id, occurred_at: happened_on, recorded_at: recorded_at}}
  advocacy_requests:
    {{title: What customers were asked for, table: {REQUESTS_TABLE}, key: request_id, changed_at: changed_at,
     account: account_id, occurred_at: occurred_at, recorded_at: recorded_at}}
"""

METRICS = f"""\
metrics:
  advocacy_points:
    title: Advocacy points
    help: Points of all activities, less what decayed
    dataset: advocacy
    aggregate: sum({DECAYED})
  advocacy_count: {{title: Activities in a year, dataset: advocacy, aggregate: count(), window: 365 days}}
  advocacy_breadth: {{title: Kinds of activity in a year, dataset: advocacy, aggregate: count_distinct(kind), window: 365 days}}
  advocacy_recency: {{title: Days since the latest activity, dataset: advocacy, aggregate: days_since_latest()}}
  advocacy_influenced:
    title: Influenced pipeline of a year
    dataset: advocacy
    aggregate: sum(influenced)
    where: result <> 'lost'
    window: 365 days
  advocacy_won: {{title: Influenced and won in a year, dataset: advocacy, aggregate: sum(won), window: 365 days}}
  advocacy_asks: {{title: Requests of the last 90 days, dataset: advocacy_requests, aggregate: count(), window: 90 days}}
"""  # noqa: E501
"""The measures of advocacy, ready for a scorecard."""
