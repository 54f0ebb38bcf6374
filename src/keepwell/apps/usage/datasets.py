"""Events and daily use as definitions: a file of every project that has write keys."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from keepwell.apps.usage.draining.rows import DAILY, EVENTS
from keepwell.apps.usage.draining.writing import DAILY_TABLE, EVENTS_TABLE
from keepwell.lake.data import Records
from keepwell.lake.place import FACTS, Lake

DEFINED = {
    EVENTS_TABLE: ("events", f"""\
    {{title: What people did, table: {EVENTS_TABLE}, account: account_id, occurred_at: occurred_at,
     recorded_at: received_at, person: person, event: event, feature: feature}}
"""),
    DAILY_TABLE: ("usage_daily", f"""\
    {{title: What people did by day, table: {DAILY_TABLE}, account: account_id, occurred_at: local_day,
     person: person, event: event, feature: feature, events: events}}
"""),
}  # fmt: skip
"""By table the name of its dataset, and its definition."""


def datasets_named(names: Mapping[str, str]) -> str:
    """The YAML of the datasets of tables, by the name that each shall have."""
    return "datasets:\n" + "".join(f"  {name}:\n{DEFINED[table][1]}" for table, name in names.items())


DATASETS = datasets_named({table: name for table, (name, _) in DEFINED.items()})
"""A row of `events` is one message. A row of `usage_daily` says in its column `events` how many uses there were, by
account, person, event, feature and day; several rows may speak of the same."""

_LOAD = ("load_id", pa.int64())
_TABLES = {
    EVENTS_TABLE: pa.schema([*EVENTS, _LOAD]),
    DAILY_TABLE: pa.schema([*DAILY, ("events", pa.int64()), _LOAD]),
}


def nothing_yet(lake: Lake) -> Records:
    """The tables that no event has come into, empty, so that what is defined over them can be scored."""
    missing = (name for name in _TABLES if not lake.table(FACTS + name).exists)
    return {name: _TABLES[name].empty_table for name in missing}
