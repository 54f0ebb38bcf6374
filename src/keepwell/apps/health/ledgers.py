"""What people say of health, as the engine reads it: the ledgers as Arrow tables."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import pyarrow as pa
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce

from keepwell.apps.health.models import AccountOverride, Entry, Pin
from keepwell.definitions.project import Project
from keepwell.lake.data import Records

ENTRIES, OVERRIDES, PINS = "keepwell.entries", "keepwell.overrides", "keepwell.pins"
"""The names that datasets give as their `table`."""

_TIME = pa.timestamp("us", "UTC")
_ENTRIES = pa.schema(
    [
        ("account_id", pa.string()),
        ("relationship_id", pa.string()),
        ("measure", pa.string()),
        ("source", pa.string()),
        ("score", pa.float64()),
        ("comment", pa.string()),
        ("author", pa.string()),
        ("occurred_at", _TIME),
        ("recorded_at", _TIME),
        ("expires_at", _TIME),
    ]
)
_OVERRIDES = pa.schema(
    [
        ("account_id", pa.string()),
        ("effect", pa.string()),
        ("value", pa.string()),
        ("reason", pa.string()),
        ("author", pa.string()),
        ("starts_at", _TIME),
        ("recorded_at", _TIME),
        ("until", _TIME),
        ("withdrawn_at", _TIME),
    ]
)
_PINS = pa.schema(
    [
        ("account_id", pa.string()),
        ("scorecard", pa.string()),
        ("reason", pa.string()),
        ("author", pa.string()),
        ("starts_at", _TIME),
        ("recorded_at", _TIME),
        ("until", _TIME),
    ]
)

DATASETS = f"""datasets:
  manual_scores:
    {{title: Scores that people entered, role: entries, table: {ENTRIES}, account: account_id,
     relationship: relationship_id, occurred_at: occurred_at, recorded_at: recorded_at}}
  hand_overrides:
    {{role: overrides, table: {OVERRIDES}, account: account_id, occurred_at: starts_at, recorded_at: recorded_at}}
  pins: {{role: pins, table: {PINS}, account: account_id, occurred_at: starts_at, recorded_at: recorded_at}}
"""
"""The ledgers as definitions: a file of every project that the application scores."""


Ledger = Callable[[Collection[str] | None], pa.Table]
"""Rows of some accounts (None: all) as they are now."""

LedgerByProject = Callable[[Collection[str] | None, Project | None], pa.Table]
"""The same where what rows say rests on definitions, such as the points of a kind of activity."""

_OTHERS: dict[str, LedgerByProject] = {}


def register_ledger(name: str, ledger: Ledger) -> None:
    """A table that an app above keeps in PostgreSQL, for datasets that give its name as their `table`."""
    _OTHERS[name] = lambda accounts, _: ledger(accounts)


def register_ledger_by_project(name: str, ledger: LedgerByProject) -> None:
    """A table whose rows are worked out by the definitions that are scored; None: by none."""
    _OTHERS[name] = ledger


def datasets_of_ledgers(project: Project) -> frozenset[str]:
    """The datasets whose rows are in registered tables: they may be changed and deleted, not only added to."""
    return frozenset(name for name, dataset in project.datasets.items() if dataset.table in _OTHERS)


def registered(accounts: Collection[str] | None = None, project: Project | None = None) -> Records:
    """The tables that apps above registered; of some accounts alone where they are given."""
    return {name: partial(ledger, accounts, project) for name, ledger in _OTHERS.items()}


def records(accounts: Collection[str] | None = None, project: Project | None = None) -> Records:
    """The ledgers by the name of their table; of some accounts alone where they are given."""
    return {
        **registered(accounts, project),
        ENTRIES: lambda: table_of(Entry.objects.all(), _ENTRIES, accounts),
        OVERRIDES: lambda: table_of(AccountOverride.objects.all(), _OVERRIDES, accounts),
        PINS: lambda: table_of(Pin.objects.all(), _PINS, accounts),
    }


def table_of(
    rows: QuerySet[Any], schema: pa.Schema, accounts: Collection[str] | None, *, named: Mapping[str, str] | None = None
) -> pa.Table:
    """Columns of a model by their names, in the order in which its rows were made. `named`: the fields of columns that
    are called otherwise."""
    found = rows.order_by("pk")
    if accounts is not None:
        found = found.filter(account_id__in=accounts)
    fields: dict[str, Any] = {name: F((named or {}).get(name, name)) for name in schema.names}
    if "starts_at" in fields:
        fields["starts_at"] = Coalesce("starts_at", "recorded_at")
    values: Iterable[Sequence[Any]] = found.values_list(*fields.values())
    columns = list(zip(*values, strict=True)) or [()] * len(schema)
    arrays = [pa.array(list(column), field.type) for column, field in zip(columns, schema, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema)
