"""Calls to action as a table that datasets may name, so that work and how it ended are metrics like any other."""

from __future__ import annotations

from collections.abc import Collection

import pyarrow as pa

from keepwell.apps.cockpit.models import CallToAction
from keepwell.apps.health.arriving import watch
from keepwell.apps.health.ledgers import register_ledger, table_of

CALLS = "keepwell.calls_to_action"

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


def register() -> None:
    register_ledger(CALLS, _calls)
    watch(CallToAction, CALLS)


def _calls(accounts: Collection[str] | None) -> pa.Table:
    return table_of(CallToAction.objects.all(), _CALLS, accounts)
