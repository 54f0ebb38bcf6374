"""Values: what is known of every account (and relationship) at one date, before anything is scored.

From values alone all scores of a run can be computed again to the bit, so they carry everything that scoring looks at:
attributes, metrics, when each was observed, entered scores, overrides by hand and pins.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from keepwell.definitions.scorecards import EntityKind

Days = npt.NDArray[np.datetime64]
"""Dates (datetime64[D]); NaT where nothing was observed."""

ENTRIES = pa.schema(
    [
        ("entity", pa.int64()),  # row of the entity in the values
        ("measure", pa.string()),
        ("source", pa.string()),  # manual | rule | api
        ("score", pa.float64()),  # null: the source withdrew its entry
        ("occurred_on", pa.date32()),
        ("occurred_at", pa.timestamp("us")),  # UTC
        ("recorded_at", pa.timestamp("us")),  # UTC
        ("expires_at", pa.timestamp("us")),  # UTC, null: never
        ("expired", pa.bool_()),  # at the date of the values
        ("comment", pa.string()),
        ("author", pa.string()),
    ]
)
"""The latest entry of each source for each entity and measure."""

OVERRIDES = pa.schema(
    [
        ("entity", pa.int64()),
        ("effect", pa.string()),  # set | at_most | at_least
        ("value", pa.string()),  # a number or a label
        ("reason", pa.string()),
        ("author", pa.string()),
        ("recorded_at", pa.timestamp("us")),
        ("until", pa.timestamp("us")),
    ]
)
"""Overrides by hand in force at the date, oldest first for each entity."""

PINS = pa.schema(
    [
        ("entity", pa.int64()),
        ("scorecard", pa.string()),
        ("reason", pa.string()),
        ("author", pa.string()),
        ("recorded_at", pa.timestamp("us")),
    ]
)
"""The pin in force at the date, at most one for each entity."""


@dataclass(frozen=True)
class EntityValues:
    """Values of all accounts, or of all relationships, of the population at one date; n rows in order of id.

    `attributes` and `metrics` are tables of n rows, columns named as in the definitions: float64, string, bool,
    date32 or timestamp; nulls are nulls (never NaN). `metrics` holds every metric that does not rest on scores.
    `observed` gives the date of the observation behind each metric, one for all rows or one a row; a metric that is not
    named was observed at `as_of`. `silent` names metrics whose dataset has been silent for longer than it should, with
    the date of its newest row (None: it has no row at all): they are stale whatever `valid_for` says. `previous` holds,
    for changes of metrics that rest on scores, the earlier value, by the name of the change.
    """

    entity_kind: EntityKind
    ids: pa.StringArray
    accounts: pa.StringArray  # the account of each relationship; of an account, itself
    parents: pa.StringArray  # the account above, null for none and for relationships
    attributes: pa.Table
    metrics: pa.Table
    observed: Mapping[str, date | Days] = field(default_factory=dict)
    silent: Mapping[str, date | None] = field(default_factory=dict)
    previous: Mapping[str, pa.Array] = field(default_factory=dict)
    entries: pa.Table = field(default_factory=ENTRIES.empty_table)
    overrides: pa.Table = field(default_factory=OVERRIDES.empty_table)
    pins: pa.Table = field(default_factory=PINS.empty_table)

    def __len__(self) -> int:
        return len(self.ids)


def silences_of(silent: Mapping[str, date | None], metrics: Iterable[str]) -> list[date | None]:
    """Of those among `metrics` that are silent, the date of the newest row."""
    return [silent[name] for name in metrics if name in silent]


def longest_silence(silences: Sequence[date | None]) -> date | None:
    """The longest of at least one: since the earliest date, or None for one that never ended."""
    dates = [since for since in silences if since is not None]
    return min(dates) if len(dates) == len(silences) else None


@dataclass(frozen=True)
class Values:
    """All values of one date. `known_at` is UTC. `load_ids`: per dataset, the highest load seen (None: no loads)."""

    as_of: date
    known_at: datetime
    accounts: EntityValues
    relationships: EntityValues | None = None
    load_ids: Mapping[str, int | None] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    def of(self, entity_kind: EntityKind) -> EntityValues | None:
        return self.accounts if entity_kind == "account" else self.relationships
