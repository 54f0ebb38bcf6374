"""Some accounts of the values of a date, to be scored by themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import numpy as np
import pyarrow as pa

from keepwell.engine.values import Days, EntityValues, Values
from keepwell.learning.observations import Codes


def of_accounts(values: Values, rows: Codes) -> Values:
    """`rows`: positions of accounts, ascending. Relationships are left out."""
    return replace(values, accounts=_taken(values.accounts, rows), relationships=None)


def _taken(entities: EntityValues, rows: Codes) -> EntityValues:
    places = pa.array(rows)
    return replace(
        entities,
        ids=entities.ids.take(places),
        accounts=entities.accounts.take(places),
        parents=entities.parents.take(places),
        attributes=_columns(entities.attributes, places),
        metrics=_columns(entities.metrics, places),
        observed=_observed(entities.observed, rows),
        previous={name: array.take(places) for name, array in entities.previous.items()},
        entries=_ledger(entities.entries, rows, len(entities)),
        overrides=_ledger(entities.overrides, rows, len(entities)),
        pins=_ledger(entities.pins, rows, len(entities)),
    )


def _columns(table: pa.Table, places: pa.Array) -> pa.Table:
    return table.take(places).combine_chunks() if table.num_columns else table


def _observed(observed: Mapping[str, date | Days], rows: Codes) -> Mapping[str, date | Days]:
    return {name: days[rows] if isinstance(days, np.ndarray) else days for name, days in observed.items()}


def _ledger(table: pa.Table, rows: Codes, count: int) -> pa.Table:
    """Rows of the accounts that are taken, which name them by their new position."""
    if not table.num_rows:
        return table
    position = np.full(count, -1, np.int64)
    position[rows] = np.arange(len(rows))
    entity = position[table["entity"].to_numpy()]
    kept = table.filter(pa.array(entity >= 0))
    at = kept.schema.get_field_index("entity")
    return kept.set_column(at, kept.schema.field(at), pa.array(entity[entity >= 0], pa.int64())).combine_chunks()
