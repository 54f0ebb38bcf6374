"""Newer values of some entities laid over those of a run, so that both can be kept apart and scored as one.

A row of an entity is plain data that JSON can hold: numbers, texts, dates as ISO texts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import numpy as np
import pyarrow as pa

from keepwell.engine.values import Days, EntityValues, Values

Row = Mapping[str, Any]
_ATTRIBUTES, _METRICS, _PREVIOUS, _OBSERVED, _SILENT = "attributes", "metrics", "previous", "observed", "silent"


@dataclass(frozen=True)
class Newer:
    """Rows by id of accounts and of relationships, all of one date."""

    as_of: date
    accounts: Mapping[str, Row]
    relationships: Mapping[str, Row]


def rows_of(entities: EntityValues) -> dict[str, Row]:
    """The row of each entity, by id: everything but the ledgers."""
    attributes, metrics = _rows(entities.attributes, len(entities)), _rows(entities.metrics, len(entities))
    previous = _rows(pa.table(dict(entities.previous)), len(entities))
    observed = _rows(_observed_table(entities), len(entities))
    silent = {name: day.isoformat() if day else None for name, day in entities.silent.items()}
    return {
        one: {_ATTRIBUTES: attributes[place], _METRICS: metrics[place], _PREVIOUS: previous[place],
              _OBSERVED: observed[place], _SILENT: silent}
        for place, one in enumerate(entities.ids.to_pylist())
    }  # fmt: skip


def overlaid(values: Values, newer: Newer) -> Values:
    """`values` with the rows of `newer` in the place of theirs, at its date. Columns and their types stay those of
    `values`; entities without a row stay as they are."""
    units = values.relationships
    return replace(
        values,
        as_of=newer.as_of,
        accounts=_overlaid(values.accounts, newer.accounts, values.as_of, newer.as_of),
        relationships=None if units is None else _overlaid(units, newer.relationships, values.as_of, newer.as_of),
    )


def _overlaid(entities: EntityValues, rows: Mapping[str, Row], before: date, as_of: date) -> EntityValues:
    mine = [rows.get(one) for one in entities.ids.to_pylist()]
    if not any(mine):
        return entities
    silent = next(row for row in mine if row is not None)[_SILENT]
    return replace(
        entities,
        attributes=_table(entities.attributes, mine, _ATTRIBUTES),
        metrics=_table(entities.metrics, mine, _METRICS),
        previous={name: _column(column, mine, _PREVIOUS, name) for name, column in entities.previous.items()},
        observed=_observed(entities, mine, before, as_of),
        silent={name: date.fromisoformat(day) if day else None for name, day in silent.items()},
    )


def _table(table: pa.Table, rows: Sequence[Row | None], part: str) -> pa.Table:
    if not table.num_columns:
        return table
    return pa.table({name: _column(table[name], rows, part, name) for name in table.column_names})


def _column(column: pa.ChunkedArray | pa.Array, rows: Sequence[Row | None], part: str, name: str) -> pa.Array:
    """A column that the rows do not have stays as it is."""
    old = column.to_pylist()
    cells = [
        old[place] if row is None or name not in row[part] else _read(row[part][name], column.type)
        for place, row in enumerate(rows)
    ]
    return pa.array(cells, None if pa.types.is_null(column.type) else column.type)


def _read(cell: Any, kind: pa.DataType) -> Any:
    if not isinstance(cell, str):
        return float(cell) if cell is not None and pa.types.is_floating(kind) else cell
    if pa.types.is_date(kind):
        return date.fromisoformat(cell)
    return datetime.fromisoformat(cell) if pa.types.is_timestamp(kind) else cell


def _observed(entities: EntityValues, rows: Sequence[Row | None], before: date, as_of: date) -> dict[str, date | Days]:
    """What is not named was observed at the date: of the row, or for entities without one of the values."""
    named = dict.fromkeys([*entities.observed, *(name for row in rows if row for name in row[_OBSERVED])])
    found: dict[str, date | Days] = {}
    for name in named:
        days = _days(entities.observed.get(name, before), len(entities)).copy()
        for place, row in enumerate(rows):
            if row is not None:
                day = row[_OBSERVED].get(name, as_of)
                days[place] = np.datetime64("NaT" if day is None else day, "D")
        found[name] = days
    return found


def _observed_table(entities: EntityValues) -> pa.Table:
    return pa.table({name: pa.array(_days(days, len(entities))) for name, days in entities.observed.items()})


def _days(days: date | Days, length: int) -> Days:
    return np.full(length, np.datetime64(days, "D")) if isinstance(days, date) else days


def _rows(table: pa.Table, length: int) -> list[dict[str, Any]]:
    """Rows as JSON has them."""
    if not table.num_columns:
        return [{}] * length
    columns = {name: _plain(table[name]) for name in table.column_names}
    return [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]


def _plain(column: pa.ChunkedArray) -> list[Any]:
    cells = column.to_pylist()
    if pa.types.is_date(column.type) or pa.types.is_timestamp(column.type):
        return [None if cell is None else cell.isoformat() for cell in cells]
    return cells
