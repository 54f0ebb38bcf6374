"""Stages, milestones, treatments and the timeline as tables that datasets may name: metrics like any other."""

from __future__ import annotations

from collections.abc import Collection

import pyarrow as pa

from keepwell.apps.customers.models import StageChange
from keepwell.apps.health.arriving import watch
from keepwell.apps.health.ledgers import register_ledger, table_of
from keepwell.apps.rules.models import Milestone, Treatment
from keepwell.apps.timeline.models import TimelineEntry

STAGES, MILESTONES, TREATMENTS = "keepwell.stages", "keepwell.milestones", "keepwell.treatments"
TIMELINE = "keepwell.timeline"

_TIME = pa.timestamp("us", "UTC")
_STAGES = pa.schema(
    [
        ("account_id", pa.string()),
        ("stage", pa.string()),
        ("occurred_at", _TIME),
        ("recorded_at", _TIME),
        ("author", pa.string()),
        ("reason", pa.string()),
    ]
)
_MILESTONES = pa.schema(
    [
        ("account_id", pa.string()),
        ("stage", pa.string()),
        ("name", pa.string()),
        ("entered_on", pa.date32()),
        ("due_on", pa.date32()),
        ("reached_on", pa.date32()),
        ("left_on", pa.date32()),
    ]
)
_TREATMENTS = pa.schema(
    [
        ("account_id", pa.string()),
        ("by", pa.string()),
        ("version", pa.string()),
        ("occurrence", pa.string()),
        ("is_held_out", pa.bool_()),
        ("occurred_at", _TIME),
        ("recorded_at", _TIME),
        ("withdrawn_at", _TIME),
    ]
)
_TIMELINE = pa.schema(
    [
        ("id", pa.int64()),
        ("account_id", pa.string()),
        ("relationship_id", pa.string()),
        ("type", pa.string()),
        ("origin", pa.string()),
        ("minutes", pa.int64()),
        ("sentiment", pa.string()),  # what its author chose; empty where nothing
        ("occurred_at", _TIME),
        ("recorded_at", _TIME),
    ]
)
_NAMES = {"type": "type__name"}


def register() -> None:
    register_ledger(STAGES, _stages)
    register_ledger(MILESTONES, _milestones)
    register_ledger(TREATMENTS, _treatments)
    register_ledger(TIMELINE, _timeline)
    for model, ledger in ((StageChange, STAGES), (Milestone, MILESTONES), (Treatment, TREATMENTS)):
        watch(model, ledger)
    watch(TimelineEntry, TIMELINE)


def _stages(accounts: Collection[str] | None) -> pa.Table:
    return table_of(StageChange.objects.all(), _STAGES, accounts)


def _milestones(accounts: Collection[str] | None) -> pa.Table:
    return table_of(Milestone.objects.all(), _MILESTONES, accounts)


def _treatments(accounts: Collection[str] | None) -> pa.Table:
    return table_of(Treatment.objects.all(), _TREATMENTS, accounts)


def _timeline(accounts: Collection[str] | None) -> pa.Table:
    """What is written of a customer stays on its page: here are its kind, its time and how it felt."""
    return table_of(TimelineEntry.objects.filter(is_draft=False), _TIMELINE, accounts, named=_NAMES)
