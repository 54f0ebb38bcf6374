"""Where accounts stand with rules, between the table of records and the Arrow table of the engine."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import pyarrow as pa

from keepwell.apps.rules.models import RuleState
from keepwell.engine.rules.states import STATE

_KEY = ("rule", "account_id")
_REST = [name for name in STATE.names if name not in _KEY]


def read_state(rules: Collection[str], accounts: Collection[str] | None) -> pa.Table:
    """Rows of `engine.rules.states.STATE` of these rules; of some accounts alone where they are given."""
    found = RuleState.objects.filter(rule__in=rules)
    if accounts is not None:
        found = found.filter(account_id__in=accounts)
    rows: Sequence[tuple[Any, ...]] = list(found.order_by(*_KEY).values_list(*STATE.names))
    columns = list(zip(*rows, strict=True)) or [()] * len(STATE)
    arrays = [pa.array(list(column), field.type) for column, field in zip(columns, STATE, strict=True)]
    return pa.Table.from_arrays(arrays, schema=STATE)


def write_state(changed: pa.Table) -> None:
    """Puts changed rows in the place of old ones; those that say nothing any more go."""
    rows = [RuleState(**row) for row in changed.to_pylist()]
    says = [row for row in rows if row.holds_since or row.is_open or row.occurrence]
    RuleState.objects.bulk_create(
        says, batch_size=2000, update_conflicts=True, unique_fields=list(_KEY), update_fields=_REST
    )
    silent = [row for row in rows if not (row.holds_since or row.is_open or row.occurrence)]
    for rule in {row.rule for row in silent}:
        accounts = [row.account_id for row in silent if row.rule == rule]
        RuleState.objects.filter(rule=rule, account_id__in=accounts).delete()
