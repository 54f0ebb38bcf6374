"""Calls to action and their tasks as tables that datasets may name: work and how it ended are metrics too."""

from __future__ import annotations

from collections.abc import Collection

import pyarrow as pa
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce

from keepwell.apps.cockpit.models import CallToAction, Task
from keepwell.apps.health.arriving import watch
from keepwell.apps.health.ledgers import register_ledger, table_of

CALLS, TASKS = "keepwell.calls_to_action", "keepwell.tasks"

_TIME = pa.timestamp("us", "UTC")
_CALLS = pa.schema(
    [
        ("id", pa.int64()),
        ("account_id", pa.string()),
        ("relationship_id", pa.string()),
        ("type", pa.string()),
        ("reason", pa.string()),
        ("origin", pa.string()),
        ("playbook", pa.string()),  # the one it has now
        ("priority", pa.int64()),  # as it is now: from 1, low, to 4, urgent
        ("opened_at", _TIME),
        ("closed_at", _TIME),
        ("outcome", pa.string()),  # empty while it is open
    ]
)


_TASKS = pa.schema(
    [
        ("id", pa.int64()),
        ("account_id", pa.string()),
        ("call_id", pa.int64()),
        ("playbook", pa.string()),  # empty for a task by hand
        ("name", pa.string()),  # of the task in its playbook
        ("owner", pa.string()),  # the name of whose it is now
        ("status", pa.string()),
        ("is_required", pa.bool_()),
        ("due_on", pa.date32()),
        ("created_at", _TIME),
        ("done_at", _TIME),  # when it was done or left out; null while it is open
    ]
)
_OF_TASK = {"account_id": "call__account_id", "playbook": "of_playbook", "owner": "owner__name", "done_at": "ended_at",
            "created_at": "begun_at"}  # fmt: skip


def register() -> None:
    register_ledger(CALLS, _calls)
    register_ledger(TASKS, _tasks)
    watch(CallToAction, CALLS)
    watch(Task, TASKS)


def _calls(accounts: Collection[str] | None) -> pa.Table:
    return table_of(CallToAction.objects.all(), _CALLS, accounts)


def _tasks(accounts: Collection[str] | None) -> pa.Table:
    return table_of(_begun(accounts), _TASKS, None, named=_OF_TASK)


def _begun(accounts: Collection[str] | None) -> QuerySet[Task]:
    """Tasks of before it was noted when they came began with their playbook, or with their call."""
    begun = Coalesce("created_at", "run__applied_at", "call__opened_at")
    found = Task.objects.all()
    if accounts is not None:
        found = found.filter(call__account_id__in=accounts)
    return found.annotate(begun_at=begun, of_playbook=Coalesce(F("run__playbook"), Value("")))
